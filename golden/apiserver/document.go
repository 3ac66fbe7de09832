package main

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io/fs"
	"path"
	"regexp"
	"strings"

	"gopkg.in/yaml.v3"
)

// A document is one object of a file, with the bytes that the server is given.
type document struct {
	place   string // file:line, or file:line#n for the nth item of a list
	content []byte
	json    bool
	header
}

// A header is what tells where an object goes.
type header struct {
	APIVersion string `yaml:"apiVersion"`
	Kind       string `yaml:"kind"`
	Metadata   struct {
		Name      string `yaml:"name"`
		Namespace string `yaml:"namespace"`
	} `yaml:"metadata"`
}

// documents returns the objects of all YAML and JSON files of a tree, by their places in it. What does not parse, such as
// templates of charts, and what says no kind are not among them.
func documents(tree fs.FS) (map[string][]document, error) {
	files := map[string][]document{}
	err := fs.WalkDir(tree, ".", func(name string, d fs.DirEntry, err error) error {
		if err != nil || !d.Type().IsRegular() {
			return err
		}
		switch path.Ext(name) {
		case ".yaml", ".yml", ".json":
		default:
			return nil
		}
		content, err := fs.ReadFile(tree, name)
		if err != nil {
			return err
		}
		if found := split(name, content); len(found) > 0 {
			files[name] = found
		}
		return nil
	})
	return files, err
}

// separator is the line between two documents. Nothing inside a document can look like it.
var separator = regexp.MustCompile(`(?m)^---(?:[ \t\r].*)?$`)

func split(name string, content []byte) []document {
	content = bytes.TrimPrefix(content, []byte("\xef\xbb\xbf"))
	if path.Ext(name) == ".json" {
		return objects(document{place: name + ":1", content: content, json: true})
	}
	var out []document
	start := 0
	for _, cut := range append(separator.FindAllIndex(content, -1), []int{len(content), len(content)}) {
		line := 1 + bytes.Count(content[:start], []byte("\n"))
		out = append(out, objects(document{place: fmt.Sprintf("%s:%d", name, line), content: content[start:cut[0]]})...)
		start = cut[1]
	}
	return out
}

// objects reads the header of a document, and takes a list apart.
func objects(d document) []document {
	if yaml.Unmarshal(d.content, &d.header) != nil || d.Kind == "" || d.APIVersion == "" {
		return nil
	}
	if !strings.HasSuffix(d.Kind, "List") {
		return []document{d}
	}
	var list struct{ Items []map[string]any }
	if yaml.Unmarshal(d.content, &list) != nil {
		return nil
	}
	var out []document
	for i, item := range list.Items {
		text, err := json.Marshal(item)
		if err == nil {
			out = append(out, objects(document{place: fmt.Sprintf("%s#%d", d.place, i+1), content: text, json: true})...)
		}
	}
	return out
}
