package dockerfile

import (
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/offroot/offroot/rewrite/source"
)

// Confirm checks that after is the file with these ops and nothing else. It knows no offsets of Lower: it applies the ops to
// the list of instructions that BuildKit reads in the original, and compares with the list that it reads in after. Comment
// lines, line endings, the byte order mark and the final newline must be as before too.
func (d *Document) Confirm(ops []source.Op, after []byte) error {
	own, err := d.ownOps(ops)
	if err != nil {
		return err
	}
	before, err := readFacts(d.file.Content)
	if err != nil {
		return fmt.Errorf("confirm %s: read the original: %w", d.file.Path, err)
	}
	got, err := readFacts(after)
	if err != nil {
		return fmt.Errorf("confirm %s: the changed file does not parse: %w", d.file.Path, err)
	}
	want, err := before.with(own)
	if err != nil {
		return fmt.Errorf("confirm %s: %w", d.file.Path, err)
	}
	if err := want.equal(got); err != nil {
		return fmt.Errorf("confirm %s: %w", d.file.Path, err)
	}
	return nil
}

// with is what the file says once the ops are done.
func (f *facts) with(ops []op) (*facts, error) {
	want := &facts{content: f.content, comments: maps.Clone(f.comments), blank: f.blank}
	above := make([][]item, len(f.items)+1)
	for _, before := range insertionOrder(ops, f) {
		fresh, err := readLines(before.lines, f.escape)
		if err != nil {
			return nil, fmt.Errorf("read the inserted lines: %w", err)
		}
		above[before.gap] = append(above[before.gap], fresh.items...)
		for text, n := range fresh.comments {
			want.comments[text] += n
		}
		want.blank += fresh.blank
	}
	for k, it := range f.items {
		want.items = append(want.items, above[k]...)
		changed, gone, err := f.change(k, it, ops)
		if err != nil {
			return nil, err
		}
		if gone {
			f.forget(want, k, ops)
			if f.endsWith(k) {
				want.blank = -1
			}
			continue
		}
		want.items = append(want.items, changed)
	}
	want.items = append(want.items, above[len(f.items)]...)
	return want, nil
}

// An insertion is lines in the gap above an instruction.
type insertion struct {
	gap   int
	lines []string
}

// insertionOrder lists insertions so that those of one gap come as they stand in the file: first what follows an
// instruction, then what precedes the next, and in the order of the ops where both mean the same place.
func insertionOrder(ops []op, f *facts) []insertion {
	var first, second []insertion
	for _, asked := range ops {
		switch o := asked.(type) {
		case *InsertAfter:
			first = append(first, insertion{o.At.Index + 1, o.Lines})
		case *InsertBefore:
			in := insertion{o.At.Index, o.Lines}
			if in.gap > 0 && f.adjoins(in.gap) {
				first = append(first, in)
			} else {
				second = append(second, in)
			}
		}
	}
	return append(first, second...)
}

// adjoins is true if only comment lines stand between an instruction and the one before it.
func (f *facts) adjoins(k int) bool {
	lines := strings.Split(string(f.content), "\n")
	for _, line := range lines[f.nodes[k-1].EndLine : f.nodes[k].StartLine-1] {
		if !strings.HasPrefix(strings.TrimSpace(line), "#") {
			return false
		}
	}
	return true
}

// readLines reads inserted lines, which may be comments alone.
func readLines(lines []string, escape rune) (*facts, error) {
	text := "# escape=" + string(escape) + "\nFROM x\n" + strings.Join(lines, "\n") + "\n"
	f, err := readFacts([]byte(text))
	if err != nil {
		return nil, err
	}
	f.items = f.items[1:]
	delete(f.comments, "# escape="+string(escape))
	return f, nil
}

// endsWith is true for the last instruction of a file without a final newline. If it goes, so do the blank lines above it.
func (f *facts) endsWith(k int) bool {
	lines := strings.Split(string(f.content), "\n")
	return lines[len(lines)-1] != "" && f.nodes[k].EndLine == len(lines)
}

// forget takes the comments of a removed instruction out of what is wanted.
func (f *facts) forget(want *facts, k int, ops []op) {
	lines := strings.Split(string(f.content), "\n")
	n := f.nodes[k]
	drop := &facts{comments: map[string]int{}}
	drop.count(lines[n.StartLine:n.EndLine], false)
	for _, asked := range ops {
		o, ok := asked.(*Remove)
		if !ok || o.At.Index != k || !o.WithComments {
			continue
		}
		for at := n.StartLine - 2; at >= o.At.doc.directives; at-- {
			if !strings.HasPrefix(strings.TrimSpace(strings.TrimPrefix(lines[at], "\ufeff")), "#") {
				break
			}
			drop.count(lines[at:at+1], false)
		}
	}
	for text, n := range drop.comments {
		want.comments[text] -= n
		if want.comments[text] <= 0 {
			delete(want.comments, text)
		}
	}
}

// change applies the ops of one instruction to its data.
func (f *facts) change(k int, it item, ops []op) (item, bool, error) {
	var texts []*ReplaceText
	var rest []op
	for _, o := range ops {
		if o.at().Index != k {
			continue
		}
		switch o := o.(type) {
		case *Remove:
			return it, true, nil
		case *ReplaceText:
			texts = append(texts, o)
		case *SetWords, *SetFlag:
			rest = append(rest, o)
		}
	}
	if len(texts) > 0 {
		var err error
		if it, err = f.replaced(k, texts); err != nil {
			return it, false, err
		}
	}
	for _, o := range rest {
		it.joined = ""
		to := &it
		if o.at().outer != nil && it.trigger != nil {
			inner := *it.trigger
			inner.joined = ""
			it.trigger, to = &inner, &inner
		}
		if err := to.apply(o, f.escape); err != nil {
			return it, false, err
		}
	}
	return it, false, nil
}

// apply sets a flag or the arguments.
func (it *item) apply(asked op, escape rune) error {
	switch o := asked.(type) {
	case *SetFlag:
		flag := "--" + o.Name + "=" + o.Value
		flags := slices.Clone(it.flags)
		at := slices.IndexFunc(flags, func(s string) bool { return s == "--"+o.Name || strings.HasPrefix(s, "--"+o.Name+"=") })
		if at >= 0 {
			flags[at] = flag
		} else {
			flags = append(flags, flag)
		}
		it.flags = flags
	case *SetWords:
		text := strings.Join(o.Words, " ")
		if it.exec {
			text = execArgs(it.name, o.Words)
		}
		fresh, err := readLines([]string{it.name + " " + text}, escape)
		if err != nil || len(fresh.items) != 1 {
			return fmt.Errorf("read the new arguments of %s", it.name)
		}
		it.args, it.exec = fresh.items[0].args, fresh.items[0].exec
	}
	return nil
}

func execArgs(name string, words []string) string {
	if name == "HEALTHCHECK" && len(words) > 0 {
		list, _ := json.Marshal(words[1:])
		return words[0] + " " + string(list)
	}
	list, _ := json.Marshal(words)
	return string(list)
}
