package discover

import (
	"errors"
	"path"
	"path/filepath"
	"slices"
	"strings"

	"github.com/bmatcuk/doublestar/v4"
)

// A scope is what may be changed: the PATHs, narrowed by globs.
type scope struct {
	paths            []target
	include, exclude []string
	alone            bool // nothing else is read
}

// target is one PATH: relative to the root, "." for the root itself.
type target struct {
	typed, path string
	dir         bool
}

// newScope resolves the PATHs. All that is wrong with them is reported at once.
func newScope(root string, opts Options) (*scope, error) {
	if opts.Stdin != nil {
		return stdinScope(root, opts.StdinName), nil
	}
	s := &scope{include: opts.Include, exclude: opts.Exclude}
	var errs []error
	for _, glob := range append(append([]string(nil), opts.Include...), opts.Exclude...) {
		if !doublestar.ValidatePattern(glob) {
			errs = append(errs, &UsageError{glob, "the glob is malformed"})
		}
	}
	for _, typed := range opts.Paths {
		t, err := newTarget(root, typed)
		if err != nil {
			errs = append(errs, err)
			continue
		}
		s.paths = append(s.paths, t)
	}
	if len(opts.Paths) == 0 {
		s.paths = []target{{typed: ".", path: ".", dir: true}}
	}
	return s, errors.Join(errs...)
}

func newTarget(root, typed string) (target, error) {
	full, info, err := realPath(typed)
	if err != nil {
		return target{}, err
	}
	rel, ok := below(root, full)
	switch {
	case !ok:
		return target{}, &UsageError{typed, "it lies outside the root " + root + "; --root sets another"}
	case !info.IsDir() && !info.Mode().IsRegular():
		return target{}, &UsageError{typed, "it is neither a file nor a directory"}
	}
	return target{typed: typed, path: rel, dir: info.IsDir()}, nil
}

// below returns full relative to root, slash-separated, if it lies there.
func below(root, full string) (string, bool) {
	rel, err := filepath.Rel(root, full)
	if err != nil || !filepath.IsLocal(rel) {
		return "", false
	}
	return filepath.ToSlash(rel), true
}

// covers reports whether name is the target or lies below it.
func (t target) covers(name string) bool {
	return t.path == "." || t.path == name || t.dir && strings.HasPrefix(name, t.path+"/")
}

// rest is name without the target: what of it the user did not type.
func (t target) rest(name string) string {
	if t.path == "." {
		return name
	}
	return strings.TrimPrefix(strings.TrimPrefix(name, t.path), "/")
}

// holds reports whether the file may be changed. Globs narrow what was typed, also a file.
func (s *scope) holds(name string) bool {
	return s.covers(name) && (len(s.include) == 0 || matchesAny(s.include, name)) && !matchesAny(s.exclude, name)
}

func (s *scope) covers(name string) bool {
	for _, t := range s.paths {
		if t.covers(name) {
			return true
		}
	}
	return false
}

// explicit reports whether the user typed this very file.
func (s *scope) explicit(name string) bool {
	for _, t := range s.paths {
		if !t.dir && t.path == name {
			return true
		}
	}
	return false
}

// typed is how the user wrote the path of a file.
func (s *scope) typed(name string) string {
	for _, t := range s.paths {
		if t.path == name {
			return t.typed
		}
	}
	return name
}

// concerns reports whether a file or a directory matters to who typed the PATHs: it lies under one, or one under it.
func (s *scope) concerns(name string) bool {
	within := target{path: name, dir: true}
	return s.covers(name) && !matchesAny(s.exclude, name) ||
		slices.ContainsFunc(s.paths, func(t target) bool { return within.covers(t.path) })
}

// matchesAny matches globs as people expect them from .gitignore: one without a slash holds at any depth, and one that
// matches a directory holds for all below it.
func matchesAny(globs []string, name string) bool {
	for _, glob := range globs {
		if matches(glob, name) {
			return true
		}
	}
	return false
}

func matches(glob, name string) bool {
	glob = strings.TrimPrefix(path.Clean(filepath.ToSlash(glob)), "/")
	if !strings.Contains(glob, "/") {
		glob = "**/" + glob
	}
	return doublestar.MatchUnvalidated(glob, name) || doublestar.MatchUnvalidated(glob+"/**", name)
}
