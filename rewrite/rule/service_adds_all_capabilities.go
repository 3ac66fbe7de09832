package rule

import (
	"strings"

	"github.com/offroot/offroot/rewrite/decide"
	"github.com/offroot/offroot/rewrite/source"
	"github.com/offroot/offroot/rewrite/workspace"
	"github.com/offroot/offroot/rewrite/yamldoc"
)

// ServiceAddsAllCapabilities is for compose services with cap_add ALL.
var ServiceAddsAllCapabilities = &Rule{
	ID:    "service-adds-all-capabilities",
	Group: "service",
	Title: "the service adds all capabilities",
	Doc: `cap_add ALL is the first part of privileged: with SYS_ADMIN, SYS_MODULE and SYS_PTRACE a process takes over the host.

The fix puts the capabilities that the service is seen to use in the place of ALL, or removes the entry where nothing asks
for one. What cannot be narrowed is refused, as for privileged.`,
	FixSafety: `Always review: what a program asks of the kernel is seen in its source, its packages and its mounts, not proven.`,
	Bad:       []Example{{"compose.yaml", "services:\n  web:\n    image: nginxinc/nginx-unprivileged:1.27\n    cap_add: [ALL]\n"}},
	Good:      []Example{{"compose.yaml", "services:\n  web:\n    image: nginxinc/nginx-unprivileged:1.27\n"}},
	Equivalents: Equivalents{
		CIS: []string{"Docker 5.3"},
	},
	Check: func(p *Pass) {
		eachService(p, "cap_add", func(s *workspace.Service, list *yamldoc.Node) {
			st := p.Target.Services[s]
			if s.Flag("privileged").On || st == nil || st.Privileged == nil {
				return
			}
			for _, n := range list.Items() {
				if strings.TrimPrefix(strings.ToUpper(n.Text()), "CAP_") == "ALL" {
					checkAll(p, s, n, st.Privileged)
				}
			}
		})
	},
}

func checkAll(p *Pass, s *workspace.Service, n *yamldoc.Node, pr *decide.Privileges) {
	f := &Finding{Place: n.Place(), Message: "service " + s.Name + " adds all capabilities"}
	p.Report(f)
	if pr.Keep {
		f.Refusal = &Refusal{Reason: "keeps all capabilities: " + pr.Reason, Next: pr.Next}
		return
	}
	if name, ok := reachesOthers(p, s, func(*workspace.Service) bool { return false }); ok {
		f.Refusal = &Refusal{Reason: "cap_add reaches service " + name + " too", Next: "give each service a list of its own"}
		return
	}
	var missing []string
	for _, c := range pr.Add {
		if !addsCapability(s, c) {
			missing = append(missing, c)
		}
	}
	f.Fix = &Fix{Title: "adds no capabilities", Level: decide.Review, Assumes: pr.Assumes}
	p.Shared.Made(n, f.Fix)
	if len(missing) == 0 {
		f.Fix.Ops = []source.Op{&yamldoc.Delete{Node: n}}
		return
	}
	f.Fix.Title = "adds " + strings.Join(missing, ", ") + " instead of ALL: " + pr.Because + " (" + pr.At.String() + ")"
	f.Fix.Ops = []source.Op{&yamldoc.SetText{Node: n, Text: missing[0]}}
	for _, c := range missing[1:] {
		f.Fix.Ops = append(f.Fix.Ops, &yamldoc.Append{In: s.Node, Path: []string{"cap_add"}, Value: c})
	}
}
