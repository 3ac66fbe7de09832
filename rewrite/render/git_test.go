package render_test

import (
	"bytes"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/offroot/offroot/rewrite/render"
)

// tool skips the test if a program that judges it is missing.
func tool(t *testing.T, name string) string {
	t.Helper()
	path, err := exec.LookPath(name)
	if err != nil {
		t.Skipf("%s is not installed", name)
	}
	return path
}

func diffOf(t *testing.T, changes ...render.Change) string {
	t.Helper()
	var out bytes.Buffer
	if err := render.Diff(&out, changes, false); err != nil {
		t.Fatal(err)
	}
	return out.String()
}

// gitDiff returns what git prints for the change of one file, without its index line.
func gitDiff(t *testing.T, before, after []byte) string {
	t.Helper()
	dir := t.TempDir()
	write(t, filepath.Join(dir, "a", "x"), before)
	write(t, filepath.Join(dir, "b", "x"), after)
	cmd := exec.Command(tool(t, "git"), "-c", "core.autocrlf=false", "-c", "core.attributesFile="+os.DevNull,
		"diff", "--no-index", "--no-prefix", "--no-color", "a/x", "b/x")
	cmd.Dir = dir
	out, _ := cmd.Output() // it exits 1 where the files differ
	var kept []string
	for _, line := range strings.SplitAfter(string(out), "\n") {
		if !strings.HasPrefix(line, "index ") {
			kept = append(kept, line)
		}
	}
	return strings.Join(kept, "")
}

func write(t *testing.T, path string, content []byte) {
	t.Helper()
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(path, content, 0o644); err != nil {
		t.Fatal(err)
	}
}

// edited makes a few changes of the kind that offroot makes: lines inserted, replaced and deleted.
func edited(r *rand.Rand, lines []string, places int) []string {
	out := append([]string(nil), lines...)
	for range places {
		at := r.IntN(len(out) + 1)
		switch n := 1 + r.IntN(3); {
		case r.IntN(2) == 0:
			added := make([]string, n)
			for i := range added {
				added[i] = pick(r)
			}
			out = append(out[:at:at], append(added, out[at:]...)...)
		case at+n <= len(out):
			out = append(out[:at:at], out[at+n:]...)
		case at < len(out):
			out[at] = pick(r)
		}
	}
	return out
}

// words are few, so that equal lines are frequent and most runs can be shifted.
var words = []string{"", "", "\n", "a:\n", "  b:\n", "    - c\n", "  d: 1\n", "\te\n", "_f\n", "      \n", "RUN x\n", "é:\n"}

func pick(r *rand.Rand) string {
	for {
		if w := words[r.IntN(len(words))]; w != "" {
			return w
		}
	}
}

func text(r *rand.Rand, n int) []string {
	lines := make([]string, n)
	for i := range lines {
		lines[i] = pick(r)
	}
	return lines
}

// Where one place is changed, our diff is git's to the byte, however many places the change could be shown at.
func TestDiffIsGitsForOnePlace(t *testing.T) {
	tool(t, "git")
	r := rand.New(rand.NewPCG(1, 2))
	for range 150 {
		lines := text(r, r.IntN(40))
		before := []byte(strings.Join(lines, ""))
		after := []byte(strings.Join(edited(r, lines, 1), ""))
		want := gitDiff(t, before, after)
		if got := diffOf(t, render.Change{Path: "x", Before: before, After: after}); got != want {
			t.Fatalf("got\n%s\nwant\n%s", got, want)
		}
	}
}

// Where several places are changed there may be several shortest diffs. Ours is never longer than git's.
func TestDiffIsAsShortAsGits(t *testing.T) {
	tool(t, "git")
	r := rand.New(rand.NewPCG(5, 6))
	for range 100 {
		lines := text(r, r.IntN(60))
		before := []byte(strings.Join(lines, ""))
		after := []byte(strings.Join(edited(r, lines, 4), ""))
		want := gitDiff(t, before, after)
		got := diffOf(t, render.Change{Path: "x", Before: before, After: after})
		if changed(got) > changed(want) {
			t.Fatalf("got\n%s\nwant\n%s", got, want)
		}
	}
}

// changed counts the lines that a diff adds or deletes.
func changed(diff string) int {
	n := 0
	for line := range strings.Lines(diff) {
		if line[0] == '+' || line[0] == '-' {
			n++
		}
	}
	return n
}
