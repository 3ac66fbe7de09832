package dockerfile

import (
	"strings"
	"testing"

	"github.com/offroot/offroot/rewrite/source"
)

func TestLower(t *testing.T) {
	tests := []struct {
		name, in, want string
		ops            func(d *Document) []source.Op
	}{
		{
			"a port moves and the user changes, the file has no final newline",
			"FROM php\n\nEXPOSE 80", "FROM php\n\nEXPOSE 8080\nUSER 33:33",
			func(d *Document) []source.Op {
				expose := d.Instructions[1]
				return []source.Op{&SetWords{expose, []string{"8080"}}, &InsertAfter{expose, []string{"USER 33:33"}}}
			},
		},
		{
			"a run of several lines",
			"FROM a\nRUN x\n\nCMD y\n",
			"FROM a\nRUN x\nRUN a \\\n    && b\n\nUSER 1:1\nCMD y\n",
			func(d *Document) []source.Op {
				return []source.Op{
					&InsertAfter{d.Instructions[1], []string{"RUN a \\", "    && b"}},
					&InsertBefore{d.Instructions[2], []string{"USER 1:1"}},
				}
			},
		},
		{
			"above the comment that belongs to the instruction",
			"FROM a\nEXPOSE 1\n# starts\n# it\nCMD y\n", "FROM a\nEXPOSE 1\nUSER 1:1\n# starts\n# it\nCMD y\n",
			func(d *Document) []source.Op {
				return []source.Op{&InsertBefore{d.Instructions[2], []string{"USER 1:1"}}}
			},
		},
		{
			"directives stay first, ARG goes above FROM",
			"\ufeff# syntax=x\nFROM a\n", "\ufeff# syntax=x\nARG A=1\nFROM a\n",
			func(d *Document) []source.Op {
				return []source.Op{&InsertBefore{d.Instructions[0], []string{"ARG A=1"}}}
			},
		},
		{
			"first line with a byte order mark",
			"\ufeffFROM a\n", "\ufeffARG A=1\nFROM a\nUSER 1\n",
			func(d *Document) []source.Op {
				from := d.Instructions[0]
				return []source.Op{&InsertBefore{from, []string{"ARG A=1"}}, &InsertAfter{from, []string{"USER 1"}}}
			},
		},
		{
			"order of the ops at one place, equal ops once",
			"FROM a\nCMD y\n", "FROM a\nRUN 1\nRUN 2\nRUN 3\nCMD y\n",
			func(d *Document) []source.Op {
				from, cmd := d.Instructions[0], d.Instructions[1]
				return []source.Op{
					&InsertBefore{cmd, []string{"RUN 1"}}, &InsertAfter{from, []string{"RUN 2"}},
					&InsertBefore{cmd, []string{"RUN 1"}}, &InsertBefore{cmd, []string{"RUN 3"}},
				}
			},
		},
		{
			"CRLF",
			"FROM a\r\nCMD y\r\n", "FROM a\r\nRUN 1 \\\r\n  x\r\nCMD y\r\n",
			func(d *Document) []source.Op {
				return []source.Op{&InsertBefore{d.Instructions[1], []string{"RUN 1 \\", "  x"}}}
			},
		},
		{
			"below a heredoc, above trailing comments",
			"FROM a\nRUN <<E\nx\nE\n# end", "FROM a\nRUN <<E\nx\nE\nUSER 1\n# end",
			func(d *Document) []source.Op {
				return []source.Op{&InsertAfter{d.Instructions[1], []string{"USER 1"}}}
			},
		},
		{
			"a flag is added, another replaced",
			"FROM a\nCOPY --link \\\n  x y\ncopy --chown=a:b x y\nCOPY x y\n",
			"FROM a\nCOPY --link --chown=1:1 \\\n  x y\ncopy --chown=1:1 x y\nCOPY --chown=1:1 --chmod=755 x y\n",
			func(d *Document) []source.Op {
				return []source.Op{
					&SetFlag{d.Instructions[1], "chown", "1:1"}, &SetFlag{d.Instructions[2], "chown", "1:1"},
					&SetFlag{d.Instructions[3], "chown", "1:1"}, &SetFlag{d.Instructions[3], "chmod", "755"},
				}
			},
		},
		{
			"a flag and a word of the instruction in ONBUILD",
			"FROM a\nONBUILD\tCOPY x y\n", "FROM a\nONBUILD\tCOPY --chown=1:1 x z\n",
			func(d *Document) []source.Op {
				copied := d.Instructions[1].Trigger
				return []source.Op{&SetFlag{copied, "chown", "1:1"}, &ReplaceText{copied, copied.Words[1].Span, "z"}}
			},
		},
		{
			"words between comments",
			"FROM a\nEXPOSE 80 \\\n  # tls\n  443\n", "FROM a\nEXPOSE 8080 \\\n  # tls\n  8443\n",
			func(d *Document) []source.Op {
				return []source.Op{&SetWords{d.Instructions[1], []string{"8080", "8443"}}}
			},
		},
		{
			"fewer words",
			"FROM a\nEXPOSE 80 \\\n  443\n", "FROM a\nEXPOSE 8080\n",
			func(d *Document) []source.Op { return []source.Op{&SetWords{d.Instructions[1], []string{"8080"}}} },
		},
		{
			"words of exec forms",
			"FROM a\nCMD [ \"a\", \"b\" ]\nENTRYPOINT [\"a\"]\nHEALTHCHECK CMD [\"a\"]\n",
			"FROM a\nCMD [ \"a\", \"b\\\"<\" ]\nENTRYPOINT [\"a\", \"c\"]\nHEALTHCHECK CMD [\"a\", \"d\"]\n",
			func(d *Document) []source.Op {
				return []source.Op{
					&SetWords{d.Instructions[1], []string{"a", `b"<`}}, &SetWords{d.Instructions[2], []string{"a", "c"}},
					&SetWords{d.Instructions[3], []string{"CMD", "a", "d"}},
				}
			},
		},
		{
			"parts of a RUN",
			"FROM a\nRUN adduser -D app && mkdir /x\n", "FROM a\nRUN adduser -D -u 1000 app && mkdir /x && chown 1000 /x\n",
			func(d *Document) []source.Op {
				run := d.Instructions[1]
				script, offset, _ := run.Script()
				flag := offset + strings.Index(script, " app")
				end := offset + len(script)
				return []source.Op{
					&ReplaceText{run, source.Span{Start: end, End: end}, " && chown 1000 /x"},
					&ReplaceText{run, source.Span{Start: flag, End: flag}, " -u 1000"},
				}
			},
		},
		{
			"a number in a continued line",
			"FROM a\nHEALTHCHECK --interval=1s \\\n  CMD curl -f http://localhost:80/ || exit 1\n",
			"FROM a\nHEALTHCHECK --interval=1s \\\n  CMD curl -f http://localhost:8080/ || exit 1\n",
			func(d *Document) []source.Op {
				at := strings.Index(string(d.file.Content), "80/")
				return []source.Op{&ReplaceText{d.Instructions[1], source.Span{Start: at, End: at + 2}, "8080"}}
			},
		},
		{
			"a line in a heredoc of a CRLF file",
			"FROM a\r\nCOPY <<E /x\r\nlisten 80\r\nE\r\n", "FROM a\r\nCOPY <<E /x\r\nlisten 8080\r\nx\r\nE\r\n",
			func(d *Document) []source.Op {
				span := d.Instructions[1].Heredocs[0].Span
				return []source.Op{&ReplaceText{d.Instructions[1], source.Span{Start: span.Start + 7, End: span.End}, "8080\nx\n"}}
			},
		},
		{
			"removal keeps the comment above, or takes it along",
			"FROM a\n# 1\nUSER root\n# 2\nUSER 0\nCMD x\n", "FROM a\n# 1\nCMD x\n",
			func(d *Document) []source.Op {
				return []source.Op{&Remove{At: d.Instructions[1]}, &Remove{At: d.Instructions[2], WithComments: true}}
			},
		},
		{
			"removal at the end of a file without a final newline",
			"FROM a\r\nRUN x\r\n\r\nUSER root\r\nCMD y", "FROM a\r\nRUN x",
			func(d *Document) []source.Op {
				return []source.Op{&Remove{At: d.Instructions[2]}, &Remove{At: d.Instructions[3]}}
			},
		},
		{
			"replacement of the last line of a file without a final newline",
			"FROM a\nUSER root", "FROM a\nUSER 1:1",
			func(d *Document) []source.Op {
				return []source.Op{&Remove{At: d.Instructions[1]}, &InsertAfter{d.Instructions[1], []string{"USER 1:1"}}}
			},
		},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			d := mustParse(t, tt.in)
			if got := apply(t, d, tt.ops(d)...); got != tt.want {
				t.Errorf("got\n%q, want\n%q", got, tt.want)
			}
		})
	}
}

func TestLowerRefuses(t *testing.T) {
	const file = "FROM a\nONBUILD RUN x\nRUN a \\\n# c\n b\nCOPY --from=x <<E /y\nE\nRUN --mount=a --mount=b z\nENV A=1\n"
	tests := []struct {
		name, want string
		ops        func(d *Document) []source.Op
	}{
		{"insertion in ONBUILD", "ONBUILD", func(d *Document) []source.Op {
			return []source.Op{&InsertBefore{d.Instructions[1].Trigger, []string{"USER 1"}}}
		}},
		{"no instruction", "no complete instructions", func(d *Document) []source.Op {
			return []source.Op{&InsertAfter{d.Instructions[0], []string{"&& x"}}}
		}},
		{"open continuation", "continuation", func(d *Document) []source.Op {
			return []source.Op{&InsertAfter{d.Instructions[0], []string{"RUN x \\"}}}
		}},
		{"line break", "line break", func(d *Document) []source.Op {
			return []source.Op{&InsertAfter{d.Instructions[0], []string{"RUN x\nRUN y"}}}
		}},
		{"nothing to insert", "no lines", func(d *Document) []source.Op {
			return []source.Op{&InsertAfter{d.Instructions[0], nil}}
		}},
		{"two texts overlap", "overlaps", func(d *Document) []source.Op {
			s := d.Instructions[2].Words[0].Span
			return []source.Op{&ReplaceText{d.Instructions[2], s, "x"}, &ReplaceText{d.Instructions[2], s, "y"}}
		}},
		{"text in a comment", "comment", func(d *Document) []source.Op {
			return []source.Op{&ReplaceText{d.Instructions[2], d.file.LineSpan(4), "x"}}
		}},
		{"text outside", "not within", func(d *Document) []source.Op {
			return []source.Op{&ReplaceText{d.Instructions[2], source.Span{Start: 0, End: 3}, "x"}}
		}},
		{"keyword", "not within", func(d *Document) []source.Op {
			s := d.Instructions[2].Span
			return []source.Op{&ReplaceText{d.Instructions[2], source.Span{Start: s.Start, End: s.Start + 3}, "CMD"}}
		}},
		{"name of a heredoc", "heredoc", func(d *Document) []source.Op {
			return []source.Op{&ReplaceText{d.Instructions[3], d.Instructions[3].Words[0].Span, "<<F"}}
		}},
		{"words beside a heredoc", "heredoc", func(d *Document) []source.Op {
			return []source.Op{&SetWords{d.Instructions[3], []string{"x", "y"}}}
		}},
		{"flag given twice", "more than once", func(d *Document) []source.Op {
			return []source.Op{&SetFlag{d.Instructions[4], "mount", "c"}}
		}},
		{"flag of ENV", "takes no flags", func(d *Document) []source.Op {
			return []source.Op{&SetFlag{d.Instructions[5], "chown", "c"}}
		}},
		{"two values of a flag", "another value", func(d *Document) []source.Op {
			return []source.Op{&SetFlag{d.Instructions[3], "chown", "1"}, &SetFlag{d.Instructions[3], "chown", "2"}}
		}},
		{"no name and value", "does not parse", func(d *Document) []source.Op {
			return []source.Op{&ReplaceText{d.Instructions[5], d.Instructions[5].Words[0].Span, "A"}}
		}},
		{"FROM goes", "stage", func(d *Document) []source.Op { return []source.Op{&Remove{At: d.Instructions[0]}} }},
		{"change of what goes", "overlaps", func(d *Document) []source.Op {
			return []source.Op{&Remove{At: d.Instructions[5]}, &SetWords{d.Instructions[5], []string{"A=2"}}}
		}},
		{"fewer words around a comment", "comment", func(d *Document) []source.Op {
			return []source.Op{&SetWords{d.Instructions[2], []string{"x"}}}
		}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			d := mustParse(t, file)
			_, err := d.Lower(tt.ops(d))
			refusal, ok := err.(*source.Refusal)
			if !ok || !strings.Contains(refusal.Reason, tt.want) {
				t.Errorf("got %v", err)
			}
		})
	}
}

// Confirm must see what Lower could get wrong.
func TestConfirmNotices(t *testing.T) {
	const file = "# top\nFROM a\n\nCOPY x \\\n  # why\n  y\nRUN <<E\nbody\nE\nCMD z\n"
	good := strings.Replace(file, "CMD z", "USER 1:1\nCMD z", 1)
	tests := []struct{ name, after string }{
		{"nothing done", file},
		{"one place too high", strings.Replace(file, "RUN <<E", "USER 1:1\nRUN <<E", 1)},
		{"one place too low", file + "USER 1:1\n"},
		{"another value", strings.Replace(good, "1:1", "1:2", 1)},
		{"twice", strings.Replace(good, "USER 1:1", "USER 1:1\nUSER 1:1", 1)},
		{"a space more", strings.Replace(good, "CMD z", "CMD  z", 1)},
		{"a comment lost", strings.Replace(good, "# top\n", "", 1)},
		{"a comment in a continuation lost", strings.Replace(good, "  # why\n", "", 1)},
		{"a comment changed", strings.Replace(good, "# why", "# who", 1)},
		{"a blank line lost", strings.Replace(good, "\n\n", "\n", 1)},
		{"a blank line more", strings.Replace(good, "CMD z", "\nCMD z", 1)},
		{"a heredoc changed", strings.Replace(good, "body", "bodies", 1)},
		{"an instruction lost", strings.Replace(good, "RUN <<E\nbody\nE\n", "", 1)},
		{"the final newline lost", strings.TrimSuffix(good, "\n")},
		{"CRLF in one line", strings.Replace(good, "USER 1:1\n", "USER 1:1\r\n", 1)},
		{"a byte order mark more", "\ufeff" + good},
		{"no Dockerfile any more", ""},
	}
	d := mustParse(t, file)
	ops := []source.Op{&InsertBefore{d.Instructions[3], []string{"USER 1:1"}}}
	if err := d.Confirm(ops, []byte(good)); err != nil {
		t.Fatal(err)
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			if d.Confirm(ops, []byte(tt.after)) == nil {
				t.Error("confirmed")
			}
		})
	}
}

func TestConfirmNoticesChanges(t *testing.T) {
	const file = "FROM a\nCOPY --link a b\nRUN x 80 80\nEXPOSE 80 443\nONBUILD COPY a b\n"
	d := mustParse(t, file)
	run, onbuild := d.Instructions[2], d.Instructions[4].Trigger
	ops := []source.Op{
		&SetFlag{d.Instructions[1], "chown", "1:1"}, &ReplaceText{run, run.Words[2].Span, "81"},
		&SetWords{d.Instructions[3], []string{"8080", "443"}}, &SetFlag{onbuild, "chown", "1:1"},
	}
	const good = "FROM a\nCOPY --link --chown=1:1 a b\nRUN x 80 81\nEXPOSE 8080 443\nONBUILD COPY --chown=1:1 a b\n"
	if err := d.Confirm(ops, []byte(good)); err != nil {
		t.Fatal(err)
	}
	for _, change := range [][2]string{
		{"RUN x 80 81", "RUN x 81 80"}, {"RUN x 80 81", "RUN x 81 81"}, {"--link --chown", "--chown"}, {"8080 443", "8080"},
		{"=1:1 a b\nRUN", "=1:1 b a\nRUN"}, {"ONBUILD COPY --chown=1:1", "ONBUILD COPY"}, {"1:1 a b\nRUN", "1:2 a b\nRUN"},
	} {
		if d.Confirm(ops, []byte(strings.Replace(good, change[0], change[1], 1))) == nil {
			t.Errorf("%q instead of %q is confirmed", change[1], change[0])
		}
	}
}

func TestPlaces(t *testing.T) {
	d := mustParse(t, "# c\nFROM a\nCOPY x \\\n  y\n# d\nCMD z\n")
	tests := []struct {
		op   source.Op
		line int
		text string
	}{
		{&InsertBefore{d.Instructions[0], []string{"ARG A"}}, 0, `insert "ARG A" above FROM`},
		{&InsertBefore{d.Instructions[2], []string{"USER 1"}}, 4, `insert "USER 1" above CMD`},
		{&InsertAfter{d.Instructions[1], []string{"USER 1"}}, 4, `insert "USER 1" below COPY`},
		{&SetFlag{d.Instructions[1], "chown", "1:1"}, 3, "set --chown=1:1 on COPY"},
		{&ReplaceText{d.Instructions[1], d.Instructions[1].Words[1].Span, "z"}, 4, `replace "y" by "z" in COPY`},
		{&SetWords{d.Instructions[2], []string{"q"}}, 6, `set the arguments of CMD to "q"`},
		{&Remove{At: d.Instructions[2]}, 6, "remove CMD"},
	}
	for _, tt := range tests {
		if tt.op.Place().Line != tt.line || tt.op.String() != tt.text || tt.op.Document() != source.Document(d) {
			t.Errorf("got %v %s", tt.op.Place(), tt.op)
		}
	}
}
