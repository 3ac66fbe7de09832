package corpus

import (
	"bytes"
	"encoding/json"
	"errors"
	"io/fs"
	"os"
	"os/exec"
	"path"
	"path/filepath"
	"strings"
	"testing"

	"github.com/offroot/offroot/rewrite/dockerfile"
	"github.com/offroot/offroot/rewrite/source"
	"github.com/offroot/offroot/rewrite/yamldoc"
)

type outcome struct{ stdout, stderr string }

// offroot runs the program on a repository. A crash, or a change that it had to withdraw, fails the test.
func offroot(t *testing.T, dir string, args ...string) outcome {
	t.Helper()
	cmd := exec.Command(program, append(args, "--root=.", "--no-config")...)
	cmd.Dir = dir
	cmd.Env = environment(dir)
	var stdout, stderr bytes.Buffer
	cmd.Stdout, cmd.Stderr = &stdout, &stderr
	err := cmd.Run()
	var exit *exec.ExitError
	if err != nil && !errors.As(err, &exit) {
		t.Fatal(err)
	}
	if code := cmd.ProcessState.ExitCode(); code < 0 || code > 2 || strings.Contains(stderr.String(), "panic:") {
		t.Fatalf("offroot %s: exit %d\n%s", strings.Join(args, " "), code, stderr.String())
	}
	return outcome{stdout.String(), stderr.String()}
}

// environment keeps git from what a person has configured, and from a repository that the copy may lie in.
func environment(dir string) []string {
	return append(os.Environ(), "GIT_CONFIG_GLOBAL="+os.DevNull, "GIT_CONFIG_NOSYSTEM=1", "LC_ALL=C", "NO_COLOR=1",
		"GIT_CEILING_DIRECTORIES="+filepath.Dir(dir))
}

func git(t *testing.T, dir, stdin string, args ...string) {
	t.Helper()
	if _, err := exec.LookPath("git"); err != nil {
		t.Skip("git is not installed")
	}
	cmd := exec.Command("git", args...)
	cmd.Dir = dir
	cmd.Env = environment(dir)
	cmd.Stdin = strings.NewReader(stdin)
	if out, err := cmd.CombinedOutput(); err != nil {
		t.Fatalf("git %s: %v\n%.2000s", strings.Join(args, " "), err, out)
	}
}

// copyOf copies the regular files of a repository, less what git keeps for itself.
func copyOf(t *testing.T, dir string) string {
	t.Helper()
	work := t.TempDir()
	for name, content := range read(t, dir) {
		target := filepath.Join(work, filepath.FromSlash(name))
		if err := os.MkdirAll(filepath.Dir(target), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(target, content, 0o644); err != nil {
			t.Fatal(err)
		}
	}
	return work
}

// read returns the regular files of a tree. Those that are too large for offroot are left out.
func read(t *testing.T, dir string) map[string][]byte {
	t.Helper()
	files := map[string][]byte{}
	tree := os.DirFS(dir)
	err := fs.WalkDir(tree, ".", func(name string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if d.Name() == ".git" {
			if d.IsDir() {
				return fs.SkipDir
			}
			return nil
		}
		if info, err := d.Info(); err != nil || !d.Type().IsRegular() || info.Size() > 8<<20 {
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

// stillParses: what a parser of its kind took before it takes afterwards.
func stillParses(t *testing.T, name string, before, after []byte) {
	t.Helper()
	parse := parser(name)
	if err := parse(before); err != nil {
		return
	}
	if err := parse(after); err != nil {
		t.Errorf("%s no longer parses: %v", name, err)
	}
}

func parser(name string) func([]byte) error {
	base := strings.ToLower(path.Base(name))
	switch ext := path.Ext(base); {
	case ext == ".yaml" || ext == ".yml":
		return func(content []byte) error {
			_, err := yamldoc.Parse(source.NewFile(name, content))
			return err
		}
	case ext == ".json":
		return func(content []byte) error {
			var v any
			return json.Unmarshal(content, &v)
		}
	case strings.Contains(base, "dockerfile") || strings.Contains(base, "containerfile"):
		return func(content []byte) error {
			_, err := dockerfile.Parse(source.NewFile(name, content))
			return err
		}
	}
	return func([]byte) error { return nil }
}
