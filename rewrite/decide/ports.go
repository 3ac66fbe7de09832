package decide

import (
	"fmt"
	"sort"
	"strconv"
	"strings"

	"github.com/offroot/offroot/rewrite/image"
	"github.com/offroot/offroot/rewrite/workspace"
)

// A PortMove is what becomes of one container port below 1024.
type PortMove struct {
	From, To int
	Strategy PortStrategy
	Places   []workspace.PortPlace // Move: every place that names the port
	Why      string                // Keep: why it does not move
}

// lowPorts are the ports below 1024 that the process listens on, by the Dockerfile, its sources and what is known of its
// base, in order.
func lowPorts(t *Target) []int {
	b := t.Workload.Build
	if b == nil {
		return nil
	}
	ports := map[int]bool{}
	for _, p := range exposed(b) {
		ports[p] = true
	}
	for _, l := range t.Behaviour.Listens {
		ports[l.Port] = true
	}
	if b.Base.Known && runsBaseServer(b) {
		for _, p := range b.Base.Facts.Ports {
			if !overridden(t, p) && !strings.HasPrefix(p.Note, "only when") {
				ports[p.Number] = true
			}
		}
	}
	for _, s := range b.Packaged() {
		for _, p := range s.Ports {
			ports[p.Number] = true
		}
	}
	for _, s := range t.Workload.Services {
		for _, p := range s.Ports() {
			ports[p.Container] = true
		}
	}
	for _, p := range t.Workload.Pods {
		for _, c := range p.Containers {
			if c.Image.Build != b {
				continue
			}
			for _, n := range c.Node.Get("ports").Items() {
				port, _ := n.Get("containerPort").Int()
				ports[port] = true
			}
		}
	}
	var low []int
	for p := range ports {
		if p > 0 && p < 1024 {
			low = append(low, p)
		}
	}
	sort.Ints(low)
	return low
}

// overridden reports whether the variable that decides a port of the base is set to another one, in the image or by every
// service that runs it.
func overridden(t *Target, p image.Port) bool {
	if p.Env == "" {
		return false
	}
	if v, ok := t.Workload.Build.Stage.RunEnv()[p.Env]; ok {
		return !strings.HasSuffix(v, strconv.Itoa(p.Number))
	}
	for _, s := range t.Workload.Services {
		if v, ok := s.Environment()[p.Env]; !ok || strings.HasSuffix(v, strconv.Itoa(p.Number)) {
			return false
		}
	}
	return len(t.Workload.Services) > 0
}

// exposed are the ports of EXPOSE, with what variables make of them.
func exposed(b *workspace.Build) []int {
	var ports []int
	for _, stage := range b.Stage.Chain() {
		for _, in := range stage.All("EXPOSE") {
			for _, w := range in.Words {
				text, missing := stage.Expand(w.Text, in, nil)
				if len(missing) > 0 {
					continue
				}
				number, _, _ := strings.Cut(text, "/")
				if p, err := strconv.Atoi(number); err == nil {
					ports = append(ports, p)
				}
			}
		}
	}
	return ports
}

// ports decides what becomes of each port below 1024: it moves if every place that names it is seen and can be edited; else
// it is kept, by the sysctl that lets anybody bind it.
func (d *decider) ports(t *Target) {
	taken := map[int]bool{}
	for _, p := range exposed(t.Workload.Build) {
		taken[p] = true
	}
	for _, l := range t.Behaviour.Listens {
		taken[l.Port] = true
	}
	d.neighbourPorts(t, taken)
	for _, port := range lowPorts(t) {
		places := d.ws.PortPlaces(t.Workload, t.Behaviour, port)
		listeners, why := movable(places, port)
		if listeners == 0 && (d.listensElsewhere(t) || d.ws.Configured(t.Workload)) {
			continue // declared, but the program is seen to listen on other ports only
		}
		m := PortMove{From: port, Strategy: Move, Places: places}
		if why != "" || t.Policy.Ports == Keep {
			if why == "" {
				why = "the policy keeps ports"
			}
			m.Strategy, m.Why = Keep, why
			if !d.keep(t, m) {
				return
			}
			continue
		}
		m.To = freePort(port, taken)
		taken[m.To] = true
		t.Ports = append(t.Ports, m)
		t.assume("nothing outside of this repository connects to the container's port %d", port)
	}
}

// neighbourPorts adds what others in the same network namespace listen on: containers of the same pod, services that share
// the network of a service, and upstreams of the server's own configuration on its own address.
func (d *decider) neighbourPorts(t *Target, taken map[int]bool) {
	for _, p := range t.Workload.Pods {
		for _, c := range p.Containers {
			for _, n := range c.Node.Get("ports").Items() {
				if port, ok := n.Get("containerPort").Int(); ok {
					taken[port] = true
				}
			}
		}
	}
	for _, s := range t.Workload.Services {
		for _, p := range s.Ports() {
			taken[p.Container] = true
		}
		for _, other := range d.ws.Siblings(s) {
			mode := other.Get("network_mode").Text()
			if mode != "service:"+s.Name && mode != "container:"+s.Get("container_name").Text() {
				continue
			}
			for _, p := range other.Ports() {
				taken[p.Container] = true
			}
			for _, n := range other.Get("expose").Items() {
				if port, ok := n.Int(); ok {
					taken[port] = true
				}
			}
			if b := other.Image.Build; b != nil {
				for _, port := range exposed(b) {
					taken[port] = true
				}
			}
		}
	}
	for _, port := range d.ws.OwnUpstreams(t.Workload) {
		taken[port] = true
	}
}

// listensElsewhere reports whether the sources show every port that the program listens on.
func (d *decider) listensElsewhere(t *Target) bool {
	return t.Behaviour.Read && len(t.Behaviour.Listens) > 0
}

// movable counts the listeners and says why the port cannot move.
func movable(places []workspace.PortPlace, port int) (listeners int, why string) {
	for _, p := range places {
		if p.Role == workspace.Listener {
			listeners++
		}
		if p.Blocked != "" && why == "" {
			why = p.Blocked
		}
	}
	if listeners == 0 {
		why = fmt.Sprintf("what listens on port %d is not in sight", port)
	}
	return listeners, why
}

// freePort is where a port goes: 80 to 8080, 443 to 8443, others 8000 up, and further where that is taken.
func freePort(port int, taken map[int]bool) int {
	to := port + 8000
	if port == 80 {
		to = 8080
	}
	if port == 443 {
		to = 8443
	}
	for taken[to] {
		to++
	}
	return to
}

// keep lets a port stay, which works where the network namespace lets anybody bind it. Every runner is told so; an image
// that nothing here runs rests on the engine's default.
func (d *decider) keep(t *Target, m PortMove) bool {
	for _, s := range t.Workload.Services {
		if mode := s.Get("network_mode"); mode.Text() == "host" {
			t.refuse(mode.Place(), fmt.Sprintf("it listens on port %d of the host's network, which needs root", m.From), "publish the port instead of network_mode: host")
			return false
		}
	}
	t.Ports = append(t.Ports, m)
	if len(t.Workload.Services)+len(t.Workload.Pods) == 0 {
		t.assume("the engine lets anybody bind port %d (Docker since 20.10 does; podman, and containerd before 2.0, do not): %s", m.From, m.Why)
		return true
	}
	t.assume("port %d stays, because %s; the sysctl lets anybody bind it", m.From, m.Why)
	return true
}
