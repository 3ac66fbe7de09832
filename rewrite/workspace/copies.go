package workspace

import (
	"path"
	"strings"

	"github.com/offroot/offroot/rewrite/dockerfile"
)

// A Copied is one COPY or ADD with what it brings where.
type Copied struct {
	At      *dockerfile.Instruction
	From    *dockerfile.Stage // nil: the build context
	Foreign bool              // --from names an image that is not a stage of this file
	Sources []string          // as written, cleaned; relative to the context or absolute in the stage
	Dest    string            // absolute, cleaned; "" if it depends on a variable without a value
	DestDir bool              // Dest is a directory that the sources go into
}

// Brings returns where a file of the stage that is copied from arrives. COPY keeps its mode; a directory is copied as what is
// in it (https://docs.docker.com/reference/dockerfile/#copy).
func (c Copied) Brings(file string) (string, bool) {
	for _, from := range c.Sources {
		switch rest, below := strings.CutPrefix(file, strings.TrimSuffix(path.Join("/", from), "/")+"/"); {
		case path.Join("/", from) == file && c.DestDir:
			return path.Join(c.Dest, path.Base(file)), true
		case path.Join("/", from) == file:
			return c.Dest, true
		case below:
			return path.Join(c.Dest, rest), true
		}
	}
	return "", false
}

// Copies lists the COPY and ADD instructions of a stage and its parents, oldest first.
func (b *Build) Copies() []Copied {
	var all []Copied
	chain := b.Stage.Chain()
	for i := len(chain) - 1; i >= 0; i-- {
		all = append(all, b.copiesOf(chain[i])...)
	}
	return all
}

func (b *Build) copiesOf(stage *dockerfile.Stage) []Copied {
	var all []Copied
	for _, in := range stage.All("COPY", "ADD") {
		if len(in.Words) < 2 {
			continue
		}
		c := Copied{At: in}
		if from := in.Flag("from"); from != "" {
			c.From = b.Doc.Stage(from)
			c.Foreign = c.From == nil
		}
		last := in.Words[len(in.Words)-1].Text
		for _, w := range in.Words[:len(in.Words)-1] {
			if text, missing := stage.Expand(w.Text, in, b.environment()); len(missing) == 0 {
				c.Sources = append(c.Sources, path.Clean(text))
			}
		}
		dest, missing := stage.Expand(last, in, b.environment())
		if len(missing) == 0 {
			c.DestDir = strings.HasSuffix(dest, "/") || dest == "." || len(c.Sources) > 1
			c.Dest = b.absolute(dest, in)
		}
		all = append(all, c)
	}
	return all
}

// Workdir is the directory that relative paths of an instruction start from.
func (b *Build) Workdir(at *dockerfile.Instruction) string {
	base := b.Base.Facts.Workdir
	if base == "" {
		base = "/"
	}
	stage := b.Stage
	if at != nil {
		stage = at.Stage
	}
	return stage.Workdir(at, base)
}

func (b *Build) absolute(name string, at *dockerfile.Instruction) string {
	if path.IsAbs(name) {
		return path.Clean(name)
	}
	return path.Join(b.Workdir(at), name)
}

// lands says where a source of a copy ends up in the image. A directory's content goes into Dest itself.
func (b *Build) lands(c Copied, source, within string) (string, bool) {
	if c.Dest == "" {
		return "", false
	}
	switch {
	case within == source && !b.isDirSource(c, source):
		if c.DestDir {
			return path.Join(c.Dest, path.Base(source)), true
		}
		return c.Dest, true
	case within == source:
		return c.Dest, true
	case source == ".":
		return path.Join(c.Dest, within), true
	case strings.HasPrefix(within, source+"/"):
		return path.Join(c.Dest, strings.TrimPrefix(within, source+"/")), true
	}
	if ok, _ := path.Match(source, within); ok {
		return path.Join(c.Dest, path.Base(within)), true
	}
	return "", false
}

func (b *Build) isDirSource(c Copied, source string) bool {
	return c.From == nil && !c.Foreign && b.fs.isDir(strings.TrimPrefix(source, "/"))
}

// ImagePath says where a file of the build context ends up in the image, directly or through another stage.
func (b *Build) ImagePath(file string) (string, bool) {
	if p, ok := b.imagePath(b.Copies(), file); ok {
		return p, true
	}
	for _, c := range b.Copies() {
		if c.From == nil {
			continue
		}
		inner := &Build{Doc: b.Doc, Stage: c.From, Base: b.Base, Args: b.Args, fs: b.fs}
		at, ok := inner.imagePath(inner.Copies(), file)
		if !ok {
			continue
		}
		for _, src := range c.Sources {
			if p, ok := b.lands(c, src, at); ok {
				return p, true
			}
		}
	}
	return "", false
}

func (b *Build) imagePath(copies []Copied, file string) (string, bool) {
	for i := len(copies) - 1; i >= 0; i-- {
		c := copies[i]
		if c.From != nil || c.Foreign {
			continue
		}
		for _, src := range c.Sources {
			if p, ok := b.lands(c, strings.TrimPrefix(src, "/"), file); ok {
				return p, true
			}
		}
	}
	return "", false
}

// ContextFile finds the file of the build context that the image has at a path, or, for a bare name, in a directory of
// programs. The name is relative to the context.
func (b *Build) ContextFile(name string) (string, bool) {
	copies := b.Copies()
	for i := len(copies) - 1; i >= 0; i-- {
		c := copies[i]
		if c.From != nil || c.Foreign || c.Dest == "" {
			continue
		}
		for _, src := range c.Sources {
			if file, ok := b.contextFile(c, strings.TrimPrefix(src, "/"), name); ok {
				return file, true
			}
		}
	}
	return "", false
}

func (b *Build) contextFile(c Copied, src, name string) (string, bool) {
	bare := !strings.Contains(name, "/")
	target := name
	if !bare {
		target = b.absolute(name, nil)
	}
	if b.isDirSource(c, src) || src == "." {
		rest, ok := strings.CutPrefix(target, c.Dest+"/")
		if c.Dest == "/" {
			rest, ok = strings.TrimPrefix(target, "/"), true
		}
		if bare {
			rest, ok = name, programDir(c.Dest)
		}
		file := path.Join(src, rest)
		return file, ok && b.fs.exists(file) && !b.fs.isDir(file)
	}
	at, ok := b.lands(c, src, src)
	if strings.ContainsAny(src, "*?[") {
		file := path.Join(path.Dir(src), path.Base(target))
		return file, path.Dir(target) == c.Dest && b.fs.exists(file)
	}
	if !ok || !b.fs.exists(src) {
		return "", false
	}
	if bare {
		return src, path.Base(at) == name && programDir(path.Dir(at))
	}
	return src, at == target
}

func programDir(dir string) bool {
	switch dir {
	case "/usr/local/bin", "/usr/bin", "/bin", "/usr/local/sbin", "/usr/sbin", "/sbin", "/":
		return true
	}
	return false
}
