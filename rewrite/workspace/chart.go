package workspace

import (
	"io/fs"
	"path"
	"strings"

	"github.com/offroot/offroot/rewrite/source"
	"github.com/offroot/offroot/rewrite/yamldoc"
)

// A Chart is a Helm chart of the repository: its templates are text, and only its values can be changed.
type Chart struct {
	Dir, Name string
	Values    *yamldoc.Document
	version   string // the appVersion
}

// A Slot is a place of a template that takes a map of values: {{ toYaml .Values.podSecurityContext }}.
type Slot struct {
	Path  []string      // below .Values
	Value *yamldoc.Node // in values.yaml, nil if the key is not there
	Place source.Place  // in the template
	Chart *Chart
}

// String is the path as templates write it.
func (s *Slot) String() string { return ".Values." + strings.Join(s.Path, ".") }

// Root is the mapping of the values.
func (c *Chart) Root() *yamldoc.Node {
	for _, root := range c.Values.Roots() {
		return root
	}
	return nil
}

// value follows a path of keys in the values.
func (c *Chart) value(keys []string) *yamldoc.Node {
	n := c.Root()
	for _, key := range keys {
		n = n.Get(key)
	}
	return n
}

// charts reads the pods of all charts whose values are at hand.
func (ws *Workspace) charts(values []*yamldoc.Document) {
	for _, doc := range values {
		dir := path.Dir(doc.File().Path)
		meta, ok := ws.chartFile(dir)
		if !ok {
			continue
		}
		c := &Chart{Dir: dir, Values: doc, Name: meta.Get("name").Text(), version: meta.Get("appVersion").Text()}
		prefix := path.Join(dir, "templates") + "/"
		for _, name := range ws.paths {
			if strings.HasPrefix(name, prefix) && (strings.HasSuffix(name, ".yaml") || strings.HasSuffix(name, ".yml") || strings.HasSuffix(name, ".tpl")) {
				ws.chartPods(c, name)
			}
		}
	}
}

func (ws *Workspace) chartFile(dir string) (*yamldoc.Node, bool) {
	name := path.Join(dir, "Chart.yaml")
	text, err := fs.ReadFile(ws.FS, name)
	if err != nil {
		return nil, false
	}
	doc, err := yamldoc.Parse(source.NewFile(name, text))
	if err != nil || len(doc.Roots()) == 0 {
		return nil, false
	}
	return doc.Roots()[0], true
}

// chartPods reads the pods of one template, as far as its text is YAML once the actions are taken out.
func (ws *Workspace) chartPods(c *Chart, name string) {
	text, err := fs.ReadFile(ws.FS, name)
	if err != nil || len(text) > 1<<20 || !strings.Contains(string(text), "containers:") {
		return
	}
	doc, err := yamldoc.Parse(source.NewFile(name, []byte(c.skeleton(string(text)))))
	if err != nil {
		return
	}
	for _, p := range pods(objects([]*yamldoc.Document{doc})) {
		p.Chart = c
		p.Slot = c.slot(p.Spec.Get("securityContext"))
		for _, ct := range p.Containers {
			ct.Slot = c.slot(ct.Node.Get("securityContext"))
			if strings.Contains(ct.Image.Ref, placeholder) {
				ct.Image.Ref = "{{ an image of the values }}"
			}
		}
		if strings.Contains(p.Object.Name, placeholder) || p.Object.Name == "" {
			p.Object.Name = c.Name + strings.TrimPrefix(p.Object.Name, placeholder)
		}
		ws.Pods = append(ws.Pods, p)
	}
}

// slot is the slot that a security context of a template consists of.
func (c *Chart) slot(context *yamldoc.Node) *Slot {
	for _, key := range context.Keys() {
		if rest, ok := strings.CutPrefix(key, slotKey); ok {
			keys := strings.Split(rest, ".")
			return &Slot{Path: keys, Value: c.value(keys), Place: context.Get(key).Place(), Chart: c}
		}
	}
	return nil
}
