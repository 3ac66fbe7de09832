package render

import (
	"fmt"
	"slices"
	"strings"

	"github.com/offroot/offroot/rewrite/decide"
	"github.com/offroot/offroot/rewrite/plan"
	"github.com/offroot/offroot/rewrite/rule"
	"github.com/offroot/offroot/rewrite/source"
)

// A bundle is the fixes of one workload that share level and assumption, so that the assumption is said once.
type bundle struct {
	level   decide.Level
	assumes string
	rows    []*fixRow
}

// A fixRow is the fixes of a bundle that change the same files.
type fixRow struct {
	titles []string
	places []source.Place
	notes  []string
}

// bundles gathers the fixes of a workload that have an outcome, in the order in which they were found.
func bundles(items []*plan.Item, outcome plan.Outcome, verbose bool) []*bundle {
	var list []*bundle
	seen := map[*rule.Fix]bool{}
	for _, it := range items {
		if it.Outcome != outcome || it.Fix == nil || seen[it.Fix] {
			continue
		}
		seen[it.Fix] = true
		i := slices.IndexFunc(list, func(b *bundle) bool { return b.level == it.Fix.Level && b.assumes == it.Fix.Assumes })
		if i < 0 {
			list = append(list, &bundle{level: it.Fix.Level, assumes: it.Fix.Assumes})
			i = len(list) - 1
		}
		list[i].add(it, verbose)
	}
	return list
}

func (b *bundle) add(it *plan.Item, verbose bool) {
	title, at := it.Fix.Title, places(it)
	if verbose {
		title += " [" + it.Rule.ID + "]"
	}
	i := slices.IndexFunc(b.rows, func(r *fixRow) bool { return slices.Equal(paths(r.places), paths(at)) })
	if i < 0 || verbose {
		b.rows = append(b.rows, &fixRow{})
		i = len(b.rows) - 1
	}
	r := b.rows[i]
	if !slices.Contains(r.titles, title) {
		r.titles = append(r.titles, title)
	}
	r.places = append(r.places, at...)
	r.notes = append(r.notes, it.Fix.Notes...)
}

// fixes writes the fixes of a workload: those in the diff, or those that need a lower level than the run has.
func (n *notes) fixes(u *unit, outcome plan.Outcome) {
	var said []string
	for _, b := range bundles(u.items, outcome, n.verbose) {
		label, color := n.level(b.level)
		for _, r := range b.rows {
			n.write(row{label: label, color: color, text: withheld(outcome, b.level) + joinTitles(r.titles), places: r.places})
			label = ""
		}
		if b.assumes != "" && !slices.Contains(said, b.assumes) {
			n.below("assumes that " + strings.TrimPrefix(b.assumes, "that "))
			said = append(said, b.assumes)
		}
		for _, r := range b.rows {
			said = n.once(r.notes, said)
		}
	}
}

func withheld(outcome plan.Outcome, level decide.Level) string {
	if outcome == plan.BelowLevel {
		return fmt.Sprintf("not applied, needs --fix-level %s: ", level)
	}
	return ""
}

func (n *notes) once(list, said []string) []string {
	for _, note := range list {
		if !slices.Contains(said, note) {
			n.below(note)
			said = append(said, note)
		}
	}
	return said
}

// joinTitles says several remedies in one row. A title of one word is the name of a field; of those the first is named and
// the others are counted, because they say the same to a reader: "runAsNonRoot and 3 more fields".
func joinTitles(titles []string) string {
	var list, fields []string
	for _, title := range titles {
		if strings.Contains(title, " ") {
			list = append(list, title)
		} else {
			fields = append(fields, title)
		}
	}
	switch n := len(fields); n {
	case 0:
	case 1:
		list = append(list, fields[0])
	default:
		list = append(list, fmt.Sprintf("%s and %s", fields[0], count(n-1, "more field")))
	}
	return strings.Join(list, "; ")
}
