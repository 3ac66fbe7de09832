package workspace

import (
	"path"
	"strings"

	"github.com/offroot/offroot/rewrite/source"
	"github.com/offroot/offroot/rewrite/yamldoc"
)

// An alias is an entry of the images of a kustomization: in the files that it builds from, an image gets another name.
type alias struct {
	from, to, tag string
	place         source.Place
	files         map[string]bool
}

// aliases reads the images that kustomizations rename.
func aliases(docs []*yamldoc.Document) []alias {
	uses := map[string][]string{} // by the directory of the kustomization: files and directories
	for _, doc := range docs {
		dir := path.Dir(doc.File().Path)
		for _, root := range doc.Roots() {
			uses[dir] = append(uses[dir], readKustomization(dir, root).resources...)
		}
	}
	var all []alias
	for _, doc := range docs {
		for _, root := range doc.Roots() {
			for _, n := range root.Get("images").Items() {
				from, to := n.Get("name").Text(), n.Get("newName").Text()
				if from == "" || to == "" || to == from {
					continue
				}
				a := alias{from: imageName(from), to: imageName(to), tag: n.Get("newTag").Text(), place: n.Place(), files: map[string]bool{}}
				reach(path.Dir(doc.File().Path), uses, a.files, 0)
				all = append(all, a)
			}
		}
	}
	return all
}

// reach collects the files that a kustomization builds from, through others.
func reach(dir string, uses map[string][]string, files map[string]bool, depth int) {
	if depth > 8 {
		return
	}
	for _, name := range uses[dir] {
		if _, ok := uses[name]; ok {
			reach(name, uses, files, depth+1)
			continue
		}
		files[strings.TrimPrefix(name, "./")] = true
	}
}
