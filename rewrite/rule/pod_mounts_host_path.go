package rule

import "github.com/offroot/offroot/rewrite/decide"

// PodMountsHostPath reports volumes of kind hostPath.
var PodMountsHostPath = &Rule{
	ID:    "pod-mounts-host-path",
	Group: "pod",
	Title: "the pod mounts a directory of its node",
	Doc: `A hostPath volume is the directory of whatever node the pod lands on. fsGroup does not reach it, so a process that is not root
often cannot write there; and a writable one may be a way to the node. Pod Security allows it under "privileged" alone.

It is reported and left.`,
	FixSafety: `There is no fix: whether the workload can do without it is not to be seen in a manifest.`,
	Bad:       []Example{{"k8s.yaml", podExample("nginxinc/nginx-unprivileged:1.27", "      volumes:\n        - name: data\n          hostPath:\n            path: /data\n")}},
	Good:      []Example{{"k8s.yaml", podExample("nginxinc/nginx-unprivileged:1.27", "")}},
	Unfixed:   true,
	Equivalents: Equivalents{
		Trivy: []string{"KSV-0023"}, Checkov: []string{"CKV_K8S_27"}, KubeLinter: []string{"sensitive-host-mounts"}, Kubescape: []string{"C-0048"}, CIS: []string{"K8s 5.2.12"},
	},
	Check: reportViolations(violationReport{
		checks:  []string{"hostPath"},
		message: func(v decide.Violation) string { return "a volume is " + v.Node.Get("path").Text() + " of the node" },
		next:    "use a claim for data, and a configMap or a secret for files that are read",
	}),
}
