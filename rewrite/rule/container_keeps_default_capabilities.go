package rule

import (
	"strings"

	"github.com/offroot/offroot/rewrite/decide"
	"github.com/offroot/offroot/rewrite/source"
	"github.com/offroot/offroot/rewrite/workspace"
	"github.com/offroot/offroot/rewrite/yamldoc"
)

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
