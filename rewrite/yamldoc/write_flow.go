package yamldoc

import (
	"strings"
)

// quotesKeys reports whether the flow collection around n writes its keys in double quotes, as JSON does.
func (n *Node) quotesKeys() bool {
	if n.doc.json {
		return true
	}
	for ; n.isFlow(); n = n.up {
		if n.isMapping() && len(n.kids) > 0 {
			for i := 0; i < len(n.kids); i += 2 {
				if n.kids[i].Style() != DoubleQuoted {
					return false
				}
			}
			return true
		}
	}
	return false
}

// addFlow adds keys to a flow mapping that has some: on its line, or on lines of their own where each entry has one.
func (l *lowering) addFlow(m *Node, g *group) error {
	if m.bare {
		return l.refuse("the pair at line %d stands in a list without braces", m.Line())
	}
	if m.isTall() {
		return l.addTall(m, g)
	}
	if !m.isOneLine() {
		return l.refuse("the flow mapping at line %d has several lines, and several entries on a line", m.Line())
	}
	quoted := m.quotesKeys()
	comma, colon := m.separators(quoted)
	var parts []string
	for _, a := range g.adds {
		parts = append(parts, keyText(a.key, true, quoted)+colon+flowValue(a.value, quoted))
	}
	text := strings.Join(parts, comma)
	at := g.slot
	if l.gone.get(at.by) != nil {
		at = l.remaining(at)
	}
	switch {
	case at.by == nil:
		return l.refuse("no entry of the flow mapping at line %d remains", m.Line())
	case at.above:
		l.edit(at.by.entryStart(), at.by.entryStart(), text+comma)
	default:
		l.edit(at.by.flowEnd(), at.by.flowEnd(), comma+text)
	}
	return nil
}

// remaining is the slot next to s whose entry is not deleted.
func (l *lowering) remaining(s slot) slot {
	kids := s.by.up.kids
	step := 1
	if s.by.up.isMapping() {
		step = 2
	}
	for i := s.by.index; i < len(kids); i += step {
		if l.gone.get(kids[i]) == nil {
			return slot{kids[i], true}
		}
	}
	for i := s.by.index; i >= 0; i -= step {
		if l.gone.get(kids[i]) == nil {
			return slot{kids[i], false}
		}
	}
	return slot{}
}

// separators are what the mapping writes between entries and after keys.
func (m *Node) separators(quoted bool) (comma, colon string) {
	comma, colon = ", ", ": "
	if len(m.kids) > 2 && m.doc.textOf(m.kids[1].end, m.kids[3].entryStart()) == "," {
		comma = ","
	}
	if quoted && m.kids[1].start == m.kids[1].mark+1 && m.kids[1].mark >= 0 && len(m.kids[1].y.Value)+len(m.kids[1].kids) > 0 {
		colon = ":"
	}
	return comma, colon
}

// indentOf is the white space that begins the line of offset.
func (d *Document) indentOf(offset int) string {
	text := strings.TrimPrefix(d.file.LineText(d.file.Line(offset)), string(byteOrderMark))
	return text[:len(text)-len(strings.TrimLeft(text, " \t"))]
}

// jsonWriter returns a writer for the entries of the tall flow collection m.
func (l *lowering) jsonWriter(m *Node) jsonWriter {
	if l.inline == nil {
		habits := l.d.inlineHabits()
		l.inline = &habits
	}
	w := jsonWriter{newline: l.newline(), unit: "  ", habits: *l.inline}
	if m.isTall() {
		outer, inner := l.d.indentOf(m.span.Start), l.d.indentOf(m.kids[m.firstValue()].entryStart())
		if unit := strings.TrimPrefix(inner, outer); unit != "" && len(unit) < len(inner)+1 && strings.HasPrefix(inner, outer) {
			w.unit = unit
		}
	}
	return w
}

func (m *Node) firstValue() int {
	if m.isMapping() {
		return 1
	}
	return 0
}

// tallValue writes a value for an entry of the tall collection m.
func (l *lowering) tallValue(m *Node, v any, indent string) string {
	if !m.quotesKeys() {
		return flowValue(v, false)
	}
	return l.jsonWriter(m).value(v, indent)
}

// addTall adds lines above an entry, so that no line that is there needs another comma.
func (l *lowering) addTall(m *Node, g *group) error {
	entry := g.by.entryStart()
	if l.gone.get(g.by) != nil {
		return l.refuse("the entry at line %d goes, by which the new one would stand", g.by.KeyLine())
	}
	indent := l.d.indentOf(entry)
	var lines []string
	for _, a := range g.adds {
		lines = append(lines, indent+keyText(a.key, true, m.quotesKeys())+": "+l.tallValue(m, a.value, indent)+",")
	}
	l.insertLines(l.d.headStart(entry), lines, m.depth(), false)
	return nil
}

// appendFlow adds items to a flow sequence that has some.
func (l *lowering) appendFlow(s *Node, items pending) error {
	last := s.kids[len(s.kids)-1]
	tall := s.isTall()
	if l.gone.get(last) != nil {
		return l.refuse("the item at line %d goes, by which the new one would stand", last.KeyLine())
	}
	if c, ok := l.d.commentAfter(last.end); ok && tall {
		return l.refuse("a comment follows the last item at line %d", l.d.file.Line(c.Start))
	}
	quoted := s.quotesKeys() || !s.doc.json && last.Style() == DoubleQuoted
	comma := ", "
	if len(s.kids) > 1 && l.d.textOf(s.kids[0].end, s.kids[1].start) == "," {
		comma = ","
	}
	text := ""
	for _, item := range items {
		if indent := l.d.indentOf(last.start); tall {
			text += "," + l.newline() + indent + l.tallValue(s, item, indent)
			continue
		}
		text += comma + flowValue(item, quoted)
	}
	l.edit(last.flowEnd(), last.flowEnd(), text)
	return nil
}
