package dockerfile

import (
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/offroot/offroot/rewrite/shell"
	"github.com/offroot/offroot/rewrite/source"
)

// checkSlices holds what every parsed file must satisfy:
//  1. the bytes of each instruction, parsed alone, give the same instruction;
//  2. no two instructions share a byte, and they come in order;
//  3. what lies between them is blank lines, comments and directives;
//  4. each word and flag lies within its instruction, and words of one line are the bytes of the file;
//  5. a Script is as long as its bytes.
func checkSlices(t *testing.T, d *Document) {
	t.Helper()
	at := bomLen(d.file.Content)
	for _, i := range d.Instructions {
		if i.Span.Start < at {
			t.Fatalf("%s: %s overlaps the instruction above", i.Place(), i.Name)
		}
		checkGap(t, d, source.Span{Start: at, End: i.Span.Start})
		at = i.Span.End
		checkAlone(t, d, i)
		checkWords(t, d, i)
		if text, offset, ok := i.Script(); ok && (offset < i.Span.Start || offset+len(text) > i.Span.End) {
			t.Fatalf("%s: script of %d bytes at %d leaves the instruction", i.Place(), len(text), offset)
		}
	}
	checkGap(t, d, source.Span{Start: at, End: len(d.file.Content)})
}

func checkGap(t *testing.T, d *Document, gap source.Span) {
	t.Helper()
	for _, line := range strings.Split(d.file.Text(gap), "\n") {
		if line = strings.TrimSpace(line); line != "" && line[0] != '#' {
			t.Fatalf("%s: %q belongs to no instruction", d.file.PlaceAt(gap.Start), line)
		}
	}
}

func checkAlone(t *testing.T, d *Document, i *Instruction) {
	t.Helper()
	head := "# escape=" + string(rune(d.Escape)) + "\n"
	if i.Name != "FROM" && i.Name != "ARG" {
		head += "FROM x\n"
	}
	alone, err := syntaxTree([]byte(head + d.file.Text(i.Span)))
	if err != nil {
		t.Fatalf("%s: the slice does not parse: %v", i.Place(), err)
	}
	whole, _ := syntaxTree(d.file.Content)
	got, want := alone.AST.Children[len(alone.AST.Children)-1], whole.AST.Children[i.Index]
	if got.Dump() != want.Dump() || got.Original != want.Original || len(got.Heredocs) != len(want.Heredocs) {
		t.Fatalf("%s: the slice reads as %q, not %q", i.Place(), got.Original, want.Original)
	}
	if i.Trigger == nil && len(i.Flags) != len(want.Flags) {
		t.Fatalf("%s: flags %v, the builder has %q", i.Place(), i.Flags, want.Flags)
	}
}

func checkWords(t *testing.T, d *Document, i *Instruction) {
	t.Helper()
	for _, w := range i.Words {
		if w.Span.Start < i.Span.Start || w.Span.End > i.Span.End || w.Span.Len() < len(w.Raw) {
			t.Fatalf("%s: word %q at %v", i.Place(), w.Raw, w.Span)
		}
		if w.Span.Len() == len(w.Raw) && d.file.Text(w.Span) != w.Raw {
			t.Fatalf("%s: word %q is %q in the file", i.Place(), w.Raw, d.file.Text(w.Span))
		}
	}
	for _, h := range i.Heredocs {
		if !i.Span.Contains(h.Span) || d.file.Text(h.Span) != h.Content {
			t.Fatalf("%s: heredoc %s is not at %v", i.Place(), h.Name, h.Span)
		}
	}
}

// checkOps forces an op on every instruction and confirms each.
func checkOps(t *testing.T, d *Document) {
	t.Helper()
	lines := []string{"RUN true \\", "    && id", "# ours"}
	if d.Escape == '`' {
		lines = []string{"RUN true `", "    && id", "# ours"}
	}
	for _, i := range d.Instructions {
		if i.Index > 0 && i.Stage != nil {
			checkOp(t, d, &InsertBefore{i, lines})
		}
		if i.Stage != nil {
			checkOp(t, d, &InsertAfter{i, lines})
			checkOp(t, d, &InsertAfter{i, lines[:2]}, &InsertBefore{i, []string{"USER 1:1"}})
		}
		if i.Name == "COPY" || i.Name == "RUN" {
			checkOp(t, d, &SetFlag{i, "chown", "1:1"})
		}
		if n := len(i.Words); n > 0 {
			checkOp(t, d, &ReplaceText{i, i.Words[0].Span, i.Words[0].Raw + "0"})
			checkOp(t, d, &ReplaceText{i, i.Words[n-1].Span, i.Words[n-1].Raw + "0"})
			checkOp(t, d, &SetWords{i, []string{i.Words[0].Text, "x"}})
		}
		for _, h := range i.Heredocs {
			checkOp(t, d, &ReplaceText{i, source.Span{Start: h.Span.Start, End: h.Span.Start}, "ours\n"})
		}
		if i.Name != "FROM" && len(d.Instructions) > 1 {
			checkOp(t, d, &Remove{At: i}, &InsertAfter{i, []string{"USER 1:1"}})
			checkOp(t, d, &Remove{At: i, WithComments: true})
		}
	}
}

// checkOp lowers and confirms. A refusal is fine where the file itself is the reason.
func checkOp(t *testing.T, d *Document, ops ...source.Op) {
	t.Helper()
	edits, err := d.Lower(ops)
	if err != nil {
		if _, ok := err.(*source.Refusal); !ok {
			t.Fatalf("%v: %v", ops, err)
		}
		return
	}
	after, err := source.Apply(d.file.Content, edits)
	if err != nil {
		t.Fatalf("%v: %v", ops, err)
	}
	if err := d.Confirm(ops, after); err != nil {
		t.Fatalf("%s: %v: %v\n%s", ops[0].Place(), ops, err, after)
	}
}

// corpus calls each with every Dockerfile below the directory that OFFROOT_CORPUS names.
func corpus(t *testing.T, each func(t *testing.T, d *Document)) {
	root := os.Getenv("OFFROOT_CORPUS")
	if root == "" {
		t.Skip("OFFROOT_CORPUS names no directory of repositories")
	}
	files, skipped := 0, 0
	err := filepath.WalkDir(root, func(path string, e fs.DirEntry, err error) error {
		if err != nil || !e.Type().IsRegular() || !strings.Contains(strings.ToLower(e.Name()), "dockerfile") {
			return err
		}
		content, err := os.ReadFile(path)
		if err != nil {
			return err
		}
		d, err := Parse(source.NewFile(path, content))
		if err != nil {
			skipped++
			t.Log(err)
			return nil
		}
		files++
		each(t, d)
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	t.Logf("%d files, %d not read", files, skipped)
}

func TestCorpusSlices(t *testing.T) { corpus(t, checkSlices) }

func TestCorpusOps(t *testing.T) { corpus(t, checkOps) }

func TestCorpusScripts(t *testing.T) {
	scripts, failed := 0, 0
	corpus(t, func(t *testing.T, d *Document) {
		for _, i := range d.Instructions {
			text, _, ok := i.Script()
			if !ok {
				continue
			}
			scripts++
			if _, err := shell.Parse(text); err != nil {
				failed++
				t.Logf("%s: %v\n%s", i.Place(), err, text)
			}
		}
	})
	t.Logf("%d scripts, %d do not parse", scripts, failed)
}
