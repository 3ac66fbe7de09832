package serverconf

import "strings"

func blank(c byte) bool { return c == ' ' || c == '\t' || c == '\r' }

func space(c byte) bool { return blank(c) || c == '\n' || c == '\v' || c == '\f' }

// lineEnd returns the offset of the line feed that ends the line of at, or the end of the text.
func lineEnd(text string, at int) int {
	if i := strings.IndexByte(text[at:], '\n'); i >= 0 {
		return at + i
	}
	return len(text)
}

// quoted returns the offset behind a quoted string that starts at i, or -1 if it is not closed.
func quoted(text string, i int, escapes bool) int {
	q := text[i]
	for j := i + 1; j < len(text); j++ {
		switch {
		case text[j] == '\\' && escapes:
			j++
		case text[j] == q:
			return j + 1
		}
	}
	return -1
}

// balanced returns the offset behind the braces that open at i, or -1. Quoted braces do not count.
func balanced(text string, i int) int {
	depth := 0
	for j := i; j < len(text); j++ {
		switch text[j] {
		case '{':
			depth++
		case '}':
			if depth--; depth == 0 {
				return j + 1
			}
		case '"', '\'':
			end := quoted(text, j, true)
			if end < 0 || strings.Contains(text[j:end], "\n") {
				continue
			}
			j = end - 1
		case '-':
			if strings.HasPrefix(text[j:], "--") && !strings.HasPrefix(text[j:], "--[[") {
				j = lineEnd(text, j) - 1
			}
		}
	}
	return -1
}
