package golden_test

import (
	"bytes"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/offroot/offroot/golden"
	"github.com/rogpeppe/go-internal/diff"
)

func TestArchives(t *testing.T) {
	paths, err := golden.Find("testdata")
	if err != nil || len(paths) == 0 {
		t.Fatalf("no archives in testdata: %v", err)
	}
	areas := map[string][]string{}
	for _, path := range paths {
		area := filepath.Base(filepath.Dir(path))
		areas[area] = append(areas[area], path)
	}
	for _, area := range slices.Sorted(maps.Keys(areas)) {
		t.Run(area, func(t *testing.T) {
			t.Parallel()
			for _, path := range areas[area] {
				t.Run(strings.TrimSuffix(filepath.Base(path), ".txtar"), func(t *testing.T) {
					t.Parallel()
					a, err := golden.Load(path)
					if err != nil {
						t.Fatal(err)
					}
					testArchive(t, a)
				})
			}
		})
	}
}

func testArchive(t *testing.T, a *golden.Archive) {
	s := newSubject(t, a)
	last, problems := runScript(t, a)
	if *update && a.Pending == "" {
		rewriteArchive(t, s, last)
		return
	}
	problems = append(problems, compareTrees(a.After(), s.after)...)
	problems = append(problems, compareOutput(a, last)...)
	t.Run("outcome", func(t *testing.T) { judgeOutcome(t, a.Pending, problems) })
	for _, c := range freeChecks {
		t.Run(c.name, func(t *testing.T) {
			if reason, ok := a.Except[c.name]; ok {
				t.Skipf("does not hold here: %s", reason)
			}
			c.check(t, s)
		})
	}
}

// judgeOutcome reports the problems, or skips a pending archive. One that is pending for no reason is an error, so that
// the line goes as soon as the outcome is reached.
func judgeOutcome(t *testing.T, pending string, problems []string) {
	switch {
	case pending == "":
		for _, p := range problems {
			t.Error(p)
		}
	case len(problems) == 0:
		t.Errorf("pending (%s), but the outcome is reached: take the line out", pending)
	default:
		for _, p := range problems {
			t.Log(p)
		}
		t.Skipf("pending: %s", pending)
	}
}

// runScript runs the commands one after the other in one tree.
func runScript(t *testing.T, a *golden.Archive) (last outcome, problems []string) {
	t.Helper()
	work := gitTree(t, a.Files, a.Exec)
	for _, r := range a.Script {
		last = offroot(t, work.dir, a.Files[r.Stdin], r.Args...)
		last.stdout = strings.ReplaceAll(last.stdout, work.dir, "$ROOT")
		last.stderr = strings.ReplaceAll(last.stderr, work.dir, "$ROOT")
		problems = append(problems, compareRun(a, r, last)...)
	}
	return last, problems
}

func compareRun(a *golden.Archive, r golden.Run, got outcome) (problems []string) {
	command := strings.Join(append([]string{"offroot"}, r.Args...), " ")
	if want := wantExit(a, r); got.code != want {
		problems = append(problems, fmt.Sprintf("%s: exit %d, want %d\n%s", command, got.code, want, got.stderr))
	}
	for _, e := range r.Expect {
		text := got.stream(e.Stream)
		re, err := regexp.Compile("(?m)" + e.Regexp)
		if err != nil {
			problems = append(problems, err.Error())
		} else if re.MatchString(text) == e.Not {
			problems = append(problems, fmt.Sprintf("%s: %s must%s match %q, is\n%s", command, e.Stream, not(e.Not), e.Regexp, text))
		}
	}
	return problems
}

func not(b bool) string {
	if b {
		return " not"
	}
	return ""
}

// wantExit is the exit code of a run that the script does not state: 1 where something would change, else 0.
func wantExit(a *golden.Archive, r golden.Run) int {
	if r.ExitSet {
		return r.Exit
	}
	writes := slices.Contains(r.Args, "--write") || slices.Contains(r.Args, "-w")
	check := len(r.Args) > 0 && r.Args[0] == "check"
	if len(a.Want) > 0 && !writes && (check || isFix(r.Args)) {
		return 1
	}
	return 0
}

func compareTrees(want, got map[string][]byte) (problems []string) {
	for _, name := range slices.Sorted(maps.Keys(want)) {
		content, ok := got[name]
		if !ok {
			problems = append(problems, fmt.Sprintf("%s is gone", name))
		} else if !bytes.Equal(want[name], content) {
			problems = append(problems, string(diff.Diff("want/"+name, want[name], "got/"+name, content)))
		}
	}
	for _, name := range slices.Sorted(maps.Keys(got)) {
		if _, ok := want[name]; !ok {
			problems = append(problems, fmt.Sprintf("%s is new", name))
		}
	}
	return problems
}

func compareOutput(a *golden.Archive, got outcome) (problems []string) {
	for _, stream := range []string{"stdout", "stderr"} {
		want, ok := a.Out[stream]
		if text := got.stream(stream); ok && string(want) != text {
			problems = append(problems, string(diff.Diff("out/"+stream, want, "got/"+stream, []byte(text))))
		}
	}
	return problems
}

func rewriteArchive(t *testing.T, s *subject, last outcome) {
	t.Helper()
	s.SetWant(s.change, map[string][]byte{"stdout": []byte(last.stdout), "stderr": []byte(last.stderr)})
	if err := os.WriteFile(s.Path, s.Format(), 0o644); err != nil {
		t.Fatal(err)
	}
}
