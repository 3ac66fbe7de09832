package render

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"io"
	"slices"
	"strings"

	"github.com/offroot/offroot/rewrite/plan"
)

// SchemaVersion changes when a field of the JSON output changes its meaning or goes away. New fields do not change it.
const SchemaVersion = 1

// JSON writes a run as one JSON document. It holds no time and nothing of the machine, so two runs on the same files give
// the same bytes.
func JSON(w io.Writer, r *Report) error {
	doc, err := r.document()
	if err != nil {
		return err
	}
	enc := json.NewEncoder(w)
	enc.SetEscapeHTML(false)
	enc.SetIndent("", "  ")
	return enc.Encode(doc)
}

type jsonDocument struct {
	SchemaVersion int           `json:"schema_version"`
	Tool          jsonTool      `json:"tool"`
	Command       string        `json:"command"`
	Root          string        `json:"root"`
	Written       bool          `json:"written"`
	Summary       jsonSummary   `json:"summary"`
	Units         []jsonUnit    `json:"units"`
	Findings      []jsonFinding `json:"findings"`
	Changes       []jsonChange  `json:"changes"`
	Skipped       []jsonProblem `json:"skipped"`
	Errors        []jsonProblem `json:"errors"`
}

type jsonTool struct {
	Name    string `json:"name"`
	Version string `json:"version"`
}

type jsonSummary struct {
	FilesSeen    int       `json:"files_seen"`
	FilesChanged int       `json:"files_changed"`
	Workloads    int       `json:"workloads"`
	Findings     int       `json:"findings"`
	Fixable      int       `json:"fixable"`
	Unfixed      int       `json:"unfixed"`
	LeftAlone    int       `json:"left_alone"`
	Suppressed   int       `json:"suppressed"`
	Errors       int       `json:"errors"`
	Pods         *jsonPods `json:"pods,omitempty"`
}

type jsonPods struct {
	Total            int `json:"total"`
	RestrictedBefore int `json:"restricted_before"`
	RestrictedAfter  int `json:"restricted_after"`
}

// A jsonUnit is a workload. Its id is its name, which is unique in a run.
type jsonUnit struct {
	ID       string     `json:"id"`
	Verdict  string     `json:"verdict"` // changed, refused, left alone, quiet
	Decision string     `json:"decision"`
	File     string     `json:"file"` // where the workload begins: its Dockerfile, else its service or object
	Line     int        `json:"line"`
	Links    []jsonLink `json:"links"`
}

type jsonLink struct {
	From    string `json:"from"`
	To      string `json:"to"`
	Because string `json:"because"`
	Certain bool   `json:"certain"`
}

type jsonFinding struct {
	ID          string    `json:"id"`
	Rule        string    `json:"rule"`
	Unit        string    `json:"unit,omitempty"`
	File        string    `json:"file"`
	Start       jsonPoint `json:"start"`
	Message     string    `json:"message"`
	Fingerprint string    `json:"fingerprint"` // the same as long as rule, unit, file and message are
	Status      string    `json:"status"`      // fixable, unfixed, left-alone, suppressed
	Outcome     string    `json:"outcome"`
	Fix         *jsonFix  `json:"fix,omitempty"`
	Reason      string    `json:"reason,omitempty"`
	Next        string    `json:"next,omitempty"`
}

type jsonPoint struct {
	Line int `json:"line"`
}

type jsonFix struct {
	Title   string      `json:"title"`
	Level   string      `json:"level"`
	Assumes string      `json:"assumes,omitempty"`
	Notes   []string    `json:"notes,omitempty"`
	Places  []jsonPlace `json:"places"`
	Ops     []jsonOp    `json:"ops"`
}

type jsonPlace struct {
	File string `json:"file"`
	Line int    `json:"line"`
}

type jsonOp struct {
	File string `json:"file"`
	Line int    `json:"line"`
	Op   string `json:"op"`
}

type jsonChange struct {
	File string `json:"file"`
	Diff string `json:"diff"`
}

type jsonProblem struct {
	File    string `json:"file"`
	Line    int    `json:"line,omitempty"`
	Column  int    `json:"column,omitempty"`
	Message string `json:"message"`
	Next    string `json:"next,omitempty"`
}

// document never has a null where a list belongs, so that readers need no special case.
func (r *Report) document() (*jsonDocument, error) {
	doc := &jsonDocument{
		SchemaVersion: SchemaVersion,
		Tool:          jsonTool{"offroot", r.Version},
		Command:       r.Command, Root: r.Root, Written: r.Written,
		Units: []jsonUnit{}, Findings: []jsonFinding{}, Changes: []jsonChange{}, Skipped: []jsonProblem{}, Errors: []jsonProblem{},
	}
	for _, u := range r.units() {
		if u.target != nil {
			doc.Units = append(doc.Units, u.json())
		}
	}
	seen := map[string]int{}
	for _, it := range r.sorted() {
		doc.Findings = append(doc.Findings, finding(it, seen))
	}
	for _, c := range r.Rewritten() {
		var diff bytes.Buffer
		if err := Diff(&diff, []Change{c}, false); err != nil {
			return nil, err
		}
		doc.Changes = append(doc.Changes, jsonChange{c.Path, diff.String()})
	}
	r.problems(doc)
	doc.Summary = r.jsonSummary(doc)
	return doc, nil
}

func (r *Report) problems(doc *jsonDocument) {
	for _, s := range r.Workspace.Skips {
		p := jsonProblem{File: s.Place.Path, Line: s.Place.Line, Column: s.Column, Message: s.Reason, Next: s.Next}
		if s.Error {
			doc.Errors = append(doc.Errors, p)
		} else {
			doc.Skipped = append(doc.Skipped, p)
		}
	}
	for _, bug := range r.Bugs {
		doc.Errors = append(doc.Errors, jsonProblem{Message: "withdrew a change that could not be confirmed: " + bug})
	}
}

func (r *Report) jsonSummary(doc *jsonDocument) jsonSummary {
	s := jsonSummary{FilesSeen: r.Looked, FilesChanged: len(r.Changes), Workloads: len(r.Targets), Errors: len(doc.Errors)}
	for _, f := range doc.Findings {
		switch f.Status {
		case "fixable":
			s.Fixable++
		case "unfixed":
			s.Unfixed++
		case "suppressed":
			s.Suppressed++
		default:
			s.LeftAlone++
		}
	}
	s.Findings = s.Fixable + s.Unfixed
	if p := r.Pods; p != nil {
		s.Pods = &jsonPods{Total: p.Total, RestrictedBefore: p.Before, RestrictedAfter: p.After}
	}
	return s
}

func (u *unit) json() jsonUnit {
	place := u.target.Workload.Place()
	out := jsonUnit{
		ID: u.name(), Verdict: u.verdict().String(), Decision: u.sentence(),
		File: place.Path, Line: place.Line, Links: []jsonLink{},
	}
	for _, l := range u.target.Workload.Links {
		out.Links = append(out.Links, jsonLink{l.From.String(), l.To.String(), l.Because, l.Certain})
	}
	return out
}

func (v verdict) String() string {
	return [...]string{"quiet", "left alone", "refused", "changed"}[v]
}

// finding turns an item into JSON. seen counts equal findings, so that each has a fingerprint of its own.
func finding(it *plan.Item, seen map[string]int) jsonFinding {
	f := jsonFinding{
		Rule: it.Rule.ID, File: it.Place.Path, Start: jsonPoint{it.Place.Line}, Message: it.Message,
		Status: status(it.Outcome), Outcome: it.Outcome.String(), Reason: it.Reason, Next: it.Next,
	}
	if it.Workload != nil {
		f.Unit = it.Workload.Name
	}
	key := strings.Join([]string{f.Rule, f.Unit, f.File, f.Message}, "\x00")
	sum := sha256.Sum256(fmt.Appendf(nil, "%s\x00%d", key, seen[key]))
	seen[key]++
	f.Fingerprint = hex.EncodeToString(sum[:8])
	f.ID = f.Rule + "-" + f.Fingerprint
	if it.Fix != nil {
		f.Fix = fix(it)
	}
	return f
}

func fix(it *plan.Item) *jsonFix {
	out := &jsonFix{
		Title: it.Fix.Title, Level: it.Fix.Level.String(), Assumes: it.Fix.Assumes, Notes: it.Fix.Notes,
		Places: []jsonPlace{}, Ops: []jsonOp{},
	}
	for _, p := range places(it) {
		out.Places = append(out.Places, jsonPlace{p.Path, p.Line})
	}
	for _, op := range it.Fix.Ops {
		out.Ops = append(out.Ops, jsonOp{op.Place().Path, op.Place().Line, op.String()})
	}
	return out
}

func status(o plan.Outcome) string {
	switch o {
	case plan.Planned:
		return "fixable"
	case plan.LeftAlone:
		return "left-alone"
	case plan.Suppressed:
		return "suppressed"
	}
	return "unfixed"
}

// sorted returns the items in the order of their places.
func (r *Report) sorted() []*plan.Item {
	items := slices.Clone(r.Plan.Items)
	slices.SortStableFunc(items, func(a, b *plan.Item) int {
		if c := comparePlaces(a.Place, b.Place); c != 0 {
			return c
		}
		return strings.Compare(a.Rule.ID, b.Rule.ID)
	})
	return items
}
