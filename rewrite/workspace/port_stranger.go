package workspace

import (
	"fmt"
	"path"
	"strings"
)

// strangers are pods and services that run an image named like this one, on the same port, without a link that is good
// enough to edit them. Moving the port would leave them behind, so they forbid it.
func (c *portCollector) strangers() {
	for _, p := range c.ws.Pods {
		for _, ct := range p.Containers {
			if ct.Image.Build != nil || ct.Image.Known || !c.mayBe(ct.Image.Ref) {
				continue
			}
			for _, n := range ct.Node.Get("ports").Items() {
				if port, ok := n.Get("containerPort").Int(); ok && port == c.port {
					c.add(PortPlace{Role: Translation, Place: n.Place(), What: "containerPort of " + ct.Name,
						Blocked: fmt.Sprintf("%s may run this image (%s), and is not tied to it well enough to be changed", n.Place(), ct.Image.Ref)})
				}
			}
		}
	}
	for _, s := range c.ws.Services {
		if s.Image.Build != nil || s.Image.Known || !c.mayBe(s.Image.Ref) {
			continue
		}
		for _, p := range s.Ports() {
			if p.Container == c.port {
				c.add(PortPlace{Role: Translation, Place: p.Node.Place(), What: "ports of " + s.Name,
					Blocked: fmt.Sprintf("%s may run this image (%s), and is not tied to it well enough to be changed", p.Node.Place(), s.Image.Ref)})
			}
		}
	}
}

// mayBe reports whether an image could be the one that is built here, by the end of its name or by name and tag.
func (c *portCollector) mayBe(ref string) bool {
	name := path.Base(imageName(ref))
	if name == "." || name == "" {
		return false
	}
	dir := path.Base(c.b.Dir())
	parent := path.Base(path.Dir(c.b.Dir()))
	for _, known := range []string{dir, c.b.Named} {
		if len(known) > 2 && (name == known || strings.HasSuffix(name, "-"+known) || strings.HasSuffix(name, "_"+known) || strings.HasSuffix(known, "-"+name)) {
			return true
		}
	}
	if words := strings.Split(dir, "-"); len(words) > 1 && strings.HasSuffix(name, "-"+words[len(words)-1]) {
		return true
	}
	return name == parent && imageTag(ref) == dir
}
