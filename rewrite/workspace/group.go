package workspace

import (
	"path"
	"sort"
	"strings"

	"github.com/offroot/offroot/rewrite/source"
)

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
			w.Links = append(w.Links, s.Image.link)
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
