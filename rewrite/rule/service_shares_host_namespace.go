package rule

import (
	"github.com/offroot/offroot/rewrite/workspace"
	"github.com/offroot/offroot/rewrite/yamldoc"
)

// hostNamespaces are the keys that put a service into a namespace of the host, and what it sees there.
var hostNamespaces = []struct{ key, what string }{
	{"network_mode", "the network of the host: every port and every service on localhost"},
	{"net", "the network of the host: every port and every service on localhost"},
	{"pid", "the processes of the host"},
	{"ipc", "the shared memory of the host"},
	{"uts", "the name of the host"},
	{"cgroup", "the control groups of the host"},
}

// ServiceSharesHostNamespace is for compose services in a namespace of the host.
var ServiceSharesHostNamespace = &Rule{
	ID:    "service-shares-host-namespace",
	Group: "service",
	Title: "the service shares a namespace of the host",
	Doc: `network_mode, pid, ipc, uts and cgroup with the value host take a wall away: a process that is root in there deals with
the host's own network, processes and memory.

Whether the service needs it is not to be seen in the file, so it is told and not changed.`,
	FixSafety: `There is no fix.`,
	Unfixed:   true,
	Bad:       []Example{{"compose.yaml", "services:\n  web:\n    image: nginxinc/nginx-unprivileged:1.27\n    pid: host\n"}},
	Good:      []Example{{"compose.yaml", "services:\n  web:\n    image: nginxinc/nginx-unprivileged:1.27\n"}},
	Equivalents: Equivalents{
		KICS: []string{"Container Shares Host Network Namespace", "Shared Host PID Namespace", "Shared Host IPC Namespace"},
		CIS:  []string{"Docker 5.9", "Docker 5.15", "Docker 5.16"},
	},
	Check: func(p *Pass) {
		for _, ns := range hostNamespaces {
			eachService(p, ns.key, func(s *workspace.Service, n *yamldoc.Node) {
				if n.Text() == "host" {
					p.Report(&Finding{Place: n.Place(), Message: "service " + s.Name + " shares " + ns.what})
				}
			})
		}
	},
}
