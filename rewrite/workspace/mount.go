package workspace

import (
	"strings"

	"github.com/offroot/offroot/rewrite/yamldoc"
)

// A Mount is a volume of a service or a container.
type Mount struct {
	Source   string // host path, volume name, or "" for an anonymous volume
	Target   string
	ReadOnly bool
	Kind     string // "volume", "bind", "tmpfs"; for pods the name of the volume source: emptyDir, persistentVolumeClaim, ...
	Node     *yamldoc.Node
}

// Mounts returns the volumes of the service, in both forms. Of two for the same target, in files that complete each other,
// the nearest one counts, as in compose.
func (s *Service) Mounts() []Mount {
	var mounts []Mount
	taken := map[string]bool{}
	for _, n := range s.All("volumes") {
		m := s.shortMount(n)
		if n.Kind() == yamldoc.Mapping {
			m = s.longMount(n)
		}
		if !taken[m.Target] {
			mounts = append(mounts, m)
		}
		taken[m.Target] = m.Target != ""
	}
	return mounts
}

func (s *Service) longMount(n *yamldoc.Node) Mount {
	ro, _ := n.Get("read_only").Bool()
	return Mount{Source: s.expand(n.Get("source").Text()), Target: s.expand(n.Get("target").Text()), Kind: n.Get("type").Text(), ReadOnly: ro, Node: n}
}

func (s *Service) shortMount(n *yamldoc.Node) Mount {
	m := Mount{Node: n, Kind: "volume"}
	parts := strings.Split(s.expand(n.Text()), ":")
	if len(parts) == 1 {
		m.Target = parts[0]
		return m
	}
	if strings.Contains(parts[0], "${") && !strings.Contains(parts[0], "}") { // ${VAR:?message} was cut in two
		for len(parts) > 1 && !strings.Contains(parts[0], "}") {
			parts = append([]string{parts[0] + ":" + parts[1]}, parts[2:]...)
		}
	}
	m.Source = parts[0]
	if len(parts) > 1 {
		m.Target = parts[1]
	}
	if len(parts) > 2 {
		for _, opt := range strings.Split(parts[2], ",") {
			m.ReadOnly = m.ReadOnly || opt == "ro"
		}
	}
	if strings.HasPrefix(m.Source, ".") || strings.HasPrefix(m.Source, "/") || strings.HasPrefix(m.Source, "~") || strings.HasPrefix(m.Source, "$") {
		m.Kind = "bind"
	}
	return m
}

// Socket returns the mount that gives the service the engine's socket, if it has one.
func (s *Service) Socket() (Mount, bool) {
	for _, m := range s.Mounts() {
		if strings.HasSuffix(m.Source, "docker.sock") || strings.HasSuffix(m.Target, "docker.sock") ||
			strings.HasSuffix(m.Source, "podman.sock") || strings.HasSuffix(m.Source, "containerd.sock") {
			return m, true
		}
	}
	return Mount{}, false
}
