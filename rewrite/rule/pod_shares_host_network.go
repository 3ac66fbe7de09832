package rule

// PodSharesHostNetwork reports pods with hostNetwork.
var PodSharesHostNetwork = &Rule{
	ID:    "pod-shares-host-network",
	Group: "pod",
	Title: "the pod uses the network of its node",
	Doc: `A pod with hostNetwork: true sees all traffic of its node, listens on its addresses and reaches services that trust the node.
NetworkPolicies do not hold for it. Pod Security allows it under "privileged" alone.

It is reported and left: network plugins, node agents and some ingress controllers need it. Others take a Service, or a
container port with a hostPort.`,
	FixSafety: `There is no fix: whether the workload can do without it is not to be seen in a manifest.`,
	Bad:       []Example{{"k8s.yaml", podExample("nginxinc/nginx-unprivileged:1.27", "      hostNetwork: true\n")}},
	Good:      []Example{{"k8s.yaml", podExample("nginxinc/nginx-unprivileged:1.27", "")}},
	Unfixed:   true,
	Equivalents: Equivalents{
		Trivy: []string{"KSV-0009"}, Checkov: []string{"CKV_K8S_19"}, KubeLinter: []string{"host-network"}, Polaris: []string{"hostNetworkSet"}, Kubescape: []string{"C-0041"}, CIS: []string{"K8s 5.2.5"},
	},
	Check: reportViolations(violationReport{
		checks:  []string{"hostNetwork"},
		message: always("hostNetwork gives the pod the network of its node"),
		next:    "publish the port with a Service, if the workload does not manage the node's network",
	}),
}
