package decide

import (
	"fmt"
	"strings"

	"github.com/offroot/offroot/rewrite/workspace"
)

// unknownContainer decides for an image of which nothing is known. It can be proven only by a command that visibly needs
// no root, run by a program that any image has.
func (d *decider) unknownContainer(t *PodTarget, c *workspace.Container) {
	if len(c.Image.Ambiguous) > 1 {
		t.refuse(c.Image.Place, fmt.Sprintf("the image %s may be built from %s", c.Image.Ref, strings.Join(c.Image.Ambiguous, " or from ")),
			"say which, in a compose file, a skaffold.yaml or a build command that names the image; or state runAsUser by hand")
		return
	}
	if isVariable(c.Image.Ref) {
		t.refuse(c.Image.Place, fmt.Sprintf("the image of container %s is the variable %s", c.Name, c.Image.Ref), "state runAsUser by hand, if the image is not root")
		return
	}
	if argv := c.Launch().Command; len(argv) > 0 {
		if seen := readLaunch(c.Launch().Argv()); seen.root == "" && seen.unknown == "" && len(seen.servers) == 0 {
			d.toolContainer(t, c, c.Launch().Argv())
			return
		}
	}
	t.refuse(c.Image.Place, fmt.Sprintf("who the image %s runs as is not known here", c.Image.Ref),
		"state runAsUser and runAsGroup by hand, with the numbers that its documentation or docker inspect gives")
}

// toolContainer decides for a container that runs a command of plain tools: who it is does not matter, as long as it
// writes nothing but what is mounted for it.
func (d *decider) toolContainer(t *PodTarget, c *workspace.Container, argv []string) {
	seen := readLaunch(argv)
	at := c.Image.Place
	if len(argv) > 0 {
		at = c.Launch().Place
	}
	switch {
	case seen.root != "":
		t.refuse(at, fmt.Sprintf("container %s runs as root: %s", c.Name, seen.root), "do it in the image, or in a Job of its own")
		return
	case seen.unknown == "" && len(seen.servers) > 0:
		seen.unknown = "what " + seen.servers[0] + " needs without root is not known here"
	case len(argv) == 0 && c.Image.Facts.Kind == "server":
		seen.unknown = "what it needs without root is not known: " + c.Image.Facts.EntrypointNote
	}
	if seen.unknown != "" {
		t.refuse(at, fmt.Sprintf("container %s runs as root: %s", c.Name, seen.unknown), "state runAsUser by hand, if it can do without root")
		return
	}
	id := d.toolIdentity(t, c)
	for _, file := range seen.writes {
		m, mounted := c.MountAt(file)
		blocker := ""
		switch {
		case !mounted || m.ReadOnly || m.Kind == "configMap" || m.Kind == "secret":
			blocker = "it writes " + file + ", where only root may"
		case m.Persistent():
			blocker = d.claim(t, c, m, id.GID)
		}
		if blocker != "" {
			t.refuse(at, fmt.Sprintf("container %s runs as root: %s", c.Name, blocker), "mount an emptyDir there, then run offroot again")
			return
		}
	}
	t.state(c, id)
	d.lowContainerPorts(t, c)
	t.assume("the command of %s at %s needs no root and writes only what is mounted for it", c.Image.Ref, at)
}

// toolIdentity is who a tool becomes: the one whom it works for, else the image's own user, else a number.
func (d *decider) toolIdentity(t *PodTarget, c *workspace.Container) Identity {
	for _, other := range t.Pod.Containers {
		if id, ok := t.runs[other]; ok && other != c && id.UID > 0 {
			if id.Text != "" && id.GID == 0 {
				id.GID = id.UID // its group is not said
			}
			return Identity{UID: id.UID, GID: id.GID, Name: id.Name, Origin: FromNumber}
		}
	}
	if f := c.Image.Facts; c.Image.Known && f.RunAs != nil {
		return Identity{UID: f.RunAs.UID, GID: f.RunAs.GID, Name: f.RunAs.Name, Origin: FromImage}
	}
	return Identity{UID: 10001, GID: 10001, Origin: FromNumber}
}

func isVariable(ref string) bool {
	for i := 0; i < len(ref); i++ {
		if ref[i] == '$' || ref[i] == '{' || ref[i] == '<' {
			return true
		}
	}
	return false
}
