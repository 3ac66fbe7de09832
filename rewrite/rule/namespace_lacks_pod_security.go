package rule

import (
	"github.com/offroot/offroot/rewrite/decide"
	"github.com/offroot/offroot/rewrite/source"
	"github.com/offroot/offroot/rewrite/workspace"
	"github.com/offroot/offroot/rewrite/yamldoc"
)

// NamespaceLacksPodSecurity is for namespaces that admit any pod.
var NamespaceLacksPodSecurity = &Rule{
	ID:    "namespace-lacks-pod-security",
	Group: "pod",
	Title: "the namespace admits pods that may be root",
	Doc: `Labels of a namespace tell the API server which pods to admit. Without them a manifest that forgets runAsNonRoot is taken
as before.

The fix labels a Namespace that the tree holds: enforce if every workload of it in the tree passes "restricted" as things
stand, else warn and audit, which admit everything and say what does not pass. It is made only if this rule is named.`,
	FixSafety: `Always review: workloads that are not in this tree are not seen, and under enforce their next pod is not admitted.`,
	Bad:       []Example{{"k8s.yaml", namespaceExample("") + podIn("web")}},
	Good:      []Example{{"k8s.yaml", namespaceExample("  labels:\n    pod-security.kubernetes.io/warn: restricted\n") + podIn("web")}},
	OptIn:     true,
	Check: func(p *Pass) {
		for _, o := range p.Shared.Objects {
			if o.Kind == "Namespace" && o.Group() == "" && p.firstIn(o.Name) {
				p.namespace(o)
			}
		}
	},
}

const podSecurity = "pod-security.kubernetes.io/"

// firstIn reports whether this workload is the first one with a pod in a namespace: it speaks for the namespace.
func (p *Pass) firstIn(namespace string) bool {
	for _, t := range p.Shared.Targets {
		for _, pod := range t.Workload.Pods {
			if pod.Chart == nil && pod.Object.Namespace == namespace {
				return t.Workload == p.Workload
			}
		}
	}
	return false
}

func (p *Pass) namespace(o *workspace.Object) {
	for _, mode := range []string{"enforce", "warn", "audit"} {
		if o.Labels[podSecurity+mode] != "" {
			return
		}
	}
	modes, title := []string{"enforce"}, "enforces restricted for the namespace"
	if !p.allRestricted(o.Name) {
		modes, title = []string{"audit", "warn"}, "warns of pods of the namespace that are not restricted"
	}
	fix := &Fix{Title: title, Level: decide.Review, Assumes: "all workloads of the namespace " + o.Name + " are in this tree"}
	for _, mode := range modes {
		fix.Ops = append(fix.Ops, source.Op(&yamldoc.Set{In: o.Node, Path: []string{"metadata", "labels", podSecurity + mode}, Value: "restricted"}))
	}
	p.Report(&Finding{Place: o.Place(), Message: "namespace " + o.Name + " admits pods that may be root", Fix: fix})
}

func (p *Pass) allRestricted(namespace string) bool {
	for _, t := range p.Shared.Targets {
		for _, pod := range t.Workload.Pods {
			if pod.Object.Namespace == namespace && (len(decide.Violations(pod)) > 0 || pod.Chart != nil) {
				return false
			}
		}
	}
	return true
}

func namespaceExample(labels string) string {
	return "apiVersion: v1\nkind: Namespace\nmetadata:\n  name: web\n" + labels + "---\n"
}

// podIn is a bare pod in a namespace.
func podIn(namespace string) string {
	return "apiVersion: v1\nkind: Pod\nmetadata:\n  name: web\n  namespace: " + namespace + "\nspec:\n  containers:\n    - name: web\n      image: nginxinc/nginx-unprivileged:1.27\n"
}
