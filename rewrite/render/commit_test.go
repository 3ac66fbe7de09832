package render

import (
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// staged returns a transaction over three files, one of them new, that waits for its renames.
func staged(t *testing.T) (*transaction, string) {
	t.Helper()
	dir := t.TempDir()
	for _, name := range []string{"a", "b"} {
		if err := os.WriteFile(filepath.Join(dir, name), []byte("old "+name), 0o640); err != nil {
			t.Fatal(err)
		}
	}
	root, err := os.OpenRoot(dir)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { root.Close() })
	tr := &transaction{root: root}
	for _, c := range []Change{
		{Path: "a", Before: []byte("old a"), After: []byte("new a")},
		{Path: "n", After: []byte("new n")},
		{Path: "b", Before: []byte("old b"), After: []byte("new b")},
	} {
		if err := tr.stage(c); err != nil {
			t.Fatal(err)
		}
	}
	return tr, dir
}

func wantOld(t *testing.T, dir string) {
	t.Helper()
	entries, err := os.ReadDir(dir)
	if err != nil || len(entries) != 2 {
		t.Errorf("%v (%v), want a and b alone", entries, err)
	}
	for _, name := range []string{"a", "b"} {
		content, _ := os.ReadFile(filepath.Join(dir, name))
		info, err := os.Stat(filepath.Join(dir, name))
		if err != nil || string(content) != "old "+name || info.Mode().Perm() != 0o640 {
			t.Errorf("%s is %q (%v), want the old file", name, content, err)
		}
	}
}

func TestCommitTakesBackWhatWasRenamed(t *testing.T) {
	tr, dir := staged(t)
	if err := tr.root.Remove(tr.items[2].temp); err != nil {
		t.Fatal(err)
	}
	err := tr.commit()
	if err == nil || !strings.Contains(err.Error(), `"b"`) || !strings.Contains(err.Error(), "put back") {
		t.Errorf("error is %v, want one that names b", err)
	}
	tr.clean()
	wantOld(t, dir)
}

func TestCommitNamesWhatCannotBePutBack(t *testing.T) {
	tr, _ := staged(t)
	backup := tr.items[0].backup
	for _, name := range []string{backup, tr.items[1].temp} { // the second rename fails, and so does the way back
		if err := tr.root.Remove(name); err != nil {
			t.Fatal(err)
		}
	}
	if err := tr.commit(); err == nil || !strings.Contains(err.Error(), backup) {
		t.Errorf("error is %v, want one that names %s", err, backup)
	}
}

func TestRecheckSeesALateWriter(t *testing.T) {
	tr, dir := staged(t)
	if err := os.WriteFile(filepath.Join(dir, "b"), []byte("somebody's"), 0o640); err != nil {
		t.Fatal(err)
	}
	if err := tr.recheck(); !errors.Is(err, errChanged) {
		t.Errorf("error is %v, want %v", err, errChanged)
	}
	if err := os.WriteFile(filepath.Join(dir, "b"), []byte("old b"), 0o640); err != nil {
		t.Fatal(err)
	}
	tr.clean()
	wantOld(t, dir)
}

func TestRecheckSeesALateFile(t *testing.T) {
	tr, dir := staged(t)
	if err := os.WriteFile(filepath.Join(dir, "n"), nil, 0o640); err != nil {
		t.Fatal(err)
	}
	if err := tr.recheck(); err == nil {
		t.Error("a file that appeared would be overwritten")
	}
}
