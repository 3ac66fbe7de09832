package workspace

import (
	"path"
	"sort"
	"strings"

	"github.com/offroot/offroot/rewrite/source"
	"github.com/offroot/offroot/rewrite/yamldoc"
)

// A Launch is what a manifest runs in a container instead of, or after, what the image says. The zero value leaves all of
// it to the image.
type Launch struct {
	Command []string // replaces the entrypoint
	Args    []string // replaces the command of the image
	Place   source.Place
}

// Argv is the whole command line that the manifest gives.
func (l Launch) Argv() []string { return append(append([]string(nil), l.Command...), l.Args...) }

// Given reports whether the manifest says anything.
func (l Launch) Given() bool { return len(l.Command)+len(l.Args) > 0 }

// Launch reads command and args of the container.
func (c *Container) Launch() Launch {
	var l Launch
	for _, key := range []string{"args", "command"} {
		n := c.Node.Get(key)
		if len(n.Items()) == 0 {
			continue
		}
		l.Place = n.Place()
		var words []string
		for _, item := range n.Items() {
			words = append(words, item.Text())
		}
		if key == "args" {
			l.Args = words
		} else {
			l.Command = words
		}
	}
	if n := c.Node.Get("source"); n != nil && len(l.Command) > 0 { // of Argo: the program runs a file with this text
		l.Place = n.Place()
		l.Args = []string{"source"}
		if isShell(path.Base(l.Command[0])) {
			l.Args = []string{"-c", n.Text()}
		}
	}
	return l
}

// Env returns the value of a variable that the container sets literally, and false if it takes the value from elsewhere.
func (c *Container) Env(name string) (value string, set, literal bool) {
	for _, item := range c.Node.Get("env").Items() {
		if item.Get("name").Text() == name {
			v := item.Get("value")
			return v.Text(), true, v != nil
		}
	}
	return "", false, false
}

// MountAt finds the volume that holds a path: the mount with the longest mount path at it or above it.
func (c *Container) MountAt(file string) (Mount, bool) {
	mounts := c.Mounts()
	sort.SliceStable(mounts, func(i, j int) bool { return len(mounts[i].Target) > len(mounts[j].Target) })
	for _, m := range mounts {
		if at := path.Clean(m.Target); file == at || strings.HasPrefix(file, strings.TrimSuffix(at, "/")+"/") {
			return m, true
		}
	}
	return Mount{}, false
}

// Ports returns the numbers that the container declares, with their nodes.
func (c *Container) Ports() map[int]*yamldoc.Node {
	ports := map[int]*yamldoc.Node{}
	for _, p := range c.Node.Get("ports").Items() {
		if n, ok := p.Get("containerPort").Int(); ok {
			ports[n] = p.Get("containerPort")
		}
	}
	return ports
}

// Persistent reports whether the volume outlives the pod, so that its owner is not the pod's to choose.
func (m Mount) Persistent() bool {
	switch m.Kind {
	case "emptyDir", "configMap", "secret", "projected", "downwardAPI", "hostPath", "tmpfs", "":
		return false
	}
	return true
}
