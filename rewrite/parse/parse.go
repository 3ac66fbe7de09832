// Package parse turns the files that discover found into documents that know their own byte spans. What is wrong with a
// file becomes a Skip, and the other files are processed.
package parse

import (
	"errors"
	"io/fs"
	"path"
	"strings"

	"github.com/offroot/offroot/rewrite/discover"
	"github.com/offroot/offroot/rewrite/dockerfile"
	"github.com/offroot/offroot/rewrite/source"
	"github.com/offroot/offroot/rewrite/yamldoc"
)

// A Skip is a place that was not analysed, with the reason. Error marks those that end the run with exit code 2.
type Skip struct {
	Place  source.Place
	Column int
	Reason string
	Next   string
	Error  bool
}

// Documents are the parsed files by kind, each list in the order of the paths.
type Documents struct {
	FS             fs.FS
	Dockerfiles    []*dockerfile.Document
	Compose        []*yamldoc.Document
	Kubernetes     []*yamldoc.Document
	Kustomizations []*yamldoc.Document
	HelmValues     []*yamldoc.Document
	Paths          []string        // every file that may be read, sorted
	InScope        map[string]bool // files that may be changed
	// Frozen are files that must not change, with the reason: generated ones.
	Frozen map[string]string
	Skips  []Skip
	// Memo keeps what was read out of files that offroot never changes, such as sources; With shares it.
	Memo map[string]any
}

// All reads and parses every file of the tree that is of a kind that offroot knows.
func All(tree *discover.Tree) *Documents {
	docs := &Documents{FS: tree.FS(), InScope: map[string]bool{}, Frozen: map[string]string{}, Memo: map[string]any{}}
	for _, s := range tree.Skips {
		docs.Skips = append(docs.Skips, Skip{Place: s.Place, Reason: s.Reason, Error: s.Error})
	}
	for _, entry := range tree.Files {
		docs.Paths = append(docs.Paths, entry.Path)
		if entry.InScope {
			docs.InScope[entry.Path] = true
		} else if strings.Contains(entry.Reason, "generated") {
			docs.Frozen[entry.Path] = entry.Reason
		}
		docs.add(tree, entry)
	}
	return docs
}

func (docs *Documents) add(tree *discover.Tree, entry discover.Entry) {
	var list *[]*yamldoc.Document
	switch entry.Kind {
	case discover.Dockerfile:
	case discover.Compose:
		list = &docs.Compose
	case discover.Kubernetes:
		list = &docs.Kubernetes
	case discover.Kustomization:
		list = &docs.Kustomizations
	case discover.HelmValues:
		if path.Base(entry.Path) != "values.yaml" {
			return
		}
		list = &docs.HelmValues
	default:
		return
	}
	file, err := tree.Read(entry.Path)
	if err != nil {
		docs.skip(entry.Path, err)
		return
	}
	if entry.Kind == discover.Dockerfile {
		doc, err := dockerfile.Parse(file)
		if err != nil {
			docs.skip(entry.Path, err)
			return
		}
		docs.Dockerfiles = append(docs.Dockerfiles, doc)
		return
	}
	doc, err := yamldoc.Parse(file)
	if err != nil {
		docs.skip(entry.Path, err)
		return
	}
	*list = append(*list, doc)
}

func (docs *Documents) skip(name string, err error) {
	skip := Skip{Place: source.Place{Path: name, Line: 1}, Reason: err.Error(), Error: true}
	var at *source.Error
	if errors.As(err, &at) {
		skip.Place, skip.Column, skip.Reason = at.Place, at.Column, at.Msg
	}
	docs.Skips = append(docs.Skips, skip)
}
