package rule

// PodIsHostProcess reports Windows pods with hostProcess.
var PodIsHostProcess = &Rule{
	ID:    "pod-is-host-process",
	Group: "pod",
	Title: "the pod runs on its Windows node itself",
	Doc: `A HostProcess pod is no container: its programs run on the Windows node with the rights of an account of the node. Pod Security
allows it under "privileged" alone.

It is reported and left: it is made for agents of the node.`,
	FixSafety: `There is no fix: whether the workload can do without it is not to be seen in a manifest.`,
	Bad:       []Example{{"k8s.yaml", podExample("nginxinc/nginx-unprivileged:1.27", "      securityContext:\n        windowsOptions:\n          hostProcess: true\n")}},
	Good:      []Example{{"k8s.yaml", podExample("nginxinc/nginx-unprivileged:1.27", "")}},
	Unfixed:   true,
	Equivalents: Equivalents{
		CIS: []string{"K8s 5.2.11"},
	},
	Check: reportViolations(violationReport{
		checks:  []string{"hostProcess"},
		message: always("hostProcess runs the pod on its node itself"),
		next:    "run what needs no node as an ordinary Windows container, as ContainerUser",
	}),
}
