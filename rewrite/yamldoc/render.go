package yamldoc

import (
	"strings"
)

// blockEntry writes a key and its value as lines of a block mapping at column.
func (s blockStyle) blockEntry(key string, value any, column int) []string {
	return s.headed(spaces(column)+keyText(key, false, false)+":", value, column)
}

// headed writes a value behind head, which ends with a colon and stands at column.
func (s blockStyle) headed(head string, value any, column int) []string {
	if !isBlockValue(value) {
		return []string{head + " " + lineValue(value)}
	}
	return append([]string{head}, s.block(value, column)...)
}

// block writes a map or list as the lines below a key at column.
func (s blockStyle) block(value any, column int) []string {
	if m, ok := value.(Map); ok {
		return s.blockMap(m.sorted(), column+s.step)
	}
	items, _ := listItems(value)
	var lines []string
	for _, item := range items {
		lines = append(lines, s.blockItem(item, column+s.list)...)
	}
	return lines
}

// blockMap writes pairs in the order in which they are given.
func (s blockStyle) blockMap(m Map, column int) []string {
	var lines []string
	for _, p := range m {
		lines = append(lines, s.blockEntry(p.Key, p.Value, column)...)
	}
	return lines
}

// blockItem writes an item whose dash stands at column. A list within a list is written in flow style.
func (s blockStyle) blockItem(item any, column int) []string {
	dash := spaces(column) + "- "
	m, ok := item.(Map)
	if !ok || len(m) == 0 {
		return []string{dash + lineValue(item)}
	}
	order := m.sorted()
	if !s.unnamed {
		order = order.nameFirst()
	}
	lines := s.blockMap(order, column+2)
	lines[0] = dash + strings.TrimLeft(lines[0], " ")
	return lines
}

// lineValue writes what follows a key or dash on the same line of a block.
func lineValue(value any) string {
	if _, ok := scalarText(value); ok {
		return newScalar(value, false, false)
	}
	return flowValue(value, false)
}

// isBlockValue reports whether a value takes lines of its own in a block.
func isBlockValue(value any) bool {
	switch v := value.(type) {
	case Map:
		return len(v) > 0
	case Inline:
		return false
	}
	items, ok := listItems(value)
	return ok && len(items) > 0
}

func spaces(n int) string { return strings.Repeat(" ", n) }

// flowValue writes a value on one line. quoted asks for the quotes of JSON.
func flowValue(value any, quoted bool) string {
	if _, ok := scalarText(value); ok {
		return newScalar(value, true, quoted)
	}
	var parts []string
	if m, ok := value.(Map); ok {
		for _, p := range m.sorted() {
			parts = append(parts, keyText(p.Key, true, quoted)+": "+flowValue(p.Value, quoted))
		}
		return "{" + strings.Join(parts, ", ") + "}"
	}
	items, _ := listItems(value)
	for _, item := range items {
		parts = append(parts, flowValue(item, quoted))
	}
	return "[" + strings.Join(parts, ", ") + "]"
}

// A jsonWriter writes values the way a JSON file with one entry to a line does.
type jsonWriter struct {
	newline string
	unit    string // one level of indentation
	habits  inlineHabits
}

// value writes v; the lines after the first are indented from indent.
func (w jsonWriter) value(v any, indent string) string {
	if w.fitsLine(v) {
		return flowValue(v, true)
	}
	inner := w.newline + indent + w.unit
	var parts []string
	if m, ok := v.(Map); ok {
		for _, p := range m.sorted() {
			parts = append(parts, inner+doubleQuote(p.Key)+": "+w.value(p.Value, indent+w.unit))
		}
		return "{" + strings.Join(parts, ",") + w.newline + indent + "}"
	}
	items, _ := listItems(v)
	for _, item := range items {
		parts = append(parts, inner+w.value(item, indent+w.unit))
	}
	return "[" + strings.Join(parts, ",") + w.newline + indent + "]"
}

// fitsLine reports whether v is written on one line: scalars, what is empty, and maps and lists of scalars if the file
// does so.
func (w jsonWriter) fitsLine(v any) bool {
	if m, ok := v.(Map); ok {
		for _, p := range m {
			if _, nested := p.Value.(Map); nested && len(p.Value.(Map)) > 0 || !w.fitsLine(p.Value) {
				return false
			}
		}
		return len(m) == 0 || w.habits.maps
	}
	items, ok := listItems(v)
	for _, item := range items {
		if _, scalar := scalarText(item); !scalar {
			return false
		}
	}
	_, flow := v.(Inline)
	return !ok || len(items) == 0 || flow || w.habits.lists
}

// inlineHabits tells which small collections a JSON file writes on one line.
type inlineHabits struct{ maps, lists bool }

func (d *Document) inlineHabits() inlineHabits {
	var maps, lists int
	for _, r := range d.roots {
		r.countInline(&maps, &lists)
	}
	if lists == 0 {
		lists = maps
	}
	if maps == 0 {
		maps = lists
	}
	return inlineHabits{maps > 0, lists > 0}
}

// countInline adds, for every small collection, one if it stands on one line and subtracts one if not.
func (n *Node) countInline(maps, lists *int) {
	for _, k := range n.kids {
		k.countInline(maps, lists)
	}
	if !n.isFlow() || len(n.kids) == 0 || n.up == nil {
		return
	}
	for _, k := range n.kids {
		if len(k.kids) > 0 && !(n.isMapping() && k.isSequence()) {
			return
		}
	}
	one := -1
	if n.isOneLine() {
		one = 1
	}
	if n.isMapping() {
		*maps += one
	} else {
		*lists += one
	}
}
