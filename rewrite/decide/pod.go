package decide

import (
	"fmt"
	"strings"

	"github.com/offroot/offroot/rewrite/source"
	"github.com/offroot/offroot/rewrite/workspace"
	"github.com/offroot/offroot/rewrite/yamldoc"
)

// A PodTarget is what was decided for a pod template.
type PodTarget struct {
	Pod          *workspace.Pod
	Verdict      Verdict
	Reason, Next string
	Place        source.Place

	// State is the identity that the manifest must state, because the image only names its user or starts as root; nil
	// where the image says it as a number.
	State *Identity
	// FSGroup owns the claims that the process writes; 0 if none is needed.
	FSGroup int
	// RootUsers are runAsUser: 0 entries, in the manifest and in patches over it, that go.
	RootUsers []*yamldoc.Node
	// Needs are the images that must change first.
	Needs   []*Target
	Level   Level
	Assumes []string
	Notes   []string
}

func (p *PodTarget) assume(format string, args ...any) {
	text := fmt.Sprintf(format, args...)
	for _, a := range p.Assumes {
		if a == text {
			return
		}
	}
	p.Assumes = append(p.Assumes, text)
	p.Level = min(p.Level, Review)
}

// Assumption joins what the decision rests on.
func (p *PodTarget) Assumption() string { return strings.Join(p.Assumes, "; ") }

func (p *PodTarget) refuse(at source.Place, reason, next string) {
	p.Verdict, p.Place, p.Reason, p.Next, p.State = Refused, at, reason, next, nil
}

// pod decides for a pod template: it may demand non-root only if every container of it is known to start then.
func (d *decider) pod(p *workspace.Pod) *PodTarget {
	t := &PodTarget{Pod: p, Verdict: Change, Level: Safe, Place: p.Place()}
	if windowsPod(p) {
		t.Verdict, t.Reason = LeftAlone, "it is a Windows pod, where root does not exist"
		return t
	}
	if why, at, ok := hostAccess(p); ok {
		t.refuse(at, why, "none here: ask its author which capabilities it needs, then workloads."+p.Name()+".capabilities in .offroot.yaml")
		return t
	}
	if p.Overlaid.Path != "" {
		t.refuse(p.Overlaid, "a patch that is written as text changes its security context", "write the patch as a file of YAML, or make the change by hand in both places")
		return t
	}
	for _, c := range p.Containers {
		d.container(t, c)
		if t.Verdict == Refused {
			return t
		}
	}
	if len(p.Containers) == 0 {
		t.Verdict = Unknown
		return t
	}
	d.rootUsers(t)
	if t.Verdict == Change {
		d.podAssumptions(t)
	}
	return t
}

// container adds what one container needs to the decision for its pod, or refuses.
func (d *decider) container(t *PodTarget, c *workspace.Container) {
	if c.Image.Ref == "" {
		t.refuse(c.Place(), "container "+c.Name+" has no image here", "")
		return
	}
	if uid, ok := statedUser(c); ok && uid > 0 {
		return // the author says who it runs as
	}
	if strings.Contains(c.Image.Ref, "$") || strings.Contains(c.Image.Ref, "{{") {
		t.refuse(c.Image.Place, fmt.Sprintf("the image of container %s is the variable %s", c.Name, c.Image.Ref), "state runAsUser by hand, if the image is not root")
		return
	}
	if c.Image.Build != nil {
		d.builtContainer(t, c)
		return
	}
	if !c.Image.Known {
		t.refuse(c.Image.Place, fmt.Sprintf("who the image %s runs as is not known here", c.Image.Ref),
			"state runAsUser and runAsGroup by hand, with the numbers that its documentation or docker inspect gives")
		return
	}
	d.stockContainer(t, c)
}

func (d *decider) builtContainer(t *PodTarget, c *workspace.Container) {
	image := d.builds[c.Image.Build]
	place := c.Image.Build.Place()
	switch image.Verdict {
	case Unprivileged:
		if u := c.Image.Build.User; u.UID <= 0 {
			t.refuse(c.Image.Place, fmt.Sprintf("its image runs as the name %s, whose number is not known: kubelet cannot verify a name", u.Text),
				"write the number after USER in "+place.Path)
			return
		}
		if c.Image.Build.User.Name != "" {
			t.Needs = append(t.Needs, image)
			t.assume("the image applied next is built from %s", place.Path)
		}
	case Change:
		if image.Identity.Text != "" && !isNumeric(image.Identity.Text) {
			t.refuse(c.Image.Place, "its image will run as the name "+image.Identity.Text+", and kubelet cannot verify a name", "write the number after USER in "+place.Path)
			return
		}
		t.Needs = append(t.Needs, image)
		t.assume("the image applied next is built from %s", place.Path)
		d.claims(t, c, image.Identity.GID)
	default:
		reason := image.Reason
		t.refuse(c.Image.Place, fmt.Sprintf("container %s runs as root: %s", c.Name, reason), image.Next)
	}
}

func isNumeric(text string) bool { return strings.Trim(text, "0123456789:") == "" }

func (d *decider) stockContainer(t *PodTarget, c *workspace.Container) {
	f := c.Image.Facts
	u := f.DefaultUser
	trusted := f.Confidence == "read" && f.Trusted("default_user")
	switch {
	case !u.Known:
		t.refuse(c.Image.Place, fmt.Sprintf("who the image %s runs as is not known here", c.Image.Ref), "state runAsUser and runAsGroup by hand")
	case u.Root():
		d.stockRecipe(t, c)
	case u.ByName && u.UID <= 0:
		t.refuse(c.Image.Place, fmt.Sprintf("the image %s names its user %s, whose number is not known here", c.Image.Ref, u.Value), "state runAsUser with its number")
	case u.ByName:
		d.state(t, c, Identity{UID: u.UID, GID: u.GID, Name: u.Value, Origin: FromImage})
		fallthrough
	default:
		if !trusted {
			t.assume("the image %s runs as %s", c.Image.Ref, u.Value)
		}
		if len(f.FileCapabilities) > 0 {
			t.refuse(c.Image.Place, fmt.Sprintf("the program in %s carries the capability %s, and would not start without it", c.Image.Ref, strings.Join(f.FileCapabilities, ", ")),
				"drop ALL and add "+strings.Join(f.FileCapabilities, ", ")+" by hand")
		}
	}
}

// state notes the identity that the manifest must say. Two containers with different ones are more than a pod can state.
func (d *decider) state(t *PodTarget, c *workspace.Container, id Identity) {
	if t.State != nil && (t.State.UID != id.UID || t.State.GID != id.GID) {
		t.refuse(c.Place(), fmt.Sprintf("its containers need different users (%d and %d)", t.State.UID, id.UID), "state runAsUser for each container by hand")
		return
	}
	if mixed := len(t.Pod.Containers) > 1; mixed {
		for _, other := range t.Pod.Containers {
			if other != c && other.Image.Ref != c.Image.Ref {
				if uid, ok := statedUser(other); !ok || uid != id.UID {
					t.refuse(c.Place(), fmt.Sprintf("container %s needs runAsUser %d, which would reach the other containers of the pod", c.Name, id.UID), "state runAsUser for each container by hand")
					return
				}
			}
		}
	}
	t.State = &id
}

// stockRecipe gives an image that starts as root the identity that its facts name, if everything that it then needs is met.
func (d *decider) stockRecipe(t *PodTarget, c *workspace.Container) {
	f := c.Image.Facts
	switch {
	case f.MustBeRoot != "":
		t.refuse(c.Image.Place, fmt.Sprintf("%s must start as root: %s", c.Image.Ref, f.MustBeRoot), "")
	case dropsByTool(f.Drops):
		who := "its own user"
		if f.DropsTo != nil {
			who = fmt.Sprint(f.DropsTo.UID)
		}
		t.Verdict, t.Place = LeftAlone, c.Image.Place
		t.Reason = fmt.Sprintf("%s starts as root and drops to %s by itself", c.Image.Ref, who)
	default:
		next := "state runAsUser and what the process then needs by hand"
		if f.NonRootAlternative != "" {
			next = "consider " + f.NonRootAlternative
		}
		t.refuse(c.Image.Place, fmt.Sprintf("the image %s starts as root", c.Image.Ref), next)
	}
}

// claims lets fsGroup own the claims that a container mounts, which root did not need.
func (d *decider) claims(t *PodTarget, c *workspace.Container, gid int) {
	for _, m := range c.Mounts() {
		switch {
		case m.ReadOnly:
		case m.Kind == "persistentVolumeClaim" || m.Kind == "ephemeral":
			t.FSGroup = gid
			t.assume("the storage class honours fsGroup (NFS and fsGroupPolicy None do not)")
		}
	}
	if n := t.Pod.Spec.Get("securityContext").Get("fsGroup"); n != nil {
		t.FSGroup = 0
	}
}

// rootUsers finds every runAsUser: 0 that would contradict the demand.
func (d *decider) rootUsers(t *PodTarget) {
	for _, p := range append([]*workspace.Pod{t.Pod}, t.Pod.Patches...) {
		contexts := []*yamldoc.Node{p.Spec.Get("securityContext")}
		for _, c := range p.Containers {
			contexts = append(contexts, c.Node.Get("securityContext"))
		}
		for _, sc := range contexts {
			if n := sc.Get("runAsUser"); n != nil {
				if uid, ok := n.Int(); ok && uid == 0 {
					t.RootUsers = append(t.RootUsers, n)
				}
			}
		}
	}
	if len(t.RootUsers) > 0 {
		t.assume("nothing in it needs root: no reason is given for runAsUser: 0 at %s", t.RootUsers[0].Place())
	}
}

func (d *decider) podAssumptions(t *PodTarget) {
	if t.Pod.Immutable {
		kind := t.Pod.Object.Kind
		t.assume("the %s is not in the cluster any more: its template is immutable, delete it first", kind)
	}
	for _, l := range t.Pod.Links() {
		if !l.Certain {
			t.assume("%s", l.Because)
		}
	}
}

// statedUser is the runAsUser in force for a container.
func statedUser(c *workspace.Container) (int, bool) {
	for _, sc := range []*yamldoc.Node{c.Node.Get("securityContext"), c.Pod.Spec.Get("securityContext")} {
		if n := sc.Get("runAsUser"); n != nil {
			if uid, ok := n.Int(); ok {
				return uid, true
			}
		}
	}
	return 0, false
}

func windowsPod(p *workspace.Pod) bool {
	if p.Spec.Get("os").Get("name").Text() == "windows" {
		return true
	}
	sel := p.Spec.Get("nodeSelector")
	return sel.Get("kubernetes.io/os").Text() == "windows" || sel.Get("beta.kubernetes.io/os").Text() == "windows"
}

// hostAccess finds what ties a pod to its node: it cannot pass as restricted, and what it needs there is not ours to take.
func hostAccess(p *workspace.Pod) (why string, at source.Place, found bool) {
	var reasons []string
	note := func(n *yamldoc.Node, reason string) {
		if len(reasons) == 0 {
			at = n.Place()
		}
		for _, r := range reasons {
			if r == reason {
				return
			}
		}
		reasons = append(reasons, reason)
	}
	for _, key := range []string{"hostPID", "hostNetwork", "hostIPC"} {
		if on, _ := p.Spec.Get(key).Bool(); on {
			note(p.Spec.Get(key), key)
		}
	}
	for _, c := range p.Containers {
		sc := c.Node.Get("securityContext")
		if on, _ := sc.Get("privileged").Bool(); on {
			note(sc.Get("privileged"), "privileged")
		}
		for _, add := range sc.Get("capabilities").Get("add").Items() {
			if name := strings.TrimPrefix(strings.ToUpper(add.Text()), "CAP_"); name != "NET_BIND_SERVICE" {
				note(add, "the capability "+name)
			}
		}
	}
	for _, v := range p.Spec.Get("volumes").Items() {
		if h := v.Get("hostPath"); h != nil {
			note(h, "the node's "+h.Get("path").Text())
		}
	}
	if len(reasons) == 0 {
		return "", at, false
	}
	return "uses " + strings.Join(reasons, ", "), at, true
}
