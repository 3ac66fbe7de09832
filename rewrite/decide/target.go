// Package decide is the heart: once per workload it decides who runs, what that identity must own, on which ports it
// listens and which capabilities it keeps, each with its reason. A decision is a value: it can be printed, overridden and
// tested, and every rule reads the same one.
package decide

import (
	"fmt"
	"strings"

	"github.com/offroot/offroot/rewrite/dockerfile"
	"github.com/offroot/offroot/rewrite/shell"
	"github.com/offroot/offroot/rewrite/source"
	"github.com/offroot/offroot/rewrite/workspace"
)

// A Verdict says what is to be done with the identity of a workload.
type Verdict int

const (
	Unknown      Verdict = iota // nothing here runs an image that offroot judges
	Unprivileged                // it does not run as root, nothing to do
	Change                      // it runs as root and will not
	LeftAlone                   // it starts as root for a good reason, or is not run as a service
	Refused                     // it runs as root and there is no safe change
)

// A Target is what was decided for a workload.
type Target struct {
	Workload *workspace.Workload
	Policy   Policy
	Override *Override // what the configuration says of this workload, nil if nothing
	Verdict  Verdict
	// Reason and Next explain LeftAlone and Refused; Place is where the reason was read.
	Reason, Next string
	Place        source.Place

	Identity  Identity
	Behaviour workspace.Behaviour
	Owns      []Own
	Ports     []PortMove
	Level     Level
	Assumes   []string // what a reader of the diff must check, in the order of weight
	Notes     []string // commands to run once, things to watch for

	// CreateIn is the stage that creates the account for this one and others that are built from it; nil if there are none.
	CreateIn *dockerfile.Stage
	// Below is the decision of a stage that this one is built from, if that stage is shipped and changes too.
	Below *Target

	Services map[*workspace.Service]*ServiceTarget
	Pods     map[*workspace.Pod]*PodTarget
}

// An Origin says where an identity comes from.
type Origin int

const (
	FromImage    Origin = iota // the image's own unprivileged user
	FromBase                   // the user that the base image starts as
	FromEarlier                // a USER that the stage set before it went back to root
	FromAccount                // a user that the Dockerfile creates
	FromCreation               // a new user, made by us
	FromNumber                 // a number without an account
	FromPolicy                 // set by --uid, or by the configuration
	FromManifest               // stated by the manifest
	FromDemand                 // not known, but the manifest demands that it is not root
	FromOwner                  // a user of the base that the Dockerfile gives files to
)

// An Identity is who the process runs as.
type Identity struct {
	UID, GID int
	Name     string
	Origin   Origin
	Account  *workspace.Account // FromAccount: the command that creates it
	Create   []string           // FromCreation: the commands, to be joined by &&
	Text     string             // what USER says; UID:GID if empty
	Chosen   bool               // by a flag or the configuration
	Numbers  []Number           // FromAccount: numbers that the commands do not state
}

// A Number is written into a command that creates a user or a group.
type Number struct {
	At      *dockerfile.Instruction
	Command *shell.Command
	Flag    string // -u or -g
	Name    string // of the user or group
	Value   int
}

// User is the argument of USER.
func (i Identity) User() string {
	if i.Text != "" {
		return i.Text
	}
	return fmt.Sprintf("%d:%d", i.UID, i.GID)
}

// String says who, and why that one.
func (i Identity) String() string {
	id := fmt.Sprintf("%d:%d", i.UID, i.GID)
	switch i.Origin {
	case FromImage:
		if strings.Trim(i.Name, "0123456789:") == "" {
			return id + " (the image's own number)"
		}
		return id + " (the image's own user " + i.Name + ")"
	case FromOwner:
		return id + " (user " + i.Name + ", to whom the Dockerfile gives files)"
	case FromBase:
		return id + " (the user that the base image starts as)"
	case FromEarlier:
		return i.User() + " (the user that the stage set before)"
	case FromAccount:
		return id + " (user " + i.Name + ", which the Dockerfile makes and never uses)"
	case FromCreation:
		return id + " (new user " + i.Name + ")"
	case FromManifest:
		return i.User() + " (the manifest says so)"
	case FromDemand:
		return "not root (the manifest demands it)"
	}
	if i.Chosen {
		return id + " (chosen by the configuration)"
	}
	return id + " (a number, no account)"
}

// An Own is a path that the process must own.
type Own struct {
	workspace.Write
	Make      bool // the image lacks it
	Recursive bool // it comes with files that the process writes
	Execute   bool // it is a program that only its owner may run: everybody may afterwards
}

// Sentence is the decision in one line.
func (t *Target) Sentence() string {
	switch t.Verdict {
	case Unprivileged, Change:
		s := t.Identity.String()
		if t.Verdict == Unprivileged {
			s = "already " + s
		}
		return s + t.listens()
	case LeftAlone:
		return "left alone: " + t.Reason
	case Refused:
		return "refused: " + t.Reason
	}
	return t.Reason
}

// listens says on which ports the process will listen, where that changes or is worth a word.
func (t *Target) listens() string {
	var moved, kept []string
	for _, p := range t.Ports {
		if p.Strategy == Move {
			moved = append(moved, fmt.Sprintf("%d (was %d)", p.To, p.From))
		} else {
			kept = append(kept, fmt.Sprint(p.From))
		}
	}
	text := ""
	if len(moved) > 0 {
		text += ", listens on " + strings.Join(moved, " and ")
	}
	if len(kept) > 0 {
		text += ", keeps port " + strings.Join(kept, " and ")
	}
	if text == "" && t.Workload.Build != nil {
		var ports []string
		seen := map[int]bool{}
		for _, l := range t.Behaviour.Listens {
			if l.Port > 0 && !seen[l.Port] {
				seen[l.Port] = true
				ports = append(ports, fmt.Sprint(l.Port))
			}
		}
		if len(ports) > 0 && len(ports) < 4 {
			text = ", listens on " + strings.Join(ports, " and ")
		}
	}
	return text
}

// assume notes what a review fix rests on, once.
func (t *Target) assume(format string, args ...any) {
	text := fmt.Sprintf(format, args...)
	for _, a := range t.Assumes {
		if a == text {
			return
		}
	}
	t.Assumes = append(t.Assumes, text)
	t.Level = min(t.Level, Review)
}

// Assumption joins what the decision rests on.
func (t *Target) Assumption() string { return strings.Join(t.Assumes, "; ") }

func (t *Target) refuse(at source.Place, reason, next string) {
	t.Verdict, t.Place, t.Reason, t.Next = Refused, at, reason, next
}

func (t *Target) leave(at source.Place, reason string) {
	t.Verdict, t.Place, t.Reason = LeftAlone, at, reason
}
