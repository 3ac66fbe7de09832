package rule

// ContainerUnmasksProc reports procMount: Unmasked.
var ContainerUnmasksProc = &Rule{
	ID:    "container-unmasks-proc",
	Group: "container",
	Title: "the container sees all of /proc",
	Doc: `A runtime hides the parts of /proc that show or change the node. procMount: Unmasked shows them. Pod Security "baseline" does
not allow it outside of user namespaces.

It is reported and left: containers that run containers need it.`,
	FixSafety: `There is no fix: whether the workload can do without it is not to be seen in a manifest.`,
	Bad:       []Example{{"k8s.yaml", podExample("nginxinc/nginx-unprivileged:1.27", "") + "          securityContext:\n            procMount: Unmasked\n"}},
	Good:      []Example{{"k8s.yaml", podExample("nginxinc/nginx-unprivileged:1.27", "")}},
	Unfixed:   true,
	Equivalents: Equivalents{
		Trivy: []string{"KSV-0027"}, Polaris: []string{"procMount"},
	},
	Check: reportViolations(violationReport{
		checks:  []string{"procMount"},
		message: always("procMount shows the container all of /proc"),
		next:    "remove procMount, if the container does not run containers itself",
	}),
}
