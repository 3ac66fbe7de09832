package rule

import (
	"fmt"

	"github.com/offroot/offroot/rewrite/decide"
	"github.com/offroot/offroot/rewrite/source"
	"github.com/offroot/offroot/rewrite/workspace"
	"github.com/offroot/offroot/rewrite/yamldoc"
)

// PodGivesFilesAway is for init containers that chown a volume.
var PodGivesFilesAway = &Rule{
	ID:    "pod-gives-files-away",
	Group: "pod",
	Title: "an init container runs as root to give files away",
	Doc: `Before fsGroup, an init container that runs chown was the way to let a process which is not root write to a claim. Under
runAsNonRoot it cannot start, and as another user it could only fail: giving files away takes a capability that such a
process cannot get, even if the manifest adds it.

The fix removes the init container and lets the kubelet do its work with fsGroup, if that does the same: it runs nothing but
chown, on claims that the pod mounts, for the user that the pod runs as.`,
	FixSafety: `Always review: whether fsGroup reaches a claim depends on its storage class. NFS and drivers with fsGroupPolicy None
ignore it.`,
	Bad: []Example{{"k8s.yaml", podExample("nginxinc/nginx-unprivileged:1.27", "      initContainers:\n        - name: own\n          image: busybox\n          command: [chown, -R, \"101:101\", /data]\n"+
		"          volumeMounts:\n            - name: data\n              mountPath: /data\n      volumes:\n        - name: data\n          persistentVolumeClaim:\n            claimName: data\n") +
		"          volumeMounts:\n            - name: data\n              mountPath: /data\n"}},
	Good: []Example{{"k8s.yaml", podExample("nginxinc/nginx-unprivileged:1.27", "      securityContext:\n        fsGroup: 101\n      volumes:\n        - name: data\n          persistentVolumeClaim:\n            claimName: data\n") +
		"          volumeMounts:\n            - name: data\n              mountPath: /data\n"}},
	Equivalents: Equivalents{Trivy: []string{"KSV-0012"}, Checkov: []string{"CKV_K8S_23"}},
	Check: eachPod(func(p *Pass, pod *workspace.Pod, t *decide.PodTarget) {
		if t.Verdict != decide.Change || len(t.Replaced) == 0 {
			return
		}
		title := "removes the init container that gave files away; the pod needs no owner for an emptyDir"
		if t.FSGroup != 0 {
			title = fmt.Sprintf("fsGroup %d replaces the init container that gave files away", t.FSGroup)
		}
		fix := &Fix{Title: title, Level: t.Level, Assumes: t.Assumption(), Ops: giverOps(pod, t)}
		needImages(p, fix, t)
		p.Shared.Made(t.Replaced[0], fix)
		p.Report(&Finding{Place: t.Replaced[0].Place(), Message: "init container " + t.Replaced[0].Name + " runs chown as root", Fix: fix})
	}),
}

func giverOps(pod *workspace.Pod, t *decide.PodTarget) []source.Op {
	var ops []source.Op
	for _, c := range t.Replaced {
		ops = append(ops, &yamldoc.Delete{Node: c.Node})
	}
	return append(ops, fsGroupOps(pod, t)...)
}
