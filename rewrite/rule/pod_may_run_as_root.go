package rule

import (
	"fmt"
	"strings"

	"github.com/offroot/offroot/rewrite/decide"
	"github.com/offroot/offroot/rewrite/source"
	"github.com/offroot/offroot/rewrite/workspace"
	"github.com/offroot/offroot/rewrite/yamldoc"
)

// PodMayRunAsRoot is the demand that kubelet checks at every start.
var PodMayRunAsRoot = &Rule{
	ID:    "pod-may-run-as-root",
	Group: "pod",
	Title: "the pod does not demand that its containers are not root",
	Doc: `runAsNonRoot: true makes kubelet refuse to start a container that would be root. It is a demand and not a remedy: on an
image that is root, or that names its user instead of numbering it, the pod never starts.

The fix writes it only if every container of the pod is known to start then: the image's USER is a number, or becomes one by
the same change, or the number is known and is stated with it as runAsUser and runAsGroup. An image that starts as root gets
all that it then needs, or nothing: an emptyDir for each directory that it writes and does not own, fsGroup for its claims,
and net.ipv4.ip_unprivileged_port_start, which Pod Security allows, for a port below 1024.`,
	FixSafety: `Safe if the image is unprivileged already. Review if the image becomes unprivileged by the same change (it has to
be built before the manifest is applied), for an image from elsewhere that starts as root, for Jobs and bare Pods (their
template is immutable), and if the link between manifest and Dockerfile was inferred.`,
	Bad:  []Example{{"k8s.yaml", podExample("nginxinc/nginx-unprivileged:1.27", "")}},
	Good: []Example{{"k8s.yaml", podExample("nginxinc/nginx-unprivileged:1.27", "      securityContext:\n        runAsNonRoot: true\n")}},
	Equivalents: Equivalents{
		Trivy: []string{"KSV-0012"}, Checkov: []string{"CKV_K8S_23", "CKV_K8S_29"}, KICS: []string{"Container Running As Root"},
		KubeLinter: []string{"run-as-non-root"}, Polaris: []string{"runAsRootAllowed"}, Kubescape: []string{"C-0013"},
		Kubesec: []string{"RunAsNonRoot"}, CIS: []string{"K8s 5.2.7"},
	},
	Check: eachPod(checkNonRoot),
}

func checkNonRoot(p *Pass, pod *workspace.Pod, t *decide.PodTarget) {
	demanded := demandsNonRoot(pod)
	switch t.Verdict {
	case decide.Refused, decide.LeftAlone:
		if demanded && t.Verdict == decide.LeftAlone {
			return
		}
		p.Report(&Finding{Place: t.Place, Message: "the pod may run as root",
			Refusal: &Refusal{Reason: t.Reason, Next: t.Next, LeftAlone: t.Verdict == decide.LeftAlone}})
		return
	case decide.Change:
	default:
		return
	}
	fix := &Fix{Title: nonRootTitle(t), Level: t.Level, Assumes: t.Assumption(), Notes: t.Notes, Ops: nonRootOps(pod, t)}
	needImages(p, fix, t)
	for _, n := range t.RootUsers {
		fix.Needs = append(fix.Needs, p.Shared.need(n))
	}
	if len(t.Replaced) > 0 {
		gives := p.Shared.need(t.Replaced[0])
		fix.Needs = append(fix.Needs, gives)
		gives.Needs = append(gives.Needs, fix)
	}
	if len(fix.Ops) == 0 {
		return
	}
	p.Shared.Made(t, fix)
	p.Report(&Finding{Place: pod.Spec.Place(), Message: "the pod may run as root", Fix: fix})
}

// need is the fix that changes what, or one that nobody made.
func (s *Shared) need(what any) *Fix {
	if f := s.Fix(what); f != nil {
		return f
	}
	return &Fix{Title: missing.Title}
}

// nonRootTitle names the field, and whatever else the pod gets with it.
func nonRootTitle(t *decide.PodTarget) string {
	var more []string
	for _, s := range t.Scratch {
		more = append(more, s.Path)
	}
	title := ""
	if len(more) > 0 {
		title = ", an emptyDir for " + strings.Join(more, " and ")
	}
	if t.OpenPorts {
		title += ", ports below 1024 for everybody"
	}
	if len(t.Unused) > 0 {
		title += ", less privileges that nothing in it uses"
	}
	if title == "" {
		return "runAsNonRoot"
	}
	if t.State != nil {
		title = fmt.Sprintf(", the number %d:%d", t.State.UID, t.State.GID) + title
	}
	return "runAsNonRoot" + title
}

// podFix is a fix of one pod template with the level and the assumption that its decision has.
func podFix(p *Pass, t *decide.PodTarget, title string, ops ...source.Op) *Fix {
	fix := &Fix{Title: title, Level: t.Level, Assumes: t.Assumption(), Notes: t.Notes, Ops: ops}
	needImages(p, fix, t)
	if f := p.Shared.Fix(t); f != nil && restsOnNonRoot(t) {
		fix.Needs = append(fix.Needs, f)
	}
	return fix
}

// restsOnNonRoot reports whether a restriction would stop the containers if they stayed root.
func restsOnNonRoot(t *decide.PodTarget) bool {
	return t.State != nil || len(t.States) > 0 || len(t.Unused) > 0 || len(t.Replaced) > 0
}

// claimOps are the fsGroup ops of all pods that run the image of a target: the image's process needs them as soon as it is
// not root, whatever the manifest demands.
func claimOps(t *decide.Target) []source.Op {
	var ops []source.Op
	for _, pod := range t.Workload.Pods {
		if pt := t.Pods[pod]; pt != nil && pt.Verdict == decide.Change && pod.Chart == nil {
			ops = append(ops, fsGroupOps(pod, pt)...)
		}
	}
	return ops
}

// demandsNonRoot reports whether runAsNonRoot: true is in force for every container.
func demandsNonRoot(pod *workspace.Pod) bool {
	return everywhere(pod, func(sc *yamldoc.Node) (bool, bool) {
		n := sc.Get("runAsNonRoot")
		on, ok := n.Bool()
		return on, ok && n != nil
	})
}
