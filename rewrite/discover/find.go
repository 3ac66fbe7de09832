package discover

import (
	"cmp"
	"errors"
	"maps"
	"os"
	"path"
	"path/filepath"
	"slices"

	"github.com/offroot/offroot/rewrite/source"
)

// Find lists and classifies the files below the root.
//
// Files that are read are what git tracks or would track, without vendored trees and nested repositories, and all that a
// PATH names beyond that. Those that lie under a PATH and are not left out by a glob are in scope. A file that was typed
// and is neither Dockerfile nor manifest, a PATH that does not exist, and a malformed glob are *UsageErrors, all of them
// joined. Whatever is wrong with single files is in Tree.Skips.
func Find(opts Options) (*Tree, error) {
	root, err := findRoot(opts)
	if err != nil {
		return nil, err
	}
	s, err := newScope(root, opts)
	if err != nil {
		return nil, err
	}
	tree, err := open(root)
	if err != nil {
		return nil, err
	}
	if err := tree.fill(s, opts); err != nil {
		tree.Close()
		return nil, err
	}
	return tree, nil
}

func findRoot(opts Options) (string, error) {
	if opts.Root == "" && opts.Stdin != nil {
		return stdinRoot(opts.StdinName)
	}
	if opts.Root == "" {
		return Root(opts.Paths)
	}
	root, info, err := realPath(opts.Root)
	if err == nil && !info.IsDir() {
		err = &UsageError{opts.Root, "the root must be a directory"}
	}
	return root, err
}

func open(root string) (*Tree, error) {
	dir, err := os.OpenRoot(root)
	if err != nil {
		return nil, &UsageError{root, cause(err)}
	}
	return &Tree{Root: root, Links: map[string]string{}, dir: dir, cache: map[string]*source.File{}}, nil
}

// fill lists, classifies and marks what is in scope.
func (t *Tree) fill(s *scope, opts Options) error {
	if opts.Stdin != nil {
		f := source.NewFile(s.paths[0].path, append([]byte{}, opts.Stdin...))
		if err := checkText(f.Path, f.Content); err != nil {
			return err
		}
		t.cache[f.Path] = f
	}
	l := newListing(t.Root)
	if s.alone {
		l.found[s.paths[0].path] = true
	} else {
		l.fill(s, opts.NoIgnore)
	}
	names := slices.Sorted(maps.Keys(l.found))
	c := &classifier{tree: t, charts: newCharts(names)}
	t.Skips = l.skips
	t.resolve(l.links)
	var errs []error
	for _, name := range names {
		e, err := t.entry(c, s, name)
		errs = append(errs, err)
		t.Files = append(t.Files, e)
		if s.holds(name) {
			t.Looked++
		}
	}
	t.Skips = inScope(append(t.Skips, c.charts.skips()...), s)
	return errors.Join(errs...)
}

// entry classifies one file. The bytes of files that do not matter are forgotten.
func (t *Tree) entry(c *classifier, s *scope, name string) (Entry, error) {
	explicit := s.explicit(name)
	v := c.classify(name, explicit)
	if v.skip != nil && !(v.frozen && explicit) {
		t.Skips = append(t.Skips, *v.skip)
	}
	if v.kind == Other {
		delete(t.cache, name)
	}
	e := Entry{Path: name, Kind: v.kind, Explicit: explicit, Reason: v.reason}
	e.InScope = s.holds(name) && (explicit || !v.frozen)
	if explicit && s.holds(name) && v.skip == nil && !v.kind.isManifest() {
		return e, neither(s.typed(name), v.reason)
	}
	return e, nil
}

func neither(typed, reason string) error {
	msg := "it is neither a Dockerfile nor a compose or Kubernetes file"
	if reason != "" && reason != "name" {
		msg += ": " + reason
	}
	return &UsageError{typed, msg}
}

// resolve notes where symbolic links lead that stay below the root. One that does not, and has the name of a file for us,
// is skipped with a word.
func (t *Tree) resolve(links map[string]bool) {
	for link := range links {
		full, err := filepath.EvalSymlinks(filepath.Join(t.Root, filepath.FromSlash(link)))
		target, ok := "", false
		if err == nil {
			target, ok = below(t.Root, full)
		}
		base := path.Base(link)
		switch {
		case !ok && (isDockerfileName(base) || isComposeName(base) || isKustomizationName(base)):
			place := source.Place{Path: link}
			t.Skips = append(t.Skips, Skip{Place: place, Reason: "a symbolic link that leads out of the root, or nowhere"})
		case ok:
			if info, err := os.Stat(full); err == nil && info.Mode().IsRegular() {
				t.Links[link] = target
			}
		}
	}
}

// inScope keeps what concerns the PATHs. What could not be read elsewhere is kept too, since a link may be missed for it,
// but it is no error of this run. Each place is named once.
func inScope(skips []Skip, s *scope) []Skip {
	var out []Skip
	seen := map[Skip]bool{}
	for _, skip := range skips {
		if !s.concerns(skip.Place.Path) {
			if !skip.Error {
				continue
			}
			skip.Error = false
		}
		if !seen[skip] {
			seen[skip] = true
			out = append(out, skip)
		}
	}
	slices.SortStableFunc(out, func(a, b Skip) int {
		return cmp.Or(cmp.Compare(a.Place.Path, b.Place.Path), cmp.Compare(a.Place.Line, b.Place.Line))
	})
	return out
}
