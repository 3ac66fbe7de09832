package render_test

import (
	"context"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/offroot/offroot/rewrite/render"
)

// tree writes files and returns their root.
func tree(t *testing.T, files map[string]string) string {
	t.Helper()
	root := t.TempDir()
	for name, content := range files {
		write(t, filepath.Join(root, name), []byte(content))
	}
	return root
}

// holds checks that root has these files and no other.
func holds(t *testing.T, root string, want map[string]string) {
	t.Helper()
	found := 0
	err := filepath.WalkDir(root, func(name string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		found++
		rel, _ := filepath.Rel(root, name)
		content, ok := want[filepath.ToSlash(rel)]
		if got, _ := os.ReadFile(name); !ok || string(got) != content {
			t.Errorf("%s is %q, want %q", rel, got, content)
		}
		return nil
	})
	if err != nil || found != len(want) {
		t.Errorf("%d files (%v), want %d", found, err, len(want))
	}
}

func change(path, before, after string) render.Change {
	return render.Change{Path: path, Before: []byte(before), After: []byte(after)}
}

func TestWrite(t *testing.T) {
	root := tree(t, map[string]string{"a": "1\n", "d/b": "2\n", "c": "3\n"})
	if err := os.Chmod(filepath.Join(root, "a"), 0o750); err != nil {
		t.Fatal(err)
	}
	err := render.Write(t.Context(), root, []render.Change{
		change("d/b", "2\n", "two\n"), change("a", "1\n", "one"), change("c", "3\n", "3\n"), {Path: "d/new", After: []byte("n")},
	})
	if err != nil {
		t.Fatal(err)
	}
	holds(t, root, map[string]string{"a": "one", "d/b": "two\n", "c": "3\n", "d/new": "n"})
	if info, _ := os.Stat(filepath.Join(root, "a")); info.Mode().Perm() != 0o750 {
		t.Errorf("mode is %v, want that of the old file", info.Mode())
	}
	if err := render.Write(t.Context(), root, []render.Change{change("a", "one", "")}); err != nil {
		t.Fatal(err)
	}
	holds(t, root, map[string]string{"a": "", "d/b": "two\n", "c": "3\n", "d/new": "n"})
}

// Whatever is refused, nothing has changed and nothing is left behind, also where other changes of the same call are fine.
func TestWriteRefuses(t *testing.T) {
	tests := []struct {
		name   string
		change render.Change
		want   string
	}{
		{"changed on disk", change("b", "other", "x"), "changed since it was read"},
		{"missing", change("zz", "1", "2"), "no such file"},
		{"directory", change("dir", "1", "2"), "no regular file"},
		{"link", change("link", "2\n", "x"), "symbolic link"},
		{"link out of the root", change("out", "2\n", "x"), "symbolic link"},
		{"below a link", change("linked/c", "3\n", "x"), "symbolic link"},
		{"above the root", change("../x", "", "x"), "no path below the root"},
		{"absolute", change("/etc/hosts", "", "x"), "no path below the root"},
		{"not clean", change("dir/../b", "2\n", "x"), "no path below the root"},
		{"new, but there", render.Change{Path: "b", After: []byte("x")}, "exists already"},
		{"new, no directory", render.Change{Path: "no/b", After: []byte("x")}, "no such file"},
		{"twice", change("a", "1\n", "y"), "changed twice"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			files := map[string]string{"a": "1\n", "b": "2\n", "dir/c": "3\n"}
			root := tree(t, files)
			for name, target := range map[string]string{"link": "b", "out": "/etc/hosts", "linked": "dir"} {
				if err := os.Symlink(target, filepath.Join(root, name)); err != nil {
					t.Skip(err)
				}
			}
			err := render.Write(t.Context(), root, []render.Change{change("a", "1\n", "x"), tt.change})
			if err == nil || !strings.Contains(err.Error(), tt.want) {
				t.Errorf("error is %v, want %q", err, tt.want)
			}
			for _, name := range []string{"link", "out", "linked"} {
				if err := os.Remove(filepath.Join(root, name)); err != nil {
					t.Error(err)
				}
			}
			holds(t, root, files)
		})
	}
}

func TestWriteInterrupted(t *testing.T) {
	files := map[string]string{"a": "1\n"}
	root := tree(t, files)
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if err := render.Write(ctx, root, []render.Change{change("a", "1\n", "x")}); err == nil {
		t.Error("no error from an ended context")
	}
	holds(t, root, files)
}
