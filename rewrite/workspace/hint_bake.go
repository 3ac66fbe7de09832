package workspace

import (
	"io/fs"
	"path"
	"regexp"
	"strings"

	"github.com/offroot/offroot/rewrite/source"
)

var (
	bakeMatrixItem = regexp.MustCompile(`(?s)\{([^{}]*\bname\s*=\s*"[^"]+"[^{}]*(?:\{[^{}]*\}[^{}]*)*)\}`)
	bakePair       = regexp.MustCompile(`(?m)^\s*([A-Za-z_]+)\s*=\s*"([^"]*)"`)
	bakeContext    = regexp.MustCompile(`(?m)^\s*context\s*=\s*"([^"]*\$\{item\.[^"]*)"`)
	bakeItemKey    = regexp.MustCompile(`\$\{item\.([A-Za-z_]+)\}`)
)

// bakeMatrix reads a bake file whose one target is made for each item of a list: the context is a text with item.KEY in it,
// and the image is called like the item.
func bakeMatrix(ws *Workspace, name, text string) []Hint {
	context := bakeContext.FindStringSubmatch(text)
	if context == nil || !strings.Contains(text, "matrix") {
		return nil
	}
	var hints []Hint
	for _, at := range bakeMatrixItem.FindAllStringSubmatchIndex(text, -1) {
		item := map[string]string{}
		for _, pair := range bakePair.FindAllStringSubmatch(text[at[2]:at[3]], -1) {
			if _, twice := item[pair[1]]; !twice {
				item[pair[1]] = pair[2]
			}
		}
		dir := bakeItemKey.ReplaceAllStringFunc(context[1], func(ref string) string {
			return item[bakeItemKey.FindStringSubmatch(ref)[1]]
		})
		h := Hint{What: "bake target", Image: item["name"], Place: source.Place{Path: name, Line: 1 + strings.Count(text[:at[0]], "\n")}}
		if h.Context = ws.contextOf(name, dir); h.Context != "" && h.Image != "" {
			h.Dockerfile = path.Join(h.Context, "Dockerfile")
			hints = append(hints, h)
		}
	}
	return hints
}

// contextOf finds a directory with a Dockerfile, seen from a file that names it or from the root.
func (ws *Workspace) contextOf(name, dir string) string {
	for _, from := range []string{path.Dir(name), "."} {
		full := path.Join(from, dir)
		if strings.HasPrefix(full, "..") {
			continue
		}
		if info, err := fs.Stat(ws.FS, path.Join(full, "Dockerfile")); err == nil && !info.IsDir() {
			return full
		}
	}
	return ""
}
