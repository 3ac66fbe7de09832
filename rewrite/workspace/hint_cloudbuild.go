package workspace

import (
	"path"
	"strings"

	"github.com/offroot/offroot/rewrite/source"
	"github.com/offroot/offroot/rewrite/yamldoc"
)

// cloudBuildHints reads the steps of Google Cloud Build that run docker or kaniko.
func (r *hintReader) cloudBuildHints(name, text string) []Hint {
	doc, err := yamldoc.Parse(source.NewFile(name, []byte(text)))
	if err != nil {
		return nil
	}
	var hints []Hint
	for _, root := range doc.Roots() {
		vars := map[string]string{}
		for k, v := range flatNode("", root.Get("substitutions")) {
			vars[strings.TrimPrefix(k, ".")] = v
		}
		for _, item := range root.Get("steps").Items() {
			hints = append(hints, r.cloudBuildStep(item, vars)...)
		}
	}
	return hints
}

func (r *hintReader) cloudBuildStep(n *yamldoc.Node, vars map[string]string) []Hint {
	dir := path.Dir(n.Place().Path)
	in := substitute(tidy(n.Get("dir").Text()), vars)
	dirs := []string{path.Join(dir, in), path.Join(".", in)}
	var words []string
	for _, a := range n.Get("args").Items() {
		words = append(words, substitute(tidy(a.Text()), vars))
	}
	program, _, _ := strings.Cut(path.Base(n.Get("name").Text()), ":")
	if entry := n.Get("entrypoint").Text(); entry != "" && entry != "docker" {
		program = path.Base(entry)
	}
	if call, ok := readCall(append([]string{program}, words...)); ok {
		call.place = n.Place()
		if in == "" && call.bare() {
			dirs = dirs[:1]
		}
		return r.hints(call, dirs...)
	}
	var hints []Hint
	for _, text := range append(n.Get("args").Items(), n.Get("script")) {
		if text.Kind() == yamldoc.Scalar {
			p := pipeline{r: r, file: n.Document().File(), dirs: dirs}
			hints = append(hints, p.command(text, step{vars: vars})...)
		}
	}
	return hints
}
