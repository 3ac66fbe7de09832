package rule

import (
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
the same change, or the number is known and is stated with it as runAsUser and runAsGroup.`,
	FixSafety: `Safe if the image is unprivileged already. Review if the image becomes unprivileged by the same change (it has to
be built before the manifest is applied), for Jobs and bare Pods (their template is immutable), and if the link between
manifest and Dockerfile was inferred.`,
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
	if demanded && t.State == nil {
		return
	}
	fix := podFix(p, t, "runAsNonRoot", nonRootOps(pod, t)...)
	for _, n := range t.RootUsers {
		if f := p.Shared.Fix(n); f != nil {
			fix.Needs = append(fix.Needs, f)
		} else {
			fix.Needs = append(fix.Needs, missing)
		}
	}
	if len(fix.Ops) == 0 {
		return
	}
	p.Report(&Finding{Place: pod.Spec.Place(), Message: "the pod may run as root", Fix: fix})
}

// podFix is a fix of one pod template with the level and the assumption that its decision has.
func podFix(p *Pass, t *decide.PodTarget, title string, ops ...source.Op) *Fix {
	fix := &Fix{Title: title, Level: t.Level, Assumes: t.Assumption(), Notes: t.Notes, Ops: ops}
	needImages(p, fix, t)
	return fix
}

func nonRootOps(pod *workspace.Pod, t *decide.PodTarget) []source.Op {
	var ops []source.Op
	if !demandsNonRoot(pod) {
		ops = append(ops, setPod(pod, "runAsNonRoot", true))
	}
	for _, c := range pod.Containers {
		if n := c.Node.Get("securityContext").Get("runAsNonRoot"); n != nil {
			if on, ok := n.Bool(); ok && !on {
				ops = append(ops, &yamldoc.Set{In: c.Node, Path: []string{"securityContext", "runAsNonRoot"}, Value: true})
			}
		}
	}
	if id := t.State; id != nil {
		ops = append(ops, setPod(pod, "runAsUser", id.UID))
		if groupOf(pod) == nil {
			ops = append(ops, setPod(pod, "runAsGroup", id.GID))
		}
	}
	return append(ops, fsGroupOps(pod, t)...)
}

func groupOf(pod *workspace.Pod) *yamldoc.Node {
	if n := pod.Spec.Get("securityContext").Get("runAsGroup"); n != nil {
		return n
	}
	return nil
}

// fsGroupOps let the claims of the pod belong to the group of the process. Walking a large claim at each start is avoided.
func fsGroupOps(pod *workspace.Pod, t *decide.PodTarget) []source.Op {
	if t.FSGroup == 0 {
		return nil
	}
	set := func(key string, value any) source.Op {
		return &yamldoc.Set{In: pod.Spec, Path: []string{"securityContext", key}, Value: value, At: podPlace}
	}
	return []source.Op{set("fsGroup", t.FSGroup), set("fsGroupChangePolicy", "OnRootMismatch")}
}

// claimOps are the fsGroup ops of all pods that run the image of a target: the image's process needs them as soon as it is
// not root, whatever the manifest demands.
func claimOps(t *decide.Target) []source.Op {
	var ops []source.Op
	for _, pod := range t.Workload.Pods {
		if pt := t.Pods[pod]; pt != nil && pt.Verdict == decide.Change {
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

// everywhere reports whether a setting holds for every container: its own context decides, else the pod's. has says whether
// a context sets it at all.
func everywhere(pod *workspace.Pod, get func(*yamldoc.Node) (value, has bool)) bool {
	podValue, podHas := get(pod.Spec.Get("securityContext"))
	for _, c := range pod.Containers {
		value, has := get(c.Node.Get("securityContext"))
		if !has {
			value, has = podValue, podHas
		}
		if !has || !value {
			return false
		}
	}
	return len(pod.Containers) > 0
}
