package yamldoc

import (
	"strings"
)

// literalLines are the lines of a literal block scalar.
type literalLines struct {
	block  blockScalar
	starts []int // of each line of the text
}

// writeLiteral changes the lines of a literal block scalar that differ, and leaves the others alone.
func (l *lowering) writeLiteral(n *Node, text string) error {
	src := l.d.file.Content
	b, ok := scanBlock(src, n.span.Start, n.y.Value)
	was, will := strings.Split(n.y.Value, "\n"), strings.Split(text, "\n")
	tail := trailingBreaks(n.y.Value)
	lines := literalLines{block: b}
	if !ok || b.indent == 0 || !lines.find(src, was[:len(was)-tail]) {
		return l.refuse("the lines of the text at line %d cannot be told", n.Line())
	}
	if tail != trailingBreaks(text) || strings.TrimRight(text, "\n") == "" {
		return l.refuse("the new text at line %d ends differently and would need another indicator", n.Line())
	}
	if first := strings.TrimLeft(text, "\n"); !b.digit && first[0] == ' ' {
		return l.refuse("the new text at line %d begins with a blank and would need another indicator", n.Line())
	}
	for _, line := range will {
		if needsEscape(strings.ReplaceAll(line, "\t", "")) {
			return l.refuse("the new text at line %d cannot stand in a block", n.Line())
		}
	}
	was, will = was[:len(was)-tail], will[:len(will)-tail]
	if len(was) == len(will) {
		l.changeLines(lines, was, will)
		return nil
	}
	l.swapLines(lines, was, will)
	return nil
}

func trailingBreaks(s string) int { return len(s) - len(strings.TrimRight(s, "\n")) }

// find locates the lines, false if the file breaks lines where LF does not.
func (ll *literalLines) find(src []byte, was []string) bool {
	at := ll.block.body
	for _, text := range was {
		eol := lineEnd(src, at)
		n := breakLen(src, eol)
		if n > 0 && src[eol+n-1] != '\n' || string(src[min(at+ll.block.indent, eol):eol]) != text {
			return false
		}
		ll.starts = append(ll.starts, at)
		at = eol + n
	}
	return true
}

func (ll *literalLines) write(text string) string {
	if text == "" {
		return ""
	}
	return spaces(ll.block.indent) + text
}

func (l *lowering) changeLines(ll literalLines, was, will []string) {
	for i, text := range will {
		if text == was[i] {
			continue
		}
		at := ll.starts[i]
		eol := lineEnd(l.d.file.Content, at)
		if was[i] == "" || text == "" {
			l.edit(at, eol, ll.write(text))
			continue
		}
		a := commonPrefix(was[i], text)
		b := commonSuffix(was[i][a:], text[a:])
		l.edit(at+ll.block.indent+a, eol-b, text[a:len(text)-b])
	}
}

// swapLines replaces the lines between those that are the same at both ends.
func (l *lowering) swapLines(ll literalLines, was, will []string) {
	a, b := 0, 0
	for a < len(was) && a < len(will) && was[a] == will[a] {
		a++
	}
	for a+b < len(was) && a+b < len(will) && was[len(was)-1-b] == will[len(will)-1-b] {
		b++
	}
	text := ""
	for _, line := range will[a : len(will)-b] {
		text += ll.write(line) + l.newline()
	}
	var end int
	if to := len(was) - b; to < len(ll.starts) && to < len(was) {
		end = ll.starts[to]
	} else {
		end = l.d.file.LineSpan(l.d.file.Line(max(ll.starts[len(was)-1], 0))).End
	}
	start := end
	if a < len(was) {
		start = ll.starts[a]
	}
	l.deleteLines(start, end)
	l.out[len(l.out)-1].New = text
}
