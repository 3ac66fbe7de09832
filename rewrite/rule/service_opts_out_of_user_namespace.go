package rule

import (
	"github.com/offroot/offroot/rewrite/workspace"
	"github.com/offroot/offroot/rewrite/yamldoc"
)

// ServiceOptsOutOfUserNamespace is for compose services with userns_mode host.
var ServiceOptsOutOfUserNamespace = &Rule{
	ID:    "service-opts-out-of-user-namespace",
	Group: "service",
	Title: "the service opts out of the user namespace of the daemon",
	Doc: `On a daemon with userns-remap, root in a container is nobody on the host. userns_mode: host takes that away for one
service. It is needed beside privileged, and beside a network or processes of the host; elsewhere it can go.

It is told and not changed: whether the daemon remaps users is not to be seen here.`,
	FixSafety:   `There is no fix.`,
	Unfixed:     true,
	Bad:         []Example{{"compose.yaml", "services:\n  web:\n    image: nginxinc/nginx-unprivileged:1.27\n    userns_mode: host\n"}},
	Good:        []Example{{"compose.yaml", "services:\n  web:\n    image: nginxinc/nginx-unprivileged:1.27\n"}},
	Equivalents: Equivalents{CIS: []string{"Docker 5.30"}},
	Check: func(p *Pass) {
		eachService(p, "userns_mode", func(s *workspace.Service, n *yamldoc.Node) {
			if n.Text() != "host" {
				return
			}
			message := "service " + s.Name + " opts out of a user namespace"
			if needsHostUsers(s) {
				message += ", which it needs for what it shares with the host"
			}
			p.Report(&Finding{Place: n.Place(), Message: message})
		})
	},
}

// needsHostUsers holds for services that do not start under a daemon with userns-remap unless they opt out.
func needsHostUsers(s *workspace.Service) bool {
	return s.Flag("privileged").On || s.Get("network_mode").Text() == "host" || s.Get("pid").Text() == "host"
}
