package rule

import "github.com/offroot/offroot/rewrite/decide"

// ContainerUsesHostPort reports hostPort entries.
var ContainerUsesHostPort = &Rule{
	ID:    "container-uses-host-port",
	Group: "container",
	Title: "a port of the node leads to the container",
	Doc: `A hostPort ties a pod to one node for each port, and goes past NetworkPolicies of many network plugins. Pod Security "baseline"
does not allow it.

It is reported and left, because others may connect to that port of the node.`,
	FixSafety: `There is no fix: whether the workload can do without it is not to be seen in a manifest.`,
	Bad:       []Example{{"k8s.yaml", podExample("nginxinc/nginx-unprivileged:1.27", "") + "          ports:\n            - containerPort: 8080\n              hostPort: 8080\n"}},
	Good:      []Example{{"k8s.yaml", podExample("nginxinc/nginx-unprivileged:1.27", "")}},
	Unfixed:   true,
	Equivalents: Equivalents{
		Trivy: []string{"KSV-0024"}, Checkov: []string{"CKV_K8S_26"}, KubeLinter: []string{"host-port"}, Polaris: []string{"hostPortSet"}, Kubescape: []string{"C-0044"}, CIS: []string{"K8s 5.2.13"},
	},
	Check: reportViolations(violationReport{
		checks: []string{"hostPorts"},
		message: func(v decide.Violation) string {
			return "hostPort " + v.Node.Text() + " of the node leads to the container"
		},
		next: "publish the port with a Service of type NodePort or LoadBalancer",
	}),
}
