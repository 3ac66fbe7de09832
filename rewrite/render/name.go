package render

import (
	"fmt"
	"strings"
	"unicode/utf8"
)

var nameEscapes = map[byte]string{
	'\a': `\a`, '\b': `\b`, '\t': `\t`, '\n': `\n`, '\v': `\v`, '\f': `\f`, '\r': `\r`, '"': `\"`, '\\': `\\`,
}

// quoteName writes a name as git does with core.quotePath=false: as it is, unless it holds a control character, a quote or
// a backslash. Bytes that are not UTF-8 are quoted too, since the diff may go through something that takes text alone.
func quoteName(name string) string {
	if !needsQuotes(name) {
		return name
	}
	var b strings.Builder
	b.WriteByte('"')
	for i := 0; i < len(name); {
		r, n := utf8.DecodeRuneInString(name[i:])
		c := name[i]
		switch {
		case nameEscapes[c] != "":
			b.WriteString(nameEscapes[c])
		case c < ' ' || c == 0x7f || r == utf8.RuneError && n == 1:
			fmt.Fprintf(&b, `\%03o`, c)
		default:
			b.WriteString(name[i : i+n])
		}
		i += n
	}
	b.WriteByte('"')
	return b.String()
}

func needsQuotes(name string) bool {
	if !utf8.ValidString(name) {
		return true
	}
	return strings.ContainsFunc(name, func(r rune) bool { return r < ' ' || r == 0x7f || r == '"' || r == '\\' })
}

// endName appends the tab that tells patch where a name with a blank ends.
func endName(name string) string {
	if strings.Contains(name, " ") {
		return name + "\t"
	}
	return name
}
