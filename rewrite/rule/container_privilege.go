package rule

import (
	"slices"
	"strings"

	"github.com/offroot/offroot/rewrite/decide"
	"github.com/offroot/offroot/rewrite/source"
	"github.com/offroot/offroot/rewrite/workspace"
	"github.com/offroot/offroot/rewrite/yamldoc"
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
		Trivy: []string{"KSV-0001"}, Checkov: []string{"CKV_K8S_20"}, KubeLinter: []string{"privilege-escalation-container"},
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

// ContainerKeepsDefaultCapabilities is for containers that keep what a runtime gives to everybody.
var ContainerKeepsDefaultCapabilities = &Rule{
	ID:    "container-keeps-default-capabilities",
	Group: "container",
	Title: "the container keeps the default capabilities",
	Doc: `A runtime starts containers with fourteen capabilities, among them to override file permissions and to open raw sockets.
A process that is not root has none of them in effect, but its bounding set still holds them. Pod Security "restricted"
demands that ALL is dropped, spelt exactly so: "all" works for the runtime and does not pass.

The fix drops ALL for every container of a pod that is not root. What is added back by hand stays.`,
	FixSafety: `As safe as the demand for non-root beside it. A program with a file capability would not start without it, so
images that are known to have one are refused.`,
	Bad:  []Example{{"k8s.yaml", podExample("nginxinc/nginx-unprivileged:1.27", "") + "          securityContext:\n            capabilities:\n              drop:\n                - all\n"}},
	Good: []Example{{"k8s.yaml", podExample("nginxinc/nginx-unprivileged:1.27", "") + "          securityContext:\n            capabilities:\n              drop:\n                - ALL\n"}},
	Equivalents: Equivalents{
		Trivy: []string{"KSV-0003", "KSV-0004", "KSV-0106"}, Checkov: []string{"CKV_K8S_28", "CKV_K8S_37"}, KICS: []string{"No Drop Capabilities for Containers"},
		KubeLinter: []string{"drop-net-raw-capability"}, Polaris: []string{"insecureCapabilities"}, Kubescape: []string{"C-0055"}, Kubesec: []string{"CapDropAll"}, CIS: []string{"K8s 5.2.8", "K8s 5.2.9"},
	},
	Check: eachPod(func(p *Pass, pod *workspace.Pod, t *decide.PodTarget) {
		if t.Verdict != decide.Change {
			return
		}
		var ops []source.Op
		title := "capabilities"
		for _, c := range kept(pod, t) {
			op, spelt := dropAll(c)
			if op != nil {
				ops = append(ops, op)
			}
			if spelt {
				title = `spells drop ALL as Pod Security reads it`
			}
		}
		if len(ops) > 0 {
			p.Report(&Finding{Place: ops[0].Place(), Message: p.Rule.Title, Fix: podFix(p, t, title, ops...)})
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

// dropAll is the op that makes a container drop ALL, nil if it does. spelt says that only the spelling changes.
func dropAll(c *workspace.Container) (op source.Op, spelt bool) {
	drop := c.Node.Get("securityContext").Get("capabilities").Get("drop")
	for _, item := range drop.Items() {
		text := strings.ToUpper(item.Text())
		switch {
		case item.Text() == "ALL":
			return nil, false
		case text == "ALL" || text == "CAP_ALL":
			return &yamldoc.SetText{Node: item, Text: "ALL"}, true
		}
	}
	return &yamldoc.Append{In: c.Node, Path: []string{"securityContext", "capabilities", "drop"}, Value: "ALL", At: containerPlace(c)}, false
}

// ContainerIsPrivileged reports containers with privileged: true.
var ContainerIsPrivileged = &Rule{
	ID:    "container-is-privileged",
	Group: "container",
	Title: "the container is privileged",
	Doc: `privileged: true gives a container every capability, every device of the node, a writable /sys, and no seccomp or
AppArmor profile. A container that runs so is the node.

What a workload needs of that cannot be seen from its manifest, so the line is reported and left.`,
	FixSafety: `There is no fix yet. Ask the author which capabilities the program needs, and give those.`,
	Bad:       []Example{{"k8s.yaml", podExample("nginxinc/nginx-unprivileged:1.27", "") + "          securityContext:\n            privileged: true\n"}},
	Good:      []Example{{"k8s.yaml", podExample("nginxinc/nginx-unprivileged:1.27", "") + "          securityContext:\n            allowPrivilegeEscalation: false\n"}},
	Unfixed:   true,
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
