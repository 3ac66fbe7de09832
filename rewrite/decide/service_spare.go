package decide

import (
	"strings"

	"github.com/offroot/offroot/rewrite/workspace"
)

// spare is the minimum of a service that nobody has to touch: an image from elsewhere that drops root by itself, by what the
// table knows of it, or a process that never is root. It is written only where people ask for it.
func (d *decider) spare(t *Target, s *workspace.Service, st *ServiceTarget) *Minimum {
	if p := st.Privileged; p != nil && (p.Keep || len(p.Add)+len(p.Devices) > 0) {
		return nil
	}
	rooted := s.User() != nil && rootName(s.UserText()) && st.RootUser == nil
	if st.Minimum != nil || rooted || s.Get("entrypoint") != nil || addsOther(s) || isSocket(s) {
		return nil
	}
	m := &Minimum{Capabilities: len(s.All("cap_drop")) == 0, NewPrivileges: !limitsPrivileges(s)}
	if !m.Capabilities && !m.NewPrivileges {
		return nil
	}
	f := s.Image.Facts
	switch {
	case t.Workload.Build != nil && (t.Verdict == Unprivileged || t.Verdict == Change):
		if _, _, ok := handsBack(t.Workload.Build); ok || !portsAbove(t) {
			return nil
		}
		m.Assumes = "nothing that it runs carries capabilities or setuid bits"
	case t.Workload.Build != nil || !s.Image.Known || len(f.FileCapabilities) > 0:
		return nil
	case t.Verdict == Unprivileged || t.Verdict == Change:
		m.Assumes = s.Image.Ref + " runs no program that carries capabilities or setuid bits"
	case t.Verdict == LeftAlone && len(f.Capabilities) > 0 && s.User() == nil && !startsShell(s) && f.MustBeRoot == "":
		m.Add = f.Capabilities
		m.Assumes = s.Image.Ref + " is started as its entrypoint expects, and no other program of it needs root"
	default:
		return nil
	}
	return m
}

// startsShell holds for a command that goes around what the entrypoint of an image waits for.
func startsShell(s *workspace.Service) bool {
	list := words(s.Get("command"))
	return len(list) > 0 && (runsScripts[strings.TrimPrefix(list[0], "/bin/")] || strings.HasSuffix(list[0], ".sh"))
}

// portsAbove reports whether no port below 1024 stays, for which a process that is not root may need a capability.
func portsAbove(t *Target) bool {
	for _, p := range t.Ports {
		if p.Strategy != Move {
			return false
		}
	}
	return len(t.Ports) > 0 || len(lowPorts(t)) == 0
}

// addsOther reports whether cap_add holds more than ALL, which goes if the rest of the decision is as it is here.
func addsOther(s *workspace.Service) bool {
	for _, n := range s.All("cap_add") {
		if capability(n.Text()) != "ALL" {
			return true
		}
	}
	return false
}
