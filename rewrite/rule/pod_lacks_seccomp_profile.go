package rule

import (
	"github.com/offroot/offroot/rewrite/decide"
	"github.com/offroot/offroot/rewrite/workspace"
	"github.com/offroot/offroot/rewrite/yamldoc"
)

// PodLacksSeccompProfile is for pods whose system calls nothing filters.
var PodLacksSeccompProfile = &Rule{
	ID:    "pod-lacks-seccomp-profile",
	Group: "pod",
	Title: "no seccomp profile is in force",
	Doc: `Without a profile a container may make every system call, unless the kubelet was started with a default. The runtime's
own profile blocks those that ordinary programs do not use. Pod Security "restricted" demands it.

The fix sets seccompProfile to RuntimeDefault once for the pod. A profile that somebody chose, Unconfined too, stays.`,
	FixSafety: `As safe as the demand for non-root beside it.`,
	Bad:       []Example{{"k8s.yaml", podExample("nginxinc/nginx-unprivileged:1.27", "")}},
	Good:      []Example{{"k8s.yaml", podExample("nginxinc/nginx-unprivileged:1.27", "      securityContext:\n        seccompProfile:\n          type: RuntimeDefault\n")}},
	Equivalents: Equivalents{
		Trivy: []string{"KSV-0030", "KSV-0104"}, Checkov: []string{"CKV_K8S_31"}, KICS: []string{"Seccomp Profile Is Not Configured"},
		Kubescape: []string{"C-0055", "C-0210"}, Kubesec: []string{"SeccompAny"}, CIS: []string{"K8s 5.7.2"},
	},
	Check: eachPod(func(p *Pass, pod *workspace.Pod, t *decide.PodTarget) {
		if t.Verdict != decide.Change || hasSeccomp(pod) {
			return
		}
		ops := setPod(pod, "seccompProfile", yamldoc.Map{{Key: "type", Value: "RuntimeDefault"}})
		p.Report(&Finding{Place: pod.Spec.Place(), Message: "no seccomp profile is in force", Fix: podFix(p, t, "seccompProfile", ops...)})
	}),
}

// hasSeccomp reports whether the pod sets a profile, or each of its containers does.
func hasSeccomp(pod *workspace.Pod) bool {
	if pod.Spec.Get("securityContext").Get("seccompProfile") != nil {
		return true
	}
	return everywhere(pod, func(sc *yamldoc.Node) (bool, bool) {
		has := sc.Get("seccompProfile") != nil
		return has, has
	})
}
