package rule

import (
	"github.com/offroot/offroot/rewrite/decide"
	"github.com/offroot/offroot/rewrite/source"
	"github.com/offroot/offroot/rewrite/workspace"
	"github.com/offroot/offroot/rewrite/yamldoc"
)

// nonRootOps write the demand and everything that the pod needs to start under it.
func nonRootOps(pod *workspace.Pod, t *decide.PodTarget) []source.Op {
	var ops []source.Op
	if !demandsNonRoot(pod) {
		ops = append(ops, setPod(pod, "runAsNonRoot", true)...)
	}
	for _, c := range pod.Containers {
		if n := c.Node.Get("securityContext").Get("runAsNonRoot"); n != nil {
			if on, ok := n.Bool(); ok && !on {
				ops = append(ops, &yamldoc.Set{In: c.Node, Path: []string{"securityContext", "runAsNonRoot"}, Value: true})
			}
		}
	}
	ops = append(ops, podNumberOps(pod, t)...)
	if len(t.Replaced) == 0 {
		ops = append(ops, fsGroupOps(pod, t)...)
	}
	ops = append(ops, scratchOps(pod, t)...)
	ops = append(ops, lowPortOps(pod, t)...)
	for _, v := range t.Env {
		ops = append(ops, &yamldoc.Append{In: v.Container.Node, Path: []string{"env"}, At: yamldoc.Place{Above: []string{"ports", "volumeMounts"}},
			Value: yamldoc.Map{{Key: "name", Value: v.Name}, {Key: "value", Value: v.Value}}})
	}
	for _, n := range t.Unused {
		ops = append(ops, &yamldoc.Delete{Node: n})
	}
	return ops
}

// podNumberOps state numbers, once for the pod or for each container that needs one.
func podNumberOps(pod *workspace.Pod, t *decide.PodTarget) []source.Op {
	var ops []source.Op
	if id := t.State; id != nil {
		ops = append(ops, setPod(pod, "runAsUser", id.UID)...)
		if pod.Spec.Get("securityContext").Get("runAsGroup") == nil {
			ops = append(ops, setPod(pod, "runAsGroup", id.GID)...)
		}
	}
	for _, c := range pod.Containers {
		id, ok := t.States[c]
		if !ok {
			continue
		}
		ops = append(ops, setContainer(c, "runAsUser", id.UID))
		if c.Node.Get("securityContext").Get("runAsGroup") == nil {
			ops = append(ops, setContainer(c, "runAsGroup", id.GID))
		}
	}
	return ops
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

// scratchOps mount an emptyDir over each directory that the process writes and does not own.
func scratchOps(pod *workspace.Pod, t *decide.PodTarget) []source.Op {
	var ops []source.Op
	for _, s := range t.Scratch {
		ops = append(ops,
			&yamldoc.Append{In: s.Container.Node, Path: []string{"volumeMounts"}, Value: yamldoc.Map{{Key: "name", Value: s.Volume}, {Key: "mountPath", Value: s.Path}}},
			&yamldoc.Append{In: pod.Spec, Path: []string{"volumes"}, At: yamldoc.Place{Below: []string{"containers"}},
				Value: yamldoc.Map{{Key: "name", Value: s.Volume}, {Key: "emptyDir", Value: yamldoc.Map{}}}})
	}
	return ops
}

const lowPorts = "net.ipv4.ip_unprivileged_port_start"

// lowPortOps let everybody in the pod listen below 1024.
func lowPortOps(pod *workspace.Pod, t *decide.PodTarget) []source.Op {
	if !t.OpenPorts {
		return nil
	}
	for _, s := range pod.Spec.Get("securityContext").Get("sysctls").Items() {
		if s.Get("name").Text() == lowPorts {
			return nil
		}
	}
	return []source.Op{&yamldoc.Append{In: pod.Spec, Path: []string{"securityContext", "sysctls"}, At: podPlace,
		Value: yamldoc.Map{{Key: "name", Value: lowPorts}, {Key: "value", Value: yamldoc.Quoted("0")}}}}
}

// everywhere reports whether a setting holds for every container: its own context decides, else the pod's. has says whether
// a context sets it at all.
func everywhere(pod *workspace.Pod, get func(*yamldoc.Node) (value, has bool)) bool {
	podValue, podHas := get(pod.Spec.Get("securityContext"))
	if !podHas && pod.Outer != nil {
		podValue, podHas = get(pod.Outer)
	}
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
