package decide

import (
	"fmt"
	"strconv"

	"github.com/offroot/offroot/rewrite/workspace"
	"github.com/offroot/offroot/rewrite/yamldoc"
)

// state notes the identity that the manifest must say for a container.
func (t *PodTarget) state(c *workspace.Container, id Identity) {
	t.States[c] = id
	t.runs[c] = id
}

// settleStates lifts identities to the pod: if all its containers that say nothing of their own need the same one, it is
// stated once.
func (d *decider) settleStates(t *PodTarget) {
	if t.Verdict != Change || len(t.States) == 0 {
		return
	}
	var common *Identity
	for _, c := range t.Pod.Containers {
		if t.replaces(c) {
			continue
		}
		id, ok := t.States[c]
		switch {
		case !ok && ownUser(c):
		case !ok, common != nil && (common.UID != id.UID || common.GID != id.GID):
			return
		default:
			common = &id
		}
	}
	t.State, t.States = common, nil
	t.RootUsers = without(t.RootUsers, t.Pod.Spec.Get("securityContext").Get("runAsUser"))
}

func (t *PodTarget) replaces(c *workspace.Container) bool {
	for _, r := range t.Replaced {
		if r == c {
			return true
		}
	}
	return false
}

func without(nodes []*yamldoc.Node, gone *yamldoc.Node) []*yamldoc.Node {
	var kept []*yamldoc.Node
	for _, n := range nodes {
		if n != gone {
			kept = append(kept, n)
		}
	}
	return kept
}

// ownUser reports whether the container itself says who it runs as.
func ownUser(c *workspace.Container) bool {
	n := c.Node.Get("securityContext").Get("runAsUser")
	uid, ok := n.Int()
	return n != nil && ok && uid > 0
}

// statedUser is the runAsUser in force for a container.
func statedUser(c *workspace.Container) (int, bool) { return inForce(c, "runAsUser") }

func inForce(c *workspace.Container, key string) (int, bool) {
	for _, sc := range contexts(c) {
		if n := sc.Get(key); n != nil {
			if number, ok := n.Int(); ok {
				return number, true
			}
		}
	}
	return 0, false
}

// demandsNonRoot reports whether runAsNonRoot: true is in force for a container.
func demandsNonRoot(c *workspace.Container) bool {
	for _, sc := range contexts(c) {
		if n := sc.Get("runAsNonRoot"); n != nil {
			on, _ := n.Bool()
			return on
		}
	}
	return false
}

// contexts are the security contexts that hold for a container, the stronger one first.
func contexts(c *workspace.Container) []*yamldoc.Node {
	all := []*yamldoc.Node{c.Node.Get("securityContext")}
	if c.Slot != nil {
		all = append(all, c.Slot.Value)
	}
	all = append(all, c.Pod.Spec.Get("securityContext"))
	if c.Pod.Slot != nil {
		all = append(all, c.Pod.Slot.Value)
	}
	if c.Pod.Outer != nil {
		all = append(all, c.Pod.Outer)
	}
	return all
}

// rootUsers finds every runAsUser: 0 that would contradict the demand.
func (d *decider) rootUsers(t *PodTarget) {
	if t.Verdict != Change {
		return
	}
	for _, p := range append([]*workspace.Pod{t.Pod}, t.Pod.Patches...) {
		t.rootUser(p.Spec.Get("securityContext"), false)
		for _, c := range p.Containers {
			_, replaced := t.States[c]
			t.rootUser(c.Node.Get("securityContext"), replaced || t.replaces(c))
		}
	}
}

// rootUser notes the entry of one context. One that is overwritten, or goes with its container, is not deleted.
func (t *PodTarget) rootUser(sc *yamldoc.Node, overwritten bool) {
	n := sc.Get("runAsUser")
	if uid, ok := n.Int(); n == nil || !ok || uid != 0 {
		return
	}
	t.assume("nothing in it needs root: no reason is given for runAsUser: 0 at %s", n.Place())
	if !overwritten {
		t.RootUsers = append(t.RootUsers, n)
	}
}

// openShift refuses numbers where OpenShift assigns them.
func (d *decider) openShift(t *PodTarget) {
	if t.Verdict != Change || t.State == nil && len(t.States) == 0 && t.FSGroup == 0 {
		return
	}
	if at, ok := d.ws.OpenShift(t.Pod); ok {
		t.refuse(t.Place, fmt.Sprintf("it needs a number for its user, and OpenShift (%s) assigns one from the range of the namespace", at),
			"let it run with an image whose USER is a number and whose files belong to group 0")
	}
}

// stated is the identity that a manifest gives a container.
func stated(c *workspace.Container, uid int) Identity {
	id := Identity{UID: uid, Origin: FromManifest, Text: strconv.Itoa(uid)}
	if gid, ok := inForce(c, "runAsGroup"); ok {
		id.GID, id.Text = gid, ""
	}
	return id
}

// podIdentity says who the containers of a pod run as, for the decision line: the first one that does not only prepare.
func podIdentity(p *workspace.Pod, t *PodTarget) Identity {
	if t.State != nil {
		return *t.State
	}
	for _, init := range []bool{false, true} {
		for _, c := range p.Containers {
			if id, ok := t.runs[c]; ok && c.Init() == init {
				return id
			}
		}
	}
	return Identity{Origin: FromDemand}
}
