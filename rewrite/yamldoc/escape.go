package yamldoc

import (
	"fmt"
	"strconv"
	"strings"
	"unicode/utf8"
)

var simpleEscapes = map[byte]string{
	'0': "\x00", 'a': "\a", 'b': "\b", 't': "\t", '\t': "\t", 'n': "\n", 'v': "\v", 'f': "\f", 'r': "\r", 'e': "\x1b",
	' ': " ", '"': "\"", '\'': "'", '/': "/", '\\': "\\", 'N': "\u0085", '_': "\u00a0", 'L': "\u2028", 'P': "\u2029",
}

var hexEscapes = map[byte]int{'x': 2, 'u': 4, 'U': 8}

// unescape reads the escape at i of a double-quoted scalar and returns its end and its text.
func unescape(src []byte, i int) (int, string, bool) {
	if i+1 >= len(src) {
		return i, "", false
	}
	if n := breakLen(src, i+1); n > 0 {
		return afterEscapedBreak(src, i+1+n)
	}
	if text, ok := simpleEscapes[src[i+1]]; ok {
		return i + 2, text, true
	}
	digits := hexEscapes[src[i+1]]
	if digits == 0 || i+2+digits > len(src) {
		return i, "", false
	}
	code, err := strconv.ParseUint(string(src[i+2:i+2+digits]), 16, 32)
	return i + 2 + digits, string(utf8.AppendRune(nil, rune(code))), err == nil
}

// afterEscapedBreak skips the blanks and empty lines below an escaped line break; empty lines count.
func afterEscapedBreak(src []byte, i int) (int, string, bool) {
	var text strings.Builder
	for i = skipBlanks(src, i); breakLen(src, i) > 0; i = skipBlanks(src, i) {
		n := breakLen(src, i)
		text.WriteString(breakText(src, i, n))
		i += n
	}
	return i, text.String(), true
}

// escapeFor writes text so that it can stand inside a scalar of the style, false if that style cannot hold it.
func escapeFor(style Style, text string) (string, bool) {
	switch style {
	case SingleQuoted:
		return strings.ReplaceAll(text, "'", "''"), !needsEscape(text)
	case DoubleQuoted:
		return escapeDouble(text), utf8.ValidString(text)
	}
	return text, !needsEscape(text)
}

// needsEscape reports characters that only a double-quoted scalar can hold.
func needsEscape(text string) bool {
	for _, r := range text {
		if r < ' ' || r >= 0x7f && r < 0xa0 || r == utf8.RuneError || r == 0xfeff || r == 0x2028 || r == 0x2029 || r == 0xfffe || r == 0xffff {
			return true
		}
	}
	return false
}

func escapeDouble(text string) string {
	var out strings.Builder
	for _, r := range text {
		switch {
		case r == '"' || r == '\\':
			out.WriteByte('\\')
			out.WriteRune(r)
		case r == '\n':
			out.WriteString(`\n`)
		case r == '\t':
			out.WriteString(`\t`)
		case r != utf8.RuneError && needsEscape(string(r)):
			fmt.Fprintf(&out, `\u%04x`, r)
		default:
			out.WriteRune(r)
		}
	}
	return out.String()
}
