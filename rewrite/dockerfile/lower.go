package dockerfile

import (
	"bytes"
	"slices"
	"strings"

	"github.com/offroot/offroot/rewrite/source"
)

// Lower turns ops into edits of the file as it was read. Insertions at one place keep the order of the ops, equal ops
// count once. It refuses what would not read back as asked: insertions at the instruction of an ONBUILD, lines that are no
// complete instructions, changes that overlap.
func (d *Document) Lower(ops []source.Op) ([]source.Edit, error) {
	own, err := d.ownOps(ops)
	if err != nil {
		return nil, err
	}
	l := &lowering{doc: d, lines: map[int][]string{}, flags: map[*Instruction]map[string]bool{}}
	for _, o := range own {
		if reason := l.add(o); reason != "" {
			return nil, &source.Refusal{Op: o, Reason: reason}
		}
	}
	if refusal := l.overlap(); refusal != nil {
		return nil, refusal
	}
	for _, c := range l.changes {
		if reason := l.doc.unreadable(c); reason != "" {
			return nil, &source.Refusal{Op: c.op, Reason: reason}
		}
	}
	return l.edits(), nil
}

// A change is an edit with the op that asks for it.
type change struct {
	source.Edit
	op op
}

type lowering struct {
	doc     *Document
	changes []change
	places  []int            // offsets of insertions in order of appearance
	lines   map[int][]string // new lines by offset
	flags   map[*Instruction]map[string]bool
	cutsEnd bool // the last instruction goes
}

// add takes an op in and returns why it cannot be done, "" if it can.
func (l *lowering) add(asked op) string {
	switch o := asked.(type) {
	case *InsertBefore:
		return l.insert(o.At, l.doc.insertBeforeAt(o.At), o.Lines)
	case *InsertAfter:
		if o.At.open {
			return "the instruction ends in a continuation that nothing follows, a line below would become part of it"
		}
		return l.insert(o.At, o.At.Span.End, o.Lines)
	case *SetWords:
		return l.setWords(o)
	case *SetFlag:
		return l.setFlag(o)
	case *ReplaceText:
		return l.replaceText(o)
	case *Remove:
		return l.remove(o)
	}
	return "unknown op"
}

// insertBeforeAt is the offset of the first byte above which nothing belongs to the instruction.
func (d *Document) insertBeforeAt(i *Instruction) int {
	line := d.commentsFrom(i.Line)
	start := d.file.LineSpan(line).Start
	if line == 1 {
		start += bomLen(d.file.Content)
	}
	return start
}

func (l *lowering) insert(at *Instruction, offset int, lines []string) string {
	if at.outer != nil {
		return "an insertion at the instruction of an ONBUILD would run in the image instead of its children"
	}
	if reason := l.doc.unfit(lines); reason != "" {
		return reason
	}
	if _, known := l.lines[offset]; !known {
		l.places = append(l.places, offset)
	}
	l.lines[offset] = append(l.lines[offset], lines...)
	return ""
}

// unfit says why lines cannot stand alone in this file.
func (d *Document) unfit(lines []string) string {
	if len(lines) == 0 {
		return "no lines to insert"
	}
	for _, line := range lines {
		if strings.ContainsAny(line, "\r\n") {
			return "a line to insert holds a line break"
		}
	}
	parsed, err := d.parseAlone(strings.Join(lines, "\n")+"\n", "")
	if err != nil {
		return "the lines to insert are no complete instructions: " + err.(*source.Error).Msg
	}
	if last := parsed.Instructions[len(parsed.Instructions)-1]; last.open {
		return "the last line to insert ends in a continuation"
	}
	return ""
}

// overlap finds two changes that touch the same bytes. Two texts at the same offset have no order among them either,
// unless both are flags.
func (l *lowering) overlap() *source.Refusal {
	sorted := slices.Clone(l.changes)
	slices.SortStableFunc(sorted, func(a, b change) int {
		if a.Start != b.Start {
			return a.Start - b.Start
		}
		return a.End - b.End
	})
	for k := 1; k < len(sorted); k++ {
		a, b := sorted[k-1], sorted[k]
		_, aFlag := a.op.(*SetFlag)
		_, bFlag := b.op.(*SetFlag)
		same := a.Span == b.Span && a.Len() == 0 && !(aFlag && bFlag)
		if b.Start < a.End || same {
			return &source.Refusal{Op: b.op, Reason: "it overlaps another change: " + a.op.String()}
		}
	}
	return nil
}

// unreadable says why an instruction with a change made is no instruction any more.
func (d *Document) unreadable(c change) string {
	if _, removes := c.op.(*Remove); removes {
		return ""
	}
	i := c.op.at()
	slice := d.file.Content[i.Span.Start:i.Span.End]
	edit := c.Edit
	edit.Start -= i.Span.Start
	edit.End -= i.Span.Start
	text, err := source.Apply(slice, []source.Edit{edit})
	if err != nil {
		return err.Error()
	}
	if _, err := d.parseAlone(string(text), i.Name); err != nil {
		return "the changed instruction does not parse: " + err.(*source.Error).Msg
	}
	return ""
}

// parseAlone reads lines as they would be read in a stage of this file.
func (d *Document) parseAlone(lines, name string) (*Document, error) {
	head := "# escape=" + string(rune(d.Escape)) + "\n"
	if name != "FROM" {
		head += "FROM x\n"
	}
	return Parse(source.NewFile("", []byte(head+lines)))
}

// edits writes the new lines with the line ending of the file. At the end of a file without a final newline they begin
// with one instead of ending in one.
func (l *lowering) edits() []source.Edit {
	f := l.doc.file
	newline := f.Newline()
	bare := !f.HasFinalNewline()
	var out []source.Edit
	tail := -1
	if l.cutsEnd && len(l.lines[len(f.Content)]) == 0 {
		tail = l.startOfCut()
	}
	for _, c := range l.changes {
		if _, removes := c.op.(*Remove); removes && c.Start == tail {
			c.Start = endOfLineBefore(f.Content, c.Start)
		}
		out = append(out, c.Edit)
	}
	for _, at := range l.places {
		text := strings.Join(l.lines[at], newline)
		switch {
		case at < len(f.Content) || !bare:
			text += newline
		case !l.cutsEnd:
			text = newline + text
		}
		out = append(out, source.Edit{Span: source.Span{Start: at, End: at}, New: text})
	}
	return out
}

// startOfCut is where the removals that reach the end of the file begin.
func (l *lowering) startOfCut() int {
	start := len(l.doc.file.Content)
	for again := true; again; {
		again = false
		for _, c := range l.changes {
			if _, removes := c.op.(*Remove); removes && c.End == start && c.Start < start {
				start, again = c.Start, true
			}
		}
	}
	return start
}

// endOfLineBefore steps over the line ending before offset, and over blank lines before it: they would be the final newline
// that the file does not have.
func endOfLineBefore(content []byte, offset int) int {
	for offset > 0 && content[offset-1] == '\n' {
		end := len(bytes.TrimSuffix(content[:offset-1], []byte("\r")))
		start := bytes.LastIndexByte(content[:end], '\n') + 1
		if len(bytes.TrimSpace(content[start:end])) > 0 {
			return end
		}
		offset = start
	}
	return offset
}
