package decide

import (
	"fmt"
	"strings"

	"github.com/offroot/offroot/rewrite/source"
	"github.com/offroot/offroot/rewrite/workspace"
	"github.com/offroot/offroot/rewrite/yamldoc"
)

// A ServiceTarget is what was decided for a compose service beyond its image.
type ServiceTarget struct {
	Service *workspace.Service
	// RootUser is the user: entry that makes it root although its image will not be; it goes.
	RootUser *yamldoc.Node
	// Privileged says what becomes of privileged: true.
	Privileged *Privileges
}

// service decides for one service of a workload.
func (d *decider) service(t *Target, s *workspace.Service) *ServiceTarget {
	st := &ServiceTarget{Service: s}
	if n := s.User(); n != nil && rootName(n.Text()) && (t.Verdict == Change || t.Verdict == Unprivileged) {
		st.RootUser = n
	}
	if on, _ := s.Get("privileged").Bool(); on {
		st.Privileged = d.privileges(t, s)
	}
	return st
}

// rootName holds for every way to write root in user: of a compose file.
func rootName(text string) bool {
	name, _, _ := strings.Cut(text, ":")
	return name == "root" || name != "" && strings.Trim(name, "0") == ""
}

// serviceNeedsRoot refuses a build whose compose service gives it access to the host, or that overrides its command by
// something that only root may do.
func (d *decider) serviceNeedsRoot(t *Target, s *workspace.Service) bool {
	if m, ok := s.Socket(); ok {
		t.refuse(m.Node.Place(), "service "+s.Name+" mounts the engine's socket ("+m.Source+"); its group differs from host to host, and access to it is root on the host",
			"put a socket proxy in front, or give the group with group_add")
		return true
	}
	if on, _ := s.Get("privileged").Bool(); on {
		p := d.privileges(t, s)
		switch {
		case p.Keep:
			t.refuse(s.Get("privileged").Place(), "service "+s.Name+" is privileged: "+p.Reason, p.Next)
			return true
		case len(p.Add)+len(p.Devices) > 0:
			t.leave(p.At, "stays root, because "+p.Because+", but is no longer privileged")
			return true
		}
	}
	if n := s.Get("network_mode"); n.Text() == "host" {
		if low := lowPorts(t); len(low) > 0 {
			t.refuse(n.Place(), fmt.Sprintf("service %s uses the host's network, where port %d needs root", s.Name, low[0]), "publish the port instead of network_mode: host")
			return true
		}
	}
	for _, env := range []string{"PUID", "PGID"} {
		if _, ok := s.Environment()[env]; ok {
			t.leave(s.Place(), "it takes its user from "+env+" and drops by itself")
			return true
		}
	}
	for _, add := range s.Get("cap_add").Items() {
		if name := strings.ToUpper(add.Text()); name != "NET_BIND_SERVICE" {
			t.refuse(add.Place(), "service "+s.Name+" adds the capability "+name+", which a process that is not root cannot use", "keep root with cap_drop ALL and this capability")
			return true
		}
	}
	if n := s.Get("devices"); len(n.Items()) > 0 {
		t.refuse(n.Place(), "service "+s.Name+" uses devices of the host, whose groups differ from host to host", "give the group with group_add")
		return true
	}
	return d.commandNeedsRoot(t, s)
}

func (d *decider) commandNeedsRoot(t *Target, s *workspace.Service) bool {
	for _, key := range []string{"command", "entrypoint"} {
		n := s.Get(key)
		if n == nil {
			continue
		}
		for _, word := range words(n) {
			if r, ok := rootPrograms[word]; ok {
				t.refuse(n.Place(), r.why, r.next)
				return true
			}
			if word == "chown" {
				t.refuse(n.Place(), "service "+s.Name+" runs chown at every start", "do it in the Dockerfile")
				return true
			}
		}
	}
	return false
}

// words splits a command of either form at blanks and shell operators.
func words(n *yamldoc.Node) []string {
	text := n.Text()
	for _, item := range n.Items() {
		text += " " + item.Text()
	}
	return strings.FieldsFunc(text, func(r rune) bool { return strings.ContainsRune(" \t\n;&|'\"()", r) })
}

// withoutBuild says what there is to say of a workload whose image is not built here.
func (d *decider) withoutBuild(t *Target) {
	w := t.Workload
	if w.Build != nil {
		return
	}
	for _, s := range w.Services {
		d.stockService(t, s)
	}
	for _, p := range w.Pods {
		pt := t.Pods[p]
		t.Verdict, t.Reason, t.Next, t.Place, t.Level = pt.Verdict, pt.Reason, pt.Next, pt.Place, pt.Level
		if pt.Verdict == Change {
			t.Identity = podIdentity(p, pt)
		}
	}
}

// podIdentity says who the containers of a pod run as, for the decision line.
func podIdentity(p *workspace.Pod, pt *PodTarget) Identity {
	if pt.State != nil {
		return *pt.State
	}
	for _, c := range p.Containers {
		if c.Init() {
			continue
		}
		if uid, ok := statedUser(c); ok {
			id := Identity{UID: uid, GID: uid, Origin: FromPolicy, Text: fmt.Sprint(uid)}
			return id
		}
		if u := c.Image.Facts.DefaultUser; c.Image.Known {
			return Identity{UID: u.UID, GID: max(u.GID, 0), Name: u.Value, Origin: FromImage}
		}
	}
	return Identity{}
}

// stockService judges a service that runs an image from elsewhere. Nothing is written into it: who the image runs as is
// told, and why that is so.
func (d *decider) stockService(t *Target, s *workspace.Service) {
	at := s.Image.Place
	if s.Build != nil {
		d.unbuildable(t, s)
		return
	}
	f := s.Image.Facts
	u := s.User()
	switch {
	case s.Image.Ref == "":
		t.Verdict = Unknown
	case u != nil && !rootName(u.Text()):
		t.Verdict = Unprivileged
		t.Identity = Identity{Origin: FromPolicy, Text: u.Text(), Name: u.Text()}
	case isSocket(s):
		m, _ := s.Socket()
		t.refuse(m.Node.Place(), "mounts "+m.Source+"; its group differs from host to host, and access to it is root on the host",
			"put a socket proxy in front, or give the group with group_add")
	case !s.Image.Known:
		t.refuse(at, fmt.Sprintf("who the image %s runs as is not known here", s.Image.Ref), "add user: with the numbers that its documentation or docker inspect gives, if its volumes allow it")
	case f.MustBeRoot != "":
		t.leave(at, fmt.Sprintf("%s must start as root: %s", s.Image.Ref, f.MustBeRoot))
	case dropsByTool(f.Drops):
		who := "its own user"
		if f.DropsTo != nil {
			who = fmt.Sprint(f.DropsTo.UID)
		}
		t.leave(at, fmt.Sprintf("%s starts as root and drops to %s by itself", s.Image.Ref, who))
	case !f.DefaultUser.Known:
		t.refuse(at, fmt.Sprintf("who the image %s runs as is not known here", s.Image.Ref), "add user: with the numbers that its documentation or docker inspect gives, if its volumes allow it")
	case !f.DefaultUser.Root():
		t.Verdict = Unprivileged
		t.Identity = Identity{UID: f.DefaultUser.UID, GID: f.DefaultUser.GID, Name: f.DefaultUser.Value, Origin: FromImage, Text: f.DefaultUser.Value}
	default:
		next := "add user: by hand, with a volume or tmpfs for everything that it writes"
		if f.NonRootAlternative != "" {
			next = "consider " + f.NonRootAlternative
		}
		t.refuse(at, fmt.Sprintf("the image %s starts as root", s.Image.Ref), next)
	}
}

func isSocket(s *workspace.Service) bool { _, ok := s.Socket(); return ok }

// unbuildable says why the Dockerfile of a service could not be followed.
func (d *decider) unbuildable(t *Target, s *workspace.Service) {
	b := s.Build
	switch {
	case b.Inline:
		t.refuse(b.Place, "its Dockerfile is written inside of the compose file", "move dockerfile_inline to a file of its own")
	case b.Remote != "":
		t.refuse(b.Place, "its build context "+b.Remote+" is not in this repository", "run offroot there")
	default:
		t.refuse(b.Place, fmt.Sprintf("its Dockerfile %s is not here, or has no such target", b.Dockerfile), "")
	}
}

// share gives targets of one Dockerfile that create the same user one stage to create it in: the nearest one that all of
// them are built from.
func (d *decider) share(targets []*Target) {
	for _, t := range targets {
		if t.Verdict != Change || t.Identity.Origin != FromCreation {
			continue
		}
		for _, other := range targets {
			if other == t || other.Verdict != Change || other.Identity.Origin != FromCreation || other.Workload.Build.Doc != t.Workload.Build.Doc {
				continue
			}
			if stage := commonStage(t.Workload.Build, other.Workload.Build); stage != nil {
				t.CreateIn = stage
			}
		}
	}
}

// placeOf is a shorthand for places that may be missing.
func placeOf(n *yamldoc.Node, otherwise source.Place) source.Place {
	if n == nil {
		return otherwise
	}
	return n.Place()
}
