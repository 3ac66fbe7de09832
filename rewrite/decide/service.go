package decide

import (
	"github.com/offroot/offroot/rewrite/workspace"
	"github.com/offroot/offroot/rewrite/yamldoc"
)

// A ServiceTarget is what was decided for a compose service beyond its image.
type ServiceTarget struct {
	Service *workspace.Service
	// RootUser is the user: entry that makes it root although its image is not, or will not be; it goes.
	RootUser *yamldoc.Node
	// KeptUser is such an entry that stays, with the reason.
	KeptUser *Kept
	// Privileged says what becomes of privileged: true, or of cap_add ALL.
	Privileged *Privileges
	// Minimum is what a start as root needs until it has dropped; nil where that is not known or not asked.
	Minimum *Minimum
	// Spare is the same for a service that is right as it is, for people who ask for it.
	Spare *Minimum
	// Tmpfs are entries that must say whom they belong to.
	Tmpfs []TmpfsOwner
	Notes []string
}

// A Kept is an entry that stays although it makes a service root, and why.
type Kept struct {
	Node         *yamldoc.Node
	Reason, Next string
}

// service decides for one service of a workload.
func (d *decider) service(t *Target, s *workspace.Service) *ServiceTarget {
	st := &ServiceTarget{Service: s}
	if t.Workload.Build == nil {
		d.stockService(t, s)
	}
	if s.Flag("privileged").On || addsAll(s) != nil {
		st.Privileged = d.privileges(t, s)
	}
	d.rootUser(t, s, st)
	if t.Workload.Build == nil && t.Verdict == Change && s.User() != nil && st.RootUser == nil {
		t.Verdict, t.Reason = Refused, "user: "+s.User().Text()+" makes it root"
		if k := st.KeptUser; k != nil {
			t.refuse(k.Node.Place(), t.Reason+"; "+k.Reason, k.Next)
		}
	}
	if p := st.Privileged; p != nil && p.DropAll && t.Verdict == Refused && t.Workload.Build != nil {
		t.leave(p.At, "stays root, because "+p.Because+", but is no longer privileged")
	}
	st.Minimum = d.minimum(t, s, st.Privileged)
	st.Spare = d.spare(t, s, st)
	d.mountedFiles(t, s, st)
	return st
}

// addsAll is the entry ALL of cap_add.
func addsAll(s *workspace.Service) *yamldoc.Node {
	for _, n := range s.All("cap_add") {
		if capability(n.Text()) == "ALL" {
			return n
		}
	}
	return nil
}

// withoutBuild says what there is to say of a workload whose image is not built here.
func (d *decider) withoutBuild(t *Target) {
	w := t.Workload
	if w.Build != nil {
		return
	}
	switch {
	case len(w.Launches) > 0:
		t.Reason = "starts containers"
	case w.Daemon != nil:
		t.Reason = "configures the engine"
	}
	for _, p := range w.Pods {
		pt := t.Pods[p]
		t.Verdict, t.Reason, t.Next, t.Place, t.Level = pt.Verdict, pt.Reason, pt.Next, pt.Place, pt.Level
		if pt.Verdict == Change {
			t.Identity = podIdentity(p, pt)
		}
	}
}
