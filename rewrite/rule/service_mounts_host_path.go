package rule

import (
	"path"
	"strings"

	"github.com/offroot/offroot/rewrite/workspace"
	"github.com/offroot/offroot/rewrite/yamldoc"
)

// hostPaths are the directories of a host by which a process that is root takes it over.
var hostPaths = []string{"/etc", "/usr", "/bin", "/sbin", "/lib", "/boot", "/root", "/proc", "/sys", "/dev", "/var/lib/docker", "/var/lib/containerd", "/run/containerd", "/var/lib/kubelet", "/var/spool/cron"}

// ServiceMountsHostPath is for compose services that may write to the host's own system.
var ServiceMountsHostPath = &Rule{
	ID:    "service-mounts-host-path",
	Group: "service",
	Title: "the service may write to the system of the host",
	Doc: `A process that is root in a container is root in every directory of the host that is mounted into it: a writable /etc,
/root, /dev or /var/lib/docker is the host itself.

It is told and not changed; :ro behind the mount is enough for most of what reads there.`,
	FixSafety: `There is no fix.`,
	Unfixed:   true,
	Bad:       []Example{{"compose.yaml", "services:\n  web:\n    image: nginxinc/nginx-unprivileged:1.27\n    volumes:\n      - /etc:/host/etc\n"}},
	Good:      []Example{{"compose.yaml", "services:\n  web:\n    image: nginxinc/nginx-unprivileged:1.27\n    volumes:\n      - /etc:/host/etc:ro\n"}},
	Equivalents: Equivalents{
		KICS: []string{"Volume Has Sensitive Host Directory"}, CIS: []string{"Docker 5.5"},
	},
	Check: func(p *Pass) {
		eachService(p, "volumes", func(s *workspace.Service, _ *yamldoc.Node) {
			for _, m := range s.Mounts() {
				if !m.ReadOnly && m.Kind == "bind" && ofSystem(m.Source) {
					p.Report(&Finding{Place: m.Node.Place(), Message: "service " + s.Name + " may write " + m.Source + " of the host"})
				}
			}
		})
	},
}

// ofSystem holds for the directories themselves, and for the few parts of /etc that decide who may do what.
func ofSystem(name string) bool {
	name = path.Clean(name)
	if name == "/" {
		return true
	}
	for _, dir := range hostPaths {
		if name == dir {
			return true
		}
	}
	file, ok := strings.CutPrefix(name, "/etc/")
	return ok && systemFile[file]
}

var systemFile = map[string]bool{"passwd": true, "shadow": true, "group": true, "sudoers": true, "pam.d": true, "ssh": true, "systemd": true, "cron.d": true, "docker": true}
