package dockerfile

import (
	"reflect"
	"strings"
	"testing"

	"github.com/offroot/offroot/rewrite/source"
)

func TestParseErrors(t *testing.T) {
	tests := []struct{ name, content, want string }{
		{"empty", "", `Dockerfile:1:1: parse Dockerfile: file with no instructions`},
		{"no FROM", "ARG A=1\n", `Dockerfile:1:1: parse Dockerfile: no FROM instruction`},
		{"RUN before FROM", "ARG A\nRUN x\nFROM a\n", `Dockerfile:2:1: parse Dockerfile: RUN before the first FROM`},
		{"unknown", "FROM a\n\nRUNN x\n", `Dockerfile:3:1: parse Dockerfile: unknown instruction "RUNN"`},
		{"template", "FROM a\n{% if x %}\n", `Dockerfile:2:1: parse Dockerfile: unknown instruction "{%"`},
		{"bare FROM", "FROM\n", `Dockerfile:1:1: parse Dockerfile: FROM names no image`},
		{"unterminated heredoc", "FROM a\nRUN <<EOF\nx\n", `Dockerfile:2:1: parse Dockerfile: unterminated heredoc`},
		{"numbers in JSON", "FROM a\nCMD [1]\n", `Dockerfile:2:1: parse Dockerfile: when using JSON array syntax, arrays must be comprised of strings only`},
		{"bare ONBUILD", "FROM a\nONBUILD\n", `Dockerfile:2:1: parse Dockerfile: ONBUILD holds no instruction`},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			_, err := Parse(source.NewFile("Dockerfile", []byte(tt.content)))
			if err == nil || err.Error() != tt.want {
				t.Errorf("got %v, want %s", err, tt.want)
			}
		})
	}
}

func TestWords(t *testing.T) {
	tests := []struct {
		name, line string
		flags      []string
		words      []string
		exec       bool
	}{
		{"copy", "COPY --chown=a:b --from=x  a\tb  c/", []string{"chown=a:b", "from=x"}, []string{"a", "b", "c/"}, false},
		{"copy exec", `COPY --chmod=755 ["a b", "c"]`, []string{"chmod=755"}, []string{"a b", "c"}, true},
		{"quoted flag", `COPY --chown="a:b" x y`, []string{"chown=a:b"}, []string{"x", "y"}, false},
		{"mount", "RUN --mount=type=cache,target=/c \\\n --network=none \\\n  make", []string{"mount=type=cache,target=/c", "network=none"}, []string{"make"}, false},
		{"double dash ends flags", "RUN -- --x y", nil, []string{"--x", "y"}, false},
		{"lower case", "copy a b", nil, []string{"a", "b"}, false},
		{"user with blanks", "USER  app \t", nil, []string{"app"}, false},
		{"quoted user", `USER "app:app"`, nil, []string{"app:app"}, false},
		{"workdir is one word", "WORKDIR /a b", nil, []string{"/a b"}, false},
		{"expose continued", "EXPOSE 80 \\\n# c\n\n  443/tcp", nil, []string{"80", "443/tcp"}, false},
		{"word across lines", "EXPOSE 80\\\n80", nil, []string{"8080"}, false},
		{"env", `ENV A=1 B="c d" C=e\ f`, nil, []string{"A=1", "B=c d", "C=e f"}, false},
		{"old env", "ENV A b  c", nil, []string{"A", "b  c"}, false},
		{"variables stay", `USER "${UID:-1}"`, nil, []string{"${UID:-1}"}, false},
		{"cmd", `CMD [ "a", "b\"c" ]`, nil, []string{"a", `b"c`}, true},
		{"no JSON", `CMD ['a']`, nil, []string{"['a']"}, false},
		{"healthcheck", "HEALTHCHECK --interval=1s CMD curl -f x", []string{"interval=1s"}, []string{"CMD", "curl", "-f", "x"}, false},
		{"healthcheck exec", `HEALTHCHECK CMD ["curl", "x"]`, nil, []string{"CMD", "curl", "x"}, true},
		{"healthcheck none", "HEALTHCHECK NONE", nil, []string{"NONE"}, false},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			d := mustParse(t, "FROM a\n"+tt.line)
			i := d.Instructions[1]
			var flags, words []string
			for _, f := range i.Flags {
				flags = append(flags, f.Name+"="+f.Value)
			}
			for _, w := range i.Words {
				words = append(words, w.Text)
			}
			if !reflect.DeepEqual(flags, tt.flags) || !reflect.DeepEqual(words, tt.words) || i.Exec != tt.exec {
				t.Errorf("got %q %q %v", flags, words, i.Exec)
			}
		})
	}
}

func TestPairs(t *testing.T) {
	d := mustParse(t, "FROM a\nENV PORT=80 \\\n  URL=\"http://x\"\nENV OLD 8 0\nARG A B=2\n")
	var got []string
	for _, i := range d.Instructions[1:] {
		for _, p := range i.Pairs() {
			got = append(got, p.Key+"|"+p.Value.Text+"|"+d.file.Text(p.Value.Span))
		}
	}
	want := []string{"PORT|80|80", `URL|http://x|"http://x"`, "OLD|8 0|8 0", "A||", "B|2|2"}
	if !reflect.DeepEqual(got, want) {
		t.Errorf("got %q", got)
	}
}

func TestLinesOfInstructions(t *testing.T) {
	d := mustParse(t, "\ufeff# syntax=docker/dockerfile:1\r\n# about a\r\nFROM a\r\n\r\nRUN x \\\r\n  # why\r\n\r\n  y\r\nCOPY <<A <<-\"B\" /\r\n1\r\nA\r\n\t2\r\n\tB\r\nCMD z")
	var got []string
	for _, i := range d.Instructions {
		got = append(got, d.file.Text(i.Span))
	}
	want := []string{"FROM a\r\n", "RUN x \\\r\n  # why\r\n\r\n  y\r\n", "COPY <<A <<-\"B\" /\r\n1\r\nA\r\n\t2\r\n\tB\r\n", "CMD z"}
	if !reflect.DeepEqual(got, want) {
		t.Errorf("got %q", got)
	}
	copied := d.Instructions[2]
	if h := copied.Heredocs; len(h) != 2 || h[0].Content != "1\r\n" || h[1].Content != "\t2\r\n" || !h[1].Chomp || h[1].Expand {
		t.Errorf("heredocs %+v", h)
	}
	if got := d.Instructions[0].Comments(); !reflect.DeepEqual(got, []string{"# about a"}) {
		t.Errorf("comments of FROM: %q", got)
	}
	var comments []string
	for _, c := range d.Comments() {
		comments = append(comments, d.file.LineText(c.Line)+"|"+c.Text)
	}
	if !reflect.DeepEqual(comments, []string{"# about a|# about a", "  # why|# why"}) {
		t.Errorf("comments %q", comments)
	}
}

func TestOnbuild(t *testing.T) {
	d := mustParse(t, "FROM a\nONBUILD COPY --chown=x:y . /app\n")
	i := d.Instructions[1]
	if i.Name != "ONBUILD" || i.Trigger == nil || i.Trigger.Name != "COPY" || i.Trigger.Flag("chown") != "x:y" {
		t.Fatalf("got %+v", i)
	}
	if got := d.file.Text(i.Trigger.Words[1].Span); got != "/app" {
		t.Errorf("second word is at %q", got)
	}
	if i.Trigger.Stage != d.Stages[0] || i.Stage != d.Stages[0] {
		t.Error("no stage")
	}
}

func TestWindowsBaseParses(t *testing.T) {
	d := mustParse(t, "# escape=`\nFROM mcr.microsoft.com/windows/servercore\nSHELL [\"powershell\", \"-Command\"]\nRUN a `\n    b\nWORKDIR C:\\app\n")
	if d.Escape != '`' || d.Instructions[2].Text() != "a     b" {
		t.Errorf("escape %q, text %q", d.Escape, d.Instructions[2].Text())
	}
	if _, _, ok := d.Instructions[2].Script(); ok {
		t.Error("PowerShell is no POSIX shell")
	}
}

func TestScript(t *testing.T) {
	tests := []struct{ name, in, want string }{
		{"plain", "RUN apt-get update", "apt-get update"},
		{"continued", "RUN a \\\n  && b", "a     && b"},
		{"comment and blank line", "RUN a \\\n# c\n\n  && b", "a          && b"},
		{"comment in the shell reaches to the end", "RUN a # b \\\n  c", "a # b     c"},
		{"word across lines", "RUN ec\\\nho x", "ec\\\nho x"},
		{"word across CRLF lines", "RUN ec\\\r\nho x", "ec\\\r\nho x"},
		{"CRLF", "RUN a \\\r\n  && b\r\n", "a      && b"},
		{"beyond ASCII", "RUN echo '√ ü' \\\n x", "echo '√ ü'    x"},
		{"flags are not part", "RUN --mount=type=cache,target=/x a", "a"},
		{"cmd", "CMD exec x $Y", "exec x $Y"},
		{"healthcheck", "HEALTHCHECK --interval=1s \\\n CMD curl x || exit 1", "curl x || exit 1"},
		{"exec form of a shell", `CMD ["sh", "-c", "a && b"]`, "a && b"},
		{"exec form with options", `CMD ["/bin/bash", "-o", "pipefail", "-c", "a"]`, "a"},
		{"exec form with escapes", `CMD ["sh", "-c", "a \"b\""]`, ""},
		{"exec form of a program", `CMD ["node", "-c", "a"]`, ""},
		{"heredoc", "RUN <<EOF\na\nb\nEOF\n", "a\nb\n"},
		{"heredoc of a shell", "RUN bash -e <<EOF\na\nEOF\n", "a\n"},
		{"heredoc of python", "RUN <<EOF\n#!/usr/bin/env python3\nprint()\nEOF\n", ""},
		{"heredoc as input", "RUN cat <<EOF > /x\na\nEOF\n", "cat <<EOF > /x\na\nEOF"},
		{"exec none", "HEALTHCHECK NONE", ""},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			d := mustParse(t, "FROM a\n"+tt.in)
			text, offset, ok := d.Instructions[1].Script()
			if text != tt.want || ok != (tt.want != "") {
				t.Fatalf("got %q %v", text, ok)
			}
			if ok && d.file.Content[offset] != text[0] {
				t.Errorf("offset %d does not start the text", offset)
			}
		})
	}
}

func TestArgv(t *testing.T) {
	d := mustParse(t, "FROM a\nSHELL [\"/bin/bash\", \"-ec\"]\nRUN a \\\n b\nFROM a\nCMD x y\nENTRYPOINT [\"p\", \"q\"]\nHEALTHCHECK CMD [\"h\"]\n")
	want := [][]string{{"/bin/bash", "-ec", "a  b"}, {"/bin/sh", "-c", "x y"}, {"p", "q"}, {"h"}}
	var got [][]string
	for _, i := range d.Instructions {
		if argv := i.Argv(); argv != nil {
			got = append(got, argv)
		}
	}
	if !reflect.DeepEqual(got, want) {
		t.Errorf("got %q", got)
	}
}

func TestOpenContinuation(t *testing.T) {
	d := mustParse(t, "FROM a\nRUN x \\\n# end\n")
	_, err := d.Lower([]source.Op{&InsertAfter{d.Instructions[1], []string{"USER 1"}}})
	if err == nil || !strings.Contains(err.Error(), "continuation") {
		t.Errorf("got %v", err)
	}
}
