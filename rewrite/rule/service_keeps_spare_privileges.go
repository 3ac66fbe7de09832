package rule

import (
	"fmt"

	"github.com/offroot/offroot/rewrite/decide"
	"github.com/offroot/offroot/rewrite/workspace"
	"github.com/offroot/offroot/rewrite/yamldoc"
)

// ServiceKeepsSparePrivileges is for compose services that run as they should, and could do with less.
var ServiceKeepsSparePrivileges = &Rule{
	ID:    "service-keeps-spare-privileges",
	Group: "service",
	Title: "the service keeps capabilities and setuid programs that it does not use",
	Doc: `A process that is never root uses no capability, and one of a stock image that drops root by itself uses a few, until it
has dropped. cap_drop ALL with these few, and no-new-privileges, cost nothing then and take away what an intruder would use.

The capabilities of stock images come from the table. DAC_OVERRIDE is among them because root has to enter a directory that
the user of the image owns from the second start on: a list without it works once and never again.

It runs only where it is asked for: none of these services is at fault.`,
	FixSafety: `Always review: what else is started in the container, by hand or by a health check, is not in sight.`,
	OptIn:     true,
	Bad:       []Example{{"compose.yaml", "services:\n  db:\n    image: postgres:16\n"}},
	Good: []Example{{"compose.yaml", `services:
  db:
    image: postgres:16
    cap_drop:
      - ALL
    cap_add:
      - CHOWN
      - DAC_OVERRIDE
      - FOWNER
      - SETGID
      - SETUID
    security_opt:
      - no-new-privileges:true
`}},
	Equivalents: Equivalents{
		CIS: []string{"Docker 5.3", "Docker 5.25"},
	},
	Check: func(p *Pass) {
		for _, s := range p.Workload.Services {
			if st := p.Target.Services[s]; st != nil && st.Spare != nil {
				harden(p, s, st.Spare)
			}
		}
	},
}

func harden(p *Pass, s *workspace.Service, m *decide.Minimum) {
	name, reached := reachesOthers(p, s, func(o *workspace.Service) bool {
		for _, t := range p.Shared.Targets {
			if st := t.Services[o]; st != nil {
				return st.Spare != nil && fmt.Sprint(st.Spare.Add) == fmt.Sprint(m.Add)
			}
		}
		return false
	})
	f := &Finding{Place: s.Place(), Message: "service " + s.Name + " keeps privileges that it does not use"}
	p.Report(f)
	if reached {
		f.Refusal = &Refusal{Reason: "what is written here reaches service " + name + " too", Next: "give each service keys of its own"}
		return
	}
	if p.Shared.Fix(hardened{s.Node}) != nil {
		f.Fix = p.Shared.Fix(hardened{s.Node})
		return
	}
	f.Fix = &Fix{Level: decide.Review, Assumes: m.Assumes}
	f.Fix.Needs = spareNeeds(p, s)
	p.Shared.Made(hardened{s.Node}, f.Fix)
	if m.Capabilities {
		f.Fix.Title = fmt.Sprintf("drops all capabilities but %s", inWords(len(m.Add)))
		f.Fix.Ops = append(f.Fix.Ops, &yamldoc.Set{In: s.Node, Path: []string{"cap_drop"}, Value: serviceList(s, "ALL")})
		if len(m.Add) == 0 {
			f.Fix.Title = "drops all capabilities"
		} else {
			f.Fix.Ops = append(f.Fix.Ops, &yamldoc.Set{In: s.Node, Path: []string{"cap_add"}, Value: serviceList(s, anys(m.Add)...)})
		}
	}
	if m.NewPrivileges {
		f.Fix.Ops = append(f.Fix.Ops, newPrivilegesOp(s))
		if f.Fix.Title != "" {
			f.Fix.Title += "; "
		}
		f.Fix.Title += "sets no-new-privileges"
	}
}

// spareNeeds are the fixes of this run that make the service what it has to be for this one.
func spareNeeds(p *Pass, s *workspace.Service) []*Fix {
	var needs []*Fix
	need := func(fix *Fix) {
		if fix == nil {
			fix = missing
		}
		needs = append(needs, fix)
	}
	if p.Target.Verdict == decide.Change && p.Workload.Build != nil {
		need(p.Shared.Fix(p.Target))
	}
	st := p.Target.Services[s]
	if st.RootUser != nil {
		need(p.Shared.Fix(st.RootUser))
	}
	if p.Target.Verdict == decide.Change && p.Workload.Build == nil && s.User() == nil {
		need(p.Shared.Fix(s.Node))
	}
	if st.Privileged != nil && s.Flag("privileged").On {
		need(p.Shared.Fix(s.Get("privileged")))
	}
	if list := s.Get("cap_add").Items(); len(list) > 0 {
		need(p.Shared.Fix(list[0]))
	}
	return needs
}

// hardened marks the mapping of a service into which the fix was written, for services that share it.
type hardened struct{ node *yamldoc.Node }
