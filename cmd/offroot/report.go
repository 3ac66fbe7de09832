package main

import (
	"os"
	"path/filepath"

	"github.com/offroot/offroot/rewrite"
	"github.com/offroot/offroot/rewrite/render"
)

// newReport hands a result over to the renderers.
func newReport(r *rewrite.Result, opts rewrite.Options, command string) *render.Report {
	return &render.Report{
		Root:      displayRoot(r.Tree.Root),
		Paths:     opts.Paths,
		Command:   command,
		Version:   readVersion().Version,
		Looked:    r.Tree.Looked,
		Workspace: r.Workspace,
		Targets:   r.Targets,
		Lowest:    opts.Policy.Lowest(),
		Pods:      &render.PodCount{Before: r.Pods.Before, After: r.Pods.After, Total: r.Pods.Total},
		Result:    r.Result,
	}
}

// displayRoot names the root as a person in the working directory would, so that the same run elsewhere prints the same.
func displayRoot(root string) string {
	dir, err := os.Getwd()
	if err != nil {
		return root
	}
	if resolved, err := filepath.EvalSymlinks(dir); err == nil {
		dir = resolved
	}
	rel, err := filepath.Rel(dir, root)
	if err != nil {
		return root
	}
	return filepath.ToSlash(rel)
}
