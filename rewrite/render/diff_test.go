package render_test

import (
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/offroot/offroot/rewrite/render"
)

// Each directory of testdata/diff holds a file before and after, and what git diff printed for the two.
func TestDiffSamples(t *testing.T) {
	dirs, err := filepath.Glob("testdata/diff/*")
	if err != nil || len(dirs) == 0 {
		t.Fatalf("no samples: %v", err)
	}
	for _, dir := range dirs {
		t.Run(filepath.Base(dir), func(t *testing.T) {
			name := sampleName(t, dir)
			got := diffOf(t, render.Change{
				Path:   name,
				Before: read(t, filepath.Join(dir, "before", name)),
				After:  read(t, filepath.Join(dir, "after", name)),
			})
			if want := string(read(t, filepath.Join(dir, "want.diff"))); got != want {
				t.Errorf("got\n%s\nwant\n%s", got, want)
			}
		})
	}
}

func sampleName(t *testing.T, dir string) string {
	t.Helper()
	files, err := os.ReadDir(filepath.Join(dir, "before"))
	if err != nil || len(files) != 1 {
		t.Fatalf("want one file before: %v", err)
	}
	return files[0].Name()
}

func read(t *testing.T, path string) []byte {
	t.Helper()
	content, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	return content
}

func TestDiffOrderAndNothing(t *testing.T) {
	one := func(path string) render.Change {
		return render.Change{Path: path, Before: []byte("a\n"), After: []byte("b\n")}
	}
	same := render.Change{Path: "a", Before: []byte("a\n"), After: []byte("a\n")}
	got := diffOf(t, one("b"), one("B"), same, one("a/x"), one("a.x"))
	var order []string
	for line := range strings.Lines(got) {
		if name, ok := strings.CutPrefix(line, "+++ b/"); ok {
			order = append(order, strings.TrimSpace(name))
		}
	}
	if want := "B a.x a/x b"; strings.Join(order, " ") != want {
		t.Errorf("order is %q, want %q", order, want)
	}
	if got := diffOf(t, same); got != "" {
		t.Errorf("a change that changes nothing prints %q", got)
	}
}

func TestDiffHeading(t *testing.T) {
	long := strings.Repeat("x", 79) + "yz"
	tests := []struct{ name, line, want string }{
		{"letter", "spec:", " spec:"},
		{"dollar", "$x", " $x"},
		{"underscore", "_x", " _x"},
		{"digit", "1x", ""},
		{"comment", "# x", ""},
		{"list", "- x", ""},
		{"carriage return goes", "spec:\r", " spec:"},
		{"trailing blanks go", "spec:  \t", " spec:"},
		{"cut at 80 bytes", long, " " + long[:80]},
		{"not ascii", "éx", ""},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			before := tt.line + "\n 1\n 2\n 3\n 4\n"
			got := diffOf(t, render.Change{Path: "x", Before: []byte(before), After: []byte(before + " 5\n")})
			_, rest, _ := strings.Cut(got, "@@ -3,3 +3,4 @@")
			if heading, _, _ := strings.Cut(rest, "\n"); heading != tt.want {
				t.Errorf("heading is %q, want %q", heading, tt.want)
			}
			if want := gitDiff(t, []byte(before), []byte(before+" 5\n")); got != want {
				t.Errorf("git prints\n%s", want)
			}
		})
	}
}

func TestDiffColor(t *testing.T) {
	var out strings.Builder
	change := render.Change{Path: "x", Before: []byte("a\r\nb"), After: []byte("a\r\nc")}
	if err := render.Diff(&out, []render.Change{change}, true); err != nil {
		t.Fatal(err)
	}
	want := "\x1b[1mdiff --git a/x b/x\x1b[m\n\x1b[1m--- a/x\x1b[m\n\x1b[1m+++ b/x\x1b[m\n\x1b[36m@@ -1,2 +1,2 @@\x1b[m\n" +
		" a\r\n\x1b[31m-b\x1b[m\n\\ No newline at end of file\n\x1b[32m+c\x1b[m\n\\ No newline at end of file\n"
	if out.String() != want {
		t.Errorf("got\n%q\nwant\n%q", out.String(), want)
	}
}

type failing struct{ err error }

func (f failing) Write([]byte) (int, error) { return 0, f.err }

func TestDiffReportsWriteErrors(t *testing.T) {
	broken := errors.New("broken pipe")
	err := render.Diff(failing{broken}, []render.Change{{Path: "x", After: []byte("a\n")}}, false)
	if !errors.Is(err, broken) {
		t.Errorf("error is %v, want %v", err, broken)
	}
}
