package yamldoc

import (
	"strconv"
	"strings"

	"github.com/offroot/offroot/rewrite/source"
)

// writeValue gives an existing entry another value: null and {} are filled, scalars change in place.
func (l *lowering) writeValue(n *Node, v any) error {
	if n.holds(v) {
		return nil
	}
	_, scalar := scalarText(v)
	switch {
	case scalar && n.isScalar():
		return l.writeScalar(n, v)
	case n.up == nil:
		return l.fillRoot(n, v)
	case n.isFlow() && scalar:
		return l.swapSpan(n, lineValue(v))
	case n.up.isFlow():
		return l.fillFlow(n, v)
	case n.up.isSequence():
		return l.fillItem(n, v)
	}
	return l.fillEntry(n, v)
}

// holds reports whether n has the value v already.
func (n *Node) holds(v any) bool {
	if text, ok := scalarText(v); ok {
		quoted := n.Style() != Plain && v != nil
		return n.isScalar() && n.y.Value == text && (quoted || n.y.ShortTag() == tagOf(v)) || v == nil && n.IsNull()
	}
	if m, ok := v.(Map); ok {
		if !n.isMapping() || n.entries() != len(m) {
			return false
		}
		for _, p := range m {
			if own := n.own(p.Key); own == nil || !own.holds(p.Value) {
				return false
			}
		}
		return true
	}
	items, _ := listItems(v)
	if !n.isSequence() || len(n.kids) != len(items) {
		return false
	}
	for i, item := range items {
		if !n.kids[i].holds(item) {
			return false
		}
	}
	return true
}

// tagOf is the tag of a scalar value.
func tagOf(v any) string {
	switch v.(type) {
	case nil:
		return "!!null"
	case int:
		return "!!int"
	case bool:
		return "!!bool"
	}
	return "!!str"
}

// writeScalar changes one scalar into another.
func (l *lowering) writeScalar(n *Node, v any) error {
	text, _ := scalarText(v)
	inFlow, quoted := n.up.isFlow(), n.up.quotesKeysAround()
	switch {
	case n.Style() != Plain && v != nil:
		return l.writeText(n, text)
	case isEmptyPlain(n.y) && n.up.isMapping() && n.mark < 0:
		return l.refuse("the key at line %d has no colon", n.KeyLine())
	case isEmptyPlain(n.y):
		l.edit(n.end, n.end, " "+newScalar(v, inFlow, quoted))
		return nil
	}
	return l.swapSpan(n, newScalar(v, inFlow, quoted))
}

func (n *Node) quotesKeysAround() bool { return n.isFlow() && n.quotesKeys() }

// swapSpan puts text in place of the value of n. Comments within must not get lost.
func (l *lowering) swapSpan(n *Node, text string) error {
	if err := l.checkNoComments(n.span); err != nil {
		return err
	}
	if !n.up.isFlow() && l.d.tabBelow(n.span.End) {
		return l.refuse("a line below line %d begins with a tab", n.EndLine())
	}
	l.edit(n.span.Start, n.span.End, text)
	return nil
}

func (l *lowering) checkNoComments(s source.Span) error {
	if within := l.d.commentsIn(s); len(within) > 0 {
		return l.refuse("the comment at line %d would be lost", l.d.file.Line(within[0].Start))
	}
	return nil
}

func (l *lowering) fillRoot(n *Node, v any) error {
	prefix, ok := l.d.linePrefix(n.start)
	if !ok || prefix != "" || len(n.kids) > 0 || n.isScalar() {
		return l.refuse("the document at line %d cannot be filled", n.Line())
	}
	if l.d.json {
		return l.swapSpan(n, l.jsonWriter(n).value(v, ""))
	}
	if !l.d.endsLine(n) || len(l.d.commentsIn(source.Span{Start: n.start, End: l.d.lineSpanEnd(n)})) > 0 {
		return l.refuse("something follows the empty document at line %d", n.Line())
	}
	style := blockStyle{step: 2, list: 2}
	return l.swapSpan(n, strings.Join(style.block(v, -2), l.newline()))
}

// fillFlow writes a collection within a flow collection.
func (l *lowering) fillFlow(n *Node, v any) error {
	if n.up.isMapping() && n.mark < 0 {
		return l.refuse("the key at line %d has no colon", n.KeyLine())
	}
	text := flowValue(v, n.up.quotesKeys())
	if n.up.isTall() {
		text = l.tallValue(n.up, v, l.d.indentOf(n.entryStart()))
	}
	if isEmptyPlain(n.y) {
		text = " " + text
	}
	return l.swapSpan(n, text)
}

func (l *lowering) fillItem(n *Node, v any) error {
	if hasProps(n.y) || len(n.kids) > 0 || n.isScalar() && !n.IsNull() {
		return l.refuse("the item at line %d holds something else", n.Line())
	}
	if !l.d.endsLine(n) || l.d.file.Line(n.mark) != l.d.file.Line(n.end) {
		return l.refuse("something follows the item at line %d", n.Line())
	}
	column := l.d.column(n.mark)
	style := l.styles.at(n.nearestMapping(), n.mark)
	lines := style.blockItem(v, column)
	if _, list := listItems(v); list {
		lines = []string{"- " + flowValue(v, false)}
	}
	lines[0] = strings.TrimPrefix(strings.TrimLeft(lines[0], " "), "-")
	if len(lines) > 1 {
		if err := l.checkNoComments(source.Span{Start: n.mark, End: l.d.lineSpanEnd(n)}); err != nil {
			return err
		}
	}
	l.edit(n.mark+1, n.end, strings.Join(lines, l.newline()))
	return nil
}

// fillEntry writes a collection, or replaces one by a scalar, behind a key of a block mapping.
func (l *lowering) fillEntry(n *Node, v any) error {
	d := l.d
	key := n.key()
	if n.question >= 0 || n.mark < 0 || !d.endsLine(n) {
		return l.refuse("the entry at line %d cannot be filled", n.KeyLine())
	}
	if _, problem := d.blockPrefix(n); problem != "" {
		return l.refuse("the entry at line %d cannot be filled: %s", n.KeyLine(), problem)
	}
	from := n.valueFrom()
	column := d.column(key.start)
	style := l.styles.at(n.up, key.start)
	if err := l.checkNoComments(source.Span{Start: from, End: n.end}); err != nil {
		return err
	}
	if !isBlockValue(v) {
		l.edit(from, n.end, " "+lineValue(v))
		return nil
	}
	lines := style.block(v, column)
	if line := d.file.Line(n.mark); d.file.Line(n.end) == line {
		if from < n.span.End {
			l.edit(from, n.span.End, "")
		}
		l.insertLines(d.file.LineSpan(line).End, lines, n.depth(), true)
		return nil
	}
	l.edit(from, n.end, l.newline()+strings.Join(lines, l.newline()))
	return nil
}

// writeSwap writes other entries in the place of one.
func (l *lowering) writeSwap(n *Node, with Map) error {
	d := l.d
	entry := n.entryStart()
	if n.up.isFlow() {
		return l.swapFlow(n, with)
	}
	if _, problem := d.blockPrefix(n); problem != "" || !d.endsLine(n) {
		return l.refuse("the entry at line %d shares its lines", n.KeyLine())
	}
	style := l.styles.at(n.up, entry)
	var lines []string
	for _, p := range with {
		lines = append(lines, style.blockEntry(p.Key, p.Value, d.column(entry))...)
	}
	text := strings.TrimLeft(strings.Join(lines, l.newline()), " ")
	if c, ok := d.commentAfter(n.mark + 1); ok && c.Start < n.end {
		if _, two := d.commentAfter(n.end); two {
			return l.refuse("two comments would meet on one line, those of lines %s and %s",
				strconv.Itoa(d.file.Line(c.Start)), strconv.Itoa(n.EndLine()))
		}
		text += d.textOf(n.mark+1, c.End)
	}
	l.edit(entry, n.end, text)
	return nil
}

func (l *lowering) swapFlow(n *Node, with Map) error {
	entry := n.entryStart()
	if err := l.checkNoComments(source.Span{Start: entry, End: n.end}); err != nil {
		return err
	}
	m := n.up
	comma, colon := m.separators(m.quotesKeys())
	indent := l.d.indentOf(entry)
	if m.isTall() {
		comma, colon = ","+l.newline()+indent, ": "
	} else if !m.isOneLine() {
		return l.refuse("the flow mapping at line %d has several lines, and several entries on a line", m.Line())
	}
	var parts []string
	for _, p := range with {
		value := flowValue(p.Value, m.quotesKeys())
		if m.isTall() {
			value = l.tallValue(m, p.Value, indent)
		}
		parts = append(parts, keyText(p.Key, true, m.quotesKeys())+colon+value)
	}
	l.edit(entry, n.end, strings.Join(parts, comma))
	return nil
}
