package decide

import (
	"github.com/offroot/offroot/rewrite/workspace"
)

// A decider carries what all decisions of a run share.
type decider struct {
	ws     *workspace.Workspace
	policy Policy
	builds map[*workspace.Build]*Target
}

// All decides for each workload of the workspace, in its order.
func All(ws *workspace.Workspace, policy Policy) []*Target {
	d := &decider{ws: ws, policy: policy, builds: map[*workspace.Build]*Target{}}
	var targets []*Target
	for _, w := range ws.Workloads {
		t := &Target{Workload: w, Services: map[*workspace.Service]*ServiceTarget{}, Pods: map[*workspace.Pod]*PodTarget{}}
		t.Policy, t.Override = policy.For(w.Name)
		if w.Build != nil {
			d.builds[w.Build] = t
			d.build(t)
		}
		targets = append(targets, t)
	}
	d.share(targets)
	for _, t := range targets {
		for _, s := range t.Workload.Services {
			t.Services[s] = d.service(t, s)
		}
		for _, p := range t.Workload.Pods {
			t.Pods[p] = d.pod(p)
		}
		d.withoutBuild(t)
	}
	return targets
}
