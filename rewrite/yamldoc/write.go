package yamldoc

import (
	"sort"
	"strings"

	"github.com/offroot/offroot/rewrite/source"
)

// A change is an edit that has yet to find its order among others at the same offset.
type change struct {
	source.Edit
	op    source.Op
	rank  int  // of insertions at one offset: what ends inner collections first, then what begins the next entry
	lines bool // whole lines: New ends with a line break, or is empty
}

func (l *lowering) edit(start, end int, text string) {
	l.out = append(l.out, change{Edit: source.Edit{Span: source.Span{Start: start, End: end}, New: text}, op: l.op})
}

// insertLines puts lines at an offset where a line begins. below says that they end the collection of the given depth
// rather than stand above an entry of it.
func (l *lowering) insertLines(at int, lines []string, depth int, below bool) {
	text := strings.Join(lines, l.newline()) + l.newline()
	if below {
		depth = -depth
	}
	l.out = append(l.out, change{Edit: source.Edit{Span: source.Span{Start: at, End: at}, New: text}, op: l.op, rank: depth, lines: true})
}

func (l *lowering) deleteLines(start, end int) {
	l.out = append(l.out, change{Edit: source.Edit{Span: source.Span{Start: start, End: end}}, op: l.op, lines: true})
}

func (l *lowering) newline() string { return l.d.file.Newline() }

func (l *lowering) write() error {
	for _, w := range l.adds.order {
		if err := l.writeAdds(w.node, w.what); err != nil {
			return err
		}
	}
	for _, w := range l.items.order {
		l.op = w.op
		if err := l.writeItems(w.node, w.what); err != nil {
			return err
		}
	}
	for _, w := range l.values.order {
		l.op = w.op
		if err := l.writeValue(w.node, w.what); err != nil {
			return err
		}
	}
	for _, w := range l.texts.order {
		l.op = w.op
		if err := l.writeText(w.node, w.what); err != nil {
			return err
		}
	}
	for _, w := range l.swaps.order {
		l.op = w.op
		if err := l.writeSwap(w.node, w.what); err != nil {
			return err
		}
	}
	return l.writeDeletions()
}

// finish orders the edits, sees to the end of a file without a final newline, and refuses what would overlap.
func (l *lowering) finish() ([]source.Edit, error) {
	sort.SliceStable(l.out, func(i, j int) bool {
		a, b := l.out[i], l.out[j]
		switch {
		case a.Start != b.Start:
			return a.Start < b.Start
		case a.End != b.End:
			return a.End < b.End
		case a.lines != b.lines && l.onLastLine(a.Start):
			return b.lines
		}
		return a.rank < b.rank
	})
	if !l.d.file.HasFinalNewline() {
		joined, err := l.joinEnd(l.out)
		if err != nil {
			return nil, err
		}
		l.out = joined
	}
	edits := make([]source.Edit, len(l.out))
	at := 0
	for i, c := range l.out {
		if c.Start < at {
			l.op = c.op
			return nil, l.refuse("it touches the same bytes as another op at line %d", l.d.file.Line(c.Start))
		}
		at = c.End
		edits[i] = c.Edit
	}
	return edits, nil
}

// onLastLine reports whether an offset is the end of a last line without a line break. What is put there into the line comes
// before whole lines, which follow it.
func (l *lowering) onLastLine(offset int) bool {
	return offset == len(l.d.file.Content) && !l.d.file.HasFinalNewline()
}

// joinEnd makes one edit of the whole-line changes that reach the end of a file without a final newline. The line break
// that its last line lacks is added above inserted lines instead, or taken from the line above deleted ones.
func (l *lowering) joinEnd(out []change) ([]change, error) {
	end := len(l.d.file.Content)
	i := len(out)
	for i > 0 && out[i-1].lines && (out[i-1].End == end || i < len(out) && out[i-1].End == out[i].Start) {
		i--
	}
	if i == len(out) {
		return out, nil
	}
	tail := out[i]
	for _, c := range out[i+1:] {
		tail.New += c.New
	}
	tail.End = end
	tail.New = strings.TrimSuffix(tail.New, l.newline())
	switch {
	case tail.New == "":
		tail.Start = l.d.contentEnd(tail.Start)
		if n, b := l.d.blockEndingAt(tail.Start); n != nil && b.chomp != '-' {
			l.op = tail.op
			return nil, l.refuse("the text at line %d would lose its last line break", n.Line())
		}
	case tail.Start == end:
		tail.New = l.newline() + tail.New
	}
	return append(out[:i:i], tail), nil
}

// contentEnd is the end of the last line before offset that is not blank, without its line break.
func (d *Document) contentEnd(offset int) int {
	for offset > 0 && (isBlank(d.file.Content, offset-1) || d.file.Content[offset-1] == '\n' || d.file.Content[offset-1] == '\r') {
		offset--
	}
	return offset
}

// blockEndingAt is the block scalar whose last line of text ends at offset.
func (d *Document) blockEndingAt(offset int) (*Node, blockScalar) {
	level := d.roots
	for len(level) > 0 {
		i := sort.Search(len(level), func(i int) bool { return level[i].start >= offset }) - 1
		if i < 0 {
			break
		}
		n := level[i]
		if n.Style() == Literal || n.Style() == Folded {
			b, _ := scanBlock(d.file.Content, n.span.Start, n.y.Value)
			if d.contentEnd(b.end) == offset {
				return n, b
			}
			break
		}
		level = n.kids
	}
	return nil, blockScalar{}
}
