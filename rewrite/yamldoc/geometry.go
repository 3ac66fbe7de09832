package yamldoc

import (
	"bytes"
	"sort"
	"strings"

	"github.com/offroot/offroot/rewrite/source"
)

// sortedFrom is the number of keys from which on alphabetical order is taken for intent.
const sortedFrom = 4

// A slot is a place between the entries of a collection: above or below one of them.
type slot struct {
	by    *Node // value of the entry
	above bool
}

// A mapGeometry answers where new keys of a mapping with entries go.
type mapGeometry struct{ m *Node }

func (g mapGeometry) isSorted() bool {
	keys := g.m.Keys()
	return len(keys) >= sortedFrom && sort.StringsAreSorted(keys)
}

// slot is where key goes. In JSON, and in flow mappings that are written the same way, it is always above a key, so that
// no line that is there needs another comma.
func (g mapGeometry) slot(key string, place Place) slot {
	s := g.wanted(key, place)
	if s.above || !g.m.isTall() {
		return s
	}
	if next := s.by.index + 2; next < len(g.m.kids) {
		return slot{g.m.kids[next], true}
	}
	return slot{s.by, true}
}

func (g mapGeometry) wanted(key string, place Place) slot {
	m := g.m
	last := slot{m.kids[len(m.kids)-1], false}
	if g.isSorted() {
		if v := g.first(func(k string) bool { return k > key }); v != nil {
			return slot{v, true}
		}
		return last
	}
	if v := g.first(oneOf(place.Above)); v != nil {
		return slot{v, true}
	}
	if v := g.last(oneOf(place.Below)); v != nil {
		return slot{v, false}
	}
	if place.AsFirst {
		return slot{m.kids[1], true}
	}
	return last
}

func oneOf(keys []string) func(string) bool {
	return func(key string) bool {
		for _, k := range keys {
			if k == key {
				return true
			}
		}
		return false
	}
}

func (g mapGeometry) first(match func(string) bool) *Node {
	for i := 1; i < len(g.m.kids); i += 2 {
		if !g.m.kids[i].isMerge() && match(g.m.kids[i].Key()) {
			return g.m.kids[i]
		}
	}
	return nil
}

func (g mapGeometry) last(match func(string) bool) *Node {
	for i := len(g.m.kids) - 1; i > 0; i -= 2 {
		if !g.m.kids[i].isMerge() && match(g.m.kids[i].Key()) {
			return g.m.kids[i]
		}
	}
	return nil
}

// lineBefore is the line that a new key would be written below.
func (g mapGeometry) lineBefore(key string, place Place) int {
	d := g.m.doc
	s := g.slot(key, place)
	switch {
	case g.m.isFlow() && !g.m.isTall():
		return s.by.KeyLine()
	case s.above:
		return max(d.file.Line(d.headStart(s.by.entryStart()))-1, 1)
	}
	return d.file.Line(d.tailEnd(s.by) - 1)
}

// isTall reports whether n is a flow collection with one entry to a line, each beginning its line.
func (n *Node) isTall() bool {
	if !n.isFlow() || n.bare || len(n.kids) == 0 {
		return false
	}
	line := 0
	for i := 0; i < len(n.kids); i++ {
		if n.isMapping() && i%2 == 0 {
			continue
		}
		at := n.kids[i].entryStart()
		if !n.doc.beginsLine(at) || n.doc.file.Line(at) == line {
			return false
		}
		line = n.doc.file.Line(at)
	}
	return line != n.doc.file.Line(n.span.Start)
}

// isOneLine reports whether n begins and ends on the same line.
func (n *Node) isOneLine() bool {
	return n.doc.file.Line(n.start) == n.doc.file.Line(n.end)
}

// beginsLine reports whether only blanks stand before offset on its line.
func (d *Document) beginsLine(offset int) bool {
	for offset > 0 && isBlank(d.file.Content, offset-1) {
		offset--
	}
	return offset == 0 || d.file.Content[offset-1] == '\n'
}

// linePrefix is what stands before offset on its line, false if YAML sees a line break in it that is none for us.
func (d *Document) linePrefix(offset int) (string, bool) {
	start := d.file.LineSpan(d.file.Line(offset)).Start
	prefix := strings.TrimPrefix(string(d.file.Content[start:offset]), string(byteOrderMark))
	return prefix, lineEnd([]byte(prefix), 0) == len(prefix)
}

// blockPrefix tells whether the entry of n begins its line, or follows dashes; any other beginning is a problem.
func (d *Document) blockPrefix(n *Node) (dashed bool, problem string) {
	prefix, _ := d.linePrefix(n.entryStart())
	if k := n.key(); k != nil && d.file.Line(k.start) != d.file.Line(k.span.Start) {
		return false, "its key stands below its anchor or tag"
	}
	if strings.Trim(prefix, " ") == "" {
		return false, ""
	}
	if strings.Trim(prefix, " -") == "" && !strings.HasPrefix(prefix, "---") {
		return true, ""
	}
	return false, "something else stands on its line"
}

// endsLine reports whether nothing but blanks and a comment follows n on its last line, and no blank line with a tab.
func (d *Document) endsLine(n *Node) bool {
	src := d.file.Content
	if d.tabBelow(n.end) {
		return false
	}
	at := skipBlanks(src, n.end)
	if c, ok := d.commentAfter(n.end); ok && c.Start == at && at > n.end {
		at = c.End
	}
	return d.endsAt(at)
}

// lineSpanEnd is the end of the line, with its break, on which the value of n ends.
func (d *Document) lineSpanEnd(n *Node) int {
	return d.file.LineSpan(d.file.Line(n.end)).End
}

// tailEnd is the offset below the entry of n and below the comment lines that adjoin it and are indented deeper.
func (d *Document) tailEnd(n *Node) int {
	entry := n.entryStart()
	column := d.column(entry)
	line := d.file.Line(n.end)
	for {
		col, ok := d.commentLine(line + 1)
		if !ok || col <= column {
			return d.file.LineSpan(line).End
		}
		line++
	}
}

// flowEnd is where a comma can follow n in a flow collection: an empty value needs white space behind its colon.
func (n *Node) flowEnd() int {
	src := n.doc.file.Content
	if !isEmptyPlain(n.y) && (n.end == 0 || src[n.end-1] != ':') {
		return n.end
	}
	if isBlank(src, n.end) {
		return n.end + 1
	}
	return n.end + breakLen(src, n.end)
}

// depth is the number of collections around n.
func (n *Node) depth() int {
	depth := 0
	for n = n.up; n != nil; n = n.up {
		depth++
	}
	return depth
}

// valueFrom is where the blanks before the value of an entry begin: after the colon or dash, or after anchor and tag.
func (n *Node) valueFrom() int {
	from := max(n.mark+1, 0)
	if hasProps(n.y) {
		trimmed := strings.TrimRight(string(n.doc.file.Content[n.start:n.span.Start]), " \t\r\n")
		return n.start + len(trimmed)
	}
	return from
}

// problemOf is why new lines cannot be put above or below the entry of n, "" if they can.
func (d *Document) problemOf(s slot) string {
	if _, problem := d.blockPrefix(s.by); problem != "" || s.above {
		return problem
	}
	if !d.endsLine(s.by) {
		return "something else follows on its last line"
	}
	if last := s.by.lastScalar(); last != nil && last.span.End == len(d.file.Content) {
		b, _ := scanBlock(d.file.Content, last.span.Start, last.y.Value)
		if style := last.Style(); (style == Literal || style == Folded) && b.chomp != '-' {
			return "its block scalar is not ended by a line break"
		}
	}
	return ""
}

// tabBelow reports whether a blank line directly below offset holds a tab. Only a plain scalar may stand above one.
func (d *Document) tabBelow(offset int) bool {
	src := d.file.Content
	for at := lineEnd(src, offset); breakLen(src, at) > 0; {
		at += breakLen(src, at)
		end := skipBlanks(src, at)
		if bytes.IndexByte(src[at:end], '\t') >= 0 {
			return true
		}
		at = end
	}
	return false
}

// lastScalar is the scalar with which n ends, if it ends with one.
func (n *Node) lastScalar() *Node {
	for len(n.kids) > 0 && !n.isFlow() {
		n = n.kids[len(n.kids)-1]
	}
	if n.isScalar() {
		return n
	}
	return nil
}

func (d *Document) textOf(from, to int) string {
	return d.file.Text(source.Span{Start: from, End: to})
}
