package yamldoc

import (
	"github.com/offroot/offroot/rewrite/source"
)

// writeDeletions writes what goes, collection by collection.
func (l *lowering) writeDeletions() error {
	done := map[*Node]bool{}
	for _, w := range l.gone.order {
		m := w.node.up
		if done[m] {
			continue
		}
		done[m] = true
		if l.goneAbove(m) {
			continue
		}
		l.op = w.op
		if err := l.deleteFrom(m); err != nil {
			return err
		}
	}
	return nil
}

// deleteFrom removes all entries of m that are to go, run by run.
func (l *lowering) deleteFrom(m *Node) error {
	if l.empty[m] {
		return l.deleteAll(m)
	}
	step, first := 1, 0
	if m.isMapping() {
		step, first = 2, 1
	}
	for i := first; i < len(m.kids); i += step {
		j := i
		for j < len(m.kids) && l.gone.get(m.kids[j]) != nil {
			j += step
		}
		if i == j {
			continue
		}
		var next *Node
		if j < len(m.kids) {
			next = m.kids[j]
		}
		run := m.kids[i:min(j, len(m.kids))]
		l.op = l.gone.get(run[0]).op
		remove := l.deleteBlock
		if m.isFlow() {
			remove = l.deleteFlow
		}
		if err := remove(values(run, step), next); err != nil {
			return err
		}
		i = j
	}
	return nil
}

// values picks every step-th node.
func values(run []*Node, step int) []*Node {
	var out []*Node
	for i := 0; i < len(run); i += step {
		out = append(out, run[i])
	}
	return out
}

// deleteAll leaves an empty collection at the root of a document.
func (l *lowering) deleteAll(m *Node) error {
	empty := "{}"
	if m.isSequence() {
		empty = "[]"
	}
	return l.swapSpan(m, empty)
}

func (l *lowering) deleteBlock(run []*Node, next *Node) error {
	d := l.d
	for _, n := range run {
		if _, problem := d.blockPrefix(n); problem != "" {
			return l.refuse("the entry at line %d shares its line: %s", n.KeyLine(), problem)
		}
		if !d.endsLine(n) {
			return l.refuse("the entry at line %d shares its last line", n.KeyLine())
		}
	}
	if dashed, _ := d.blockPrefix(run[0]); dashed {
		return l.deleteDashed(run, next)
	}
	for _, n := range run {
		from := d.headStart(n.entryStart())
		if own := d.file.LineSpan(n.KeyLine()).Start; l.gone.get(n).what.KeepComments {
			from = max(from, own)
		}
		if err := l.checkTextAbove(from, d.lineSpanEnd(n)); err != nil {
			return err
		}
		l.deleteLines(from, d.lineSpanEnd(n))
	}
	return nil
}

// deleteDashed removes the first entries of a collection that begins behind the dash of an item: what follows takes
// their place behind the dash.
func (l *lowering) deleteDashed(run []*Node, next *Node) error {
	d := l.d
	if next == nil {
		return l.refuse("nothing remains behind the dash at line %d", run[0].KeyLine())
	}
	if dashed, problem := d.blockPrefix(next); dashed || problem != "" {
		return l.refuse("the entry at line %d shares its line", next.KeyLine())
	}
	for line := run[0].KeyLine() + 1; line < next.KeyLine(); line++ {
		if _, ok := d.commentLine(line); ok && !withinAny(d.file.LineSpan(line).Start, run) {
			return l.refuse("the comment at line %d would be lost", line)
		}
	}
	l.edit(run[0].entryStart(), next.entryStart(), "")
	return nil
}

func withinAny(offset int, run []*Node) bool {
	for _, n := range run {
		if n.entryStart() <= offset && offset < n.end {
			return true
		}
	}
	return false
}

func (l *lowering) deleteFlow(run []*Node, next *Node) error {
	m := run[0].up
	gap := source.Span{Start: run[0].entryStart()}
	switch prev := run[0].index - len(m.kids)/max(m.entries(), 1); {
	case next != nil:
		gap.End = next.entryStart()
	case prev >= 0:
		gap = source.Span{Start: m.kids[prev].flowEnd(), End: run[len(run)-1].end}
	default:
		return l.refuse("nothing remains of the flow collection at line %d", m.Line())
	}
	if err := l.checkNoComments(gap); err != nil {
		return err
	}
	l.edit(gap.Start, gap.End, "")
	return nil
}

// checkTextAbove refuses to delete lines if the blank lines below them would become text of a block scalar above.
func (l *lowering) checkTextAbove(from, to int) error {
	n, b := l.d.blockEndingAt(l.d.contentEnd(from))
	if n == nil || to >= len(l.d.file.Content) {
		return nil
	}
	src := l.d.file.Content
	for at := to; at < len(src); {
		eol := skipBlanks(src, at)
		if breakLen(src, eol) == 0 && eol < len(src) {
			return nil
		}
		if b.chomp == '+' || eol-at > b.indent {
			return l.refuse("the blank lines below line %d would become text of line %d", l.d.file.Line(from), n.Line())
		}
		at = eol + breakLen(src, eol)
		if at == eol {
			return nil
		}
	}
	return nil
}
