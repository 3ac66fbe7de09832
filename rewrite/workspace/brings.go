package workspace

import (
	"io/fs"
	"path"
	"strings"

	"github.com/offroot/offroot/rewrite/dockerfile"
	"github.com/offroot/offroot/rewrite/shell"
)

// exists in the image as a directory or file that a COPY from the context brings.
func (b *Build) Brings(at string) bool {
	for _, c := range b.Copies() {
		if c.From != nil || c.Foreign {
			continue
		}
		for _, src := range c.Sources {
			src = strings.TrimPrefix(src, "/")
			rel, ok := strings.CutPrefix(at, strings.TrimSuffix(c.Dest, "/")+"/")
			if ok && (src == "." || b.isDirSource(c, src)) {
				if full := path.Join(src, rel); b.fs.exists(full) || b.hasUnignored(full) {
					return true
				}
			}
			if lands, ok := b.lands(c, src, src); ok && lands == at && b.fs.exists(src) {
				return true
			}
		}
	}
	return false
}

// hasUnignored reports whether a directory holds a file that .dockerignore lets through; the directory then comes along.
func (b *Build) hasUnignored(dir string) bool {
	entries, err := fs.ReadDir(b.fs.fsys, path.Join(b.Context.Dir, dir))
	if err != nil {
		return false
	}
	for _, e := range entries {
		if !b.fs.ignores(path.Join(dir, e.Name())) {
			return true
		}
	}
	return false
}

// BringsData reports whether the context brings files into a directory, beyond the placeholders that keep it in git.
func (b *Build) BringsData(at string) bool {
	for _, c := range b.Copies() {
		if c.From != nil || c.Foreign {
			continue
		}
		for _, src := range c.Sources {
			src = strings.TrimPrefix(src, "/")
			dir := src
			if rel, ok := strings.CutPrefix(at, strings.TrimSuffix(c.Dest, "/")+"/"); ok {
				dir = path.Join(src, rel)
			} else if at != c.Dest {
				continue
			}
			if b.holdsFiles(dir) {
				return true
			}
		}
	}
	return false
}

func (b *Build) holdsFiles(dir string) bool {
	entries, err := fs.ReadDir(b.fs.fsys, path.Join(b.Context.Dir, dir))
	if err != nil {
		return false
	}
	for _, e := range entries {
		switch e.Name() {
		case ".gitkeep", ".keep", ".gitignore", "README.md":
		default:
			if !b.fs.ignores(path.Join(dir, e.Name())) {
				return true
			}
		}
	}
	return false
}

// MadeBy reports whether a RUN makes a directory.
func (b *Build) MadeBy(in *dockerfile.Instruction, name string) bool {
	run := b.Run(in)
	if run == nil {
		return false
	}
	for _, dir := range shell.Made(run.Commands) {
		if b.absolute(dir, in) == name {
			return true
		}
	}
	return false
}

// Run returns what a RUN instruction of the chain does, nil for others.
func (b *Build) Run(in *dockerfile.Instruction) *Run { return b.run(in) }

// Holds reports whether a path lies in the repository: a mount of sources or of configuration, and not of data.
func (ws *Workspace) Holds(name string) bool {
	if name == "" || path.IsAbs(name) || strings.HasPrefix(name, "..") || strings.ContainsAny(name, "$~") {
		return false
	}
	for _, p := range ws.paths {
		if p == name || strings.HasPrefix(p, name+"/") || name == "." {
			return true
		}
	}
	return false
}
