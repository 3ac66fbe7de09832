package decide

import (
	"fmt"
	"slices"
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

	// State is the identity that the manifest must state for the whole pod, because images only name their user or start as
	// root; nil where no number is needed. States are those of single containers, where they differ.
	State  *Identity
	States map[*workspace.Container]Identity
	// FSGroup owns the claims that the process writes; 0 if none is needed.
	FSGroup int
	// RootUsers are runAsUser: 0 entries, in the manifest and in patches over it, that go.
	RootUsers []*yamldoc.Node
	// Unused are privileges of a container that the decision makes needless: privileged, and added capabilities.
	Unused []*yamldoc.Node
	// Replaced are init containers that give files to the process, which fsGroup does instead.
	Replaced []*workspace.Container
	// Scratch are directories that the process writes and that the image keeps for root.
	Scratch []Scratch
	// Env are variables that the container needs when it is not root.
	Env []Variable
	// OpenPorts says that a process which is not root listens below 1024.
	OpenPorts bool

	// Needs are the images that must change first.
	Needs   []*Target
	Level   Level
	Assumes []string
	Notes   []string

	runs map[*workspace.Container]Identity // who each container runs as, as far as it is known
}

// A Scratch is a directory of a container that gets an emptyDir.
type Scratch struct {
	Container *workspace.Container
	Path      string
	Volume    string // the name of the new volume
}

// A Variable is an environment variable that a container gets.
type Variable struct {
	Container   *workspace.Container
	Name, Value string
}

func (p *PodTarget) assume(format string, args ...any) {
	text := fmt.Sprintf(format, args...)
	if !slices.Contains(p.Assumes, text) {
		p.Assumes = append(p.Assumes, text)
	}
	p.Level = min(p.Level, Review)
}

// Assumption joins what the decision rests on.
func (p *PodTarget) Assumption() string { return strings.Join(p.Assumes, "; ") }

func (p *PodTarget) refuse(at source.Place, reason, next string) {
	if p.Verdict == Refused || p.Verdict == LeftAlone {
		return
	}
	p.Verdict, p.Place, p.Reason, p.Next, p.State, p.States = Refused, at, reason, next, nil, nil
}

// leave is refuse for a container that gives up root by itself.
func (p *PodTarget) leave(at source.Place, reason, next string) {
	p.refuse(at, reason, next)
	p.Verdict = LeftAlone
}

// pod decides for a pod template: it may demand non-root only if every container of it is known to start then.
func (d *decider) pod(p *workspace.Pod) *PodTarget {
	t := &PodTarget{Pod: p, Verdict: Change, Level: Safe, Place: p.Place(),
		States: map[*workspace.Container]Identity{}, runs: map[*workspace.Container]Identity{}}
	if len(p.Containers) == 0 {
		t.Verdict = Unknown
		return t
	}
	if why, ok := foreignPod(p); ok {
		t.Verdict, t.Reason = LeftAlone, why
		return t
	}
	if why, at, ok := hostNeeds(t); ok {
		t.refuse(at, why, "ask its author which capabilities it needs, and give it those instead")
		return t
	}
	if p.Overlaid.Path != "" {
		t.refuse(p.Overlaid, "a patch that is written as text changes its security context", "write the patch as a file of YAML, or make the change by hand in both places")
		return t
	}
	givers := d.containers(t)
	d.replaceGivers(t, givers)
	d.rootUsers(t)
	d.settleStates(t)
	d.openShift(t)
	if p.Rules.NoPodLevel && (t.FSGroup != 0 || t.OpenPorts) {
		t.refuse(t.Place, "it needs fsGroup or a sysctl, which "+p.Object.Kind+" of "+p.Object.Group()+" does not take", "let the image listen above 1024 and write to no claim")
	}
	if t.Verdict == Change {
		d.podAssumptions(t)
	}
	return t
}

// containers decides for each container, the servers before the tools that only help them. It returns the init containers
// whose whole work is to give files to somebody.
func (d *decider) containers(t *PodTarget) []*giver {
	var givers []*giver
	var helpers []*workspace.Container
	for _, c := range t.Pod.Containers {
		if g, ok := giverOf(c); ok {
			givers = append(givers, g)
			continue
		}
		if c.Init() {
			helpers = append(helpers, c)
			continue
		}
		d.container(t, c)
	}
	for _, c := range helpers {
		d.container(t, c)
	}
	return givers
}

// container adds what one container needs to the decision for its pod, or refuses.
func (d *decider) container(t *PodTarget, c *workspace.Container) {
	if t.Verdict != Change {
		return
	}
	if uid, ok := statedUser(c); ok && uid > 0 {
		t.runs[c] = stated(c, uid)
		if c.Image.Build == nil && !c.Image.Known && !dropsAll(c) {
			t.assume("%s carries no program with a file capability", nameOf(c))
		}
		return // the author says who it runs as
	}
	if c.Image.Build == nil && demandsNonRoot(c) {
		// The author demands it already: such a container starts as somebody else, or not at all.
		if !c.Image.Known && !dropsAll(c) {
			t.assume("%s carries no program with a file capability", nameOf(c))
		}
		t.runs[c] = Identity{Origin: FromDemand}
		return
	}
	switch {
	case c.Image.Ref == "":
		t.refuse(c.Place(), "container "+c.Name+" has no image here", "give the image here, or the security context where the image is given")
	case c.Image.Build != nil:
		d.builtContainer(t, c)
	case c.Image.Known:
		d.stockContainer(t, c)
	default:
		d.unknownContainer(t, c)
	}
	if t.Verdict == Change {
		d.secretModes(t, c)
	}
}

// dropsAll reports whether the container drops all capabilities already, however it is spelt.
func dropsAll(c *workspace.Container) bool {
	return slices.ContainsFunc(c.Node.Get("securityContext").Get("capabilities").Get("drop").Items(), func(n *yamldoc.Node) bool {
		return strings.EqualFold(n.Text(), "ALL")
	})
}

func nameOf(c *workspace.Container) string {
	if c.Image.Ref != "" {
		return "the image " + c.Image.Ref
	}
	return "container " + c.Name
}

func (d *decider) builtContainer(t *PodTarget, c *workspace.Container) {
	image := d.builds[c.Image.Build]
	place := c.Image.Build.Place()
	pinned := strings.Contains(c.Image.Ref, "@sha256:")
	switch image.Verdict {
	case Unprivileged:
		// A digest may be older than the user that the Dockerfile states now, as it is after this program's own change.
		if pinned {
			t.refuse(c.Image.Place, "container "+c.Name+" pins its image by digest, and that image may be older than the user of its Dockerfile",
				"state runAsUser and runAsNonRoot by hand, if the image was built from "+place.Path+" as it is")
			return
		}
		u := c.Image.Build.User
		if u.UID <= 0 {
			t.refuse(c.Image.Place, fmt.Sprintf("its image runs as the name %s, whose number is not known: kubelet cannot verify a name", u.Text),
				"write the number after USER in "+place.Path)
			return
		}
		if u.Name != "" {
			t.Needs = append(t.Needs, image)
			t.assume("the image applied next is built from %s", place.Path)
		}
		t.runs[c] = Identity{UID: u.UID, GID: max(u.GID, 0), Name: u.Name, Origin: FromImage}
	case Change:
		if image.Identity.Text != "" && !isNumeric(image.Identity.Text) {
			t.refuse(c.Image.Place, "its image will run as the name "+image.Identity.Text+", and kubelet cannot verify a name", "write the number after USER in "+place.Path)
			return
		}
		if pinned {
			t.refuse(c.Image.Place, "container "+c.Name+" pins its image by digest, and that image is root", "pin the digest of an image that is built from "+place.Path+" after its change")
			return
		}
		if at, dir, ok := mountsBelowRoot(c); ok {
			t.refuse(at, fmt.Sprintf("container %s mounts %s, and only root may enter /root", c.Name, dir), "mount it elsewhere, below /etc or below the working directory")
			return
		}
		t.Needs = append(t.Needs, image)
		t.assume("the image applied next is built from %s", place.Path)
		t.runs[c] = image.Identity
		if t.Pod.Chart != nil {
			t.OpenPorts = t.OpenPorts || keepsPort(image)
		}
		d.claims(t, c, image.Identity.GID)
	default:
		t.refuse(c.Image.Place, fmt.Sprintf("container %s runs as root: %s", c.Name, image.Reason), image.Next)
	}
}

func isNumeric(text string) bool { return strings.Trim(text, "0123456789:") == "" }

// claims lets fsGroup own the claims that a container mounts, which root did not need.
func (d *decider) claims(t *PodTarget, c *workspace.Container, gid int) {
	for _, m := range c.Mounts() {
		if !m.ReadOnly && m.Persistent() {
			d.claim(t, c, m, gid)
		}
	}
}

func (d *decider) podAssumptions(t *PodTarget) {
	if t.Pod.Immutable {
		t.assume("the %s is not in the cluster any more: its template is immutable, delete it first", t.Pod.Object.Kind)
	}
	for _, l := range t.Pod.Links() {
		if !l.Certain {
			t.assume("%s", l.Because)
		}
	}
}

// keepsPort reports whether the process of an image that is built here goes on to listen below 1024.
func keepsPort(image *Target) bool {
	return slices.ContainsFunc(image.Ports, func(m PortMove) bool { return m.Strategy == Keep })
}

// mountsBelowRoot finds a volume that a container mounts below /root.
func mountsBelowRoot(c *workspace.Container) (source.Place, string, bool) {
	for _, n := range c.Node.Get("volumeMounts").Items() {
		if dir := n.Get("mountPath").Text(); below(dir, "/root") {
			return n.Place(), dir, true
		}
	}
	return source.Place{}, "", false
}
