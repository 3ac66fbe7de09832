package decide

import (
	"fmt"
	"sort"
	"strings"

	"github.com/offroot/offroot/rewrite/source"
	"github.com/offroot/offroot/rewrite/workspace"
	"github.com/offroot/offroot/rewrite/yamldoc"
)

// Privileges says what becomes of privileged: true. It gave every capability, every device of the host, no seccomp and a
// writable /sys; what replaces it is what the workload is seen to use.
type Privileges struct {
	Keep    bool // it stays; Reason and Next say why
	Reason  string
	Next    string
	Add     []string // capabilities that the process needs
	DropAll bool     // all others go: everything that the process does as root is in sight
	Devices []string
	Mounts  []*yamldoc.Node // bind mounts of devices, which the device entries replace
	Because string
	At      source.Place
	Assumes string
}

const watch = "watch for EPERM on mount, devices, sysctl"

func (p *Privileges) keep(reason, next string) *Privileges {
	p.Keep, p.Reason, p.Next = true, reason, next
	return p
}

// because notes the evidence that comes first; the rest is in the diff.
func (p *Privileges) because(what string, at source.Place) {
	if p.Because == "" {
		p.Because, p.At = what, at
	}
}

func (p *Privileges) device(name string) {
	for _, d := range p.Devices {
		if d == name {
			return
		}
	}
	p.Devices = append(p.Devices, name)
}

func (p *Privileges) add(names ...string) {
	for _, name := range names {
		i := sort.SearchStrings(p.Add, name)
		if i == len(p.Add) || p.Add[i] != name {
			p.Add = append(p.Add[:i], append([]string{name}, p.Add[i:]...)...)
		}
	}
}

// privileges decides about privileged: true, and about cap_add ALL, which is its first part. What the service itself says
// comes first: some of it can be replaced by nothing narrower.
func (d *decider) privileges(t *Target, s *workspace.Service) *Privileges {
	p := &Privileges{At: s.Place()}
	if n := s.Get("privileged"); n != nil {
		p.At = n.Place()
	}
	if reason, next, ok := needsHost(s); ok {
		return p.keep(reason, next)
	}
	if reason, next, ok := p.mounts(s); ok {
		return p.keep(reason, next)
	}
	if k, ok := known(s); ok {
		return p.knownImage(k, s)
	}
	for _, key := range []string{"entrypoint", "command"} {
		for _, word := range words(s.Get(key)) {
			if reason, next, ok := p.program(word, s.Get(key).Place()); ok {
				return p.keep(reason, next)
			}
		}
	}
	if t.Workload.Build == nil {
		return d.stockPrivileges(p, s)
	}
	return d.builtPrivileges(p, t, s)
}

// needsHost finds keys of a service that only make sense for something that manages the host, or its devices as a whole.
func needsHost(s *workspace.Service) (reason, next string, found bool) {
	if isSocket(s) {
		return "service " + s.Name + " also mounts the engine's socket, which is root on the host", "put a socket proxy in front", true
	}
	for _, key := range []string{"pid", "ipc", "userns_mode", "cgroup", "uts"} {
		if s.Get(key).Text() == "host" {
			return "service " + s.Name + " shares the host's " + strings.TrimSuffix(key, "_mode"), "", true
		}
	}
	switch {
	case s.Flag("privileged").Variable:
		return "its value is a variable: " + s.Get("privileged").Text(), "give it no default that is true", true
	case s.Flag("privileged").On && addsAll(s) != nil:
		return "service " + s.Name + " also adds all capabilities", "decide about cap_add by hand", true
	case s.Get("runtime").Text() == "nvidia" || s.Get("gpus") != nil || s.Get("deploy").Get("resources").Get("reservations").Get("devices") != nil:
		return "service " + s.Name + " computes on a GPU", "leave privileged out: gpus or deploy.resources.reservations.devices gives the GPU alone", true
	case s.Get("device_cgroup_rules") != nil:
		return "service " + s.Name + " gives rules for devices that come and go", "leave privileged out: the rules may be enough", true
	}
	if env := s.Environment(); env["DOCKER_TLS_CERTDIR"] != "" {
		return "an engine in a container needs it", "docker:dind-rootless, or a builder without an engine", true
	}
	return "", "", false
}

// mounts turns bind mounts of single devices into devices, and finds mounts that nothing narrower replaces.
func (p *Privileges) mounts(s *workspace.Service) (reason, next string, found bool) {
	for _, m := range s.Mounts() {
		switch {
		case m.Kind == "tmpfs" || !strings.HasPrefix(m.Source, "/") || m.Source == "/dev/shm" || calendar(m.Source):
		case simpleDevice(m.Source) && s.Node.Own("volumes") != nil && m.Node.Parent() == s.Node.Own("volumes"):
			p.Devices = append(p.Devices, m.Source+":"+m.Target)
			p.Mounts = append(p.Mounts, m.Node)
			p.because("it uses "+m.Source, m.Node.Place())
		case m.Source == "/" || hostPart(m.Source):
			return fmt.Sprintf("service %s mounts %s of the host", s.Name, m.Source), "name the devices with devices: and the capabilities with cap_add", true
		}
	}
	for _, n := range s.All("devices") {
		source, _, _ := strings.Cut(n.Text(), ":")
		if !simpleDevice(source) {
			return fmt.Sprintf("service %s uses the device %s", s.Name, source), "leave privileged out and see which capability is missing: the device is named already", true
		}
		p.because("it uses "+source, n.Place())
	}
	return "", "", false
}

// calendar holds for the files of the host by which containers learn the time zone.
func calendar(name string) bool { return name == "/etc/localtime" || name == "/etc/timezone" }

// hostPart holds for directories that belong to the host's system and not to an application.
func hostPart(name string) bool {
	for _, dir := range []string{"/dev", "/sys", "/proc", "/lib/modules", "/boot", "/run/udev", "/run/dbus", "/var/run/dbus", "/usr/src", "/var/lib/docker", "/etc"} {
		if below(name, dir) {
			return true
		}
	}
	return false
}

// simpleDevices are devices that a process opens and that need no capability beside.
var simpleDevices = []string{"/dev/tty", "/dev/serial/", "/dev/video", "/dev/dri", "/dev/snd", "/dev/i2c", "/dev/spidev", "/dev/gpiomem", "/dev/gpiochip", "/dev/net/tun", "/dev/input/", "/dev/hidraw", "/dev/rtc", "/dev/watchdog", "/dev/ppp"}

func simpleDevice(name string) bool {
	for _, prefix := range simpleDevices {
		if strings.HasPrefix(name, prefix) && name != "/dev/tty" && !strings.Contains(name, "$") {
			return true
		}
	}
	return false
}
