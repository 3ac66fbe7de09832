package rule

import (
	"slices"

	"github.com/offroot/offroot/rewrite/decide"
	"github.com/offroot/offroot/rewrite/source"
	"github.com/offroot/offroot/rewrite/workspace"
)

// ContainerAllowsPrivilegeEscalation is for containers whose processes may gain more privileges than they start with.
var ContainerAllowsPrivilegeEscalation = &Rule{
	ID:    "container-allows-privilege-escalation",
	Group: "container",
	Title: "a process of the container may gain privileges",
	Doc: `Without allowPrivilegeEscalation: false a setuid program in the image, or one with file capabilities, gives its caller
more than the container was started with. Pod Security "restricted" demands it for every container.

The fix sets it for every container of a pod that is not root. It is never set beside privileged, which the API server
rejects.`,
	FixSafety: `As safe as the demand for non-root beside it: a process that is not root and runs no setuid program does not
notice.`,
	Bad:  []Example{{"k8s.yaml", podExample("nginxinc/nginx-unprivileged:1.27", "")}},
	Good: []Example{{"k8s.yaml", podExample("nginxinc/nginx-unprivileged:1.27", "") + "          securityContext:\n            allowPrivilegeEscalation: false\n"}},
	Equivalents: Equivalents{
		Trivy: []string{"KSV-0001"}, Checkov: []string{"CKV_K8S_20"}, KICS: []string{"Privilege Escalation Allowed"}, KubeLinter: []string{"privilege-escalation-container"},
		Polaris: []string{"privilegeEscalationAllowed"}, Kubescape: []string{"C-0016"}, Kubesec: []string{"AllowPrivilegeEscalation"}, CIS: []string{"K8s 5.2.6"},
	},
	Check: eachPod(func(p *Pass, pod *workspace.Pod, t *decide.PodTarget) {
		if t.Verdict != decide.Change {
			return
		}
		var ops []source.Op
		for _, c := range kept(pod, t) {
			n := c.Node.Get("securityContext").Get("allowPrivilegeEscalation")
			if on, ok := n.Bool(); n == nil || ok && on {
				ops = append(ops, setContainer(c, "allowPrivilegeEscalation", false))
			}
		}
		if len(ops) > 0 {
			p.Report(&Finding{Place: ops[0].Place(), Message: p.Rule.Title, Fix: podFix(p, t, "allowPrivilegeEscalation", ops...)})
		}
	}),
}

// kept are the containers that a pod still has after the change.
func kept(pod *workspace.Pod, t *decide.PodTarget) []*workspace.Container {
	var all []*workspace.Container
	for _, c := range pod.Containers {
		if !slices.Contains(t.Replaced, c) {
			all = append(all, c)
		}
	}
	return all
}
