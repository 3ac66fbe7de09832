package workspace

import (
	"io/fs"
	"path"
	"regexp"
	"strings"

	"github.com/offroot/offroot/rewrite/source"
	"github.com/offroot/offroot/rewrite/yamldoc"
)

// A kustomization is what offroot reads of one: where its resources are, and what it lays over them.
type kustomization struct {
	dir       string
	resources []string // files and directories
	included  []string // directories of components, whose patches are laid over what is built here
	patches   []filePatch
	inline    []inlinePatch
}

// A filePatch is a file that is laid over objects: over those of its own name, or over those of a target.
type filePatch struct {
	path       string
	place      source.Place
	kind, name string
}

// An inlinePatch is a patch that is written inside of the kustomization, as text.
type inlinePatch struct {
	place      source.Place
	text       string
	kind, name string // of the target, "" if any
}

// markPatches finds the patches of all kustomizations: partial objects, which are judged by what they set and not by what
// they leave out.
func (ws *Workspace) markPatches(docs []*yamldoc.Document) {
	all := map[string]*kustomization{}
	for _, doc := range docs {
		for _, root := range doc.Roots() {
			k := readKustomization(path.Dir(doc.File().Path), root)
			all[k.dir] = k
		}
	}
	for _, k := range all {
		files := map[string]bool{}
		k.collect(all, files, 0)
		for _, from := range k.withComponents(all, 0) {
			for _, patch := range from.patches {
				ws.layOver(patch, files)
			}
			for _, in := range from.inline {
				ws.layInline(in, files)
			}
		}
	}
}

func readKustomization(dir string, root *yamldoc.Node) *kustomization {
	k := &kustomization{dir: dir}
	for _, key := range []string{"resources", "bases", "components"} {
		for _, n := range root.Get(key).Items() {
			if strings.Contains(n.Text(), "://") {
				continue
			}
			k.resources = append(k.resources, path.Join(dir, n.Text()))
			if key == "components" {
				k.included = append(k.included, path.Join(dir, n.Text()))
			}
		}
	}
	for _, n := range root.Get("patchesStrategicMerge").Items() {
		if strings.Contains(n.Text(), "\n") {
			k.inline = append(k.inline, inlinePatch{place: n.Place(), text: n.Text()})
			continue
		}
		k.patches = append(k.patches, filePatch{path: path.Join(dir, n.Text()), place: n.Place()})
	}
	for _, key := range []string{"patches", "patchesJson6902"} {
		for _, n := range root.Get(key).Items() {
			in := inlinePatch{place: n.Place(), text: n.Get("patch").Text(), kind: n.Get("target").Get("kind").Text(), name: n.Get("target").Get("name").Text()}
			if in.text != "" {
				k.inline = append(k.inline, in)
			}
			if file := n.Get("path").Text(); file != "" {
				k.patches = append(k.patches, filePatch{path.Join(dir, file), n.Place(), in.kind, in.name})
			}
		}
	}
	return k
}

// collect gathers the files that a kustomization builds from, through its bases.
func (k *kustomization) collect(all map[string]*kustomization, files map[string]bool, depth int) {
	if depth > 8 {
		return
	}
	for _, r := range k.resources {
		if base := all[r]; base != nil && base != k {
			base.collect(all, files, depth+1)
			continue
		}
		files[r] = true
	}
}

// withComponents are a kustomization and the components that it includes, whose patches reach the same objects.
func (k *kustomization) withComponents(all map[string]*kustomization, depth int) []*kustomization {
	list := []*kustomization{k}
	for _, dir := range k.included {
		if c := all[dir]; c != nil && c != k && depth < 8 {
			list = append(list, c.withComponents(all, depth+1)...)
		}
	}
	return list
}

// layOver marks the objects of a patch file and joins them with the pods that they are laid over. A file of JSON patches
// has no objects; what it says about a security context is as good as a patch in text.
func (ws *Workspace) layOver(patch filePatch, files map[string]bool) {
	objects := 0
	for _, o := range ws.Objects {
		if o.Node.Document().File().Path == patch.path {
			o.Patch = true
			objects++
		}
	}
	if objects == 0 {
		if text, err := fs.ReadFile(ws.FS, patch.path); err == nil {
			ws.layInline(inlinePatch{patch.place, string(text), patch.kind, patch.name}, files)
		}
	}
	for _, over := range ws.Pods {
		o := over.Object
		if o.Node.Document().File().Path != patch.path {
			continue
		}
		kind, name := o.Kind, o.Name
		if patch.kind != "" || patch.name != "" {
			kind, name = patch.kind, patch.name
		}
		for _, p := range ws.Pods {
			if p != over && files[p.Object.Node.Document().File().Path] && matches(kind, p.Object.Kind) && matches(name, p.Object.Name) {
				p.Patches = append(p.Patches, over)
			}
		}
	}
}

// matches reports whether a target of a patch names something: targets are expressions for the whole name, "" is any.
func matches(target, name string) bool {
	if target == "" || target == name {
		return true
	}
	re, err := regexp.Compile("^(?:" + target + ")$")
	return err == nil && re.MatchString(name)
}

// undoing is what a patch in text may say that takes back or replaces what a fix writes: contexts, and the lists that a fix
// appends to.
var undoing = regexp.MustCompile(`securityContext|runAs|privileged|\$patch"?: *"?replace|/volumes"?\s*$|/volumeMounts"?\s*$|/initContainers/`)

// layInline marks the pods whose security context a patch in text touches.
func (ws *Workspace) layInline(in inlinePatch, files map[string]bool) {
	if !touches(in.text) {
		return
	}
	for _, p := range ws.Pods {
		o := p.Object
		if files[o.Node.Document().File().Path] && matches(in.kind, o.Kind) && matches(in.name, o.Name) && in.reaches(o) {
			p.Overlaid = in.place
		}
	}
}

// reaches reports whether a patch that names its object itself is about this one.
func (in inlinePatch) reaches(o *Object) bool {
	if in.kind != "" || in.name != "" {
		return true
	}
	doc, err := yamldoc.Parse(source.NewFile("patch.yaml", []byte(in.text)))
	if err != nil {
		return true
	}
	for _, patch := range objects([]*yamldoc.Document{doc}) {
		if patch.Kind != o.Kind || patch.Name != o.Name {
			return false
		}
	}
	return true
}

func touches(text string) bool {
	for _, line := range strings.Split(text, "\n") {
		if undoing.MatchString(line) {
			return true
		}
	}
	return false
}
