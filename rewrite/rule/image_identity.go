package rule

import (
	"fmt"
	"strings"

	"github.com/offroot/offroot/rewrite/decide"
	"github.com/offroot/offroot/rewrite/source"
)

// condition says which of the rules about root images a target falls under: they differ in what the file shows, not in the
// remedy.
func condition(t *decide.Target) *Rule {
	if t.Workload.Build == nil {
		return nil
	}
	switch t.Verdict {
	case decide.Refused, decide.LeftAlone:
		if !t.Workload.Build.User.Known {
			return ImageUserUnknown
		}
		return ImageRunsAsRoot
	case decide.Change:
		switch t.Identity.Origin {
		case decide.FromAccount:
			return ImageUserCreatedButUnused
		case decide.FromEarlier, decide.FromBase:
			return ImageSwitchesBackToRoot
		}
		return ImageRunsAsRoot
	}
	return nil
}

// checkImage reports the root image of a workload under the rule that fits it.
func checkImage(p *Pass) {
	if condition(p.Target) != p.Rule {
		return
	}
	t := p.Target
	f := &Finding{Place: imagePlace(t), Message: imageMessage(t)}
	switch t.Verdict {
	case decide.LeftAlone:
		f.Place = t.Place
		f.Refusal = &Refusal{Reason: t.Reason, Next: t.Next, LeftAlone: true}
	case decide.Refused:
		f.Refusal = &Refusal{Reason: t.Reason, Next: t.Next}
		f.Place = t.Place
	case decide.Change:
		ops, reason := identityOps(t)
		if reason != "" {
			f.Refusal = &Refusal{Reason: reason, Next: "add USER by hand"}
			break
		}
		ops = append(ops, claimOps(t)...)
		f.Fix = &Fix{Title: imageTitle(t), Level: t.Level, Assumes: t.Assumption(), Notes: t.Notes, Ops: ops}
		p.Shared.Made(t, f.Fix)
	}
	p.Report(f)
}

func imagePlace(t *decide.Target) source.Place {
	b := t.Workload.Build
	if b.User.From != nil {
		return b.User.From.Place()
	}
	return b.Place()
}

func imageMessage(t *decide.Target) string {
	b := t.Workload.Build
	switch {
	case b.User.From != nil:
		return fmt.Sprintf("USER %s is the last one, so the container runs as root", b.User.Text)
	case !b.User.Known:
		return "who the container runs as is not known: " + b.User.Why
	}
	return fmt.Sprintf("no USER, and %s starts as root", b.Base.Ref)
}

func imageTitle(t *decide.Target) string {
	title := "runs as " + t.Identity.User()
	if moves := portTitle(t); moves != "" {
		title += ", " + moves
	}
	if len(t.Owns) == 0 {
		return title
	}
	title += ", owns "
	for i, o := range t.Owns {
		switch {
		case i > 0 && i == len(t.Owns)-1:
			title += " and "
		case i > 0:
			title += ", "
		}
		title += o.Path
	}
	return title + ", because " + because(t.Owns)
}

func because(owns []decide.Own) string {
	text := ""
	seen := map[string]bool{}
	for _, o := range owns {
		line := o.Because
		if !strings.Contains(line, o.Place.String()) {
			line = fmt.Sprintf("%s (%s)", line, o.Place)
		}
		if seen[line] {
			continue
		}
		seen[line] = true
		if text != "" {
			text += "; "
		}
		text += line
	}
	return text
}
