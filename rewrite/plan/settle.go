package plan

import (
	"errors"
	"fmt"
	"path"
	"slices"
	"strings"

	"github.com/offroot/offroot/rewrite/decide"
	"github.com/offroot/offroot/rewrite/rule"
	"github.com/offroot/offroot/rewrite/source"
	"github.com/offroot/offroot/rewrite/workspace"
)

// settle gives every item its outcome. What stops a fix is asked in order: a person's note, a file in error, the scope, the
// level, the documents themselves, and last the fixes that it rests on.
func (p *Plan) settle(ws *workspace.Workspace, opts Options) {
	notes := newNotes(p.Items)
	for _, it := range p.Items {
		switch {
		case it.suppressed(notes):
		case it.ignored(opts):
		case it.Fix == nil && it.Refusal == nil:
			it.Outcome = Reported
		case it.Fix == nil:
			it.Outcome, it.Reason, it.Next = Refused, it.Refusal.Reason, it.Refusal.Next
			if it.Refusal.LeftAlone {
				it.Outcome = LeftAlone
			}
		default:
			it.judge(ws, opts, notes)
		}
	}
	p.requireNeeds()
	for p.lower() {
		p.requireNeeds()
	}
}

// judge decides about a fix by itself.
func (it *Item) judge(ws *workspace.Workspace, opts Options, n *notes) {
	it.Outcome = Planned
	if r := n.protected(it); r != nil {
		it.Outcome, it.Reason = Refused, fmt.Sprintf("its fix would also change %s, where a note says what stays: %s", r, orNone(r.reason))
		it.Next = "take the note out, or let it name " + it.Rule.ID + " as well"
		return
	}
	if it.outOfScope(ws) {
		return
	}
	if at, ok := inError(ws, it.Workload); ok {
		it.Outcome, it.Reason = Refused, fmt.Sprintf("%s could not be read, so nothing is written for its workload", at)
		it.Next = "mend that file first"
		return
	}
	if it.Fix.Level == decide.Manual {
		it.Outcome, it.Reason = Refused, it.Fix.Assumes
		return
	}
	if it.Fix.Level < opts.Lowest {
		it.Outcome = BelowLevel
		it.Reason = "its fix is of level " + it.Fix.Level.String()
		it.Next = "--fix-level " + it.Fix.Level.String()
	}
}

// outOfScope refuses a fix that would change files which must not change, or were not given. All of them are named, so that
// nobody has to run again for each.
func (it *Item) outOfScope(ws *workspace.Workspace) bool {
	var outside []string
	for _, op := range it.Fix.Ops {
		name := op.Document().File().Path
		if why := ws.Frozen[name]; why != "" && !ws.InScope[name] {
			what, next, _ := strings.Cut(why, "; ")
			it.Outcome, it.Reason, it.Next = Refused, name+" is "+what, next
			return true
		}
		if !ws.InScope[name] && !slices.Contains(outside, name) {
			outside = append(outside, name)
		}
	}
	if len(outside) == 0 {
		return false
	}
	is, paths := "is", "that path"
	if len(outside) > 1 {
		is, paths = "are", "these paths"
	}
	it.Outcome, it.Next = Refused, "give "+paths+" too"
	it.Reason = fmt.Sprintf("its fix would also change %s, which %s outside of the paths given", andList(outside), is)
	return true
}

func andList(names []string) string {
	last := len(names) - 1
	if last == 0 {
		return names[0]
	}
	return strings.Join(names[:last], ", ") + " and " + names[last]
}

// inError finds a file in error that belongs to a workload: one of its own, or a compose file beside its Dockerfile, which
// may say how it is built.
func inError(ws *workspace.Workspace, w *workspace.Workload) (string, bool) {
	files := w.Files()
	for _, s := range ws.Skips {
		if !s.Error {
			continue
		}
		for _, f := range files {
			if f == s.Place.Path {
				return f, true
			}
		}
		base := path.Base(s.Place.Path)
		if w.Build != nil && strings.Contains(base, "compose") && within(w.Build.Place().Path, path.Dir(s.Place.Path)) {
			return s.Place.Path, true
		}
	}
	return "", false
}

func within(name, dir string) bool { return dir == "." || strings.HasPrefix(name, dir+"/") }

// requireNeeds takes back fixes that rest on one which is not made, until nothing changes.
func (p *Plan) requireNeeds() {
	for changed := true; changed; {
		changed = false
		planned := map[*rule.Fix]bool{}
		for _, it := range p.Items {
			if it.Outcome == Planned {
				planned[it.Fix] = true
			}
		}
		for _, it := range p.Items {
			if it.Outcome != Planned {
				continue
			}
			for _, need := range it.Fix.Needs {
				if !planned[need] {
					it.Outcome, changed = p.whyNot(need), true
					it.Reason = "it rests on a change that is not made: " + need.Title
					break
				}
			}
		}
	}
}

func (p *Plan) whyNot(need *rule.Fix) Outcome {
	for _, it := range p.Items {
		if it.Fix == need {
			return it.Outcome
		}
	}
	return Refused
}

// lower tries the ops of all planned fixes on their documents. An op that a document refuses takes its fix with it; lower
// then reports true, and has to be asked again.
func (p *Plan) lower() bool {
	for _, doc := range p.documents() {
		ops := p.opsOf(doc)
		_, err := doc.Lower(ops)
		if err == nil {
			continue
		}
		var refusal *source.Refusal
		if errors.As(err, &refusal) && p.refuse(refusal.Op, Refused, refusal.Reason) {
			return true
		}
		// Two ops contradict each other: the fix that comes last gives way.
		if p.dropLast(doc, err.Error()) {
			return true
		}
	}
	return false
}

// refuse takes back every planned fix that holds an op.
func (p *Plan) refuse(op source.Op, outcome Outcome, reason string) bool {
	found := false
	for _, it := range p.Items {
		if it.Outcome != Planned {
			continue
		}
		for _, o := range it.Fix.Ops {
			if o == op {
				it.Outcome, it.Reason, found = outcome, reason, true
				it.Next = "make the change at " + op.Place().String() + " by hand: " + op.String()
				break
			}
		}
	}
	return found
}

func (p *Plan) dropLast(doc source.Document, reason string) bool {
	for i := len(p.Items) - 1; i >= 0; i-- {
		it := p.Items[i]
		if it.Outcome == Planned && touches(it.Fix, doc) {
			it.Outcome, it.Reason = Conflict, reason
			return true
		}
	}
	return false
}

func touches(fix *rule.Fix, doc source.Document) bool {
	for _, op := range fix.Ops {
		if op.Document() == doc {
			return true
		}
	}
	return false
}

// documents lists the documents that planned fixes touch, in order.
func (p *Plan) documents() []source.Document {
	var docs []source.Document
	seen := map[source.Document]bool{}
	for _, fix := range p.Fixes() {
		for _, op := range fix.Ops {
			if doc := op.Document(); !seen[doc] {
				seen[doc] = true
				docs = append(docs, doc)
			}
		}
	}
	return docs
}

// Ops groups the ops of all planned fixes by document, in the order in which the documents first occur.
func (p *Plan) Ops() (docs []source.Document, ops map[source.Document][]source.Op) {
	ops = map[source.Document][]source.Op{}
	docs = p.documents()
	for _, doc := range docs {
		ops[doc] = p.opsOf(doc)
	}
	return docs, ops
}

func (p *Plan) opsOf(doc source.Document) []source.Op {
	var ops []source.Op
	for _, fix := range p.Fixes() {
		for _, op := range fix.Ops {
			if op.Document() == doc {
				ops = append(ops, op)
			}
		}
	}
	return ops
}

// Withdraw takes back every fix that touches a document, and what rests on these.
func (p *Plan) Withdraw(doc source.Document, reason string) {
	for _, it := range p.Items {
		if it.Outcome == Planned && touches(it.Fix, doc) {
			it.Outcome, it.Reason = Withdrawn, reason
		}
	}
	p.requireNeeds()
}
