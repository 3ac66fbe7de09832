package rule

import "github.com/offroot/offroot/rewrite/decide"

// PodSetsUnsafeSysctl reports sysctls outside of the safe set.
var PodSetsUnsafeSysctl = &Rule{
	ID:    "pod-sets-unsafe-sysctl",
	Group: "pod",
	Title: "the pod sets a kernel parameter that is not safe",
	Doc: `Some kernel parameters belong to a namespace of their own for each pod; the others may disturb the node and must be allowed on
each kubelet. Pod Security "baseline" allows the safe ones only.

It is reported and left: the workload may not start without it.`,
	FixSafety: `There is no fix: whether the workload can do without it is not to be seen in a manifest.`,
	Bad:       []Example{{"k8s.yaml", podExample("nginxinc/nginx-unprivileged:1.27", "      securityContext:\n        sysctls:\n          - name: net.core.somaxconn\n            value: \"1024\"\n")}},
	Good:      []Example{{"k8s.yaml", podExample("nginxinc/nginx-unprivileged:1.27", "")}},
	Unfixed:   true,
	Equivalents: Equivalents{
		Trivy: []string{"KSV-0026"}, KubeLinter: []string{"unsafe-sysctls"},
	},
	Check: reportViolations(violationReport{
		checks: []string{"sysctls"},
		message: func(v decide.Violation) string {
			return "the pod sets " + v.Node.Text() + ", which is not among the safe sysctls"
		},
		next: "set it on the nodes that need it",
	}),
}
