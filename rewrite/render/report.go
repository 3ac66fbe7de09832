package render

import (
	"io/fs"
	"maps"
	"slices"
	"strings"

	"github.com/offroot/offroot/rewrite/decide"
	"github.com/offroot/offroot/rewrite/plan"
	"github.com/offroot/offroot/rewrite/source"
	"github.com/offroot/offroot/rewrite/verify"
	"github.com/offroot/offroot/rewrite/workspace"
)

// A Report is a run as notes, findings and JSON tell it.
type Report struct {
	Root      string   // as people name it: "." or a path
	Paths     []string // what the run was limited to
	Command   string   // fix or check
	Version   string
	Looked    int // files that were looked at
	Workspace *workspace.Workspace
	Targets   []*decide.Target
	Lowest    decide.Level
	Written   bool // the changes are on disk
	Pods      *PodCount
	*verify.Result
}

// A PodCount says how many pods Pod Security would call restricted and kubelet would start, before and after.
type PodCount struct{ Before, After, Total int }

// A unit is a workload, its decision and what was found in it. Findings that belong to no workload are in a unit without
// a target.
type unit struct {
	target *decide.Target
	items  []*plan.Item
}

// A verdict is the one word that a workload is counted under.
type verdict int

const (
	quiet verdict = iota // nothing was found in it
	leftAlone
	refused
	changed
)

// decided is how a decision counts before its findings do.
var decided = map[decide.Verdict]verdict{decide.LeftAlone: leftAlone, decide.Refused: refused}

func (r *Report) units() []*unit {
	byWorkload := map[*workspace.Workload]*unit{}
	var units []*unit
	for _, t := range r.Targets {
		u := &unit{target: t}
		byWorkload[t.Workload] = u
		units = append(units, u)
	}
	rest := &unit{}
	for _, it := range r.Plan.Items {
		u, ok := byWorkload[it.Workload]
		if !ok {
			u = rest
		}
		u.items = append(u.items, it)
	}
	if len(rest.items) > 0 {
		units = append(units, rest)
	}
	return units
}

func (u *unit) name() string {
	if u.target == nil {
		return "elsewhere"
	}
	return u.target.Workload.Name
}

func (u *unit) sentence() string {
	if u.target == nil {
		return "found outside of every workload"
	}
	if why, ok := u.stays(); ok {
		return why
	}
	return u.target.Sentence()
}

// stays says why a workload stays as it is although it was decided otherwise: the shape of a file, a conflict, the scope of
// the run, a person's note. A target that nothing leads to is not announced.
func (u *unit) stays() (string, bool) {
	if u.target.Verdict != decide.Change {
		return "", false
	}
	built := u.target.Workload.Build != nil
	why := ""
	for _, it := range u.items {
		switch {
		case it.Outcome == plan.Planned || it.Outcome == plan.BelowLevel:
			if !built {
				return "", false
			}
		case why != "" || built && it.Rule.Group != "image":
		case it.Outcome == plan.Refused || it.Outcome == plan.Conflict || it.Outcome == plan.Withdrawn:
			why = "refused: " + it.Reason
		case it.Outcome == plan.Suppressed:
			why = "left alone: " + it.Reason
		}
	}
	return why, why != ""
}

// place is where the reason of the decision was read, else where the workload begins.
func (u *unit) place() source.Place {
	switch {
	case u.target == nil:
		return source.Place{}
	case u.target.Place.Path != "":
		return u.target.Place
	}
	return u.target.Workload.Place()
}

// verdict counts a workload as changed if anything in it changes, else as refused if anything in it is.
func (u *unit) verdict() verdict {
	v := quiet
	if u.target != nil {
		v = decided[u.target.Verdict]
	}
	for _, it := range u.items {
		switch it.Outcome {
		case plan.Planned:
			return changed
		case plan.Refused, plan.Conflict, plan.BelowLevel, plan.Withdrawn, plan.Reported:
			v = max(v, refused)
		case plan.LeftAlone:
			v = max(v, leftAlone)
		}
	}
	return v
}

// places returns the sorted places that a note names for an item: those of its fix, else its own.
func places(it *plan.Item) []source.Place {
	if it.Fix == nil {
		return []source.Place{it.Place}
	}
	list := slices.Clone(it.Fix.Places)
	if list == nil {
		for _, op := range it.Fix.Ops {
			list = append(list, op.Place())
		}
	}
	slices.SortFunc(list, comparePlaces)
	return slices.Compact(list)
}

func comparePlaces(a, b source.Place) int {
	if a.Path != b.Path {
		return strings.Compare(a.Path, b.Path)
	}
	return a.Line - b.Line
}

// paths returns the files of some places, sorted.
func paths(list []source.Place) []string {
	set := map[string]bool{}
	for _, p := range list {
		set[p.Path] = true
	}
	return slices.Sorted(maps.Keys(set))
}

// Rewritten returns the files that the run changes, as Diff and Write take them.
func (r *Report) Rewritten() []Change {
	changes := make([]Change, len(r.Changes))
	for i, c := range r.Changes {
		changes[i] = Change{Path: c.Path, Before: c.Before, After: c.After, Mode: fs.FileMode(c.Mode)}
	}
	return changes
}
