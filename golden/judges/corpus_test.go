package judges

import (
	"bytes"
	"errors"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"testing"
)

// TestCorpus judges what offroot makes of the repositories below the directory that OFFROOT_CORPUS names.
func TestCorpus(t *testing.T) {
	root := os.Getenv("OFFROOT_CORPUS")
	if root == "" {
		t.Skip("OFFROOT_CORPUS names no directory of repositories")
	}
	entries, err := os.ReadDir(root)
	if err != nil {
		t.Fatal(err)
	}
	program := buildOffroot(t)
	files, ports, reached := 0, 0, 0
	for _, e := range entries {
		if !e.IsDir() {
			continue
		}
		t.Run(e.Name(), func(t *testing.T) {
			before := judged(t, filepath.Join(root, e.Name()))
			after := judged(t, rewritten(t, program, before))
			for name, content := range after {
				if !bytes.Equal(before[name], content) {
					files++
					judge(t, name, before[name], content)
				}
			}
			old := JudgeServices(before)
			judgeServices(t, old, JudgeServices(after))
			ports += len(old)
			for _, yes := range old {
				if yes {
					reached++
				}
			}
		})
	}
	t.Logf("%d changed files judged; %d ports of services to pods, %d of them to a port that the pod lists", files, ports, reached)
}

// rewritten writes the files into a directory and runs offroot --write there.
func rewritten(t *testing.T, program string, files map[string][]byte) string {
	t.Helper()
	work := t.TempDir()
	for name, content := range files {
		target := filepath.Join(work, filepath.FromSlash(name))
		if err := os.MkdirAll(filepath.Dir(target), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(target, content, 0o644); err != nil {
			t.Fatal(err)
		}
	}
	run := exec.Command(program, "--write", "--root=.", "--no-config")
	run.Dir = work
	out, err := run.CombinedOutput()
	var exit *exec.ExitError
	if err != nil && (!errors.As(err, &exit) || exit.ExitCode() != 2) { // 2: a file of the repository does not parse
		t.Fatalf("offroot --write: %v\n%s", err, out)
	}
	return work
}

// judged reads the regular files of a tree that are not too large.
func judged(t *testing.T, dir string) map[string][]byte {
	t.Helper()
	files := map[string][]byte{}
	tree := os.DirFS(dir)
	err := fs.WalkDir(tree, ".", func(name string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if d.IsDir() && d.Name() == ".git" {
			return fs.SkipDir
		}
		info, err := d.Info()
		if err != nil || !info.Mode().IsRegular() || info.Size() > 8<<20 {
			return err
		}
		files[name], err = fs.ReadFile(tree, name)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return files
}
