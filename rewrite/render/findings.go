package render

import (
	"fmt"
	"io"

	"github.com/offroot/offroot/rewrite/plan"
)

// Findings writes what offroot check found, in the order of places: one line that editors can jump to, then what can be
// done about it. With verbose, also what is left alone for a reason and what a person suppressed.
func Findings(w io.Writer, r *Report, verbose, color bool) error {
	p := newPage(w, color)
	p.label = 4
	for _, it := range r.sorted() {
		if !isFinding(it) && !verbose {
			continue
		}
		where := it.Place.String()
		if where != "" {
			where += ": "
		}
		p.plain(p.paint(p.name, where) + it.Message + " [" + it.Rule.ID + "]")
		p.remedy(it)
	}
	return p.w.Flush()
}

func (p *page) remedy(it *plan.Item) {
	switch it.Outcome {
	case plan.Planned:
		p.below(fmt.Sprintf("fix (%s): %s", it.Fix.Level, it.Fix.Title))
	case plan.BelowLevel:
		p.below(fmt.Sprintf("fix (needs --fix-level %s): %s", it.Fix.Level, it.Fix.Title))
	case plan.Reported:
	default:
		p.below(it.Outcome.String() + ": " + it.Reason)
	}
	if it.Next != "" {
		p.below("next: " + it.Next)
	}
}

// isFinding reports whether an item counts for the exit code of offroot check.
func isFinding(it *plan.Item) bool {
	return it.Outcome != plan.LeftAlone && it.Outcome != plan.Suppressed
}

// HasFindings reports whether offroot check has anything to say.
func (r *Report) HasFindings() bool {
	for _, it := range r.Plan.Items {
		if isFinding(it) {
			return true
		}
	}
	return false
}
