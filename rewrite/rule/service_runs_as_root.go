package rule

import (
	"fmt"

	"github.com/offroot/offroot/rewrite/decide"
	"github.com/offroot/offroot/rewrite/source"
	"github.com/offroot/offroot/rewrite/workspace"
	"github.com/offroot/offroot/rewrite/yamldoc"
)

// ServiceRunsAsRoot is for compose services that are root although their image is not, and for those whose image is.
var ServiceRunsAsRoot = &Rule{
	ID:    "service-runs-as-root",
	Group: "service",
	Title: "the service runs as root",
	Doc: `user: in a compose file outranks the USER of the image, so user: root keeps a service root whatever its image says.

Where the image is unprivileged, or becomes so by the same change, the fix removes the line; nothing is written in its place,
because the image says who runs. In an anchor it is removed if every service that uses the anchor is decided alike.

Images from elsewhere are judged by what is known of them: those that drop root by themselves are left alone. One that runs
as any user, and writes only where everybody may, is given a user: of its own.`,
	FixSafety: `Always review: somebody wrote the line, and the reason is not in the file; of an image from elsewhere the table knows
what it does, not what this service makes of it.`,
	Bad:  []Example{{"compose.yaml", "services:\n  docs:\n    image: nginxinc/nginx-unprivileged:1.27\n    user: root\n"}},
	Good: []Example{{"compose.yaml", "services:\n  docs:\n    image: nginxinc/nginx-unprivileged:1.27\n"}},
	Equivalents: Equivalents{
		CIS: []string{"Docker 4.1"},
	},
	Check: func(p *Pass) {
		if p.Workload.Build == nil && len(p.Workload.Services) > 0 {
			reportStock(p)
		}
		for _, s := range p.Workload.Services {
			st := p.Target.Services[s]
			switch {
			case st == nil:
			case st.RootUser != nil && p.Shared.Fix(st.RootUser) == nil:
				checkUser(p, s, st)
			case st.KeptUser != nil && p.Workload.Build != nil:
				p.Report(&Finding{Place: st.KeptUser.Node.Place(), Message: "user: " + st.KeptUser.Node.Text() + " makes the service root, although its image is not",
					Refusal: &Refusal{Reason: "user: " + st.KeptUser.Node.Text() + " stays: " + st.KeptUser.Reason, Next: st.KeptUser.Next}})
			}
		}
	},
}

// reportStock tells what there is to tell of a service with an image from elsewhere, and gives it a user if that was decided.
func reportStock(p *Pass) {
	t := p.Target
	s := p.Workload.Services[0]
	switch {
	case t.Verdict == decide.Refused || t.Verdict == decide.LeftAlone:
		p.Report(&Finding{Place: t.Place, Message: p.Rule.Title, Refusal: &Refusal{Reason: t.Reason, Next: t.Next, LeftAlone: t.Verdict == decide.LeftAlone}})
	case t.Verdict == decide.Change && t.Services[s].RootUser == nil:
		stateUser(p, s)
	}
}

// stateUser writes user: for an image that starts as root and can do without.
func stateUser(p *Pass, s *workspace.Service) {
	f := &Finding{Place: s.Image.Place, Message: fmt.Sprintf("the image %s starts as root", s.Image.Ref)}
	p.Report(f)
	id := p.Target.Identity.User()
	alike := func(other *workspace.Service) bool {
		for _, t := range p.Shared.Targets {
			if st := t.Services[other]; st != nil {
				return t.Verdict == decide.Change && t.Workload.Build == nil && t.Identity.User() == id
			}
		}
		return false
	}
	if name, ok := reachesOthers(p, s, alike); ok {
		f.Refusal = &Refusal{Reason: "what is written here reaches service " + name + " too", Next: "give the service user: \"" + id + "\" of its own"}
		return
	}
	if p.Shared.Fix(s.Node) != nil {
		f.Fix = p.Shared.Fix(s.Node)
		return
	}
	f.Fix = &Fix{Title: "runs as " + id, Level: p.Target.Level, Assumes: p.Target.Assumption(), Notes: p.Target.Notes,
		Ops: []source.Op{&yamldoc.Set{In: s.Node, Path: []string{"user"}, Value: yamldoc.Quoted(id), At: yamldoc.Place{Below: []string{"image"}}}}}
	p.Shared.Made(s.Node, f.Fix)
}

func checkUser(p *Pass, s *workspace.Service, st *decide.ServiceTarget) {
	n := st.RootUser
	f := &Finding{Place: n.Place(), Message: "user: " + n.Text() + " makes the service root, although its image is not"}
	fix := &Fix{Title: "removes user: " + n.Text(), Level: decide.Review, Notes: st.Notes,
		Assumes: "nothing needs root: the file gives no reason for user: " + n.Text(), Ops: []source.Op{&yamldoc.Delete{Node: n}}}
	p.Report(f)
	shared := 0
	for _, t := range p.Shared.Targets {
		for _, other := range t.Workload.Services {
			if other.User() != n {
				continue
			}
			st := t.Services[other]
			if st == nil || st.RootUser != n {
				f.Refusal = &Refusal{Reason: "user: " + n.Text() + " reaches service " + other.Name + " too, which stays root", Next: "give that service a line of its own"}
				return
			}
			shared++
			if t.Verdict == decide.Change && t.Workload.Build != nil {
				if image := p.Shared.Fix(t); image != nil {
					fix.Needs = append(fix.Needs, image)
				} else {
					fix.Needs = append(fix.Needs, missing)
				}
			}
		}
	}
	if shared > 1 {
		fix.Assumes += "; every service that uses it is changed here"
	}
	f.Fix = fix
	p.Shared.Made(n, fix)
}
