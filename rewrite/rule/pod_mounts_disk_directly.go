package rule

import "github.com/offroot/offroot/rewrite/decide"

// PodMountsDiskDirectly reports volumes of kinds that Pod Security restricted does not allow.
var PodMountsDiskDirectly = &Rule{
	ID:    "pod-mounts-disk-directly",
	Group: "pod",
	Title: "the pod names its storage instead of claiming it",
	Doc: `A volume that names a disk, a share or a storage cluster ties a pod to it, and shows its address to everybody who may read pods.
Pod Security "restricted" allows claims, and the kinds that hold configuration or scratch data.

It is reported and left: a claim and a volume of the same storage have to be made first.`,
	FixSafety: `There is no fix: whether the workload can do without it is not to be seen in a manifest.`,
	Bad:       []Example{{"k8s.yaml", podExample("nginxinc/nginx-unprivileged:1.27", "      volumes:\n        - name: data\n          nfs:\n            server: nfs\n            path: /\n")}},
	Good:      []Example{{"k8s.yaml", podExample("nginxinc/nginx-unprivileged:1.27", "")}},
	Unfixed:   true,
	Equivalents: Equivalents{
		Trivy: []string{"KSV-0028"},
	},
	Check: reportViolations(violationReport{
		checks: []string{"awsElasticBlockStore", "azureDisk", "azureFile", "cephfs", "cinder", "fc", "flexVolume", "flocker", "gcePersistentDisk", "gitRepo", "glusterfs", "iscsi", "nfs", "photonPersistentDisk", "portworxVolume", "quobyte", "rbd", "scaleIO", "storageos", "vsphereVolume"},
		message: func(v decide.Violation) string {
			return "a volume is of kind " + v.Check + ", which restricted does not allow"
		},
		next: "make a PersistentVolume of it, and claim that",
	}),
}
