package workspace

import (
	"path"
	"strings"

	"github.com/offroot/offroot/rewrite/source"
	"github.com/offroot/offroot/rewrite/yamldoc"
)

// A kustomization is what offroot reads of one: where its resources are, and what it lays over them.
type kustomization struct {
	dir       string
	resources []string // files and directories
	patches   []string // files
	inline    []inlinePatch
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
		for _, name := range k.patches {
			ws.layOver(name, files)
		}
		for _, in := range k.inline {
			ws.layInline(in, files)
		}
	}
}

func readKustomization(dir string, root *yamldoc.Node) *kustomization {
	k := &kustomization{dir: dir}
	for _, key := range []string{"resources", "bases", "components"} {
		for _, n := range root.Get(key).Items() {
			if !strings.Contains(n.Text(), "://") {
				k.resources = append(k.resources, path.Join(dir, n.Text()))
			}
		}
	}
	for _, n := range root.Get("patchesStrategicMerge").Items() {
		if strings.Contains(n.Text(), "\n") {
			k.inline = append(k.inline, inlinePatch{place: n.Place(), text: n.Text()})
			continue
		}
		k.patches = append(k.patches, path.Join(dir, n.Text()))
	}
	for _, key := range []string{"patches", "patchesJson6902"} {
		for _, n := range root.Get(key).Items() {
			in := inlinePatch{place: n.Place(), text: n.Get("patch").Text(), kind: n.Get("target").Get("kind").Text(), name: n.Get("target").Get("name").Text()}
			if in.text != "" {
				k.inline = append(k.inline, in)
			}
			if file := n.Get("path").Text(); file != "" {
				k.patches = append(k.patches, path.Join(dir, file))
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

// layOver marks the objects of a patch file and joins them with the pods that they are laid over.
func (ws *Workspace) layOver(file string, files map[string]bool) {
	for _, o := range ws.Objects {
		if o.Node.Document().File().Path == file {
			o.Patch = true
		}
	}
	for _, patch := range ws.Pods {
		if patch.Object.Node.Document().File().Path != file {
			continue
		}
		for _, p := range ws.Pods {
			o := p.Object
			if o.Kind == patch.Object.Kind && o.Name == patch.Object.Name && p != patch && files[o.Node.Document().File().Path] {
				p.Patches = append(p.Patches, patch)
			}
		}
	}
}

// layInline marks the pods whose security context a patch in text touches.
func (ws *Workspace) layInline(in inlinePatch, files map[string]bool) {
	if !strings.Contains(in.text, "securityContext") && !strings.Contains(in.text, "runAs") {
		return
	}
	for _, p := range ws.Pods {
		o := p.Object
		if !files[o.Node.Document().File().Path] {
			continue
		}
		if in.kind != "" && in.kind != o.Kind || in.name != "" && in.name != o.Name {
			continue
		}
		p.Overlaid = in.place
	}
}
