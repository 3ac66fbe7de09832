package render

import (
	"fmt"
	"io"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/offroot/offroot/rewrite/decide"
	"github.com/offroot/offroot/rewrite/parse"
	"github.com/offroot/offroot/rewrite/plan"
)

// NotesOptions say how much notes tell.
type NotesOptions struct {
	Quiet   bool // only errors
	Brief   bool // no blocks of workloads, because stdout says the same
	Verbose bool // also facts, links, rule ids, and what is suppressed or needs nothing
	Color   bool
}

// The label column is as wide as the longest name of a workload, within these limits.
const (
	minLabel = 11
	maxLabel = 16
)

// Notes writes what a run decided, for people: one block a workload in the order of paths, then what was not analysed,
// then one line that counts everything and names the next command.
func Notes(w io.Writer, r *Report, opts NotesOptions) error {
	n := &notes{page: newPage(w, opts.Color), report: r, verbose: opts.Verbose}
	if !opts.Quiet {
		units := r.units()
		n.page.label = labelWidth(units, opts.Verbose)
		for _, u := range units {
			if !opts.Brief && (opts.Verbose || !u.knownNothingOf()) {
				n.block(u)
			}
		}
		if !opts.Brief && !opts.Verbose {
			n.unknown(units)
		}
		n.skips()
	}
	n.errors()
	if !opts.Quiet {
		n.closing()
	}
	return n.w.Flush()
}

type notes struct {
	*page
	report  *Report
	verbose bool
	printed bool // a block, so that the closing lines stand apart
}

func labelWidth(units []*unit, verbose bool) int {
	width := minLabel
	for _, u := range units {
		if u.verdict() != quiet || verbose {
			width = max(width, min(utf8.RuneCountInString(u.name()), maxLabel))
		}
	}
	return width + 2
}

// block writes one workload: the decision, then its fixes, then what was refused, left alone or only told.
func (n *notes) block(u *unit) {
	v := u.verdict()
	if v == quiet && !n.verbose {
		return
	}
	n.printed = true
	head := row{label: u.name(), color: n.name, text: u.sentence()}
	if v == leftAlone || v == refused {
		head.places = append(head.places, u.place())
	}
	n.write(head)
	said := []string{u.sentence()}
	if u.target != nil {
		said = n.next(u.target.Next, said)
		n.links(u)
	}
	n.fixes(u, plan.Planned)
	n.fixes(u, plan.BelowLevel)
	for _, it := range u.items {
		said = n.rest(it, said)
	}
}

// links writes why the places of a workload belong together.
func (n *notes) links(u *unit) {
	if !n.verbose {
		return
	}
	for _, l := range u.target.Workload.Links {
		because := l.Because
		if !l.Certain {
			because += " (inferred)"
		}
		n.write(row{label: "  link", text: fmt.Sprintf("%s -> %s: %s", l.From, l.To, because)})
	}
}

// rest writes an item that has no fix in the diff. A reason that was said already is not said again.
func (n *notes) rest(it *plan.Item, said []string) []string {
	label, color, reason := "", "", it.Reason
	switch it.Outcome {
	case plan.Refused, plan.Conflict:
		label, color = "  refused", n.stop
	case plan.LeftAlone:
		label, color = "  as it is", n.good
	case plan.Reported:
		label, color, reason = "  note", n.care, it.Message
	case plan.Withdrawn:
		label, color = "  withdrawn", n.stop
	case plan.Suppressed:
		if !n.verbose {
			return said
		}
		label = "  ignored"
	default:
		return said
	}
	if !slices.ContainsFunc(said, func(s string) bool { return strings.Contains(s, reason) || repeats(s, reason) }) {
		n.write(row{label: label, color: color, text: reason + n.id(it), places: places(it)})
		said = append(said, reason)
	}
	return n.next(it.Next, said)
}

// repeats reports whether a reason ends with what was said already: a manifest that inherits the reason of its image.
func repeats(said, reason string) bool {
	_, why, ok := strings.Cut(said, ": ")
	return ok && why != "" && strings.HasSuffix(reason, why)
}

// next writes what a person can do, unless it was said already.
func (n *notes) next(what string, said []string) []string {
	if what == "" || slices.Contains(said, what) {
		return said
	}
	n.below("next: " + what)
	return append(said, what)
}

func (n *notes) id(it *plan.Item) string {
	if !n.verbose {
		return ""
	}
	return " [" + it.Rule.ID + "]"
}

// skips writes the places that were not analysed and are no errors, those with the same reason together.
func (n *notes) skips() {
	byReason := map[string][]parse.Skip{}
	var reasons []string
	for _, s := range n.report.Workspace.Skips {
		if s.Error {
			continue
		}
		if byReason[s.Reason] == nil {
			reasons = append(reasons, s.Reason)
		}
		byReason[s.Reason] = append(byReason[s.Reason], s)
	}
	for _, reason := range reasons {
		n.skipped(reason, byReason[reason])
	}
}

// skipped writes the first places of a reason, or all of them with -v.
func (n *notes) skipped(reason string, skips []parse.Skip) {
	const few = 3
	n.printed = true
	r := row{label: "skipped", text: reason}
	rest := 0
	for i, s := range skips {
		if i >= few && !n.verbose {
			rest = len(skips) - few
			break
		}
		r.places = append(r.places, s.Place)
	}
	if rest > 0 {
		r.text += fmt.Sprintf(" (%s; -v names all)", count(len(skips), "place"))
	}
	n.write(r)
	if next := skips[0].Next; next != "" {
		n.below("next: " + next)
	}
}

// errors writes what ends the run with exit code 2 or 3. Each starts with its place, so that editors can jump.
func (n *notes) errors() {
	blank := n.printed
	separate := func() {
		if blank {
			n.plain("")
		}
		blank = false
	}
	for _, s := range n.report.Workspace.Skips {
		if !s.Error {
			continue
		}
		separate()
		n.plain(fmt.Sprintf("%s:%d:%d: %s", s.Place.Path, max(s.Place.Line, 1), max(s.Column, 1), s.Reason))
		if s.Next != "" {
			n.plain("    next: " + s.Next)
		}
	}
	for _, bug := range n.report.Bugs {
		separate()
		n.plain("offroot: withdrew a change that it could not confirm: " + bug)
	}
	if len(n.report.Bugs) > 0 {
		n.plain("this is a bug of offroot; report it with the file and the output of \"offroot version\"")
	}
}

// level is the label of a fix.
func (n *notes) level(l decide.Level) (label, color string) {
	if l == decide.Safe {
		return "  safe", n.good
	}
	return "  " + l.String(), n.care
}
