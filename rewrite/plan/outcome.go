package plan

import (
	"github.com/offroot/offroot/rewrite/rule"
)

// An Outcome says what became of a finding.
type Outcome int

const (
	Reported   Outcome = iota // told, nothing to change and nothing refused
	Planned                   // its fix is in the diff
	BelowLevel                // its fix needs a lower --fix-level than the run has
	Conflict                  // its fix contradicts another one that came first
	Refused                   // there is no safe change; reason and next step are given
	LeftAlone                 // nothing has to change, and the reason says why
	Suppressed                // a person wrote that it shall stay
	Withdrawn                 // verification did not confirm the fix: a bug of offroot
)

func (o Outcome) String() string {
	return [...]string{"reported", "changed", "below level", "conflict", "refused", "left alone", "suppressed", "withdrawn"}[o]
}

// An Item is one finding with its outcome. Reason is set for every outcome but Planned and Reported.
type Item struct {
	*rule.Finding
	Outcome Outcome
	Reason  string
	Next    string
}

// A Plan is what the rules want, settled: the fixes of all Planned items can be made together.
type Plan struct {
	Items []*Item
}

// Fixes returns the fixes of the planned items, each once, in order.
func (p *Plan) Fixes() []*rule.Fix {
	var fixes []*rule.Fix
	seen := map[*rule.Fix]bool{}
	for _, it := range p.Items {
		if it.Outcome == Planned && !seen[it.Fix] {
			seen[it.Fix] = true
			fixes = append(fixes, it.Fix)
		}
	}
	return fixes
}
