package golden_test

import (
	"strings"
	"testing"

	"github.com/offroot/offroot/golden"
)

const sample = `# What it is.
crlf a/b.yaml
bom a/b.yaml
chop Dockerfile
exec run.sh
except patch-applies-the-diff patch does not know this

stdin Dockerfile
offroot - --write
exit 3
stdout ^USER
! stderr refused
offroot check
-- Dockerfile --
FROM a
-- a/b.yaml --
x: 1
y: 2
-- run.sh --
-- want/Dockerfile --
FROM a
USER 1:1
-- out/stderr --
text
`

func TestParse(t *testing.T) {
	a, err := golden.Parse("x", []byte(sample))
	if err != nil {
		t.Fatal(err)
	}
	if got := string(a.Files["a/b.yaml"]); got != "\xef\xbb\xbfx: 1\r\ny: 2\r\n" {
		t.Errorf("a/b.yaml: %q", got)
	}
	if got := string(a.Files["Dockerfile"]); got != "FROM a" {
		t.Errorf("Dockerfile: %q", got)
	}
	if got := string(a.After()["Dockerfile"]); got != "FROM a\nUSER 1:1" {
		t.Errorf("want/Dockerfile must have the form of its input: %q", got)
	}
	if len(a.Script) != 2 || a.Script[0].Stdin != "Dockerfile" || a.Script[0].Exit != 3 || len(a.Script[0].Expect) != 2 || !a.Script[0].Expect[1].Not {
		t.Errorf("script: %+v", a.Script)
	}
	if !a.Exec["run.sh"] || a.Except["patch-applies-the-diff"] != "patch does not know this" || string(a.Out["stderr"]) != "text\n" {
		t.Errorf("%+v", a)
	}
}

// What -update writes reads back as what it was given, and an unchanged archive is written as it was.
func TestSetWantReadsBack(t *testing.T) {
	a, err := golden.Parse("x", []byte(sample))
	if err != nil {
		t.Fatal(err)
	}
	a.SetWant(a.Want, a.Out)
	if got := string(a.Format()); got != sample {
		t.Errorf("%s", got)
	}
	want := map[string][]byte{"a/b.yaml": []byte("\xef\xbb\xbfx: 2\r\ny: 2\r\n"), "Dockerfile": []byte("FROM b")}
	a.SetWant(want, map[string][]byte{"stderr": []byte("other\n")})
	b, err := golden.Parse("x", a.Format())
	if err != nil {
		t.Fatal(err)
	}
	for name, content := range want {
		if string(b.Want[name]) != string(content) {
			t.Errorf("%s: %q, want %q", name, b.Want[name], content)
		}
	}
	if string(b.Out["stderr"]) != "other\n" {
		t.Errorf("out/stderr: %q", b.Out["stderr"])
	}
}

func TestParseRefuses(t *testing.T) {
	for text, want := range map[string]string{
		"prose\n":                            "unknown line",
		"pending\n":                          "reason",
		"except modes-stay\n":                "reason",
		"exit one\n":                         "invalid syntax",
		"stdout\n":                           "regular expression",
		"crlf a\n-- b --\n":                  "not in the archive",
		"-- want/a --\nx\n":                  "no new files",
		"-- a --\nx\n-- want/a --\nx\n":      "leave it out",
		"-- a --\nx\n-- a --\ny\n":           "twice",
		"chop a\n-- a --\n-- want/b --\nx\n": "no new files",
	} {
		if _, err := golden.Parse("x", []byte(text)); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%q: error %v, want %q", text, err, want)
		}
	}
}

func TestForms(t *testing.T) {
	if got := string(golden.WithCRLF([]byte("a\nb\r\nc"))); got != "a\r\nb\r\nc" {
		t.Errorf("%q", got)
	}
	for in, want := range map[string]string{"a\n": "a", "a\r\n": "a", "a": "a", "": "", "\n": "", "a\n\n": "a\n"} {
		if got := string(golden.WithoutFinalNewline([]byte(in))); got != want {
			t.Errorf("%q: %q, want %q", in, got, want)
		}
	}
}
