package shell

import (
	"fmt"
	"reflect"
	"strings"
	"testing"
)

func mustParse(t *testing.T, script string) []Command {
	t.Helper()
	cmds, err := Parse(script)
	if err != nil {
		t.Fatalf("%s: %v", script, err)
	}
	return cmds
}

// summary is one command in a line: chain, operator, words, and marks for what surrounds it.
func summary(c Command) string {
	s := fmt.Sprintf("%d%s %s", c.Chain, c.Joined, strings.Join(c.Argv(), " "))
	for _, r := range c.Redirects {
		s += " " + r.Op + r.Target.Text
	}
	if c.InSubshell {
		s += " [sub]"
	}
	if c.InCondition {
		s += " [cond]"
	}
	if c.Conditional {
		s += " [maybe]"
	}
	if c.Guard != "" {
		s += " [if " + c.Guard + "]"
	}
	if c.Function != "" {
		s += " [in " + c.Function + "]"
	}
	if c.Nested {
		s += " [nested]"
	}
	return s
}

func TestParse(t *testing.T) {
	tests := []struct {
		script string
		want   []string
	}{
		{"a b && c || d; e | f", []string{"1 a b", "1&& c", "1|| d [maybe] [if a b && c]", "2 e [sub]", "2| f [sub]"}},
		{"(a; b) && { c; d; }", []string{"2 a [sub]", "3 b [sub]", "4 c", "5 d"}},
		{"set -eux; X=1 a \"$Y\" 'b c' \\\n d", []string{"1 set -eux", `2 a "$Y" b c d`}},
		{"if [ -f x ]; then a; elif b; then c; else d; fi", []string{
			"2 [ -f x ] [cond]", "3 a [maybe] [if [ -f x ]]", "4 b [cond] [maybe]", "5 c [maybe] [if b]", "6 d [maybe] [if b]",
		}},
		{"case $1 in a|b) x;; *) y;; esac", []string{"2 x [maybe] [if case $1 in a|b]", "3 y [maybe] [if case $1 in *]"}},
		{"for i in a b; do x $i; done", []string{"2 x $i [maybe]"}},
		{"while read l; do x; done < f", []string{"2 read l <f [cond]", "3 x <f [maybe]"}},
		{"f() { a; }; f", []string{"3 a [in f]", "4 f"}},
		{"id app || useradd app", []string{"1 id app", "1|| useradd app [maybe] [if id app]"}},
		{"[ \"$1\" = x ] && chown a b", []string{`1 [ "$1" = x ]`, `1&& chown a b [maybe] [if [ "$1" = x ]]`}},
		{"[[ -n $X ]] && a", []string{"1&& a [maybe] [if [[ -n $X ]]]"}},
		{"a > /x 2>&1 <y", []string{"1 a >/x >&1 <y"}},
		{"{ echo a; echo b; } >> f", []string{"2 echo a >>f", "3 echo b >>f"}},
		{"sh -c 'a && b'", []string{"1 sh -c a && b", "2 a [sub] [nested]", "2&& b [sub] [nested]"}},
		{"exec su app -s /bin/sh -c \"run x\"", []string{"1 exec su app -s /bin/sh -c run x", "2 run x [sub] [nested]"}},
		{"a $(b c) `d`", []string{"2 b c [sub]", "3 d [sub]", "1 a $(b c) `d`"}},
		{"export A=1 B; > f", []string{"1 export A=1 B", "2  >f"}},
		{"time a", []string{"1 a"}},
		{"! a", []string{"1 a"}},
	}
	for _, tt := range tests {
		var got []string
		for _, c := range mustParse(t, tt.script) {
			got = append(got, summary(c))
		}
		if !reflect.DeepEqual(got, tt.want) {
			t.Errorf("%s:\n got %q\nwant %q", tt.script, got, tt.want)
		}
	}
}

func TestOffsets(t *testing.T) {
	const script = "apt update \\\n && useradd -u \"10\" 'a' ; sh -c 'x y' & z"
	cmds := mustParse(t, script)
	want := []string{"apt update", "useradd -u \"10\" 'a'", "sh -c 'x y'", "'x y'", "z"}
	for k, c := range cmds {
		if got := script[c.Start:c.End]; got != want[k] {
			t.Errorf("command %d is at %q, want %q", k, got, want[k])
		}
	}
	if w := cmds[1].Args[2]; w.Text != "10" || script[w.Start:w.End] != `"10"` {
		t.Errorf("word %+v", w)
	}
}

func TestValues(t *testing.T) {
	env := map[string]string{"UID": "1000", "EMPTY": "", "OWN": "1"}
	tests := []struct {
		word, want string
		known      bool
	}{
		{"a", "a", true}, {`'a $b'`, "a $b", true}, {`"a \"b\" \n"`, `a "b" \n`, true}, {`a\ b`, "a b", true},
		{"$UID:$UID", "1000:1000", true}, {`"${UID}"`, "1000", true}, {"${EMPTY:-x}", "${EMPTY:-x}", false},
		{"${EMPTY-x}", "", true}, {"$NO", "$NO", false}, {"$OWN", "$OWN", false}, {"$(id)", "$(id)", false},
		{"/a/*.{b,c}", "/a/*.{b,c}", true}, {`"$@"`, `"$@"`, false}, {"${UID%0}", "${UID%0}", false},
	}
	for _, tt := range tests {
		cmds, err := ParseWith("OWN=2; x "+tt.word, env)
		if err != nil {
			t.Fatal(err)
		}
		if w := cmds[len(cmds)-1].Args[1]; w.Text != tt.want || w.Known != tt.known {
			t.Errorf("%s: got %q %v", tt.word, w.Text, w.Known)
		}
	}
}

func TestDirectory(t *testing.T) {
	const script = "a; cd /x; b; cd y && c; (cd /z; d); e; cd $F; f; cd /g; g; if h; then cd /i; fi; j"
	want := map[string]string{"a": "", "b": "/x", "c": "/x/y", "d": "/z", "e": "/x/y", "f": "?", "g": "/g", "j": "?"}
	for _, c := range mustParse(t, script) {
		if dir, ok := want[c.Name]; ok && c.Dir != dir {
			t.Errorf("%s runs in %q, want %q", c.Name, c.Dir, dir)
		}
	}
}

func TestParseErrors(t *testing.T) {
	if _, err := Parse("if a; then"); err == nil || !strings.HasPrefix(err.Error(), "parse shell script: 1:") {
		t.Errorf("got %v", err)
	}
}

func TestReadScript(t *testing.T) {
	tests := []struct {
		name, script, interpreter string
		exec                      []string
		passes, fails             bool
	}{
		{"entrypoint", "#!/bin/sh\nset -e\nif [ \"$1\" = x ]; then\n  exec gosu redis \"$0\" \"$@\"\nfi\nexec \"$@\"\n", "sh", []string{`gosu redis "$0" "$@"`, `"$@"`}, true, false},
		{"env", "#!/usr/bin/env bash\nexec -a name java -jar x.jar\n", "bash", []string{"java -jar x.jar"}, false, false},
		{"none", "exec > /log\nrun\n", "sh", nil, false, false},
		{"python", "#!/usr/bin/env python3\nprint()\n", "python3", nil, false, true},
		{"CRLF", "#!/bin/sh\r\nexec \"$@\"\r\n", "sh", []string{`"$@"`}, true, false},
		{"s6", "#!/usr/bin/with-contenv bash\nexec s6-setuidgid abc app\n", "with-contenv", []string{"s6-setuidgid abc app"}, false, false},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			s, err := ReadScript(tt.script)
			if (err != nil) != tt.fails {
				t.Fatal(err)
			}
			var exec []string
			for _, c := range s.Exec {
				exec = append(exec, strings.Join(c.Argv(), " "))
			}
			if s.Interpreter != tt.interpreter || s.PassesArgs != tt.passes || !reflect.DeepEqual(exec, tt.exec) {
				t.Errorf("got %q %q %v", s.Interpreter, exec, s.PassesArgs)
			}
		})
	}
}

// FuzzParse: no input panics, every offset lies in the script and every function of the package takes what comes out.
func FuzzParse(f *testing.F) {
	for _, s := range []string{
		"a && b || c; d | e &", "if x; then y; else z; fi > f", "sh -c 'sh -c \"a b\"'", "useradd -rm -u 10 x && chown -R x. /y",
		"case $x in a) b;; esac", "cat <<E >> /etc/passwd\na:b\nE\n", "f() ( cd /x; mkdir y ); f", "set -- gosu a \"$@\"", "su -", "find . -exec chown",
	} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, script string) {
		cmds, err := Parse(script)
		if err != nil {
			return
		}
		for _, c := range cmds {
			if c.Start < 0 || c.Start > c.End || c.End > len(script) {
				t.Fatalf("command at %d..%d of %d bytes", c.Start, c.End, len(script))
			}
			for _, w := range c.Args {
				if w.Start < 0 || w.Start > w.End || w.End > len(script) {
					t.Fatalf("word at %d..%d of %d bytes", w.Start, w.End, len(script))
				}
			}
			Program(c.Argv())
		}
		for _, family := range []string{"", "alpine", "debian", "rhel"} {
			Users(cmds, family)
		}
		Groups(cmds)
		Memberships(cmds)
		Renumbered(cmds)
		Chowns(cmds)
		Made(cmds)
		Installs(cmds)
		NeedsRoot(cmds)
		Drops(cmds)
		Setcaps(cmds)
	})
}
