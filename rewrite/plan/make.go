// Package plan runs the rules and settles what they want: one outcome for every finding, and a set of fixes that can be
// made together.
package plan

import (
	"path"
	"sort"
	"strings"
	"time"

	"github.com/offroot/offroot/rewrite/decide"
	"github.com/offroot/offroot/rewrite/rule"
	"github.com/offroot/offroot/rewrite/source"
	"github.com/offroot/offroot/rewrite/workspace"
)

// Options of a plan.
type Options struct {
	Rules  []*rule.Rule // in order of precedence
	Lowest decide.Level // the lowest level that is applied
	// Ignores are findings that the configuration suppresses, and Today the day on which they may have ended.
	Ignores []Ignore
	Today   time.Time
}

// An Ignore suppresses findings of some rules in some files.
type Ignore struct {
	Paths, Rules []string // globs, and ids or groups; none means all
	Reason       string
	Until        time.Time // the last day, zero for ever
	Place        source.Place
}

func (i Ignore) holds(it *Item, today time.Time) bool {
	if !i.Until.IsZero() && !today.IsZero() && today.After(i.Until.AddDate(0, 0, 1)) {
		return false
	}
	return (len(i.Rules) == 0 || names(strings.Join(i.Rules, ","), it.Rule)) && (len(i.Paths) == 0 || matches(i.Paths, it.Place.Path))
}

// matches reports whether a path, or a directory above it, fits one of the globs.
func matches(globs []string, name string) bool {
	for at := name; at != "." && at != "/"; at = path.Dir(at) {
		for _, g := range globs {
			if ok, _ := path.Match(strings.TrimSuffix(strings.TrimSuffix(g, "/**"), "/"), at); ok {
				return true
			}
			if rest, ok := strings.CutPrefix(g, "**/"); ok {
				if ok, _ := path.Match(rest, path.Base(at)); ok {
					return true
				}
			}
		}
	}
	return false
}

// Make runs each rule over each workload and settles the outcomes.
func Make(ws *workspace.Workspace, targets []*decide.Target, opts Options) *Plan {
	p := &Plan{}
	shared := rule.NewShared(targets)
	shared.Objects = ws.Objects
	order := map[*workspace.Workload]int{}
	for i, t := range targets {
		order[t.Workload] = i
	}
	for _, r := range opts.Rules {
		for _, t := range targets {
			if !InScope(ws, t.Workload) {
				continue
			}
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

// InScope reports whether a file of the workload lies under the paths of the run, or would if it were not generated.
func InScope(ws *workspace.Workspace, w *workspace.Workload) bool {
	for _, name := range w.Files() {
		if ws.InScope[name] || ws.Frozen[name] != "" {
			return true
		}
	}
	return len(w.Files()) == 0
}
