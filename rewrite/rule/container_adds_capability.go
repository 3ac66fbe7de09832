package rule

import "github.com/offroot/offroot/rewrite/decide"

// ContainerAddsCapability reports capabilities that restricted does not allow to be added.
var ContainerAddsCapability = &Rule{
	ID:    "container-adds-capability",
	Group: "container",
	Title: "the container is given a capability",
	Doc: `A capability is a part of what root may do. Some of them are as good as root: SYS_ADMIN, SYS_MODULE, SYS_PTRACE, DAC_READ_SEARCH,
NET_ADMIN on the network of the node. A process that is not root does not even get what is added, unless its program carries
the capability. Pod Security "restricted" allows NET_BIND_SERVICE alone.

A name that somebody wrote is left and reported. Where a stock image is given what its entrypoint only needs to drop root, the
fix that starts it as its own user takes the name away.`,
	FixSafety: `There is no fix: whether the workload can do without it is not to be seen in a manifest.`,
	Bad:       []Example{{"k8s.yaml", podExample("nginxinc/nginx-unprivileged:1.27", "") + "          securityContext:\n            capabilities:\n              add:\n                - NET_ADMIN\n"}},
	Good:      []Example{{"k8s.yaml", podExample("nginxinc/nginx-unprivileged:1.27", "")}},
	Unfixed:   true,
	Equivalents: Equivalents{
		Trivy: []string{"KSV-0022", "KSV-0005"}, Checkov: []string{"CKV_K8S_25", "CKV_K8S_39"}, Polaris: []string{"dangerousCapabilities"}, Kubescape: []string{"C-0046"}, CIS: []string{"K8s 5.2.9"},
	},
	Check: reportViolations(violationReport{
		checks:  []string{"capabilities"},
		message: func(v decide.Violation) string { return "capability " + v.Node.Text() + " is added" },
		next:    "remove it, if the program works without it as a user that is not root",
	}),
}
