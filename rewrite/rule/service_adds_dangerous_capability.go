package rule

import (
	"strings"

	"github.com/offroot/offroot/rewrite/workspace"
	"github.com/offroot/offroot/rewrite/yamldoc"
)

// dangerous are the capabilities with which a process in a container reaches the host, and by what.
var dangerous = map[string]string{
	"SYS_ADMIN": "mounts and namespaces", "SYS_MODULE": "loads code into the kernel", "SYS_PTRACE": "traces other processes",
	"SYS_RAWIO": "raw devices", "DAC_READ_SEARCH": "opens any file by its handle", "BPF": "programs in the kernel", "SYS_BOOT": "restarts the host",
	"SYSLOG": "reads addresses of the kernel", "MAC_ADMIN": "changes the rules of the security module",
}

// ServiceAddsDangerousCapability is for compose services with a capability that is nearly root on the host.
var ServiceAddsDangerousCapability = &Rule{
	ID:    "service-adds-dangerous-capability",
	Group: "service",
	Title: "the service adds a capability that is nearly root on the host",
	Doc: `SYS_ADMIN, SYS_MODULE, SYS_PTRACE, SYS_RAWIO, DAC_READ_SEARCH and a few more let a process out of its container.

A capability that is named was wanted by somebody, so it is told and not removed.`,
	FixSafety:   `There is no fix.`,
	Unfixed:     true,
	Bad:         []Example{{"compose.yaml", "services:\n  web:\n    image: nginxinc/nginx-unprivileged:1.27\n    cap_add:\n      - SYS_ADMIN\n"}},
	Good:        []Example{{"compose.yaml", "services:\n  web:\n    image: nginxinc/nginx-unprivileged:1.27\n    cap_add:\n      - NET_BIND_SERVICE\n"}},
	Equivalents: Equivalents{CIS: []string{"Docker 5.3"}},
	Check: func(p *Pass) {
		eachService(p, "cap_add", func(s *workspace.Service, list *yamldoc.Node) {
			if s.Flag("privileged").On {
				return
			}
			for _, n := range list.Items() {
				name := strings.TrimPrefix(strings.ToUpper(n.Text()), "CAP_")
				if what := dangerous[name]; what != "" {
					p.Report(&Finding{Place: n.Place(), Message: "service " + s.Name + " adds " + name + ": " + what})
				}
			}
		})
	},
}
