package discover

import (
	"os"
	"path/filepath"
)

// stdinName is the path of the file on standard input if nobody says where it would lie.
const stdinName = "stdin"

// stdinRoot is the root around the place where the file on standard input would lie. That file need not exist.
func stdinRoot(name string) (string, error) {
	dir := filepath.Dir(name)
	if info, err := os.Stat(dir); name == "" || err != nil || !info.IsDir() {
		dir = "."
	}
	return Root([]string{dir})
}

// stdinScope is the one file on standard input. Without a name, or with one outside the root, it stands alone: nothing
// else is read.
func stdinScope(root, name string) *scope {
	t := target{typed: name, path: filepath.Base(name)}
	if name == "" {
		return &scope{paths: []target{{typed: "-", path: stdinName}}, alone: true}
	}
	abs, err := filepath.Abs(name)
	if err != nil {
		return &scope{paths: []target{t}, alone: true}
	}
	if dir, err := filepath.EvalSymlinks(filepath.Dir(abs)); err == nil {
		abs = filepath.Join(dir, filepath.Base(abs))
	}
	rel, ok := below(root, abs)
	if ok {
		t.path = rel
	}
	return &scope{paths: []target{t}, alone: !ok}
}
