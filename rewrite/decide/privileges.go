package decide

import (
	"fmt"
	"sort"
	"strings"

	"github.com/offroot/offroot/rewrite/source"
	"github.com/offroot/offroot/rewrite/workspace"
)

// Privileges says what becomes of privileged: true. It gave every capability, every device of the host, no seccomp and a
// writable /sys; what replaces it is what the workload is seen to use.
type Privileges struct {
	Keep    bool // it stays; Reason and Next say why
	Reason  string
	Next    string
	Add     []string // capabilities that the process needs; ALL is dropped then
	Devices []string
	Because string
	At      source.Place
	Assumes string
}

// rootCapabilities are what programs that stay root need instead of everything.
var rootCapabilities = map[string][]string{
	"openvpn": {"NET_ADMIN"}, "wg-quick": {"NET_ADMIN"}, "iptables": {"NET_ADMIN", "NET_RAW"}, "nft": {"NET_ADMIN"},
	"hostapd": {"NET_ADMIN", "NET_RAW"}, "dnsmasq": {"NET_ADMIN", "NET_RAW", "NET_BIND_SERVICE", "SETGID", "SETUID"},
	"ip": {"NET_ADMIN"}, "tc": {"NET_ADMIN"}, "keepalived": {"NET_ADMIN", "NET_RAW"}, "tcpdump": {"NET_RAW"}, "ping": {"NET_RAW"},
	"chronyd": {"SYS_TIME"}, "ntpd": {"SYS_TIME"},
}

// unreplaceable evidence means that privileged has to stay, for the reason given.
var unreplaceable = map[string]string{
	"SYS_ADMIN":  "it mounts file systems or uses namespaces, and SYS_ADMIN is hardly less than privileged",
	"SYS_MODULE": "it loads kernel modules",
	"SYS_RAWIO":  "it talks to hardware directly",
}

func (d *decider) privileges(t *Target, s *workspace.Service) *Privileges {
	p := &Privileges{At: s.Get("privileged").Place()}
	if isSocket(s) {
		return p.keep("service "+s.Name+" also mounts the engine's socket, which is root on the host", "put a socket proxy in front")
	}
	for _, key := range []string{"pid", "ipc", "network_mode", "userns_mode", "cgroup"} {
		if s.Get(key).Text() == "host" && key != "network_mode" {
			return p.keep("service "+s.Name+" shares the host's "+strings.TrimSuffix(key, "_mode"), "")
		}
	}
	for _, m := range s.Mounts() {
		switch {
		case strings.HasPrefix(m.Source, "/dev/") && m.Source != "/dev/shm":
			p.Devices = append(p.Devices, m.Source)
		case m.Source == "/dev" || m.Source == "/sys" || m.Source == "/proc" || m.Source == "/" || m.Source == "/lib/modules" || strings.HasPrefix(m.Source, "/sys/"):
			return p.keep(fmt.Sprintf("service %s mounts %s of the host", s.Name, m.Source), "name the devices with devices: and the capabilities with cap_add")
		}
	}
	if t.Workload.Build == nil {
		return d.stockPrivileges(p, s)
	}
	return d.builtPrivileges(p, t, s)
}

func (p *Privileges) keep(reason, next string) *Privileges {
	p.Keep, p.Reason, p.Next = true, reason, next
	return p
}

// stockPrivileges removes privileged from an image that is known to need none of it.
func (d *decider) stockPrivileges(p *Privileges, s *workspace.Service) *Privileges {
	f := s.Image.Facts
	switch {
	case !s.Image.Known:
		return p.keep("what the image "+s.Image.Ref+" needs of the host is not known here", "try it with cap_add and devices instead, and watch for EPERM")
	case f.MustBeRoot != "":
		return p.keep(s.Image.Ref+": "+f.MustBeRoot, f.NonRootAlternative)
	case len(p.Devices) > 0:
		return p.keep("service "+s.Name+" mounts "+strings.Join(p.Devices, ", "), "name them with devices: instead, and leave privileged out")
	case f.Kind == "server" || f.Kind == "database" || f.Kind == "runtime" || f.Kind == "app":
		p.Assumes = fmt.Sprintf("%s needs none of it: it mounts no device and no directory of the host's system; watch for EPERM on mount, devices, sysctl", s.Image.Ref)
		return p
	}
	return p.keep("what "+s.Image.Ref+" needs of the host is not known here", "try it with cap_add and devices instead, and watch for EPERM")
}

// builtPrivileges replaces privileged by what the sources and the start command of the image are seen to use.
func (d *decider) builtPrivileges(p *Privileges, t *Target, s *workspace.Service) *Privileges {
	need := map[string]bool{}
	for _, f := range t.Behaviour.RootOnly {
		if why, ok := unreplaceable[f.Capability]; ok {
			return p.keep(why+" ("+f.Place.String()+")", "")
		}
		if f.Capability != "" {
			need[f.Capability] = true
			p.because(f.What, f.Place)
		}
		if i := strings.Index(f.Snippet, "/dev/net/tun"); i >= 0 {
			p.device("/dev/net/tun")
			p.because(f.What, f.Place)
		}
	}
	for _, prog := range t.Workload.Build.Start.Programs {
		for _, c := range rootCapabilities[prog.Name] {
			need[c] = true
			p.because("it runs "+prog.Name, prog.Place)
		}
		if prog.Name == "openvpn" {
			p.device("/dev/net/tun")
		}
	}
	for c := range need {
		p.Add = append(p.Add, c)
	}
	sort.Strings(p.Add)
	switch {
	case len(p.Add) > 0 || len(p.Devices) > 0:
		p.Assumes = "nothing else of the host is used; watch for EPERM on mount, devices, sysctl"
	case t.Behaviour.Read:
		p.Assumes = "it needs none of it: nothing in its source, its start command or its mounts asks for a device or a capability; watch for EPERM on mount, devices, sysctl"
	default:
		return p.keep("what it needs of the host is not in sight", "try it with cap_add and devices instead, and watch for EPERM")
	}
	return p
}

func (p *Privileges) device(name string) {
	for _, d := range p.Devices {
		if d == name {
			return
		}
	}
	p.Devices = append(p.Devices, name)
}

func (p *Privileges) because(what string, at source.Place) {
	if p.Because == "" {
		p.Because, p.At = what, at
	}
}
