package rule

import (
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

Images from elsewhere are judged by what is known of them: those that drop root by themselves are left alone.`,
	FixSafety: `Always review: somebody wrote it, and the reason is not in the file.`,
	Bad:       []Example{{"compose.yaml", "services:\n  docs:\n    image: nginxinc/nginx-unprivileged:1.27\n    user: root\n"}},
	Good:      []Example{{"compose.yaml", "services:\n  docs:\n    image: nginxinc/nginx-unprivileged:1.27\n"}},
	Equivalents: Equivalents{
		CIS: []string{"Docker 4.1"},
	},
	Check: func(p *Pass) {
		if p.Workload.Build == nil && len(p.Workload.Services) > 0 {
			reportStock(p)
		}
		for _, s := range p.Workload.Services {
			if st := p.Target.Services[s]; st != nil && st.RootUser != nil && p.Shared.Fix(st.RootUser) == nil {
				checkUser(p, s, st.RootUser)
			}
		}
	},
}

// reportStock tells what there is to tell of a service with an image from elsewhere.
func reportStock(p *Pass) {
	t := p.Target
	switch t.Verdict {
	case decide.Refused, decide.LeftAlone:
		p.Report(&Finding{Place: t.Place, Message: p.Rule.Title, Refusal: &Refusal{Reason: t.Reason, Next: t.Next, LeftAlone: t.Verdict == decide.LeftAlone}})
	}
}

func checkUser(p *Pass, s *workspace.Service, n *yamldoc.Node) {
	f := &Finding{Place: n.Place(), Message: "user: " + n.Text() + " makes the service root, although its image is not"}
	fix := &Fix{Title: "removes user: " + n.Text(), Level: decide.Review,
		Assumes: "nothing needs root: the file gives no reason for user: " + n.Text(), Ops: []source.Op{&yamldoc.Delete{Node: n}}}
	shared := 0
	for _, t := range p.Shared.Targets {
		for _, other := range t.Workload.Services {
			if other.User() != n {
				continue
			}
			st := t.Services[other]
			if st == nil || st.RootUser != n {
				f.Refusal = &Refusal{Reason: "the line reaches service " + other.Name + " too, which stays root", Next: "give that service a line of its own"}
				p.Report(f)
				return
			}
			shared++
			if t.Verdict == decide.Change {
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
	p.Report(f)
}

// ServiceIsPrivileged is for compose services with privileged: true.
var ServiceIsPrivileged = &Rule{
	ID:    "service-is-privileged",
	Group: "service",
	Title: "the service is privileged",
	Doc: `privileged: true gives a container every capability, every device of the host, a writable /sys and /proc/sys, and no
seccomp or AppArmor profile.

The fix replaces it by the devices and capabilities that the service is seen to use, or removes it where nothing asks for
one. Docker in Docker, kernel modules and whole directories of the host's devices are refused.`,
	FixSafety: `Always review: what a program asks of the kernel is seen in its source and its mounts, not proven.`,
	Bad:       []Example{{"compose.yaml", "services:\n  web:\n    image: nginxinc/nginx-unprivileged:1.27\n    privileged: true\n"}},
	Good:      []Example{{"compose.yaml", "services:\n  web:\n    image: nginxinc/nginx-unprivileged:1.27\n"}},
	Equivalents: Equivalents{
		KICS: []string{"Privileged Containers Enabled"}, CIS: []string{"Docker 5.4"},
	},
	Check: func(p *Pass) {
		for _, s := range p.Workload.Services {
			if st := p.Target.Services[s]; st != nil && st.Privileged != nil && p.Shared.Fix(s.Get("privileged")) == nil {
				checkPrivileged(p, s, st.Privileged)
			}
		}
	},
}

func checkPrivileged(p *Pass, s *workspace.Service, pr *decide.Privileges) {
	n := s.Get("privileged")
	f := &Finding{Place: n.Place(), Message: "service " + s.Name + " is privileged"}
	if pr.Keep {
		f.Refusal = &Refusal{Reason: pr.Reason, Next: pr.Next}
		p.Report(f)
		return
	}
	for _, t := range p.Shared.Targets {
		for other, st := range t.Services {
			if other != s && other.Get("privileged") == n && (st.Privileged == nil || st.Privileged.Keep || len(st.Privileged.Add)+len(pr.Add) > 0) {
				f.Refusal = &Refusal{Reason: "the line reaches service " + other.Name + " too", Next: "give each service a line of its own"}
				p.Report(f)
				return
			}
		}
	}
	fix := &Fix{Title: "is no longer privileged", Level: decide.Review, Assumes: pr.Assumes}
	if with := privilegedReplacement(s, pr); len(with) > 0 {
		fix.Title = "privileged becomes what it uses"
		if pr.Because != "" {
			fix.Title += ": " + pr.Because + " (" + pr.At.String() + ")"
		}
		fix.Ops = []source.Op{&yamldoc.Replace{Node: n, With: with}}
	} else {
		fix.Ops = []source.Op{&yamldoc.Delete{Node: n}}
	}
	f.Fix = fix
	p.Shared.Made(n, fix)
	p.Report(f)
}

// privilegedReplacement is what stands in place of privileged: true. A process that stays root keeps only what it uses.
func privilegedReplacement(s *workspace.Service, pr *decide.Privileges) yamldoc.Map {
	var with yamldoc.Map
	if len(pr.Add) > 0 {
		if s.Get("cap_drop") == nil {
			with = append(with, yamldoc.Pair{Key: "cap_drop", Value: yamldoc.List{"ALL"}})
		}
		if s.Get("cap_add") == nil {
			var add yamldoc.List
			for _, c := range pr.Add {
				add = append(add, c)
			}
			with = append(with, yamldoc.Pair{Key: "cap_add", Value: add})
		}
	}
	if len(pr.Devices) > 0 && s.Get("devices") == nil {
		var devices yamldoc.List
		for _, d := range pr.Devices {
			devices = append(devices, yamldoc.Quoted(d+":"+d))
		}
		with = append(with, yamldoc.Pair{Key: "devices", Value: devices})
	}
	return with
}
