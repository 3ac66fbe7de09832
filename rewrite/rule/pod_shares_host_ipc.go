package rule

// PodSharesHostIPC reports pods with hostIPC.
var PodSharesHostIPC = &Rule{
	ID:    "pod-shares-host-ipc",
	Group: "pod",
	Title: "the pod shares memory and semaphores with its node",
	Doc: `With hostIPC: true a container reads the shared memory of every process of its node. Pod Security allows it under "privileged"
alone.

It is reported and left.`,
	FixSafety: `There is no fix: whether the workload can do without it is not to be seen in a manifest.`,
	Bad:       []Example{{"k8s.yaml", podExample("nginxinc/nginx-unprivileged:1.27", "      hostIPC: true\n")}},
	Good:      []Example{{"k8s.yaml", podExample("nginxinc/nginx-unprivileged:1.27", "")}},
	Unfixed:   true,
	Equivalents: Equivalents{
		Trivy: []string{"KSV-0008"}, Checkov: []string{"CKV_K8S_18"}, KubeLinter: []string{"host-ipc"}, Polaris: []string{"hostIPCSet"}, Kubescape: []string{"C-0038"}, CIS: []string{"K8s 5.2.4"},
	},
	Check: reportViolations(violationReport{
		checks:  []string{"hostIPC"},
		message: always("hostIPC shares the memory of processes of the node with the pod"),
		next:    "give the containers of the pod a volume of kind emptyDir with medium: Memory at /dev/shm",
	}),
}
