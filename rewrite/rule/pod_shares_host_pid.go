package rule

// PodSharesHostPID reports pods with hostPID.
var PodSharesHostPID = &Rule{
	ID:    "pod-shares-host-pid",
	Group: "pod",
	Title: "the pod sees the processes of its node",
	Doc: `With hostPID: true a container sees every process of its node, and as root it may enter each of them. Pod Security allows it
under "privileged" alone.

It is reported and left: what watches processes of the node needs it.`,
	FixSafety: `There is no fix: whether the workload can do without it is not to be seen in a manifest.`,
	Bad:       []Example{{"k8s.yaml", podExample("nginxinc/nginx-unprivileged:1.27", "      hostPID: true\n")}},
	Good:      []Example{{"k8s.yaml", podExample("nginxinc/nginx-unprivileged:1.27", "")}},
	Unfixed:   true,
	Equivalents: Equivalents{
		Trivy: []string{"KSV-0010"}, Checkov: []string{"CKV_K8S_17"}, KubeLinter: []string{"host-pid"}, Polaris: []string{"hostPIDSet"}, Kubescape: []string{"C-0038"}, CIS: []string{"K8s 5.2.3"},
	},
	Check: reportViolations(violationReport{
		checks:  []string{"hostPID"},
		message: always("hostPID shows the pod the processes of its node"),
		next:    "use shareProcessNamespace, if it is about processes of the same pod",
	}),
}
