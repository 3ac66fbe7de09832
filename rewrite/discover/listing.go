package discover

import (
	"os"
	"path"
	"path/filepath"
	"slices"
	"strings"

	"github.com/offroot/offroot/rewrite/source"
)

// A listing gathers the files below a root: first all that git would track, or that the walk finds, then what the PATHs
// name beyond that.
type listing struct {
	root   string
	found  map[string]bool // regular files
	links  map[string]bool // symbolic links
	nested map[string]bool // directories that are left alone: submodules and other nested repositories
	real   map[string]bool // whether a directory is one itself, and not reached through a symbolic link
	skips  []Skip
}

func newListing(root string) *listing {
	return &listing{root: root, found: map[string]bool{}, links: map[string]bool{}, nested: map[string]bool{}, real: map[string]bool{}}
}

// fill finds the files that are read: everything below the root, and what the PATHs name beyond what git would track.
func (l *listing) fill(s *scope, noIgnore bool) {
	w := walker{listing: l, noIgnore: noIgnore, seen: map[string]bool{}}
	byGit := false
	if !noIgnore {
		byGit = l.askGit()
	}
	if !byGit {
		w.walk(".", w.outerRules())
	}
	for _, t := range s.paths {
		switch {
		case !t.dir:
			l.found[t.path] = true
		case byGit && l.leftOut(t.path) || !byGit && !w.seen[t.path]:
			w.walk(t.path, nil)
		}
	}
	l.dropVendored(s)
	l.noteAlone(s)
}

// noteAlone says which nested repositories were left alone, unless a PATH leads into them.
func (l *listing) noteAlone(s *scope) {
	for dir := range l.nested {
		within := target{path: dir, dir: true}
		if !slices.ContainsFunc(s.paths, func(t target) bool { return within.covers(t.path) }) {
			l.skip(dir, "a submodule, or a repository of its own, is left alone unless it is named", false)
		}
	}
}

// add takes a name that git listed. A file that is deleted in the work tree, or that lies behind a symbolic link, is not
// there; a directory is a submodule.
func (l *listing) add(name string) {
	if !l.isReal(path.Dir(name)) {
		return
	}
	info, err := os.Lstat(filepath.Join(l.root, filepath.FromSlash(name)))
	switch {
	case err != nil:
	case info.IsDir():
		l.nested[strings.TrimSuffix(name, "/")] = true
	case info.Mode().IsRegular():
		l.found[name] = true
	case info.Mode()&os.ModeSymlink != 0:
		l.links[name] = true
	}
}

func (l *listing) isReal(dir string) bool {
	if dir == "." {
		return true
	}
	known, ok := l.real[dir]
	if !ok {
		info, err := os.Lstat(filepath.Join(l.root, filepath.FromSlash(dir)))
		known = err == nil && info.IsDir() && l.isReal(path.Dir(dir))
		l.real[dir] = known
	}
	return known
}

func (l *listing) skip(name, reason string, isError bool) {
	l.skips = append(l.skips, Skip{Place: source.Place{Path: name}, Reason: reason, Error: isError})
}

// vendored are directories that hold other people's files.
var vendored = []string{"vendor", "node_modules"}

// dropVendored takes out what lies in vendored trees that no PATH names, and says so once for each tree in which there is
// something for offroot.
func (l *listing) dropVendored(s *scope) {
	noted := map[string]bool{}
	for name := range l.found {
		tree, ok := vendoredTree(s, name)
		if !ok {
			continue
		}
		delete(l.found, name)
		if !noted[tree] && (isDockerfileName(path.Base(name)) || isComposeName(path.Base(name))) {
			noted[tree] = true
			l.skip(tree, "a vendored tree is left alone unless it is named", false)
		}
	}
}

// vendoredTree returns the outermost vendored directory around name, seen from every PATH that covers it.
func vendoredTree(s *scope, name string) (string, bool) {
	tree, ok := vendoredBelow(name, name)
	for _, t := range s.paths {
		if ok && t.covers(name) {
			tree, ok = vendoredBelow(name, t.rest(name))
		}
	}
	return tree, ok
}

// vendoredBelow looks for a vendored directory in rest, the end of name.
func vendoredBelow(name, rest string) (string, bool) {
	at := len(name) - len(rest)
	for dir := range strings.SplitSeq(rest, "/") {
		at += len(dir) + 1
		if at <= len(name) && slices.Contains(vendored, dir) {
			return name[:at-1], true
		}
	}
	return "", false
}
