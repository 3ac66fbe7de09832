package discover

import (
	"os"
	"path"
	"path/filepath"
)

// A walker lists files where git cannot be asked. It honours .gitignore files and .git/info/exclude, but knows neither
// the user's own list of ignored files nor what is tracked although it is ignored.
type walker struct {
	*listing
	noIgnore bool
	seen     map[string]bool // directories that were read
}

// outerRules are those of the repository that no .gitignore file holds.
func (w *walker) outerRules() []ruleset {
	if w.noIgnore {
		return nil
	}
	return readRules(filepath.Join(w.root, ".git", "info", "exclude"), ".", nil)
}

// walk lists dir and all below it. outer are the rules from above; the .gitignore files within are read on the way.
func (w *walker) walk(dir string, outer []ruleset) {
	if w.seen[dir] {
		return
	}
	w.seen[dir] = true
	full := filepath.Join(w.root, filepath.FromSlash(dir))
	entries, err := os.ReadDir(full)
	if err != nil {
		w.skip(dir, "the directory cannot be read: "+cause(err), true)
	}
	rules := outer
	if !w.noIgnore {
		rules = readRules(filepath.Join(full, ".gitignore"), dir, outer)
	}
	for _, e := range entries {
		name := path.Join(dir, e.Name())
		if e.Name() == ".git" || ignoredBy(rules, name, e.IsDir()) {
			continue
		}
		switch {
		case e.Type().IsRegular():
			w.found[name] = true
		case e.Type()&os.ModeSymlink != 0:
			w.links[name] = true
		case e.IsDir() && w.isNested(name):
			w.nested[name] = true
		case e.IsDir():
			w.walk(name, rules)
		}
	}
}

// isNested reports whether a directory is a repository within the repository. A plain directory that holds several
// repositories is walked as a whole.
func (w *walker) isNested(dir string) bool {
	return isWorkTree(filepath.Join(w.root, filepath.FromSlash(dir))) && isWorkTree(w.root)
}
