package rule

import (
	"strings"

	"github.com/offroot/offroot/rewrite/decide"
	"github.com/offroot/offroot/rewrite/source"
	"github.com/offroot/offroot/rewrite/workspace"
	"github.com/offroot/offroot/rewrite/yamldoc"
)

// ServiceIsPrivileged is for compose services with privileged: true.
var ServiceIsPrivileged = &Rule{
	ID:    "service-is-privileged",
	Group: "service",
	Title: "the service is privileged",
	Doc: `privileged: true gives a container every capability, every device of the host, a writable /sys and /proc/sys, and no
seccomp or AppArmor profile.

The fix replaces it by the devices and capabilities that the service is seen to use, or removes it where nothing asks for
one. Engines in a container, kernel modules, file systems, whole directories of the host's devices and programs that watch
the host are refused, with what is narrower where there is something.`,
	FixSafety: `Always review: what a program asks of the kernel is seen in its source, its packages and its mounts, not proven.`,
	Bad:       []Example{{"compose.yaml", "services:\n  web:\n    image: nginxinc/nginx-unprivileged:1.27\n    privileged: true\n"}},
	Good:      []Example{{"compose.yaml", "services:\n  web:\n    image: nginxinc/nginx-unprivileged:1.27\n"}},
	Equivalents: Equivalents{
		KICS: []string{"Privileged Containers Enabled"}, CIS: []string{"Docker 5.4"},
	},
	Check: func(p *Pass) {
		eachService(p, "privileged", func(s *workspace.Service, n *yamldoc.Node) {
			if st := p.Target.Services[s]; st != nil && st.Privileged != nil && s.Flag("privileged").On {
				checkPrivileged(p, s, st.Privileged)
			}
		})
	},
}

func checkPrivileged(p *Pass, s *workspace.Service, pr *decide.Privileges) {
	n := s.Get("privileged")
	f := &Finding{Place: n.Place(), Message: "service " + s.Name + " is privileged"}
	p.Report(f)
	if pr.Keep {
		f.Refusal = &Refusal{Reason: "stays privileged: " + pr.Reason, Next: pr.Next}
		return
	}
	if name, ok := decidedElse(p, s, n, pr); ok {
		f.Refusal = &Refusal{Reason: "privileged: true reaches service " + name + " too, which is decided differently", Next: "give each service a line of its own"}
		return
	}
	f.Fix = &Fix{Title: "is no longer privileged", Level: decide.Review, Assumes: pr.Assumes}
	ops, with := privilegedOps(s, pr)
	switch {
	case len(with) == 0:
		ops = append(ops, &yamldoc.Delete{Node: n})
	default:
		ops = append(ops, &yamldoc.Replace{Node: n, With: with})
	}
	if len(ops) > 1 || len(with) > 0 {
		f.Fix.Title = "privileged becomes what it uses"
		if pr.Because != "" {
			f.Fix.Title += ": " + pr.Because + " (" + pr.At.String() + ")"
		}
	}
	f.Fix.Ops = ops
	p.Shared.Made(n, f.Fix)
}

// decidedElse names a service that gets the same line and is decided in another way.
func decidedElse(p *Pass, s *workspace.Service, n *yamldoc.Node, pr *decide.Privileges) (string, bool) {
	for _, t := range p.Shared.Targets {
		for _, other := range t.Workload.Services {
			if other == s || other.Get("privileged") != n {
				continue
			}
			o := t.Services[other].Privileged
			if o == nil || o.Keep || len(o.Add)+len(pr.Add)+len(o.Devices)+len(pr.Devices) > 0 {
				return other.Name, true
			}
		}
	}
	return "", false
}

// privilegedOps are what is written beside or in place of privileged: true. Lists that are there already grow, the bind
// mount of a device gives way to the device. A process of which all is in sight keeps only what it uses.
func privilegedOps(s *workspace.Service, pr *decide.Privileges) (ops []source.Op, with yamldoc.Map) {
	if pr.DropAll {
		with = append(with, yamldoc.Pair{Key: "cap_drop", Value: serviceList(s, "ALL")})
	}
	list := func(key string, values []any) {
		if own := s.Node.Own(key); own != nil && len(own.Items()) > 0 {
			for _, v := range values {
				ops = append(ops, &yamldoc.Append{In: s.Node, Path: []string{key}, Value: v})
			}
		} else if len(values) > 0 {
			with = append(with, yamldoc.Pair{Key: key, Value: serviceList(s, values...)})
		}
	}
	var add, devices []any
	for _, c := range pr.Add {
		if !addsCapability(s, c) {
			add = append(add, c)
		}
	}
	for _, d := range pr.Devices {
		if !strings.Contains(d, ":") {
			d += ":" + d
		}
		devices = append(devices, yamldoc.Quoted(d))
	}
	list("cap_add", add)
	list("devices", devices)
	for _, m := range pr.Mounts {
		ops = append(ops, &yamldoc.Delete{Node: m})
	}
	return ops, with
}

func addsCapability(s *workspace.Service, name string) bool {
	for _, n := range s.All("cap_add") {
		if strings.TrimPrefix(strings.ToUpper(n.Text()), "CAP_") == name {
			return true
		}
	}
	return false
}
