package rewrite

import "github.com/offroot/offroot/rewrite/decide"

// Pods says how many pods there are, and how many of them Pod Security calls restricted and kubelet is known to start:
// before, and after the change.
type Pods struct{ Total, Before, After int }

// countPods compares the decisions about the repository as it is with those about it as it would be. after is nil if nothing
// changes.
func countPods(before, after []*decide.Target) Pods {
	was := decide.CountPods(before)
	n := Pods{Total: was.Total, Before: was.Restricted, After: was.Restricted}
	if after != nil {
		n.After = decide.CountPods(after).Restricted
	}
	return n
}
