package render

import (
	"fmt"
	"io"
	"strings"

	"github.com/offroot/offroot/rewrite/decide"
	"github.com/offroot/offroot/rewrite/image"
	"github.com/offroot/offroot/rewrite/plan"
	"github.com/offroot/offroot/rewrite/source"
	"github.com/offroot/offroot/rewrite/workspace"
)

// Explain prints what offroot thinks of every workload that a line belongs to: how its files are linked, who it runs as and
// will run as, each fact and where it was read, and what would change. It reports false if the line belongs to none.
func Explain(w io.Writer, r *Report, at source.Place) (bool, error) {
	found := false
	for _, t := range r.Targets {
		if !covers(t.Workload, at) {
			continue
		}
		e := &explanation{report: r, target: t}
		e.workload()
		e.identity()
		e.behaviour()
		e.changes()
		if found {
			e.lines = append([]string{""}, e.lines...)
		}
		found = true
		if _, err := io.WriteString(w, strings.Join(e.lines, "\n")+"\n"); err != nil {
			return true, err
		}
	}
	return found, nil
}

// covers reports whether a line lies in a workload: in its stage or the stages below it, its services, its pod templates.
func covers(w *workspace.Workload, at source.Place) bool {
	if b := w.Build; b != nil && b.Doc.File().Path == at.Path {
		for _, stage := range b.Stage.Chain() {
			first, last := stage.From.Line, stage.From.EndLine
			for _, in := range stage.Instructions {
				last = in.EndLine
			}
			if first <= at.Line && at.Line <= last {
				return true
			}
		}
	}
	for _, s := range w.Services {
		if s.Doc.File().Path == at.Path && s.Node.KeyLine() <= at.Line && at.Line <= s.Node.EndLine() {
			return true
		}
	}
	for _, p := range w.Pods {
		n := p.Object.Node
		if n.Document().File().Path == at.Path && n.Line() <= at.Line && at.Line <= n.EndLine() {
			return true
		}
	}
	return false
}

// An explanation gathers the lines about one workload: a label, and a text beside it.
type explanation struct {
	report *Report
	target *decide.Target
	lines  []string
}

const explainLabel = 17

func (e *explanation) say(label, format string, args ...any) {
	for i, line := range wrap(fmt.Sprintf(format, args...), explainLabel, explainLabel) {
		if i > 0 {
			label = ""
		}
		e.lines = append(e.lines, strings.TrimRight(fmt.Sprintf("%-*s%s", explainLabel, label, line), " "))
	}
}

func (e *explanation) workload() {
	w := e.target.Workload
	e.say("workload", "%s", w.Name)
	if b := w.Build; b != nil {
		e.say("image", "stage %s of %s, shipped because %s", stageName(b), b.Place(), b.Shipped)
		e.say("built in", "%s, because of %s", b.Context.Dir, b.Context.Because)
	}
	for _, s := range w.Services {
		e.say("run by", "service %s at %s", s.Name, s.Place())
	}
	for _, p := range w.Pods {
		e.say("run by", "%s %s at %s", p.Object.Kind, p.Object.Name, p.Place())
	}
	for _, l := range w.Links {
		sure := "inferred"
		if l.Certain {
			sure = "certain"
		}
		e.say("link", "%s -> %s: %s (%s)", l.From, l.To, l.Because, sure)
	}
}

func stageName(b *workspace.Build) string {
	if b.Stage.Name != "" {
		return b.Stage.Name
	}
	return fmt.Sprint(b.Stage.Index)
}

func (e *explanation) identity() {
	t := e.target
	if b := t.Workload.Build; b != nil {
		e.say("runs as", "%s", runsAs(b))
		e.facts(b.Base.Facts, b.Base.Known, b.Base.Ref)
	}
	for _, s := range t.Workload.Services {
		if s.Image.Build == nil {
			e.facts(s.Image.Facts, s.Image.Known, s.Image.Ref)
		}
	}
	for _, p := range t.Workload.Pods {
		for _, c := range p.Containers {
			if c.Image.Build == nil && c.Image.Ref != "" {
				e.facts(c.Image.Facts, c.Image.Known, c.Image.Ref)
			}
		}
	}
	e.say("decision", "%s", t.Sentence())
	if t.Next != "" {
		e.say("next", "%s", t.Next)
	}
	if t.Verdict == decide.Change && t.Workload.Build != nil {
		e.say("other ways", "--uid and --gid choose the numbers")
	}
}

func runsAs(b *workspace.Build) string {
	u := b.User
	switch {
	case !u.Known:
		return "not known: " + u.Why
	case u.Root() && u.From == nil:
		return fmt.Sprintf("root: no USER in stage %s, nor in %s", stageName(b), b.Base.Ref)
	case u.Root():
		return fmt.Sprintf("root: USER %s at %s", u.Text, u.From.Place())
	case u.From != nil:
		return fmt.Sprintf("USER %s at %s", u.Text, u.From.Place())
	}
	return fmt.Sprintf("%s, the user of %s", u.Text, b.Base.Ref)
}

// facts names the entry of the image table that was used, how sure it is, and where it was read.
func (e *explanation) facts(f image.Facts, known bool, ref string) {
	if !known {
		e.say("facts", "%s is not in the image table", ref)
		return
	}
	user := f.DefaultUser.Value
	if f.DefaultUser.Root() {
		user = "root"
	}
	e.say("facts", "%s: entry %s (%s), starts as %s", ref, f.ID, f.Confidence, user)
	for _, s := range f.Sources {
		e.say("", "read in %s", s)
	}
}

func (e *explanation) behaviour() {
	t := e.target
	b := t.Workload.Build
	if b == nil {
		return
	}
	for _, p := range b.Start.Programs {
		e.say("starts", "%s (%s)", strings.TrimSpace(p.Name+" "+strings.Join(p.Args, " ")), p.Place)
	}
	for _, o := range t.Behaviour.Writes {
		e.say("writes", "%s: %s (%s)", o.Path, o.Because, o.Place)
	}
	for _, o := range t.Behaviour.Unknown {
		e.say("may write", "%s (%s)", o.Because, o.Place)
	}
	for _, l := range t.Behaviour.Listens {
		e.say("listens on", "%d (%s)", l.Port, l.Place)
	}
	for _, m := range t.Ports {
		if m.Strategy != decide.Move {
			e.say("port", "%d stays: %s", m.From, m.Why)
			continue
		}
		e.say("port", "%d moves to %d:", m.From, m.To)
		for _, p := range m.Places {
			e.say("", "%s  %s", p.Place, p.What)
		}
	}
}

func (e *explanation) changes() {
	for _, it := range e.report.Plan.Items {
		if it.Workload != e.target.Workload {
			continue
		}
		switch {
		case it.Outcome == plan.Planned:
			e.say("would change", "%s (%s, %s)", it.Fix.Title, it.Fix.Level, it.Rule.ID)
			for _, op := range it.Fix.Ops {
				e.say("", "%s  %s", op.Place(), op)
			}
		case it.Reason != "":
			e.say("stays", "%s: %s (%s, %s)", it.Place, it.Reason, it.Outcome, it.Rule.ID)
		}
	}
}
