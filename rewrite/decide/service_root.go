package decide

import (
	"fmt"
	"strings"

	"github.com/offroot/offroot/rewrite/source"
	"github.com/offroot/offroot/rewrite/workspace"
	"github.com/offroot/offroot/rewrite/yamldoc"
)

// A need is something in a compose service that asks for root: where it stands, why, and what a person can do.
type need struct {
	at           source.Place
	reason, next string
}

// serviceNeedsRoot refuses a build whose compose service gives it access to the host, or that overrides its command by
// something that only root may do.
func (d *decider) serviceNeedsRoot(t *Target, s *workspace.Service) bool {
	if t.Workload.Build.Start.FromBase && onlyBuilt(t) {
		t.leave(s.Place(), "service "+s.Name+" only builds it, and the image starts nothing of its own")
		return true
	}
	if n, ok := socketNeed(s); ok {
		t.refuse(n.at, n.reason, n.next)
		return true
	}
	if s.Flag("privileged").On {
		p := d.privileges(t, s)
		switch {
		case p.Keep:
			t.refuse(s.Get("privileged").Place(), "service "+s.Name+" is privileged: "+p.Reason, p.Next)
			return true
		case len(p.Add)+len(p.Devices) > 0:
			t.leave(p.At, "stays root, because "+p.Because+", but is no longer privileged")
			return true
		}
	}
	for _, name := range []string{"PUID", "PGID"} {
		if _, ok := s.Environment()[name]; ok {
			t.leave(s.Place(), "it takes its user from "+name+" and drops by itself")
			return true
		}
	}
	if n, ok := hostNeed(t, s); ok {
		t.refuse(n.at, n.reason, n.next)
		return true
	}
	return false
}

// onlyBuilt reports whether a workload is an image that compose builds and nothing runs.
func onlyBuilt(t *Target) bool {
	for _, s := range t.Workload.Services {
		if !s.OnlyBuilds() {
			return false
		}
	}
	f := t.Workload.Build.Base
	return len(t.Workload.Pods) == 0 && !(f.Known && f.Facts.Kind == "server")
}

func socketNeed(s *workspace.Service) (need, bool) {
	m, ok := s.Socket()
	if !ok || len(s.All("group_add")) > 0 {
		return need{}, false
	}
	return need{m.Node.Place(), "service " + s.Name + " mounts the engine's socket (" + m.Source + "); its group differs from host to host, and access to it is root on the host",
		"put a socket proxy in front, or give the group with group_add"}, true
}

// hostNeed finds what else of the host a service uses as root: its network below port 1024, capabilities, devices, and a
// command that only root may run.
func hostNeed(t *Target, s *workspace.Service) (need, bool) {
	if n := s.Get("network_mode"); n.Text() == "host" {
		if low := lowPorts(t); len(low) > 0 {
			return need{n.Place(), fmt.Sprintf("service %s uses the host's network, where port %d needs root", s.Name, low[0]), "publish the port instead of network_mode: host"}, true
		}
	}
	for _, add := range s.All("cap_add") {
		if name := capability(add.Text()); name != "NET_BIND_SERVICE" {
			return need{add.Place(), "service " + s.Name + " adds the capability " + name + ", which a process that is not root cannot use", "keep root with cap_drop ALL and this capability"}, true
		}
	}
	if devices := s.All("devices"); len(devices) > 0 && len(s.All("group_add")) == 0 {
		return need{devices[0].Place(), "service " + s.Name + " uses devices of the host, whose groups differ from host to host", "give the group with group_add"}, true
	}
	return commandNeed(s)
}

// capability is the name of a capability as Kubernetes and images.yaml have it: SYS_ADMIN for cap_sys_admin.
func capability(text string) string { return strings.TrimPrefix(strings.ToUpper(text), "CAP_") }

func commandNeed(s *workspace.Service) (need, bool) {
	for _, key := range []string{"command", "entrypoint"} {
		n := s.Get(key)
		if n == nil {
			continue
		}
		for _, word := range words(n) {
			if r, ok := rootPrograms[word]; ok {
				return need{n.Place(), r.why, r.next}, true
			}
			if word == "chown" {
				return need{n.Place(), "service " + s.Name + " runs chown at every start", "do it in the Dockerfile"}, true
			}
		}
	}
	return need{}, false
}

// words splits a command of either form at blanks and shell operators.
func words(n *yamldoc.Node) []string {
	text := n.Text()
	for _, item := range n.Items() {
		text += " " + item.Text()
	}
	return strings.FieldsFunc(text, func(r rune) bool { return strings.ContainsRune(" \t\n;&|'\"()", r) })
}
