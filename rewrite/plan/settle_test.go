package plan

import (
	"errors"
	"strings"
	"testing"

	"github.com/offroot/offroot/rewrite/decide"
	"github.com/offroot/offroot/rewrite/parse"
	"github.com/offroot/offroot/rewrite/rule"
	"github.com/offroot/offroot/rewrite/source"
	"github.com/offroot/offroot/rewrite/workspace"
)

// A fix is made as a whole or not at all, and what stops it names every file outside.
func TestScope(t *testing.T) {
	a, b, c := sheet("a"), sheet("b"), sheet("c")
	for _, test := range []struct {
		name   string
		scope  []string
		fix    *rule.Fix
		want   Outcome
		reason string
	}{
		{"all within", []string{"a", "b"}, fixOf(a, b), Planned, ""},
		{"one outside", []string{"a"}, fixOf(a, b, b), Refused, "its fix would also change b, which is outside of the paths given"},
		{"two outside", []string{"a"}, fixOf(b, a, c), Refused, "its fix would also change b and c, which are outside of the paths given"},
	} {
		t.Run(test.name, func(t *testing.T) {
			p := settled(test.scope, Options{}, test.fix)
			wantOutcomes(t, p, test.want)
			if got := p.Items[0].Reason; got != test.reason {
				t.Errorf("the reason is %q, want %q", got, test.reason)
			}
			if fixes := p.Fixes(); (len(fixes) == 1) != (test.want == Planned) {
				t.Errorf("%d fixes are made", len(fixes))
			}
		})
	}
}

func TestAGeneratedFileIsNamedWithItsSource(t *testing.T) {
	ws := &workspace.Workspace{InScope: map[string]bool{"a": true}, Frozen: map[string]string{"b": "generated; change b.tmpl"}}
	p := settledIn(ws, Options{}, fixOf(sheet("a"), sheet("b")))
	wantOutcomes(t, p, Refused)
	if it := p.Items[0]; it.Reason != "b is generated" || it.Next != "change b.tmpl" {
		t.Errorf("reason %q, next %q", it.Reason, it.Next)
	}
}

func TestLevels(t *testing.T) {
	scope := []string{"a"}
	for _, test := range []struct {
		level, lowest decide.Level
		want          Outcome
	}{
		{decide.Safe, decide.Safe, Planned},
		{decide.Safe, decide.Review, Planned},
		{decide.Review, decide.Review, Planned},
		{decide.Review, decide.Safe, BelowLevel},
		{decide.Manual, decide.Review, Refused},
	} {
		fix := fixOf(sheet("a"))
		fix.Level = test.level
		p := settled(scope, Options{Lowest: test.lowest}, fix)
		if got := p.Items[0].Outcome; got != test.want {
			t.Errorf("a fix of level %v in a run from %v on is %v, want %v", test.level, test.lowest, got, test.want)
		}
	}
}

func TestFindingsWithoutAFix(t *testing.T) {
	find := func(r *rule.Refusal) *Item {
		return &Item{Finding: &rule.Finding{Rule: imageRule, Workload: &workspace.Workload{}, Refusal: r}}
	}
	p := &Plan{Items: []*Item{find(nil), find(&rule.Refusal{Reason: "no", Next: "do"}), find(&rule.Refusal{Reason: "fine", LeftAlone: true})}}
	p.settle(&workspace.Workspace{}, Options{})
	wantOutcomes(t, p, Reported, Refused, LeftAlone)
	if it := p.Items[1]; it.Reason != "no" || it.Next != "do" {
		t.Errorf("the refusal became %q, %q", it.Reason, it.Next)
	}
}

// What rests on a fix that is not made is not made either, through any number of steps; the rest stays.
func TestNeeds(t *testing.T) {
	outside, a, b, c := fixOf(sheet("out")), fixOf(sheet("a")), fixOf(sheet("b")), fixOf(sheet("c"))
	b.Needs, a.Needs = []*rule.Fix{a}, []*rule.Fix{outside}
	p := settled([]string{"a", "b", "c"}, Options{}, b, a, outside, c)
	wantOutcomes(t, p, Refused, Refused, Refused, Planned)
	if got := p.Items[0].Reason; !strings.Contains(got, "rests on a change that is not made") {
		t.Errorf("the reason is %q", got)
	}
}

func TestNeedsOfWhatNobodyFound(t *testing.T) {
	a := fixOf(sheet("a"))
	a.Needs = []*rule.Fix{{Title: "the fix of its image"}}
	wantOutcomes(t, settled([]string{"a"}, Options{}, a), Refused)
}

func TestNeedsInACircleAreMadeTogether(t *testing.T) {
	a, b := fixOf(sheet("a")), fixOf(sheet("b"))
	a.Needs, b.Needs = []*rule.Fix{b}, []*rule.Fix{a}
	wantOutcomes(t, settled([]string{"a", "b"}, Options{}, a, b), Planned, Planned)
	wantOutcomes(t, settled([]string{"a"}, Options{}, a, b), Refused, Refused)
}

// A need that a person suppressed or that needs another level makes what rests on it the same.
func TestTheOutcomeOfANeedIsTakenOver(t *testing.T) {
	a, b := fixOf(sheet("a")), fixOf(sheet("b"))
	a.Level, b.Needs = decide.Review, []*rule.Fix{a}
	wantOutcomes(t, settled([]string{"a", "b"}, Options{Lowest: decide.Safe}, a, b), BelowLevel, BelowLevel)
}

// An op that a document refuses takes its fix with it, from every file.
func TestARefusedOp(t *testing.T) {
	a, b := sheet("a"), sheet("b")
	bad, good := fixOf(a, b), fixOf(a)
	b.refuse = func(ops []source.Op) error { return &source.Refusal{Op: ops[0], Reason: "it is an anchor"} }
	p := settled([]string{"a", "b"}, Options{}, bad, good)
	wantOutcomes(t, p, Refused, Planned)
	if it := p.Items[0]; it.Reason != "it is an anchor" || it.Next != "make the change at b:1 by hand: scribble" {
		t.Errorf("reason %q, next %q", it.Reason, it.Next)
	}
	if docs, ops := p.Ops(); len(docs) != 1 || docs[0] != source.Document(a) || len(ops[a]) != 1 {
		t.Errorf("%d documents are left", len(docs))
	}
}

// Of fixes that contradict each other the last gives way, with what rests on it.
func TestConflict(t *testing.T) {
	a := sheet("a")
	a.refuse = func(ops []source.Op) error {
		if len(ops) > 1 {
			return errors.New("two of them overlap")
		}
		return nil
	}
	first, second, rests := fixOf(a), fixOf(a), fixOf(sheet("b"))
	rests.Needs = []*rule.Fix{second}
	p := settled([]string{"a", "b"}, Options{}, first, second, rests)
	wantOutcomes(t, p, Planned, Conflict, Conflict)
}

func TestWithdraw(t *testing.T) {
	a, b := sheet("a"), sheet("b")
	one, two, rests := fixOf(a, b), fixOf(b), fixOf(sheet("c"))
	rests.Needs = []*rule.Fix{one}
	p := settled([]string{"a", "b", "c"}, Options{}, one, two, rests)
	wantOutcomes(t, p, Planned, Planned, Planned)
	p.Withdraw(a, "not confirmed")
	wantOutcomes(t, p, Withdrawn, Planned, Withdrawn)
}

// A fix that several findings share is made once.
func TestAFixIsMadeOnce(t *testing.T) {
	fix := fixOf(sheet("a"))
	p := settled([]string{"a"}, Options{}, fix, fix)
	if len(p.Fixes()) != 1 {
		t.Errorf("%d fixes, want one", len(p.Fixes()))
	}
}

// Nothing is written for a workload of which a file could not be read, be it a compose file beside its Dockerfile.
func TestFilesInError(t *testing.T) {
	for _, test := range []struct {
		name, broken string
		isError      bool
		want         Outcome
	}{
		{"its own", "Dockerfile", true, Refused},
		{"a compose file beside it", "compose.override.yaml", true, Refused},
		{"a compose file elsewhere", "other/compose.yaml", true, Planned},
		{"a manifest", "k8s/a.yaml", true, Planned},
		{"no error", "Dockerfile", false, Planned},
	} {
		t.Run(test.name, func(t *testing.T) {
			it := imageItem(t, "FROM a\n")
			it.Fix = fixOf(sheet("Dockerfile"))
			ws := &workspace.Workspace{InScope: map[string]bool{"Dockerfile": true},
				Skips: []parse.Skip{{Place: source.Place{Path: test.broken, Line: 1}, Error: test.isError}}}
			p := &Plan{Items: []*Item{it}}
			p.settle(ws, Options{})
			wantOutcomes(t, p, test.want)
		})
	}
}
