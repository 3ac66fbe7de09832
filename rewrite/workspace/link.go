package workspace

import (
	"path"
	"strings"

	"github.com/offroot/offroot/rewrite/image"
	"github.com/offroot/offroot/rewrite/parse"
)

// linkServices ties each service to the stage that it builds, to the stage that a sibling or a build command builds its image
// from, or to what is known of its image.
func (ws *Workspace) linkServices(l *linker) {
	for _, s := range ws.Services {
		if s.Build == nil || s.Build.Remote != "" || s.Build.Inline {
			continue
		}
		for _, b := range ws.Builds {
			if b.Doc.File().Path == s.Build.Dockerfile && b.Stage == s.stage(b) {
				s.Image.Build = b
				s.Image.link = Link{From: s.Place(), To: b.Place(), Because: "service " + s.Name + " builds it", Certain: true}
			}
		}
	}
	for _, s := range ws.Services {
		if s.Build != nil {
			continue
		}
		if built := ws.builtBySibling(s); built != nil {
			s.Image.Build = built
			s.Image.link = Link{From: s.Place(), To: built.Place(), Because: "service " + s.Name + " runs the image that a sibling builds", Certain: true}
			continue
		}
		l.link(&s.Image, s.Doc.File().Path)
	}
}

func (s *Service) stage(b *Build) any {
	if s.Build.Target == "" {
		return b.Doc.Stages[len(b.Doc.Stages)-1]
	}
	if t := b.Doc.Stage(s.Build.Target); t != nil {
		return t
	}
	return nil
}

// builtBySibling finds a service of the same project that builds the image which this one only runs.
func (ws *Workspace) builtBySibling(s *Service) *Build {
	if s.Image.Ref == "" {
		return nil
	}
	for _, other := range ws.Siblings(s) {
		if other.Build != nil && other.Image.Ref == s.Image.Ref && other.Image.Build != nil {
			return other.Image.Build
		}
	}
	return nil
}

// linkPods ties each container to the stage that its image is built from, by the strongest evidence there is.
func (ws *Workspace) linkPods(l *linker) {
	for _, p := range ws.Pods {
		for _, c := range p.Containers {
			if c.Image.Ref == "" {
				continue
			}
			if l.link(&c.Image, p.Place().Path); c.Image.Build != nil {
				p.links = append(p.links, c.Image.link)
			}
		}
	}
}

// Link says why the service runs an image of this repository; it is false if the service runs an image from elsewhere.
func (s *Service) Link() (Link, bool) { return s.Image.link, s.Image.Build != nil }

func (i *Image) look() {
	if ref, ok := image.ParseRef(defaults(i.Ref)); ok {
		i.Facts, i.Known = image.Lookup(ref)
	}
}

// A linker ties images to the Dockerfiles of the repository.
type linker struct {
	ws      *Workspace
	aliases []alias
	byBase  map[string][]Hint // the hints by the last part of the image's name
	names   map[*Build][]dockerfileName
	count   map[string]int             // how many Dockerfiles have a name
	family  map[string]map[string]bool // see families
	owners  map[string]map[string]bool // see families
}

func newLinker(ws *Workspace, hints []Hint, docs *parse.Documents) *linker {
	l := &linker{ws: ws, aliases: aliases(docs.Kustomizations), byBase: map[string][]Hint{}, names: map[*Build][]dockerfileName{}, count: map[string]int{}}
	for _, h := range hints {
		l.byBase[path.Base(h.Image)] = append(l.byBase[path.Base(h.Image)], h)
	}
	for _, b := range ws.Builds {
		l.names[b] = dockerfileNames(b)
		for _, n := range l.names[b] {
			l.count[n.plain()]++
		}
	}
	l.families()
	return l
}

// link sets the build of an image, or what is known of one from elsewhere. An image for which two Dockerfiles have equally
// good evidence gets neither build, but the names of both.
func (l *linker) link(img *Image, file string) {
	if len(l.ws.Builds) == 0 || imageName(img.Ref) == "" {
		img.look()
		return
	}
	best := nearest(strongest(l.candidates(img, file)), file)
	if len(best) > 1 {
		best = byTag(best, imageTag(img.Ref))
	}
	if len(best) == 0 {
		best = l.namesakes(img)
	}
	if len(best) != 1 {
		for _, c := range best {
			img.Ambiguous = append(img.Ambiguous, c.build.Place().String()+" ("+c.because()+")")
		}
		img.look()
		return
	}
	img.Build = best[0].build
	img.link = Link{From: img.Place, To: img.Build.Place(), Because: best[0].because(), Certain: best[0].certain()}
}

// candidates are the Dockerfiles for which there is any evidence, under the image's own name or one that kustomize gives it.
func (l *linker) candidates(img *Image, file string) []*candidate {
	name := imageName(img.Ref)
	all := l.candidatesFor(name, imageTag(img.Ref), file)
	for _, a := range l.aliases {
		if len(all) > 0 {
			break
		}
		if a.from != name || !a.files[file] || a.to == "" {
			continue
		}
		all = l.candidatesFor(a.to, a.tag, file)
		for _, c := range all {
			for i := range c.clues {
				c.clues[i].what += ", which is what " + a.place.String() + " makes of " + name
			}
		}
	}
	return all
}

func (l *linker) candidatesFor(name, tag, file string) []*candidate {
	var all []*candidate
	public := publicName(name)
	for _, b := range l.ws.Builds {
		base := imageName(b.Base.Ref) == name // what a Dockerfile starts from is not built by it
		if base && imageTag(b.Base.Ref) == tag {
			continue
		}
		c := &candidate{build: b}
		l.byHints(c, name, file)
		if !public && !base {
			l.byNames(c, name, tag, file)
		}
		if len(c.clues) > 0 {
			all = append(all, c)
		}
	}
	return all
}

// strongest keeps the candidates with the best evidence.
func strongest(all []*candidate) []*candidate {
	var best []*candidate
	for _, c := range all {
		switch {
		case len(best) == 0 || c.strength() > best[0].strength():
			best = []*candidate{c}
		case c.strength() == best[0].strength():
			best = append(best, c)
		}
	}
	return best
}

// nearest keeps the candidates that are closest to the manifest.
func nearest(all []*candidate, file string) []*candidate {
	var near []*candidate
	for _, c := range all {
		switch {
		case len(near) == 0 || c.near(file) > near[0].near(file):
			near = []*candidate{c}
		case c.near(file) == near[0].near(file):
			near = append(near, c)
		}
	}
	return near
}

// publicName holds for names that people pull from a public registry more often than they build them.
func publicName(name string) bool {
	ref, ok := image.ParseRef(name)
	if !ok {
		return false
	}
	_, known := image.Lookup(ref)
	return known
}

// officialName holds for the bare names of Docker Hub: nginx, redis.
func officialName(name string) bool {
	return !strings.Contains(name, "/") && publicName(name)
}

func sharedDirs(a, b string) int {
	as, bs := strings.Split(a, "/"), strings.Split(b, "/")
	n := 0
	for n < len(as) && n < len(bs) && as[n] == bs[n] && as[n] != "." {
		n++
	}
	return n
}

// under reports whether a file lies in a directory or below it.
func under(file, dir string) bool {
	return dir == "." || strings.HasPrefix(path.Dir(file)+"/", dir+"/")
}
