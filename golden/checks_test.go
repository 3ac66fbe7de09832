package golden_test

import (
	"maps"
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/offroot/offroot/golden"
	"github.com/rogpeppe/go-internal/diff"
)

// freeChecks hold for every archive, whatever its outcome is.
var freeChecks = []struct {
	name  string
	check func(*testing.T, *subject)
}{
	{"write-exits-0", writeExitsZero},
	{"second-run-changes-nothing", secondRunChangesNothing},
	{"only-the-diff-is-written", onlyTheDiffIsWritten},
	{"modes-stay", modesStay},
	{"git-applies-the-diff", gitAppliesTheDiff},
	{"patch-applies-the-diff", patchAppliesTheDiff},
	{"crlf-stays-crlf", crlfStaysCRLF},
	{"no-final-newline-stays-so", noFinalNewlineStaysSo},
	{"order-of-paths-is-free", orderOfPathsIsFree},
	{"git-is-not-needed", gitIsNotNeeded},
}

// writeExitsZero: --write did its work, even if something stayed unfixed. Only a file that does not parse makes it 2.
func writeExitsZero(t *testing.T, s *subject) {
	if s.write.code != 0 && (s.write.code != 2 || s.dry.code != 2) {
		t.Errorf("exit %d with --write (%d without)\n%s", s.write.code, s.dry.code, s.write.stderr)
	}
}

// secondRunChangesNothing: what was written is settled.
func secondRunChangesNothing(t *testing.T, s *subject) {
	again := offroot(t, gitTree(t, s.after, s.Exec).dir, nil, s.args...)
	if again.stdout != "" {
		t.Errorf("a second run would change more:\n%s", again.stdout)
	}
	if again.code != s.write.code {
		t.Errorf("exit %d of the second run, want %d\n%s", again.code, s.write.code, again.stderr)
	}
}

// onlyTheDiffIsWritten: --write changes the files that the diff names, prints their paths, and makes none.
func onlyTheDiffIsWritten(t *testing.T, s *subject) {
	changed := slices.Sorted(maps.Keys(s.change))
	for _, name := range changed {
		if _, ok := s.Files[name]; !ok {
			t.Errorf("%s is new", name)
		}
		if !strings.Contains(s.dry.stdout, "\n+++ b/"+name) {
			t.Errorf("%s was written, but it is not in the diff", name)
		}
	}
	if n := strings.Count("\n"+s.dry.stdout, "\ndiff --git "); n != len(changed) {
		t.Errorf("the diff names %d files, %d were written: %v", n, len(changed), changed)
	}
	if got := strings.Fields(s.write.stdout); !slices.Equal(got, changed) {
		t.Errorf("--write printed %v, and changed %v", got, changed)
	}
}

// modesStay: an executable script is executable afterwards.
func modesStay(t *testing.T, s *subject) {
	for name, m := range s.modes {
		if m[0] != m[1] {
			t.Errorf("%s had mode %v and has %v", name, m[0], m[1])
		}
	}
}

// gitAppliesTheDiff: git accepts the diff and makes of it the bytes that --write makes.
func gitAppliesTheDiff(t *testing.T, s *subject) {
	needs(t, "git")
	work := gitTree(t, s.Files, s.Exec)
	if s.dry.stdout == "" {
		return
	}
	if out, err := run(work.dir, []byte(s.dry.stdout), "git", "apply", "--check", "-"); err != nil {
		t.Fatalf("git apply --check: %v\n%s\n%s", err, out, s.dry.stdout)
	}
	if out, err := run(work.dir, []byte(s.dry.stdout), "git", "apply", "-"); err != nil {
		t.Fatalf("git apply: %v\n%s", err, out)
	}
	same(t, s.after, work.files(t))
}

// patchAppliesTheDiff: so does patch.
func patchAppliesTheDiff(t *testing.T, s *subject) {
	needs(t, "patch")
	work := plainTree(t, s.Files, s.Exec)
	if s.dry.stdout == "" {
		return
	}
	if out, err := run(work.dir, []byte(s.dry.stdout), "patch", "-p1", "--binary", "--dry-run"); err != nil {
		t.Fatalf("patch --dry-run: %v\n%s\n%s", err, out, s.dry.stdout)
	}
	if out, err := run(work.dir, []byte(s.dry.stdout), "patch", "-p1", "--binary", "--no-backup-if-mismatch"); err != nil {
		t.Fatalf("patch: %v\n%s", err, out)
	}
	same(t, s.after, work.files(t))
}

// crlfStaysCRLF: the same repository with CRLF everywhere becomes the same result with CRLF everywhere.
func crlfStaysCRLF(t *testing.T, s *subject) {
	sameInForm(t, s, golden.WithCRLF)
}

// noFinalNewlineStaysSo: the same repository without final newlines becomes the same result without them.
func noFinalNewlineStaysSo(t *testing.T, s *subject) {
	sameInForm(t, s, golden.WithoutFinalNewline)
}

func sameInForm(t *testing.T, s *subject, form func([]byte) []byte) {
	t.Helper()
	work := gitTree(t, each(s.Files, form), s.Exec)
	got := offroot(t, work.dir, nil, s.writeArgs()...)
	if got.code != s.write.code {
		t.Errorf("exit %d, want %d\n%s", got.code, s.write.code, got.stderr)
	}
	same(t, each(s.after, form), work.files(t))
}

// orderOfPathsIsFree: naming the root, a file again and the rest in reverse is the same as naming nothing.
func orderOfPathsIsFree(t *testing.T, s *subject) {
	if namesPaths(s.args) {
		t.Skip("the archive names its paths")
	}
	args := slices.Clone(s.args)
	names := slices.Sorted(maps.Keys(s.change))
	slices.Reverse(names)
	for _, name := range names {
		if strings.Contains(name, "ockerfile") || strings.HasSuffix(name, ".yaml") || strings.HasSuffix(name, ".yml") {
			args = append(args, name)
		}
	}
	got := offroot(t, gitTree(t, s.Files, s.Exec).dir, nil, append(args, ".")...)
	sameRun(t, s.dry, got)
}

// gitIsNotNeeded: a directory outside of git gives the same diff and the same notes.
func gitIsNotNeeded(t *testing.T, s *subject) {
	sameRun(t, s.dry, offroot(t, plainTree(t, s.Files, s.Exec).dir, nil, s.args...))
}

func each(files map[string][]byte, form func([]byte) []byte) map[string][]byte {
	out := map[string][]byte{}
	for name, content := range files {
		out[name] = form(content)
	}
	return out
}

func same(t *testing.T, want, got map[string][]byte) {
	t.Helper()
	for _, p := range compareTrees(want, got) {
		t.Error(p)
	}
}

func sameRun(t *testing.T, want, got outcome) {
	t.Helper()
	if want.code != got.code {
		t.Errorf("exit %d, want %d\n%s", got.code, want.code, got.stderr)
	}
	for _, stream := range []string{"stdout", "stderr"} {
		if w, g := want.stream(stream), got.stream(stream); w != g {
			t.Errorf("%s differs:\n%s", stream, diff.Diff("want", []byte(w), "got", []byte(g)))
		}
	}
}

// The checks would be worth nothing if the program under test were not the one of this tree.
func TestProgramIsBuiltHere(t *testing.T) {
	if _, err := os.Stat(program); err != nil {
		t.Fatal(err)
	}
	if got := offroot(t, t.TempDir(), nil, "version"); got.code != 0 || !strings.HasPrefix(got.stdout, "offroot ") {
		t.Errorf("offroot version: %+v", got)
	}
}
