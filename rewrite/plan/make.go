// Package plan runs the rules and settles what they want: one outcome for every finding, and a set of fixes that can be
// made together.
package plan

import (
	"sort"

	"github.com/offroot/offroot/rewrite/decide"
	"github.com/offroot/offroot/rewrite/rule"
	"github.com/offroot/offroot/rewrite/workspace"
)

// Options of a plan.
type Options struct {
	Rules  []*rule.Rule // in order of precedence
	Lowest decide.Level // the lowest level that is applied
}

// Make runs each rule over each workload and settles the outcomes.
func Make(ws *workspace.Workspace, targets []*decide.Target, opts Options) *Plan {
	p := &Plan{}
	shared := rule.NewShared(targets)
	order := map[*workspace.Workload]int{}
	for i, t := range targets {
		order[t.Workload] = i
	}
	for _, r := range opts.Rules {
		for _, t := range targets {
			pass := &rule.Pass{Rule: r, Workload: t.Workload, Target: t, Shared: shared}
			pass.Report = func(f *rule.Finding) {
				f.Rule, f.Workload = r, t.Workload
				p.Items = append(p.Items, &Item{Finding: f})
			}
			r.Check(pass)
		}
	}
	sort.SliceStable(p.Items, func(i, j int) bool { return order[p.Items[i].Workload] < order[p.Items[j].Workload] })
	p.settle(ws, opts)
	return p
}
