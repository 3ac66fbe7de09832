package workspace

import (
	"path"
	"regexp"
	"sort"
	"strings"

	"github.com/offroot/offroot/rewrite/image"
	"github.com/offroot/offroot/rewrite/source"
)

// linkServices ties each service to the stage that it builds, or to what is known of its image.
func (ws *Workspace) linkServices() {
	for _, s := range ws.Services {
		if s.Build != nil {
			for _, b := range ws.Builds {
				if b.Doc.File().Path == s.Build.Dockerfile && b.Stage == s.stage(b) && s.Build.Remote == "" && !s.Build.Inline {
					s.Image.Build = b
				}
			}
			continue
		}
		if built := ws.builtBySibling(s); built != nil {
			s.Image.Build = built
			continue
		}
		s.Image.look()
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

func (i *Image) look() {
	if ref, ok := image.ParseRef(defaults(i.Ref)); ok {
		i.Facts, i.Known = image.Lookup(ref)
	}
}

// linkPods ties each container to the stage that its image is built from, by the strongest evidence there is.
func (ws *Workspace) linkPods(hints []Hint) {
	for _, p := range ws.Pods {
		for _, c := range p.Containers {
			if c.Image.Ref == "" {
				continue
			}
			if b, link, ok := ws.builtFrom(c, hints); ok {
				c.Image.Build = b
				link.From = c.Image.Place
				link.To = b.Place()
				p.links = append(p.links, link)
				continue
			}
			c.Image.look()
		}
	}
}

// builtFrom climbs down the ladder of evidence: an exact build command, then the name of the image's directory. A name
// that fits two Dockerfiles equally well is no link.
func (ws *Workspace) builtFrom(c *Container, hints []Hint) (*Build, Link, bool) {
	name := imageName(c.Image.Ref)
	if name == "" {
		return nil, Link{}, false
	}
	exact := ws.hinted(name, hints, func(h Hint) bool { return h.Image == name })
	if b, h, ok := ws.one(c, exact); ok {
		return b, Link{Because: h.What + " of " + name + " in " + h.Place.String(), Certain: true}, true
	}
	if publicName(name) {
		return nil, Link{}, false
	}
	last := ws.hinted(name, hints, func(h Hint) bool { return path.Base(h.Image) == path.Base(name) && h.Image != "" })
	byDir := ws.byName(name)
	if b, h, ok := ws.one(c, last); ok {
		certain := false
		for _, d := range byDir {
			certain = certain || d == b
		}
		return b, Link{Because: h.What + " of " + path.Base(name) + " in " + h.Place.String(), Certain: certain}, true
	}
	var candidates []candidate
	for _, b := range byDir {
		candidates = append(candidates, candidate{b, Hint{}})
	}
	if b, _, ok := ws.one(c, candidates); ok {
		return b, Link{Because: "the image " + name + " is named like " + b.Place().Path}, true
	}
	return nil, Link{}, false
}

type candidate struct {
	build *Build
	hint  Hint
}

func (ws *Workspace) hinted(name string, hints []Hint, fits func(Hint) bool) []candidate {
	var all []candidate
	for _, h := range hints {
		if !fits(h) {
			continue
		}
		for _, b := range ws.Builds {
			if b.Doc.File().Path == h.Dockerfile && ws.targets(b, h) {
				all = append(all, candidate{b, h})
			}
		}
	}
	return all
}

func (ws *Workspace) targets(b *Build, h Hint) bool {
	if h.Target == "" {
		return b.Stage == b.Doc.Stages[len(b.Doc.Stages)-1]
	}
	return b.Stage == b.Doc.Stage(h.Target)
}

// byName finds the Dockerfiles that are called like the image: Dockerfile.pilot, or one in a directory of that name, or of
// the end of the name (shop-api in api/). A version at the end of the name (ratings-v2) tells variants of one image apart.
func (ws *Workspace) byName(name string) []*Build {
	last := strings.ToLower(path.Base(name))
	var equal, suffix []*Build
	for _, b := range ws.Builds {
		if b.Stage != b.Doc.Stages[len(b.Doc.Stages)-1] {
			continue
		}
		own := b.ownName()
		switch {
		case own == "":
		case own == last:
			equal = append(equal, b)
		case hasNameSuffix(last, own), hasNameSuffix(version.ReplaceAllString(last, ""), own):
			suffix = append(suffix, b)
		}
	}
	if len(equal) > 0 {
		return equal
	}
	return suffix
}

var version = regexp.MustCompile(`-v[0-9][0-9.]*$`)

func hasNameSuffix(name, end string) bool {
	return name == end || strings.HasSuffix(name, "-"+end) || strings.HasSuffix(name, "_"+end)
}

// ownName is what a Dockerfile is called: its suffix, or its directory where that says something.
func (b *Build) ownName() string {
	base := path.Base(b.Doc.File().Path)
	if own, ok := strings.CutPrefix(base, "Dockerfile."); ok {
		return strings.ToLower(own)
	}
	if base != "Dockerfile" && base != "Containerfile" {
		return ""
	}
	dir := strings.ToLower(path.Base(b.Dir()))
	if dir == "src" || dir == "docker" || dir == "." {
		dir = strings.ToLower(path.Base(path.Dir(b.Dir())))
	}
	if dir == "." || dir == "/" {
		return ""
	}
	return dir
}

// one picks the candidate that is nearest to the manifest. Two different ones at the same distance are none.
func (ws *Workspace) one(c *Container, all []candidate) (*Build, Hint, bool) {
	from := path.Dir(c.Pod.Object.Node.Document().File().Path)
	best, bestShared, tie := -1, -1, false
	for i, cand := range all {
		shared := sharedDirs(from, cand.build.Dir())
		switch {
		case shared > bestShared:
			best, bestShared, tie = i, shared, false
		case shared == bestShared && cand.build != all[best].build:
			tie = true
		}
	}
	if best < 0 || tie {
		return nil, Hint{}, false
	}
	return all[best].build, all[best].hint, true
}

func sharedDirs(a, b string) int {
	as, bs := strings.Split(a, "/"), strings.Split(b, "/")
	n := 0
	for n < len(as) && n < len(bs) && as[n] == bs[n] && as[n] != "." {
		n++
	}
	return n
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

// group joins a build with the services and pods that run it. What runs an image from elsewhere is a workload of its own.
func (ws *Workspace) group() []*Workload {
	var all []*Workload
	byBuild := map[*Build]*Workload{}
	for _, b := range ws.Builds {
		w := &Workload{Build: b}
		byBuild[b] = w
		all = append(all, w)
	}
	for _, s := range ws.Services {
		if w := byBuild[s.Image.Build]; s.Image.Build != nil && w != nil {
			w.Services = append(w.Services, s)
			because := "service " + s.Name + " builds it"
			if s.Build == nil {
				because = "service " + s.Name + " runs the image that a sibling builds"
			}
			w.Links = append(w.Links, Link{From: s.Place(), To: w.Build.Place(), Because: because, Certain: true})
			continue
		}
		all = append(all, &Workload{Services: []*Service{s}})
	}
	for _, p := range ws.Pods {
		if p.Object.Patch {
			continue
		}
		if b := p.mainBuild(); b != nil {
			w := byBuild[b]
			w.Pods = append(w.Pods, p)
			w.Links = append(w.Links, p.links...)
			continue
		}
		all = append(all, &Workload{Pods: []*Pod{p}, Links: p.links})
	}
	return all
}

// mainBuild is the build of the first container that is built here; a pod belongs to that workload.
func (p *Pod) mainBuild() *Build {
	for _, c := range p.Containers {
		if c.List == "containers" && c.Image.Build != nil {
			return c.Image.Build
		}
	}
	return nil
}

// nameWorkloads names each workload by what people call it: its service, its pod, its stage, its directory. Names that
// occur twice get their file.
func (ws *Workspace) nameWorkloads() {
	count := map[string]int{}
	for _, w := range ws.Workloads {
		w.Name = w.shortName()
		count[w.Name]++
	}
	for _, w := range ws.Workloads {
		switch {
		case count[w.Name] < 2:
		case w.Build != nil && w.Build.Stage.Name != "":
			w.Name += ":" + w.Build.Stage.Name
		default:
			w.Name += " (" + dirOrFile(w.Place().Path) + ")"
		}
	}
	count = map[string]int{}
	for _, w := range ws.Workloads {
		count[w.Name]++
	}
	for _, w := range ws.Workloads {
		if count[w.Name] > 1 {
			w.Name += " (" + w.Place().String() + ")"
		}
	}
}

// dirOrFile tells two of the same name apart: by their directory, at the top by their file.
func dirOrFile(name string) string {
	if dir := path.Dir(name); dir != "." {
		return dir
	}
	return name
}

func (w *Workload) shortName() string {
	if len(w.Services) > 0 {
		return w.Services[0].Name
	}
	if len(w.Pods) > 0 {
		if o := w.Pods[0].Object; o.Name != "" {
			return o.Name
		}
		return strings.ToLower(w.Pods[0].Object.Kind)
	}
	if w.Build == nil {
		return "?"
	}
	if w.Build.Named != "" {
		return w.Build.Named
	}
	file := w.Build.Doc.File().Path
	name := path.Base(path.Dir(file))
	if name == "." {
		name = "image"
	}
	base := path.Base(file)
	if suffix, ok := strings.CutPrefix(base, "Dockerfile."); ok {
		name += "." + suffix
	} else if base != "Dockerfile" && base != "Containerfile" {
		name = base
	}
	if last := w.Build.Doc.Stages[len(w.Build.Doc.Stages)-1]; w.Build.Stage != last && w.Build.Stage.Name != "" {
		name += ":" + w.Build.Stage.Name
	}
	return name
}

// Files lists the files of a workload, sorted.
func (w *Workload) Files() []string {
	set := map[string]bool{}
	add := func(p source.Place) { set[p.Path] = true }
	if w.Build != nil {
		add(w.Build.Place())
	}
	for _, s := range w.Services {
		add(s.Place())
	}
	for _, p := range w.Pods {
		add(p.Place())
	}
	var names []string
	for n := range set {
		names = append(names, n)
	}
	sort.Strings(names)
	return names
}
