package rule

import (
	"slices"

	"github.com/offroot/offroot/rewrite/decide"
	"github.com/offroot/offroot/rewrite/source"
	"github.com/offroot/offroot/rewrite/workspace"
	"github.com/offroot/offroot/rewrite/yamldoc"
)

// PodUsesHostUserNamespace is for pods whose root is the root of the node.
var PodUsesHostUserNamespace = &Rule{
	ID:    "pod-uses-host-user-namespace",
	Group: "pod",
	Title: "root in the pod is root on its node",
	Doc: `With hostUsers: false the users of a pod are others on its node: whoever leaves a container is nobody there, and a capability
holds inside of the pod only. It is a second layer below runAsNonRoot, and the only one for programs that must be root inside.

The fix sets hostUsers: false. It is made only if this rule is named, because old runtimes ignore the field without a word.`,
	FixSafety: `Always review: it takes Linux 6.3, containerd 2.0 or CRI-O 1.25 with runc 1.2 or crun 1.9, and file systems of volumes
that know idmapped mounts, which NFS does not. The API server rejects it beside host namespaces and raw block volumes; such
pods are left.`,
	Bad:   []Example{{"k8s.yaml", podExample("nginxinc/nginx-unprivileged:1.27", "")}},
	Good:  []Example{{"k8s.yaml", podExample("nginxinc/nginx-unprivileged:1.27", "      hostUsers: false\n")}},
	OptIn: true,
	Check: eachPod(func(p *Pass, pod *workspace.Pod, t *decide.PodTarget) {
		n := pod.Spec.Get("hostUsers")
		if off, ok := n.Bool(); n != nil && ok && !off || t.Verdict == decide.LeftAlone || pod.Rules.NoPodLevel {
			return
		}
		f := &Finding{Place: pod.Spec.Place(), Message: "root in the pod is root on its node"}
		if why := noUserNamespace(pod, t); why != "" {
			f.Refusal = &Refusal{Reason: "it cannot have users of its own: it uses " + why, Next: "take that away first"}
		} else {
			f.Fix = &Fix{Title: "hostUsers", Level: decide.Review,
				Assumes: "the nodes run Linux 6.3 and containerd 2.0 or CRI-O 1.25 or later, and the file systems of its volumes know idmapped mounts",
				Ops:     []source.Op{&yamldoc.Set{In: pod.Spec, Path: []string{"hostUsers"}, Value: false, At: podPlace}}}
			if len(t.Unused) > 0 {
				f.Fix.Needs = append(f.Fix.Needs, p.Shared.need(t))
			}
		}
		p.Report(f)
	}),
}

// noUserNamespace says what the API server does not take beside hostUsers: false, and what is of no use there.
func noUserNamespace(pod *workspace.Pod, t *decide.PodTarget) string {
	for _, v := range decide.Violations(pod) {
		if slices.Contains(t.Unused, v.Node) {
			continue // it goes
		}
		switch v.Check {
		case "hostNetwork", "hostPID", "hostIPC", "privileged", "hostPath", "nfs":
			return v.Check
		}
	}
	for _, c := range pod.Containers {
		if len(c.Node.Get("volumeDevices").Items()) > 0 {
			return "volumeDevices"
		}
	}
	return ""
}
