package yamldoc

import (
	"bytes"
	"strings"

	"github.com/offroot/offroot/rewrite/source"
)

// breakLen is the length of the line break at i, 0 if there is none. YAML as yaml.v3 reads it breaks lines at more than LF.
func breakLen(src []byte, i int) int {
	if i >= len(src) {
		return 0
	}
	switch src[i] {
	case '\n':
		return 1
	case '\r':
		if i+1 < len(src) && src[i+1] == '\n' {
			return 2
		}
		return 1
	case 0xC2:
		if i+1 < len(src) && src[i+1] == 0x85 {
			return 2
		}
	case 0xE2:
		if i+2 < len(src) && src[i+1] == 0x80 && (src[i+2] == 0xA8 || src[i+2] == 0xA9) {
			return 3
		}
	}
	return 0
}

// breakText is what yaml.v3 makes of the break of n bytes at i.
func breakText(src []byte, i, n int) string {
	if n == 3 {
		return string(src[i : i+3])
	}
	return "\n"
}

func isBlank(src []byte, i int) bool { return i < len(src) && (src[i] == ' ' || src[i] == '\t') }

func isBlankOrEnd(src []byte, i int) bool {
	return i >= len(src) || isBlank(src, i) || breakLen(src, i) > 0
}

func skipBlanks(src []byte, i int) int {
	for isBlank(src, i) {
		i++
	}
	return i
}

// lineEnd is the offset of the next break at or after i, or the end.
func lineEnd(src []byte, i int) int {
	for i < len(src) && breakLen(src, i) == 0 {
		i++
	}
	return i
}

var byteOrderMark = []byte("\xef\xbb\xbf")

// quotedEnd is the offset after the closing quote of the scalar that opens at i, false if it is not closed.
func quotedEnd(src []byte, i int) (int, bool) {
	quote := src[i]
	for i++; i < len(src); i++ {
		switch {
		case src[i] == '\\' && quote == '"':
			i++
		case src[i] != quote:
		case quote == '\'' && i+1 < len(src) && src[i+1] == '\'':
			i++
		default:
			return i + 1, true
		}
	}
	return i, false
}

// fold reads the white space at i that contains a line break, and returns its end and the text that it stands for.
func fold(src []byte, i int) (int, string) {
	i = skipBlanks(src, i)
	n := breakLen(src, i)
	leading := breakText(src, i, n)
	i = skipBlanks(src, i+n)
	var trailing strings.Builder
	for n = breakLen(src, i); n > 0; n = breakLen(src, i) {
		trailing.WriteString(breakText(src, i, n))
		i = skipBlanks(src, i+n)
	}
	if leading != "\n" {
		return i, leading + trailing.String()
	}
	if trailing.Len() == 0 {
		return i, " "
	}
	return i, trailing.String()
}

// plainEnd matches a plain scalar of known value at i and returns its end, false if the bytes say something else.
func plainEnd(src []byte, i int, value string) (int, bool) {
	for len(value) > 0 {
		if isBlankOrEnd(src, i) {
			if j := skipBlanks(src, i); breakLen(src, j) > 0 {
				end, text := fold(src, i)
				if !strings.HasPrefix(value, text) {
					return i, false
				}
				i, value = end, value[len(text):]
				continue
			}
		}
		if i >= len(src) || src[i] != value[0] {
			return i, false
		}
		i, value = i+1, value[1:]
	}
	return i, true
}

// A blockScalar is where the parts of a literal or folded scalar are.
type blockScalar struct {
	header source.Span // the indicators, without a comment
	body   int         // start of the first line below
	end    int         // end of the last line that belongs to the value, without its line break
	indent int         // columns that every line of content is indented by; 0 if there is no content
	chomp  byte        // '-', '+' or 0
	digit  bool        // an explicit indentation indicator is there
}

// scanBlock finds the lines of the block scalar whose indicator is at i and whose value is known.
func scanBlock(src []byte, i int, value string) (blockScalar, bool) {
	b := blockScalar{header: source.Span{Start: i}}
	for i++; i < len(src) && bytes.IndexByte([]byte("+-0123456789"), src[i]) >= 0; i++ {
		if src[i] == '+' || src[i] == '-' {
			b.chomp = src[i]
		} else {
			b.digit = true
		}
	}
	b.header.End, b.end = i, i
	eol := lineEnd(src, i)
	b.body = eol + breakLen(src, eol)
	if strings.Trim(value, "\n") == "" && !strings.ContainsAny(value, " \t") {
		return b.keepBlank(src, len(value)), true
	}
	ok := b.setIndent(src, value)
	return b.scanLines(src), ok
}

// keepBlank extends a scalar without content over the n blank lines that it keeps.
func (b blockScalar) keepBlank(src []byte, n int) blockScalar {
	at := b.body
	for ; n > 0 && at < len(src); n-- {
		at = lineEnd(src, at)
		b.end = at
		at += breakLen(src, at)
	}
	return b
}

// setIndent takes the indentation from the first line of content, less the blanks that its value begins with.
func (b *blockScalar) setIndent(src []byte, value string) bool {
	first := strings.TrimLeft(value, "\n")
	own := len(first) - len(strings.TrimLeft(first, " "))
	at := b.body
	for at < len(src) {
		text := at
		for text < len(src) && src[text] == ' ' {
			text++
		}
		if breakLen(src, text) == 0 && text < len(src) {
			b.indent = text - at - own
			return b.indent > 0
		}
		if blanks := text - at; own > 0 && strings.TrimLeft(first[:firstBreak(first)], " ") == "" && blanks >= own {
			b.indent = blanks - own
			return b.indent > 0
		}
		at = text + breakLen(src, text)
	}
	return false
}

func firstBreak(s string) int {
	if i := strings.IndexByte(s, '\n'); i >= 0 {
		return i
	}
	return len(s)
}

func (b blockScalar) scanLines(src []byte) blockScalar {
	for at := b.body; at < len(src); {
		eol := lineEnd(src, at)
		text := at
		for text < eol && src[text] == ' ' {
			text++
		}
		content := text-at >= b.indent && (text < eol || text-at > b.indent)
		if !content && text < eol {
			break
		}
		if content || b.chomp == '+' {
			b.end = eol
		}
		at = eol + breakLen(src, eol)
		if eol == at {
			break
		}
	}
	return b
}
