package yamldoc

import (
	"strings"
	"unicode/utf8"
)

// textTag is the tag that a scalar has once its text has changed: text stays text, anything else is read anew.
func textTag(style Style, tag, text string) string {
	if style != Plain || tag == "!!str" || text == "" {
		return "!!str"
	}
	return plainTag(text)
}

// writeText changes the text of a scalar and keeps how it is written.
func (l *lowering) writeText(n *Node, text string) error {
	if n.y.Value == text {
		return nil
	}
	if strings.Contains(text, "{{") || !utf8.ValidString(text) {
		return l.refuse("the new text is a template or no text")
	}
	switch n.Style() {
	case Literal:
		return l.writeLiteral(n, text)
	case Folded:
		return l.writeMiddle(n, text)
	case Plain:
		return l.writePlain(n, text)
	}
	if n.Style() == SingleQuoted && needsEscape(text) {
		return l.swapSpan(n, doubleQuote(text))
	}
	return l.writeMiddle(n, text)
}

func (l *lowering) writePlain(n *Node, text string) error {
	inFlow := n.up.isFlow()
	stays := plainSafe(text, inFlow) && plainTag(text) == textTag(Plain, n.y.ShortTag(), text)
	if n.y.ShortTag() == "!!str" || n.up.quotesKeysAround() && plainTag(text) == "!!str" {
		stays = stays && readsAsString(text) && !n.up.quotesKeysAround()
	}
	switch {
	case isEmptyPlain(n.y) && n.up.isMapping() && n.mark < 0:
		return l.refuse("the key at line %d has no colon", n.KeyLine())
	case isEmptyPlain(n.y) && stays:
		l.edit(n.end, n.end, " "+text)
	case isEmptyPlain(n.y):
		l.edit(n.end, n.end, " "+doubleQuote(text))
	case stays:
		return l.writeMiddle(n, text)
	default:
		return l.swapSpan(n, doubleQuote(text))
	}
	return nil
}

// writeMiddle replaces the part of a scalar that differs from the new text.
func (l *lowering) writeMiddle(n *Node, text string) error {
	m, ok := n.textMap()
	if !ok {
		return l.refuse("the bytes of the text at line %d cannot be told", n.Line())
	}
	was := n.y.Value
	a := commonPrefix(was, text)
	b := commonSuffix(was[a:], text[a:])
	from, to := m.widen(a, len(was)-b)
	middle := text[from : len(text)-(len(was)-to)]
	if n.Style() == Folded && !staysInWord(was, middle, from, to) {
		return l.refuse("the folded text at line %d would be folded anew", n.Line())
	}
	escaped, ok := escapeFor(n.Style(), middle)
	if !ok {
		return l.refuse("the new text at line %d needs other quotes", n.Line())
	}
	start, end := m.bytes(from, to)
	l.edit(start, end, escaped)
	return nil
}

// staysInWord reports whether a change of folded text begins and ends within a word, so that lines fold as before.
func staysInWord(was, middle string, from, to int) bool {
	const white = " \t\n"
	return from > 0 && to < len(was) && !strings.ContainsAny(was[from-1:to+1]+middle, white)
}

func commonPrefix(a, b string) int {
	i := 0
	for i < len(a) && i < len(b) && a[i] == b[i] {
		i++
	}
	for i > 0 && (i < len(a) && !utf8.RuneStart(a[i]) || i < len(b) && !utf8.RuneStart(b[i])) {
		i--
	}
	return i
}

func commonSuffix(a, b string) int {
	i := 0
	for i < len(a) && i < len(b) && a[len(a)-1-i] == b[len(b)-1-i] {
		i++
	}
	for i > 0 && !utf8.RuneStart(a[len(a)-i]) {
		i--
	}
	return i
}

// widen moves the ends of a range of text outwards until they fall between units of the file.
func (m textMap) widen(from, to int) (int, int) {
	for from > 0 && from < len(m.spans) && m.spans[from-1].End > m.spans[from].Start {
		from--
	}
	for to > 0 && to < len(m.spans) && m.spans[to-1].End > m.spans[to].Start {
		to++
	}
	return from, to
}

// bytes is the range of the file that a range of text was decoded from.
func (m textMap) bytes(from, to int) (start, end int) {
	switch {
	case from == to && from > 0:
		return m.spans[from-1].End, m.spans[from-1].End
	case from == len(m.spans):
		return m.end, m.end
	}
	start = m.spans[from].Start
	if from == to {
		return start, start
	}
	return start, m.spans[to-1].End
}
