package rule

import (
	"slices"

	"github.com/offroot/offroot/rewrite/decide"
	"github.com/offroot/offroot/rewrite/workspace"
)

// ContainerIsPrivileged reports containers with privileged: true.
var ContainerIsPrivileged = &Rule{
	ID:    "container-is-privileged",
	Group: "container",
	Title: "the container is privileged",
	Doc: `privileged: true gives a container every capability, every device of the node, a writable /sys, and no seccomp or
AppArmor profile. A container that runs so is the node.

What a workload needs of that can seldom be seen from its manifest, so the line is reported and left. It goes only where the
image is a server whose start is known to need none of it, and where nothing else ties the pod to its node: no device, no
directory and no namespace of the node.`,
	FixSafety: `Always review: nobody writes privileged: true without a reason, even if the reason is not written down.`,
	Bad:       []Example{{"k8s.yaml", podExample("nginxinc/nginx-unprivileged:1.27", "") + "          securityContext:\n            privileged: true\n"}},
	Good:      []Example{{"k8s.yaml", podExample("nginxinc/nginx-unprivileged:1.27", "") + "          securityContext:\n            allowPrivilegeEscalation: false\n"}},
	Equivalents: Equivalents{
		Trivy: []string{"KSV-0017"}, Checkov: []string{"CKV_K8S_16"}, KICS: []string{"Container Is Privileged"}, KubeLinter: []string{"privileged-container"},
		Polaris: []string{"runAsPrivileged"}, Kubescape: []string{"C-0057"}, Kubesec: []string{"Privileged"}, CIS: []string{"K8s 5.2.2"},
	},
	Check: eachPod(func(p *Pass, pod *workspace.Pod, t *decide.PodTarget) {
		for _, c := range pod.Containers {
			n := c.Node.Get("securityContext").Get("privileged")
			if on, _ := n.Bool(); !on {
				continue
			}
			f := &Finding{Place: n.Place(), Message: "container " + c.Name + " is privileged"}
			if fix := p.Shared.Fix(t); fix != nil && slices.Contains(t.Unused, n) {
				f.Fix = fix
			} else {
				f.Refusal = &Refusal{Reason: t.Reason, Next: t.Next}
			}
			p.Report(f)
		}
	}),
}
