package workspace

import (
	"strings"

	"github.com/offroot/offroot/rewrite/source"
	"github.com/offroot/offroot/rewrite/yamldoc"
)

// An Object is one Kubernetes object: a document of a stream, or an item of a List.
type Object struct {
	Node      *yamldoc.Node
	API, Kind string
	Name      string
	Namespace string
	Labels    map[string]string // of the object itself
	// Patch marks partial objects that kustomize lays over others: what they leave out is no finding.
	Patch bool
}

// Place is the first line of the object.
func (o *Object) Place() source.Place { return o.Node.Place() }

// Group is the API group without version: "apps", "" for the core group.
func (o *Object) Group() string {
	group, _, ok := strings.Cut(o.API, "/")
	if !ok {
		return ""
	}
	return group
}

func objects(docs []*yamldoc.Document) []*Object {
	var all []*Object
	for _, doc := range docs {
		for _, root := range doc.Roots() {
			all = append(all, objectsOf(root, 0)...)
		}
	}
	return all
}

func objectsOf(n *yamldoc.Node, depth int) []*Object {
	kind := n.Get("kind").Text()
	if strings.HasSuffix(kind, "List") && n.Get("items").Kind() == yamldoc.Sequence && depth < 4 {
		var all []*Object
		for _, item := range n.Get("items").Items() {
			all = append(all, objectsOf(item, depth+1)...)
		}
		return all
	}
	if kind == "" || n.Get("apiVersion") == nil {
		return nil
	}
	meta := n.Get("metadata")
	o := &Object{Node: n, API: n.Get("apiVersion").Text(), Kind: kind, Labels: labels(meta.Get("labels"))}
	o.Name, o.Namespace = meta.Get("name").Text(), meta.Get("namespace").Text()
	if o.Name == "" {
		o.Name = strings.TrimSuffix(meta.Get("generateName").Text(), "-")
	}
	return []*Object{o}
}

func labels(n *yamldoc.Node) map[string]string {
	m := map[string]string{}
	for _, k := range n.AllKeys() {
		m[k] = n.Get(k).Text()
	}
	return m
}

// Annotations of an object.
func Annotations(o *Object) map[string]string {
	return labels(o.Node.Get("metadata").Get("annotations"))
}
