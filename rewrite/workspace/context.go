package workspace

import (
	"bytes"
	"io/fs"
	"path"
	"strings"

	"github.com/moby/patternmatcher"
	"github.com/moby/patternmatcher/ignorefile"

	"github.com/offroot/offroot/rewrite/dockerfile"
)

// A Context is the directory that a Dockerfile is built from, relative to the root.
type Context struct {
	Dir     string
	Known   bool   // something in the repository says so; else it is the directory that fits the COPY sources best
	Because string // what says so
	// Complete is false if a COPY source is not in the repository: a file that a build step makes, for one.
	Complete bool
}

// contextFS answers what a COPY brings, leaving out what .dockerignore names.
type contextFS struct {
	fsys    fs.FS
	dir     string
	ignored *patternmatcher.PatternMatcher // of .dockerignore, nil without one
}

func (ws *Workspace) readContext(b *Build, hints []Hint) {
	file := b.Doc.File().Path
	for _, s := range ws.Services {
		if s.Build != nil && s.Build.Dockerfile == file && s.Build.Remote == "" {
			b.Context = Context{Dir: s.Build.Context, Known: true, Because: "service " + s.Name + " in " + s.Build.Place.String()}
			break
		}
	}
	if !b.Context.Known {
		for _, h := range hints {
			if h.Dockerfile == file && h.Context != "" {
				b.Context = Context{Dir: h.Context, Known: true, Because: h.What + " in " + h.Place.String()}
				break
			}
		}
	}
	if !b.Context.Known {
		b.Context = ws.bestContext(b)
	}
	for _, h := range hints {
		if h.Dockerfile == file && h.Image != "" && ws.targets(b, h) && !strings.HasPrefix(h.What, "compose") {
			b.Named = path.Base(h.Image)
			break
		}
	}
	b.fs = contextFS{ws.FS, b.Context.Dir, ws.dockerignore(b)}
	b.Context.Complete = true
	for _, src := range b.copySources() {
		if !b.fs.exists(src) {
			b.Context.Complete = false
		}
	}
}

// bestContext tries the directory of the Dockerfile and every one above it, and takes the first in which most COPY
// sources exist.
func (ws *Workspace) bestContext(b *Build) Context {
	best := Context{Dir: b.Dir(), Because: "the directory of the Dockerfile"}
	most := -1
	for dir := b.Dir(); ; dir = path.Dir(dir) {
		n := 0
		c := contextFS{ws.FS, dir, nil}
		for _, src := range b.copySources() {
			if src != "." && c.exists(src) {
				n++
			}
		}
		if n > most {
			most = n
			best.Dir = dir
			if dir != b.Dir() {
				best.Because = "the nearest directory that holds what COPY names"
			}
		}
		if dir == "." || dir == "/" {
			return best
		}
	}
}

// copySources lists what COPY and ADD of the chain take from the build context.
func (b *Build) copySources() []string {
	var sources []string
	for _, stage := range b.Stage.Chain() {
		for _, in := range stage.All("COPY", "ADD") {
			sources = append(sources, copySources(in)...)
		}
	}
	return sources
}

func copySources(in *dockerfile.Instruction) []string {
	if in.Flag("from") != "" || len(in.Words) < 2 || len(in.Heredocs) > 0 {
		return nil
	}
	var sources []string
	for _, w := range in.Words[:len(in.Words)-1] {
		if !strings.Contains(w.Text, "://") && !strings.Contains(w.Text, "$") {
			sources = append(sources, path.Clean(strings.TrimPrefix(w.Text, "/")))
		}
	}
	return sources
}

func (ws *Workspace) dockerignore(b *Build) *patternmatcher.PatternMatcher {
	for _, name := range []string{b.Doc.File().Path + ".dockerignore", path.Join(b.Context.Dir, ".dockerignore")} {
		text, err := fs.ReadFile(ws.FS, name)
		if err != nil {
			continue
		}
		patterns, err := ignorefile.ReadAll(bytes.NewReader(text))
		if err != nil {
			return nil
		}
		matcher, err := patternmatcher.New(patterns)
		if err != nil {
			return nil
		}
		return matcher
	}
	return nil
}

// exists reports whether a pattern of COPY matches anything in the context.
func (c contextFS) exists(pattern string) bool {
	if c.fsys == nil {
		return false
	}
	full := path.Join(c.dir, pattern)
	if strings.HasPrefix(full, "..") {
		return false
	}
	if !strings.ContainsAny(pattern, "*?[") {
		_, err := fs.Stat(c.fsys, full)
		return err == nil && !c.ignores(pattern)
	}
	matches, err := fs.Glob(c.fsys, full)
	return err == nil && len(matches) > 0
}

func (c contextFS) isDir(name string) bool {
	info, err := fs.Stat(c.fsys, path.Join(c.dir, name))
	return err == nil && info.IsDir()
}

func (c contextFS) read(name string) ([]byte, bool) {
	full := path.Join(c.dir, strings.TrimPrefix(name, "/"))
	if strings.HasPrefix(full, "..") {
		return nil, false
	}
	data, err := fs.ReadFile(c.fsys, full)
	return data, err == nil
}

// ignores asks the matcher that engines use themselves.
func (c contextFS) ignores(name string) bool {
	if c.ignored == nil {
		return false
	}
	matched, err := c.ignored.MatchesOrParentMatches(name)
	return err == nil && matched
}
