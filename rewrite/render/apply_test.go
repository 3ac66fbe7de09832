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

// appliers are the programs that people feed a diff to. Each runs in a directory that holds the old files.
var appliers = []struct {
	tool string
	args []string
}{
	{"git", []string{"-c", "core.autocrlf=false", "apply", "--whitespace=nowarn", "-"}},
	{"patch", []string{"-p1", "--binary", "--no-backup-if-mismatch", "--fuzz=0", "-s"}},
}

// checkApplies lets git apply and patch make the changes, and compares what they made byte for byte.
func checkApplies(t *testing.T, changes ...render.Change) {
	t.Helper()
	text := diffOf(t, changes...)
	for _, a := range appliers {
		if _, err := exec.LookPath(a.tool); err != nil {
			t.Logf("%s is not installed", a.tool)
			continue
		}
		dir := t.TempDir()
		for _, c := range changes {
			if c.Before != nil {
				write(t, filepath.Join(dir, filepath.FromSlash(c.Path)), c.Before)
			}
		}
		cmd := exec.Command(a.tool, a.args...)
		cmd.Dir = dir
		cmd.Env = append(os.Environ(), "GIT_CEILING_DIRECTORIES="+filepath.Dir(dir))
		cmd.Stdin = strings.NewReader(text)
		if out, err := cmd.CombinedOutput(); err != nil {
			t.Fatalf("%s: %v\n%s\n%s", a.tool, err, out, text)
		}
		for _, c := range changes {
			got, err := os.ReadFile(filepath.Join(dir, filepath.FromSlash(c.Path)))
			if err != nil && len(c.After) > 0 {
				t.Fatalf("%s: %v\n%s", a.tool, err, text)
			}
			if !bytes.Equal(got, c.After) {
				t.Fatalf("%s made %q of %q by\n%s\nwant %q", a.tool, got, c.Before, text, c.After)
			}
		}
	}
}

func TestDiffAppliesWhereLinesAreOdd(t *testing.T) {
	const bom = "\ufeff"
	tests := map[string][2]string{
		"empty before":                {"", "USER 1:1\n"},
		"empty before, no newline":    {"", "USER 1:1"},
		"empty after":                 {"USER 1:1\n", ""},
		"newline both":                {"a\nb\n", "a\nc\n"},
		"newline before only":         {"a\nb\n", "a\nc"},
		"newline after only":          {"a\nb", "a\nc\n"},
		"newline neither":             {"a\nb", "a\nc"},
		"newline is all that comes":   {"a\nb", "a\nb\n"},
		"newline is all that goes":    {"a\nb\n", "a\nb"},
		"no newline far below":        {"a\nb\nc\nd\ne\nf\ng", "x\nb\nc\nd\ne\nf\ng"},
		"no newline, line inserted":   {"a\nb", "a\nx\nb"},
		"no newline, line appended":   {"a\nb", "a\nb\nx"},
		"crlf":                        {"a\r\nb\r\nc\r\n", "a\r\nx\r\nb\r\nc\r\n"},
		"crlf, no newline":            {"a\r\nb", "a\r\nx\r\nb"},
		"mixed endings":               {"a\r\nb\nc\r\n", "a\r\nb\nx\nc\r\n"},
		"lone carriage returns":       {"a\rb\nc\r", "a\rb\nx\nc\r"},
		"bom":                         {bom + "FROM a\nCMD b\n", bom + "FROM a\nUSER 1\nCMD b\n"},
		"bom in the changed line":     {bom + "FROM a\n", bom + "FROM b\n"},
		"lines that look like a diff": {"--- a/x\n+++ b/x\n@@ -1 +1 @@\n", "--- a/x\n-- y\n+++ b/x\n@@ -1 +1 @@\n"},
		"trailing blanks":             {"a  \n\n b\t\n", "a  \n\n\n b\t\n"},
		"bytes that are not utf-8":    {"a\xff\nb\n", "a\xff\nc\xfe\nb\n"},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			checkApplies(t, render.Change{Path: "Dockerfile", Before: []byte(tt[0]), After: []byte(tt[1])})
		})
	}
}

func TestDiffAppliesWhereNamesAreOdd(t *testing.T) {
	names := []string{
		"a", "dir/b", "with blank/two  blanks", "ünï/ço∂é.yaml", `quo"te`, "tab\there", `back\slash`, "new\nline",
		"-dash", "a b\tc", "bad\xffutf8", "b/a", "a/b/a/b", "'single'", "#x", "x\x7f", "ünï \"both\"",
	}
	var all []render.Change
	for _, name := range names {
		c := render.Change{Path: name, Before: []byte("1\n2\n"), After: []byte("1\n3\n")}
		t.Run(name, func(t *testing.T) { checkApplies(t, c) })
		if name != "a" && name != "b/a" {
			all = append(all, c)
		}
	}
	t.Run("all", func(t *testing.T) { checkApplies(t, all...) })
}

func TestDiffAppliesForNewFiles(t *testing.T) {
	checkApplies(t, render.Change{Path: "sub dir/new", After: []byte("1\n2")})
	got := diffOf(t, render.Change{Path: "run.sh", After: []byte("x\n"), Mode: 0o755})
	want := "diff --git a/run.sh b/run.sh\nnew file mode 100755\n--- /dev/null\n+++ b/run.sh\n@@ -0,0 +1 @@\n+x\n"
	if got != want {
		t.Errorf("got\n%s\nwant\n%s", got, want)
	}
}

// Whatever lines are edited, both programs make the new file from the old one.
func TestDiffAppliesToRandomEdits(t *testing.T) {
	r := rand.New(rand.NewPCG(3, 4))
	for range 60 {
		var changes []render.Change
		for _, name := range []string{"Dockerfile", "k8s/web app.yaml"} {
			lines := text(r, r.IntN(60))
			before, after := strings.Join(lines, ""), strings.Join(edited(r, lines, 1+r.IntN(4)), "")
			if r.IntN(3) == 0 {
				before = strings.ReplaceAll(before, "\n", "\r\n")
				after = strings.ReplaceAll(after, "\n", "\r\n")
			}
			if r.IntN(3) == 0 {
				before = strings.TrimRight(before, "\r\n")
			}
			if r.IntN(3) == 0 {
				after = strings.TrimRight(after, "\r\n")
			}
			changes = append(changes, render.Change{Path: name, Before: []byte(before), After: []byte(after)})
		}
		checkApplies(t, changes...)
	}
}
