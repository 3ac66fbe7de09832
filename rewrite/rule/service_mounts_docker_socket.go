package rule

import (
	"github.com/offroot/offroot/rewrite/decide"
	"github.com/offroot/offroot/rewrite/workspace"
	"github.com/offroot/offroot/rewrite/yamldoc"
)

// ServiceMountsDockerSocket is for compose services that can talk to the engine.
var ServiceMountsDockerSocket = &Rule{
	ID:    "service-mounts-docker-socket",
	Group: "service",
	Title: "the service can talk to the engine, which is root on the host",
	Doc: `Whoever may write to the engine's socket may start a container that is root on the host; mounting it read-only changes
nothing about that. A socket proxy lets only those calls through that the service needs.

It is told and not changed: a tool that lists containers, or reacts to them, stops working without the socket.`,
	FixSafety: `There is no fix.`,
	Unfixed:   true,
	Bad:       []Example{{"compose.yaml", "services:\n  web:\n    image: nginxinc/nginx-unprivileged:1.27\n    volumes:\n      - /var/run/docker.sock:/var/run/docker.sock:ro\n"}},
	Good:      []Example{{"compose.yaml", "services:\n  web:\n    image: nginxinc/nginx-unprivileged:1.27\n"}},
	Equivalents: Equivalents{
		KICS: []string{"Docker Socket Mounted In Container"}, CIS: []string{"Docker 5.31"},
	},
	Check: func(p *Pass) {
		if p.Target.Verdict == decide.Refused {
			return // the reason is the socket, or something that says more
		}
		eachService(p, "volumes", func(s *workspace.Service, _ *yamldoc.Node) {
			if m, ok := s.Socket(); ok {
				p.Report(&Finding{Place: m.Node.Place(), Message: "service " + s.Name + " mounts " + m.Source + ", which is root on the host"})
			}
		})
	},
}
