package golden_test

import (
	"bytes"
	"errors"
	"flag"
	"fmt"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"testing"

	"github.com/offroot/offroot/golden"
	// What the command is built of, so that a change of it runs these tests again.
	_ "github.com/offroot/offroot/rewrite"
	_ "github.com/offroot/offroot/rewrite/config"
	_ "github.com/offroot/offroot/rewrite/render"
)

var update = flag.Bool("update", false, "rewrite want/ and out/ of the archives that are not pending")

// program is the command under test, built once by TestMain.
var program string

func TestMain(m *testing.M) {
	flag.Parse()
	dir, err := os.MkdirTemp("", "offroot-golden-")
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
	program = filepath.Join(dir, "offroot")
	if runtime.GOOS == "windows" {
		program += ".exe"
	}
	code := 1
	if err := build(program); err != nil {
		fmt.Fprintln(os.Stderr, err)
	} else {
		code = m.Run()
	}
	os.RemoveAll(dir)
	os.Exit(code)
}

func build(output string) error {
	args := []string{"build", "-o", output}
	if raceEnabled {
		args = append(args, "-race")
	}
	out, err := exec.Command("go", append(args, "github.com/offroot/offroot/cmd/offroot")...).CombinedOutput()
	if err != nil {
		return fmt.Errorf("go build: %w\n%s", err, out)
	}
	return nil
}

// An outcome is what one run of the program left behind.
type outcome struct {
	code           int
	stdout, stderr string
}

func (o outcome) stream(name string) string {
	if name == "stdout" {
		return o.stdout
	}
	return o.stderr
}

// offroot runs the program in a directory. A crash is fatal to the test whatever the test is about.
func offroot(t *testing.T, dir string, stdin []byte, args ...string) outcome {
	t.Helper()
	cmd := exec.Command(program, args...)
	cmd.Dir = dir
	cmd.Env = append(isolated(), "NO_COLOR=1")
	cmd.Stdin = bytes.NewReader(stdin)
	var stdout, stderr bytes.Buffer
	cmd.Stdout, cmd.Stderr = &stdout, &stderr
	err := cmd.Run()
	var exit *exec.ExitError
	if err != nil && !errors.As(err, &exit) {
		t.Fatal(err)
	}
	if s := stderr.String(); strings.Contains(s, "panic:") || strings.Contains(s, "DATA RACE") {
		t.Fatalf("offroot %s crashed:\n%s", strings.Join(args, " "), s)
	}
	return outcome{cmd.ProcessState.ExitCode(), stdout.String(), stderr.String()}
}

// isolated is the environment without what a person's own git configuration could change.
func isolated() []string {
	return append(os.Environ(), "GIT_CONFIG_GLOBAL="+os.DevNull, "GIT_CONFIG_NOSYSTEM=1", "LC_ALL=C")
}

// run runs another program in a directory and returns what it printed.
func run(dir string, stdin []byte, name string, args ...string) (string, error) {
	cmd := exec.Command(name, args...)
	cmd.Dir = dir
	cmd.Env = isolated()
	cmd.Stdin = bytes.NewReader(stdin)
	out, err := cmd.CombinedOutput()
	return string(out), err
}

// needs skips a check on a machine that lacks a program.
func needs(t *testing.T, name string) {
	t.Helper()
	if _, err := exec.LookPath(name); err != nil {
		t.Skipf("%s is not installed", name)
	}
}

// A tree is a directory with the files of a case, a git work tree if git is installed.
type tree struct{ dir string }

func plainTree(t *testing.T, files map[string][]byte, executable map[string]bool) tree {
	t.Helper()
	dir := t.TempDir()
	for name, content := range files {
		path := filepath.Join(dir, filepath.FromSlash(name))
		if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
			t.Fatal(err)
		}
		mode := fs.FileMode(0o644)
		if executable[name] {
			mode = 0o755
		}
		if err := os.WriteFile(path, content, mode); err != nil {
			t.Fatal(err)
		}
	}
	return tree{dir}
}

func gitTree(t *testing.T, files map[string][]byte, executable map[string]bool) tree {
	t.Helper()
	work := plainTree(t, files, executable)
	if _, err := exec.LookPath("git"); err == nil {
		if out, err := run(work.dir, nil, "git", "init", "-q"); err != nil {
			t.Fatalf("git init: %v\n%s", err, out)
		}
	}
	return work
}

// files reads the tree back.
func (w tree) files(t *testing.T) map[string][]byte {
	t.Helper()
	files := map[string][]byte{}
	err := filepath.WalkDir(w.dir, func(path string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if d.IsDir() {
			if d.Name() == ".git" {
				return filepath.SkipDir
			}
			return nil
		}
		rel, err := filepath.Rel(w.dir, path)
		if err != nil {
			return err
		}
		files[filepath.ToSlash(rel)], err = os.ReadFile(path)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return files
}

// mode returns the permission bits of a file of the tree.
func (w tree) mode(t *testing.T, name string) fs.FileMode {
	t.Helper()
	info, err := os.Stat(filepath.Join(w.dir, filepath.FromSlash(name)))
	if err != nil {
		t.Fatal(err)
	}
	return info.Mode().Perm()
}

// A subject is an archive with the two runs that every check is about: the diff and --write.
type subject struct {
	*golden.Archive
	args   []string          // those of the first run of the script that is a fix
	dry    outcome           // without --write
	write  outcome           // with it
	after  map[string][]byte // the repository after --write
	change map[string][]byte // what of it is different from before
	modes  map[string][2]fs.FileMode
}

func newSubject(t *testing.T, a *golden.Archive) *subject {
	t.Helper()
	s := &subject{Archive: a, args: fixArgs(a), change: map[string][]byte{}, modes: map[string][2]fs.FileMode{}}
	work := gitTree(t, a.Files, a.Exec)
	s.dry = offroot(t, work.dir, nil, s.args...)
	for _, name := range a.Names() {
		s.modes[name] = [2]fs.FileMode{work.mode(t, name)}
	}
	s.write = offroot(t, work.dir, nil, s.writeArgs()...)
	s.after = work.files(t)
	for name, content := range s.after {
		if before, ok := a.Files[name]; !ok || !bytes.Equal(before, content) {
			s.change[name] = content
		}
		if ok := s.modes[name]; ok[0] != 0 {
			s.modes[name] = [2]fs.FileMode{ok[0], work.mode(t, name)}
		}
	}
	return s
}

func (s *subject) writeArgs() []string { return append(slices.Clone(s.args), "--write") }

// fixArgs returns the arguments of the first run that prints a diff of the repository, less those that change its form.
func fixArgs(a *golden.Archive) []string {
	for _, r := range a.Script {
		if !isFix(r.Args) || slices.Contains(r.Args, "-") {
			continue
		}
		var args []string
		for _, arg := range r.Args {
			switch arg {
			case "-w", "--write", "-l", "--list", "--format=json", "--exit-zero":
			default:
				args = append(args, arg)
			}
		}
		return args
	}
	return nil
}

func isFix(args []string) bool {
	if len(args) == 0 {
		return true
	}
	switch args[0] {
	case "check", "explain", "rules", "version", "help", "--help", "--version":
		return false
	}
	return true
}

// namesPaths reports whether the arguments limit the run to some paths. Archives write flags with values as --flag=value.
func namesPaths(args []string) bool {
	for _, arg := range args {
		if !strings.HasPrefix(arg, "-") && arg != "fix" {
			return true
		}
	}
	return false
}
