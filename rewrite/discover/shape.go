package discover

import "slices"

// A shape is what a cheap look at YAML or JSON tells: enough to say what the file is, not what it means.
type shape struct {
	documents []document
	template  int // the first line that a template engine has to fill in, or 0
}

// document is one of a stream: its top-level keys, and the values of those that matter.
type document struct {
	keys       []string
	apiVersion string
	kind       string
	services   bool // the members of "services" have an image, a build or an extends
}

func (d document) has(key string) bool { return slices.Contains(d.keys, key) }

func (d document) isObject() bool { return d.has("apiVersion") && d.has("kind") }

func (s shape) any(is func(document) bool) bool { return slices.ContainsFunc(s.documents, is) }

// objects counts the documents that are Kubernetes objects, and those of them that only define kinds.
func (s shape) objects() (all, definitions int) {
	for _, d := range s.documents {
		if d.isObject() {
			all++
			if d.kind == "CustomResourceDefinition" {
				definitions++
			}
		}
	}
	return all, definitions
}

// foreignServices are top-level keys of files that have "services" too, but are read by another program.
var foreignServices = []string{"apiVersion", "jobs", "stages", "pipelines", "steps", "script", "before_script", "imports", "parameters", "default"}

// isCompose reports whether a document is a compose model by its content.
func (d document) isCompose() bool {
	return d.services && !slices.ContainsFunc(foreignServices, d.has)
}

// mayBeCompose reports whether a document in a file with a compose name is one: an override may hold no service.
func (d document) mayBeCompose() bool {
	if d.isObject() {
		return false
	}
	return slices.ContainsFunc([]string{"services", "include", "volumes", "networks", "configs", "secrets", "version"}, d.has)
}
