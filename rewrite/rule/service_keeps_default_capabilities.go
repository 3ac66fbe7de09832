package rule

import (
	"fmt"

	"github.com/offroot/offroot/rewrite/decide"
	"github.com/offroot/offroot/rewrite/source"
	"github.com/offroot/offroot/rewrite/workspace"
	"github.com/offroot/offroot/rewrite/yamldoc"
)

// ServiceKeepsDefaultCapabilities is for compose services that start as root, drop by themselves, and keep every capability
// that Docker grants until then.
var ServiceKeepsDefaultCapabilities = &Rule{
	ID:    "service-keeps-default-capabilities",
	Group: "service",
	Title: "the service starts as root with capabilities that it does not use",
	Doc: `An entrypoint that starts as root, repairs the owner of its volume and drops to another user holds 14 capabilities
until then, and its bounding set holds them for ever after.

The fix drops all and adds back what the script of the image uses: CHOWN for chown, SETGID and SETUID for the drop,
DAC_OVERRIDE because root has to enter directories that the user owns from the second start on. Scripts that do something
else are left as they are, with the line.`,
	FixSafety: `Always review: the script is read, not run.`,
	Bad: []Example{{"compose.yaml", "services:\n  kv:\n    build: .\n"},
		{"Dockerfile", "FROM alpine:3.20\nRUN adduser -D -u 901 kvd\nCOPY start.sh /start.sh\nENTRYPOINT [\"/start.sh\"]\nCMD [\"kvd\"]\n"},
		{"start.sh", "#!/bin/sh\nchown -R kvd /data\nexec su-exec kvd \"$@\"\n"}},
	Good: []Example{{"compose.yaml", "services:\n  kv:\n    build: .\n    cap_drop: [ALL]\n    cap_add: [CHOWN, DAC_OVERRIDE, SETGID, SETUID]\n"},
		{"Dockerfile", "FROM alpine:3.20\nRUN adduser -D -u 901 kvd\nCOPY start.sh /start.sh\nENTRYPOINT [\"/start.sh\"]\nCMD [\"kvd\"]\n"},
		{"start.sh", "#!/bin/sh\nchown -R kvd /data\nexec su-exec kvd \"$@\"\n"}},
	Equivalents: Equivalents{
		CIS: []string{"Docker 5.3"},
	},
	Check: func(p *Pass) {
		for _, s := range p.Workload.Services {
			st := p.Target.Services[s]
			switch {
			case st == nil || st.Minimum == nil || !st.Minimum.Capabilities:
			case st.Minimum.Unread != "":
				p.Report(&Finding{Place: st.Minimum.At, Message: p.Rule.Title, Refusal: &Refusal{LeftAlone: true,
					Reason: "its capabilities stay: " + st.Minimum.Unread}})
			default:
				narrow(p, s, st.Minimum)
			}
		}
	},
}

func narrow(p *Pass, s *workspace.Service, m *decide.Minimum) {
	f := &Finding{Place: s.Place(), Message: "service " + s.Name + " keeps the default capabilities"}
	p.Report(f)
	if name, ok := decidedAlike(p, s, m); !ok {
		f.Refusal = &Refusal{LeftAlone: true, Reason: "its capabilities stay: what is written here reaches service " + name + " too"}
		return
	}
	f.Fix = &Fix{Title: fmt.Sprintf("drops all capabilities but %s", inWords(len(m.Add))), Level: decide.Review, Assumes: m.Assumes}
	f.Fix.Ops = []source.Op{
		&yamldoc.Set{In: s.Node, Path: []string{"cap_drop"}, Value: serviceList(s, "ALL")},
		&yamldoc.Set{In: s.Node, Path: []string{"cap_add"}, Value: serviceList(s, anys(m.Add)...)}}
	if n := s.Get("privileged"); n != nil && p.Shared.Fix(n) != nil {
		f.Fix.Needs = append(f.Fix.Needs, p.Shared.Fix(n))
	}
}

// decidedAlike reports whether every service that gets what is written for s has the same minimum.
func decidedAlike(p *Pass, s *workspace.Service, m *decide.Minimum) (string, bool) {
	name, other := reachesOthers(p, s, func(o *workspace.Service) bool {
		for _, t := range p.Shared.Targets {
			if st := t.Services[o]; st != nil {
				return st.Minimum != nil && st.Minimum.Unread == "" && fmt.Sprint(st.Minimum.Add) == fmt.Sprint(m.Add)
			}
		}
		return false
	})
	return name, !other
}

func inWords(n int) string {
	words := []string{"none", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine"}
	if n < len(words) {
		return words[n]
	}
	return fmt.Sprint(n)
}
