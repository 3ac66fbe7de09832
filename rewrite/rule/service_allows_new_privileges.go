package rule

import (
	"github.com/offroot/offroot/rewrite/decide"
	"github.com/offroot/offroot/rewrite/source"
	"github.com/offroot/offroot/rewrite/workspace"
	"github.com/offroot/offroot/rewrite/yamldoc"
)

// ServiceAllowsNewPrivileges is for compose services that start as root, drop by themselves, and could become root again by
// a setuid program.
var ServiceAllowsNewPrivileges = &Rule{
	ID:    "service-allows-new-privileges",
	Group: "service",
	Title: "a setuid program could make the service root again",
	Doc: `A process that has dropped root by itself keeps the bounding set that it was started with: any setuid program in the
image hands it back. no-new-privileges makes the kernel ignore setuid bits; gosu, su-exec and setpriv do not mind, because
they only give root up.

It is not written where the image installs sudo or doas or carries capabilities in files: those stop working.`,
	FixSafety:   `Always review: a program that relies on a setuid bit fails later, not at the start.`,
	Bad:         ServiceKeepsDefaultCapabilities.Good,
	Good:        append([]Example{{"compose.yaml", "services:\n  kv:\n    build: .\n    security_opt: [\"no-new-privileges:true\"]\n"}}, ServiceKeepsDefaultCapabilities.Good[1:]...),
	Equivalents: Equivalents{CIS: []string{"Docker 5.25"}},
	Check: func(p *Pass) {
		for _, s := range p.Workload.Services {
			if st := p.Target.Services[s]; st != nil && st.Minimum != nil && st.Minimum.NewPrivileges && st.Minimum.Unread == "" {
				forbidPrivileges(p, s, st.Minimum)
			}
		}
	},
}

func forbidPrivileges(p *Pass, s *workspace.Service, m *decide.Minimum) {
	if _, ok := decidedAlike(p, s, m); !ok {
		return // told with the capabilities
	}
	f := &Finding{Place: s.Place(), Message: "service " + s.Name + " may gain new privileges"}
	f.Fix = &Fix{Title: "sets no-new-privileges", Level: decide.Review, Assumes: m.Assumes, Ops: []source.Op{newPrivilegesOp(s)}}
	p.Report(f)
}

// newPrivilegesOp adds no-new-privileges to security_opt, which may be there for something else.
func newPrivilegesOp(s *workspace.Service) source.Op {
	const option = "no-new-privileges:true"
	if own := s.Node.Own("security_opt"); own != nil && len(own.Items()) > 0 {
		return &yamldoc.Append{In: s.Node, Path: []string{"security_opt"}, Value: option}
	}
	value := serviceList(s, option)
	if _, inline := value.(yamldoc.Inline); inline {
		value = yamldoc.Inline{yamldoc.Quoted(option)}
	}
	return &yamldoc.Set{In: s.Node, Path: []string{"security_opt"}, Value: value}
}
