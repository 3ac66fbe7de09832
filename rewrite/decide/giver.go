package decide

import (
	"fmt"
	"path"
	"regexp"
	"strconv"
	"strings"

	"github.com/offroot/offroot/rewrite/shell"
	"github.com/offroot/offroot/rewrite/workspace"
)

// A giver is an init container whose whole work is to give files of volumes to somebody, as people did before fsGroup.
type giver struct {
	container    *workspace.Container
	owner, group string
	paths        []string
	command      string
}

// giverOf reads chown, chgrp, and the chmod that fsGroup implies. Any other command makes it a container like others.
func giverOf(c *workspace.Container) (*giver, bool) {
	if !c.Init() {
		return nil, false
	}
	argv := c.Launch().Argv()
	if len(argv) == 0 {
		return nil, false
	}
	cmds, ok := commandsOf(argv)
	if !ok {
		return nil, false
	}
	g := &giver{container: c, command: strings.Join(argv, " ")}
	for _, cmd := range cmds {
		if !g.reads(cmd) {
			return nil, false
		}
	}
	return g, len(g.paths) > 0
}

var opens = regexp.MustCompile(`^(0?2?77[0-7]|0?666|0?664|[ugoa]*\+[rwxX]+)$`)

func (g *giver) reads(c shell.Command) bool {
	if owns := shell.Chowns([]shell.Command{c}); len(owns) == 1 && (c.Name == "chown" || c.Name == "chgrp") {
		own := owns[0]
		if g.owner != "" && g.owner != own.Owner {
			return false
		}
		g.owner, g.group = own.Owner, own.Group
		g.paths = append(g.paths, own.Paths...)
		return len(own.Paths) > 0
	}
	switch c.Name {
	case "chmod":
		for _, w := range c.Args[1:] {
			if !strings.HasPrefix(w.Text, "-") {
				return opens.MatchString(w.Text)
			}
		}
	case "true", ":", "echo", "ls", "set":
		return len(c.Redirects) == 0
	}
	return false
}

// replaceGivers takes away the init containers whose work fsGroup does as well: what they give belongs to a volume that it
// reaches, and they give it to the one who runs.
func (d *decider) replaceGivers(t *PodTarget, givers []*giver) {
	for _, g := range givers {
		if t.Verdict != Change {
			return
		}
		if reason := d.replaceable(t, g); reason != "" {
			t.refuse(g.container.Launch().Place, fmt.Sprintf("init container %s runs %q as root, and fsGroup does not do the same: %s", g.container.Name, g.command, reason),
				"give the files away once, by hand, and remove the init container")
			return
		}
		t.Replaced = append(t.Replaced, g.container)
	}
}

func (d *decider) replaceable(t *PodTarget, g *giver) string {
	user, who := d.receiver(t, g)
	if who == nil {
		return "no other container mounts what it gives away"
	}
	if uid, err := strconv.Atoi(g.owner); g.owner != "" && (err != nil || uid != user.UID) {
		return fmt.Sprintf("it gives the files to %s, and %s runs as %d", g.owner, who.Name, user.UID)
	}
	if gid, err := strconv.Atoi(g.group); g.owner == "" && (err != nil || gid != user.GID) {
		return fmt.Sprintf("it gives the files to group %s, and %s runs with group %d", g.group, who.Name, user.GID)
	}
	for _, file := range g.paths {
		m, ok := g.container.MountAt(strings.TrimSuffix(strings.TrimSuffix(file, "*"), "/."))
		if !ok {
			return file + " is in no volume"
		}
		if m.Kind == "emptyDir" {
			continue // everybody may write there
		}
		if !m.Persistent() {
			return fmt.Sprintf("the volume %s is of kind %s", m.Source, m.Kind)
		}
		if blocker := d.claim(t, who, m, user.GID); blocker != "" {
			return blocker
		}
	}
	return ""
}

// receiver is the container that mounts what is given away, and who it runs as.
func (d *decider) receiver(t *PodTarget, g *giver) (Identity, *workspace.Container) {
	given := map[string]bool{}
	for _, file := range g.paths {
		if m, ok := g.container.MountAt(path.Clean(strings.TrimSuffix(file, "*"))); ok {
			given[m.Source] = true
		}
	}
	for _, c := range t.Pod.Containers {
		if c == g.container || c.Init() {
			continue
		}
		for _, m := range c.Mounts() {
			if id, known := t.runs[c]; known && given[m.Source] {
				return id, c
			}
		}
	}
	return Identity{}, nil
}
