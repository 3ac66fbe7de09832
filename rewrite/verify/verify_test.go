package verify

import (
	"errors"
	"strings"
	"testing"

	"github.com/offroot/offroot/rewrite/decide"
	"github.com/offroot/offroot/rewrite/plan"
	"github.com/offroot/offroot/rewrite/rule"
	"github.com/offroot/offroot/rewrite/source"
)

// A paper is a document whose edits a test chooses.
type paper struct {
	file    *source.File
	edits   []source.Edit
	confirm error
}

func (p *paper) File() *source.File                       { return p.file }
func (p *paper) Lower([]source.Op) ([]source.Edit, error) { return p.edits, nil }
func (p *paper) Confirm([]source.Op, []byte) error        { return p.confirm }

type scribble struct{ on *paper }

func (s scribble) Document() source.Document { return s.on }
func (s scribble) Place() source.Place       { return source.Place{Path: s.on.file.Path, Line: 1} }
func (s scribble) String() string            { return "scribble" }

func planOf(fixes ...*rule.Fix) *plan.Plan {
	p := &plan.Plan{}
	for _, f := range fixes {
		p.Items = append(p.Items, &plan.Item{Finding: &rule.Finding{Fix: f}, Outcome: plan.Planned})
	}
	return p
}

func fixOf(papers ...*paper) *rule.Fix {
	f := &rule.Fix{Level: decide.Safe}
	for _, p := range papers {
		f.Ops = append(f.Ops, scribble{p})
	}
	return f
}

func sheet(name, content string, edits ...source.Edit) *paper {
	return &paper{file: source.NewFile(name, []byte(content)), edits: edits}
}

func insert(at int, text string) source.Edit {
	return source.Edit{Span: source.Span{Start: at, End: at}, New: text}
}

// What one document does not confirm is withdrawn from every file that its fix touches; other fixes stay.
func TestWhatIsNotConfirmedIsWithdrawnEverywhere(t *testing.T) {
	good, bad, other := sheet("a", "a\n", insert(0, "x\n")), sheet("b", "b\n", insert(0, "y\n")), sheet("c", "c\n", insert(0, "z\n"))
	bad.confirm = errors.New("not what was meant")
	p := planOf(fixOf(good, bad), fixOf(other))
	r := Plan(p, nil)
	if len(r.Changes) != 1 || r.Changes[0].Path != "c" {
		t.Fatalf("changes are %v, want c alone", r.Changes)
	}
	if p.Items[0].Outcome != plan.Withdrawn || p.Items[1].Outcome != plan.Planned {
		t.Errorf("outcomes are %v and %v", p.Items[0].Outcome, p.Items[1].Outcome)
	}
	if len(r.Bugs) != 1 || !strings.Contains(r.Bugs[0], "not what was meant") {
		t.Errorf("bugs are %q", r.Bugs)
	}
}

func TestWhatNoParserLooksAtIsChecked(t *testing.T) {
	for _, test := range []struct {
		name, content string
		edit          source.Edit
		want          string
	}{
		{"final newline added", "a", insert(1, "\n"), "final newline"},
		{"final newline lost", "a\n", source.Edit{Span: source.Span{Start: 1, End: 2}}, "final newline"},
		{"LF in a CRLF file", "a\r\nb\r\n", insert(3, "x\n"), "CRLF"},
		{"byte order mark lost", "\xef\xbb\xbfa\n", source.Edit{Span: source.Span{Start: 0, End: 3}}, "byte order mark"},
		{"edit out of bounds", "a\n", insert(9, "x"), "out of bounds"},
	} {
		t.Run(test.name, func(t *testing.T) {
			r := Plan(planOf(fixOf(sheet("f", test.content, test.edit))), nil)
			if len(r.Changes) != 0 || len(r.Bugs) != 1 || !strings.Contains(r.Bugs[0], test.want) {
				t.Errorf("changes %v, bugs %q, want a bug about %q", r.Changes, r.Bugs, test.want)
			}
		})
	}
}

func TestASecondRunThatChangesAgainWithdraws(t *testing.T) {
	a, b := sheet("a", "a\n", insert(0, "x\n")), sheet("b", "b\n", insert(0, "y\n"))
	again := func(changes []Change) (string, error) {
		for _, c := range changes {
			if c.Path == "b" {
				return "b", errors.New("b would change again")
			}
		}
		return "", nil
	}
	r := Plan(planOf(fixOf(a), fixOf(b)), again)
	if len(r.Changes) != 1 || r.Changes[0].Path != "a" || len(r.Bugs) != 1 {
		t.Errorf("changes %v, bugs %q", r.Changes, r.Bugs)
	}
}
