package workspace

import (
	"path"
	"strings"
)

// A clue is one place or fact that ties an image to a Dockerfile.
type clue struct {
	what   string
	kind   string // clues of the same kind are not independent: the file they stand in, or "name"
	tag    string // as the build command writes it
	exact  bool   // the build command names the image, owner and all
	nearAs string // a directory that the clue covers, besides that of the Dockerfile
}

// A candidate is a build that an image may come from.
type candidate struct {
	build *Build
	clues []clue
}

const (
	weak     = iota + 1 // a name
	specific            // a name and a tag
	fair                // a build command that leaves the registry open
	double              // two independent ones
	full                // an exact build command
)

func (c *candidate) strength() int {
	kinds := map[string]bool{}
	best := weak
	for _, e := range c.clues {
		if e.exact {
			return full
		}
		kinds[e.kind] = true
		switch {
		case e.kind != "name":
			best = fair
		case e.tag != "":
			best = max(best, specific)
		}
	}
	if len(kinds) > 1 {
		return double
	}
	return best
}

func (c *candidate) certain() bool { return c.strength() >= double }

func (c *candidate) because() string {
	exact := c.strength() == full
	var texts []string
	kinds := map[string]bool{}
	for _, e := range c.clues {
		if (!exact || e.exact) && !kinds[e.kind] && len(texts) < 2 {
			kinds[e.kind] = true
			texts = append(texts, e.what)
		}
	}
	return strings.Join(texts, ", and ")
}

// near says how close the Dockerfile, or the file that holds the build command, is to a manifest.
func (c *candidate) near(file string) int {
	best := sharedDirs(path.Dir(file), c.build.Dir())
	for _, e := range c.clues {
		if e.nearAs != "" {
			best = max(best, sharedDirs(path.Dir(file), e.nearAs))
		}
	}
	return best
}

// byHints adds the build commands that name the image.
func (l *linker) byHints(c *candidate, name, file string) {
	for _, h := range l.byBase[path.Base(name)] {
		if h.Image == "" || h.Dockerfile != c.build.Doc.File().Path || !l.ws.targets(c.build, h) {
			continue
		}
		e := clue{what: h.What + " of " + h.Image + " in " + h.Place.String(), kind: h.Place.Path, tag: h.Tag}
		if !strings.HasPrefix(h.Place.Path, ".") {
			e.nearAs = path.Dir(h.Place.Path)
		}
		project := h.deploys() && under(file, path.Dir(h.Place.Path))
		switch {
		case h.Image == name && project && h.What != tiltBuilds:
			e.exact = true
		case officialName(name) || h.What == tiltBuilds && (h.Image != name || strings.Contains(name, "/")):
			// A Tiltfile builds for development, often from a Dockerfile of its own: it says nothing of a published name.
			continue
		case h.Image == name && strings.Contains(name, "/"):
			e.exact = true
		case !project && !l.open(c, h, name, file):
			continue
		}
		c.clues = append(c.clues, e)
	}
}

// open says whether a build command whose image has another name but for the last part may mean this one.
func (l *linker) open(c *candidate, h Hint, name, file string) bool {
	switch {
	case publicName(name):
		return false
	case owned(h.Image) && owned(name) && !sameOwner(h.Image, name):
		// Both state an owner, and not the same: a mirror or somebody else's image. Only a name beside it counts.
		return l.named(c.build, name, file) || officialName(path.Base(name)) && l.beside(c.build, h, file)
	case !strings.Contains(name, "/") && strings.Contains(h.Image, "/"):
		return sharedDirs(path.Dir(file), c.build.Dir()) > 0 || c.build.Dir() == "."
	}
	for _, n := range l.names[c.build] {
		return l.only(n, file)
	}
	return true
}

// beside reports whether a manifest lies in the project that a build command or the Dockerfile is in.
func (l *linker) beside(b *Build, h Hint, file string) bool {
	dir := path.Dir(h.Place.Path)
	return dir != "." && !strings.HasPrefix(dir, ".") && under(file, dir) || meaningful(b.Dir()) != "." && under(file, meaningful(b.Dir()))
}

// deploys holds for the tools that build what they deploy, so that a bare name means their own image.
func (h Hint) deploys() bool {
	return h.What == "skaffold artifact" || h.What == tiltBuilds || strings.HasPrefix(h.What, "compose service")
}

// owned reports whether a name states who owns the image: a part before the last that is no variable.
func owned(name string) bool {
	for _, part := range strings.Split(path.Dir(name), "/") {
		if part != "." && !open(part) {
			return true
		}
	}
	return false
}

// sameOwner compares the parts of two names from the end on. A variable or a placeholder may be anything; of a name that
// agrees in an owner the registry may differ.
func sameOwner(a, b string) bool {
	as, bs := strings.Split(path.Dir(a), "/"), strings.Split(path.Dir(b), "/")
	same := 0
	for i := 1; i <= len(as) && i <= len(bs); i++ {
		x, y := as[len(as)-i], bs[len(bs)-i]
		switch {
		case x == y && !open(x):
			same++
		case open(x) || open(y):
		case same > 0 && strings.ContainsAny(x, ".:") && strings.ContainsAny(y, ".:"):
			return true
		default:
			return false
		}
	}
	return same > 0
}

// open holds for a part of a name that somebody has yet to fill in: a variable, <PROJECT>, PROJECT_ID.
func open(part string) bool {
	return strings.ContainsAny(part, "$<>{}") || strings.ToLower(part) != part
}

func (ws *Workspace) targets(b *Build, h Hint) bool {
	if h.Target == "" {
		return b.Stage == b.Doc.Stages[len(b.Doc.Stages)-1]
	}
	return b.Stage == b.Doc.Stage(h.Target)
}
