package rule

import (
	"github.com/offroot/offroot/rewrite/decide"
	"github.com/offroot/offroot/rewrite/source"
	"github.com/offroot/offroot/rewrite/workspace"
	"github.com/offroot/offroot/rewrite/yamldoc"
)

// PodRunsAsRoot is for manifests that say runAsUser: 0 although the image is not root, or will not be.
var PodRunsAsRoot = &Rule{
	ID:    "pod-runs-as-root",
	Group: "pod",
	Title: "the manifest makes the container root",
	Doc: `runAsUser: 0 outranks the image's USER. Where the image is unprivileged, or becomes so by the same change, the line is
all that keeps the container root.

The fix removes it, in the manifest and in the patches that kustomize lays over it.`,
	FixSafety: `Always review: nobody writes runAsUser: 0 without a reason, even if the reason is not written down.`,
	Bad:       []Example{{"k8s.yaml", podExample("cgr.dev/chainguard/nginx", "      securityContext:\n        runAsUser: 0\n        runAsNonRoot: false\n")}},
	Good:      []Example{{"k8s.yaml", podExample("cgr.dev/chainguard/nginx", "      securityContext:\n        runAsNonRoot: true\n")}},
	Equivalents: Equivalents{
		Trivy: []string{"KSV-0105"}, Checkov: []string{"CKV_K8S_23"}, KICS: []string{"Container Running As Root"},
		KubeLinter: []string{"run-as-non-root"}, Polaris: []string{"runAsRootAllowed"}, Kubescape: []string{"C-0013"}, CIS: []string{"K8s 5.2.7"},
	},
	Check: eachPod(checkRootUser),
}

func checkRootUser(p *Pass, pod *workspace.Pod, t *decide.PodTarget) {
	if t.Verdict != decide.Change {
		return
	}
	for _, n := range t.RootUsers {
		if p.Shared.Fix(n) != nil {
			continue
		}
		fix := &Fix{Title: "removes runAsUser: 0", Level: decide.Review, Assumes: t.Assumption(), Ops: []source.Op{&yamldoc.Delete{Node: n}}}
		needImages(p, fix, t)
		p.Shared.Made(n, fix)
		p.Report(&Finding{Place: n.Place(), Message: "runAsUser: 0 makes the container root, although its image is not", Fix: fix})
	}
}

// needImages makes a fix rest on the images that have to change first.
func needImages(p *Pass, fix *Fix, t *decide.PodTarget) {
	for _, image := range t.Needs {
		if f := p.Shared.Fix(image); f != nil {
			fix.Needs = append(fix.Needs, f)
		} else {
			fix.Needs = append(fix.Needs, missing)
		}
	}
}

// missing stands for a fix that nobody made: what needs it is not applied.
var missing = &Fix{Title: "the fix of its image"}

// eachPod runs a check on every pod template of the workload that can be edited.
func eachPod(check func(*Pass, *workspace.Pod, *decide.PodTarget)) func(*Pass) {
	return func(p *Pass) {
		for _, pod := range p.Workload.Pods {
			if t := p.Target.Pods[pod]; t != nil && pod.Chart == nil {
				check(p, pod, t)
			}
		}
	}
}

// podExample is a Deployment of one container, with lines that go into its pod spec.
func podExample(image, context string) string {
	return `apiVersion: apps/v1
kind: Deployment
metadata:
  name: web
spec:
  selector:
    matchLabels:
      app: web
  template:
    metadata:
      labels:
        app: web
    spec:
` + context + `      containers:
        - name: web
          image: ` + image + `
`
}
