package discover_test

import (
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/offroot/offroot/rewrite/discover"
)

const (
	dockerfile = "FROM alpine:3.20\nCMD [\"true\"]\n"
	compose    = "services:\n  web:\n    build: .\n"
	pod        = "apiVersion: v1\nkind: Pod\nmetadata:\n  name: a\nspec:\n  containers:\n    - image: a\n"
)

// files is a tree of files by path. A value that starts with "->" is a symbolic link.
type files map[string]string

func plant(t *testing.T, fs files) string {
	t.Helper()
	root, err := filepath.EvalSymlinks(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	t.Setenv("GIT_CEILING_DIRECTORIES", filepath.Dir(root))
	grow(t, root, fs)
	return root
}

func grow(t *testing.T, root string, fs files) {
	t.Helper()
	for name, content := range fs {
		full := filepath.Join(root, filepath.FromSlash(name))
		if err := os.MkdirAll(filepath.Dir(full), 0o755); err != nil {
			t.Fatal(err)
		}
		var err error
		if target, ok := strings.CutPrefix(content, "->"); ok {
			err = os.Symlink(target, full)
		} else {
			err = os.WriteFile(full, []byte(content), 0o644)
		}
		if err != nil {
			t.Fatal(err)
		}
	}
}

// gitIn runs git with a configuration that no machine shares.
func gitIn(t *testing.T, dir string, args ...string) {
	t.Helper()
	if _, err := exec.LookPath("git"); err != nil {
		t.Skip("git is not installed")
	}
	cmd := exec.Command("git", append([]string{"-C", dir, "-c", "user.name=x", "-c", "user.email=x@example.org",
		"-c", "protocol.file.allow=always", "-c", "init.defaultBranch=main"}, args...)...)
	if out, err := cmd.CombinedOutput(); err != nil {
		t.Fatalf("git %v: %v\n%s", args, err, out)
	}
}

// ownGit makes git forget the configuration of the user who runs the tests.
func ownGit(t *testing.T, config string) {
	t.Helper()
	file := filepath.Join(t.TempDir(), "gitconfig")
	if err := os.WriteFile(file, []byte(config), 0o644); err != nil {
		t.Fatal(err)
	}
	t.Setenv("GIT_CONFIG_GLOBAL", file)
	t.Setenv("GIT_CONFIG_NOSYSTEM", "1")
	t.Setenv("XDG_CONFIG_HOME", t.TempDir())
}

// noGit makes git impossible to find.
func noGit(t *testing.T) { t.Setenv("PATH", t.TempDir()) }

func find(t *testing.T, opts discover.Options) *discover.Tree {
	t.Helper()
	tree, err := discover.Find(opts)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { tree.Close() })
	return tree
}

// paths returns the paths of the entries that satisfy keep, joined by blanks.
func paths(tree *discover.Tree, keep func(discover.Entry) bool) string {
	var out []string
	for _, e := range tree.Files {
		if keep(e) {
			out = append(out, e.Path)
		}
	}
	return strings.Join(out, " ")
}

func all(discover.Entry) bool       { return true }
func inScope(e discover.Entry) bool { return e.InScope }

func kindOf(tree *discover.Tree, path string) discover.Kind {
	i := slices.IndexFunc(tree.Files, func(e discover.Entry) bool { return e.Path == path })
	if i < 0 {
		return -1
	}
	return tree.Files[i].Kind
}

// skipped returns the skips as lines "path: reason", with "!" in front of errors.
func skipped(tree *discover.Tree) string {
	var out []string
	for _, s := range tree.Skips {
		mark := ""
		if s.Error {
			mark = "!"
		}
		out = append(out, mark+s.Place.String()+": "+s.Reason)
	}
	return strings.Join(out, "\n")
}
