package yamldoc

import (
	"strings"

	"github.com/offroot/offroot/rewrite/source"
)

// A textMap says for every byte of a scalar's text which bytes of the file it was decoded from. Text that stands
// literally maps byte to byte; all bytes that come from one escape or from one line fold share its span.
type textMap struct {
	spans []source.Span
	end   int // where text would go on
}

// BlockOffset maps an offset in Text() to the offset in the file at which that byte stands literally. It is false where
// the byte comes from an escape or a folded line. The offset after the last byte is allowed.
func (n *Node) BlockOffset(textOffset int) (fileOffset int, ok bool) {
	s := n.deref()
	if !s.isScalar() || textOffset < 0 || textOffset > len(s.y.Value) || s.doc.lost > 0 {
		return 0, false
	}
	m, ok := s.textMap()
	if !ok {
		return 0, false
	}
	if textOffset == len(m.spans) {
		return m.end, true
	}
	at := m.spans[textOffset]
	return at.Start, at.Len() == 1 && s.doc.file.Content[at.Start] == s.y.Value[textOffset]
}

// textMap decodes the scalar once more, keeping positions, and is false unless that gives the text that the parser gave.
func (n *Node) textMap() (textMap, bool) {
	u := unitReader{src: n.doc.file.Content, at: n.span.Start, stop: n.span.End}
	switch n.Style() {
	case Plain:
		u.flowText(0)
	case SingleQuoted, DoubleQuoted:
		quote := u.src[u.at]
		u.at, u.stop = u.at+1, u.stop-1
		u.flowText(quote)
	case Literal, Folded:
		b, ok := scanBlock(u.src, u.at, n.y.Value)
		if !ok {
			return textMap{}, false
		}
		if n.Style() == Folded {
			u.folded(b, n.y.Value)
		} else {
			u.literal(b, len(n.y.Value))
		}
	}
	ok := u.text.String() == n.y.Value
	return textMap{u.spans, u.at}, ok
}

type unitReader struct {
	src      []byte
	at, stop int
	text     strings.Builder
	spans    []source.Span
}

// emit says that the bytes up to next were decoded to text.
func (u *unitReader) emit(next int, text string) {
	span := source.Span{Start: u.at, End: next}
	for i := range len(text) {
		if next-u.at == len(text) && string(u.src[u.at:next]) == text {
			span = source.Span{Start: u.at + i, End: u.at + i + 1}
		}
		u.spans = append(u.spans, span)
	}
	u.text.WriteString(text)
	u.at = next
}

// flowText reads plain (quote 0) and quoted text, in which lines are folded.
func (u *unitReader) flowText(quote byte) {
	for u.at < u.stop {
		switch c := u.src[u.at]; {
		case breakLen(u.src, skipBlanks(u.src, u.at)) > 0 && isBlankOrEnd(u.src, u.at):
			next, text := fold(u.src, u.at)
			u.emit(next, text)
		case c == '\'' && quote == '\'':
			u.emit(u.at+2, "'")
		case c == '\\' && quote == '"':
			next, text, ok := unescape(u.src, u.at)
			if !ok {
				return
			}
			u.emit(next, text)
		default:
			u.emit(u.at+1, string(u.src[u.at:u.at+1]))
		}
	}
}

func (u *unitReader) literal(b blockScalar, size int) {
	for at := b.body; len(u.spans) < size && at < len(u.src); {
		eol := lineEnd(u.src, at)
		u.at = min(at+b.indent, eol)
		for u.at < eol {
			u.emit(u.at+1, string(u.src[u.at:u.at+1]))
		}
		n := breakLen(u.src, eol)
		if len(u.spans) < size && n > 0 {
			u.emit(eol+n, breakText(u.src, eol, n))
			u.at = eol
		}
		at = eol + n
	}
}

// folded maps what is not white space only: folding moves nothing else.
func (u *unitReader) folded(b blockScalar, value string) {
	u.at = b.body
	for _, c := range []byte(value) {
		if c == ' ' || c == '\n' || c == '\t' {
			u.text.WriteByte(c)
			u.spans = append(u.spans, source.Span{Start: u.at, End: u.at})
			continue
		}
		for u.at < b.end && (isBlank(u.src, u.at) || breakLen(u.src, u.at) > 0) {
			u.at++
		}
		if u.at >= b.end || u.src[u.at] != c {
			return
		}
		u.emit(u.at+1, string(c))
	}
}
