package rule

import (
	"github.com/offroot/offroot/rewrite/source"
	"github.com/offroot/offroot/rewrite/workspace"
	"github.com/offroot/offroot/rewrite/yamldoc"
)

// podPlace is where a new securityContext goes in a pod spec: every pod has containers, and the reader meets who runs before
// what runs.
var podPlace = yamldoc.Place{Above: []string{"initContainers", "containers", "container", "script"}}

// containerPlace is where it goes in a container: as in a neighbour that has one, else above volumeMounts, else last.
func containerPlace(c *workspace.Container) yamldoc.Place {
	if n := neighbour(c); n != nil {
		keys := n.Node.Keys()
		for i, k := range keys {
			if k == "securityContext" && i > 0 && c.Node.Own(keys[i-1]) != nil {
				return yamldoc.Place{Below: []string{keys[i-1]}}
			}
		}
	}
	return yamldoc.Place{Above: []string{"volumeMounts"}}
}

// neighbour is another container of the same file with a securityContext of its own: of the same pod first.
func neighbour(c *workspace.Container) *workspace.Container {
	for _, other := range c.Pod.Containers {
		if other != c && other.Node.Own("securityContext").Kind() == yamldoc.Mapping {
			return other
		}
	}
	return nil
}

// inContainer reports whether what may stand at either level goes into the one container: it has a context written as a
// block, and the pod has none. A mesh that injects containers of its own counts too, because it would inherit the pod's.
func inContainer(p *workspace.Pod) (*workspace.Container, bool) {
	if len(p.Containers) != 1 {
		return nil, false
	}
	c := p.Containers[0]
	if meshed(p) {
		return c, true
	}
	sc := c.Node.Own("securityContext")
	if sc.Kind() != yamldoc.Mapping || sc.IsEmptyMap() || sc.Style() == yamldoc.Flow || p.Spec.Own("securityContext").Kind() == yamldoc.Mapping {
		return nil, false
	}
	return c, true
}

// meshed reports whether somebody else adds containers to the pod, which inherit what the pod says: a service mesh, or the
// controller of its kind.
func meshed(p *workspace.Pod) bool {
	if p.Rules.ContainerLevel {
		return true
	}
	meta := p.Spec.Parent().Get("metadata")
	for _, m := range []*yamldoc.Node{meta.Get("annotations"), meta.Get("labels")} {
		for _, key := range []string{"sidecar.istio.io/inject", "linkerd.io/inject", "kuma.io/sidecar-injection", "consul.hashicorp.com/connect-inject"} {
			switch m.Get(key).Text() {
			case "true", "enabled":
				return true
			}
		}
	}
	return false
}

// setPod sets a key of the security context at pod level, or in the containers where it belongs there: in the one that has
// a context already, and in each of a pod that a mesh adds containers to.
func setPod(p *workspace.Pod, key string, value any) []source.Op {
	if !containerLevel[key] {
		return []source.Op{&yamldoc.Set{In: p.Spec, Path: []string{"securityContext", key}, Value: value, At: podPlace}}
	}
	if c, ok := inContainer(p); ok {
		return []source.Op{setContainer(c, key, value)}
	}
	if !meshed(p) {
		return []source.Op{&yamldoc.Set{In: p.Spec, Path: []string{"securityContext", key}, Value: value, At: podPlace}}
	}
	var ops []source.Op
	for _, c := range p.Containers {
		if c.Node.Get("securityContext").Get(key) == nil {
			ops = append(ops, setContainer(c, key, value))
		}
	}
	return ops
}

// containerLevel are the keys that both levels know.
var containerLevel = map[string]bool{"runAsNonRoot": true, "runAsUser": true, "runAsGroup": true, "seccompProfile": true}

func setContainer(c *workspace.Container, key string, value any) source.Op {
	return &yamldoc.Set{In: c.Node, Path: []string{"securityContext", key}, Value: value, At: containerPlace(c)}
}
