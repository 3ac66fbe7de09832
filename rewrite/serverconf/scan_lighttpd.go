package serverconf

import "strings"

// scanLighttpd reads `name = value` with lists in parentheses, and conditional blocks in braces. A line end ends a
// statement outside of parentheses.
func scanLighttpd(b *builder, i int) error {
	var words []word
	depth := 0
	flush := func() {
		if len(words) > 0 {
			b.add(words, words[len(words)-1].End)
			words = nil
		}
	}
	for i < len(b.text) {
		c := b.text[i]
		switch {
		case c == '\n':
			// A value may start on the line after its operator.
			if depth == 0 && !(len(words) > 0 && strings.HasSuffix(words[len(words)-1].Raw, "=")) {
				flush()
			}
			i++
		case space(c):
			i++
		case c == '#':
			end := lineEnd(b.text, i)
			b.comment(i, end)
			i = end
		case c == '{':
			b.sign(i, i+1)
			b.begin(words, i, i+1)
			words = nil
			i++
		case c == '}':
			flush()
			if !b.close() {
				return &scanError{i, "unexpected }"}
			}
			b.sign(i, i+1)
			i++
		default:
			end := lighttpdWord(b.text, i)
			if end < 0 {
				return &scanError{i, "quote is not closed"}
			}
			switch c {
			case '(':
				depth++
			case ')':
				depth = max(depth-1, 0)
			}
			words = append(words, b.word(i, end))
			i = end
		}
	}
	flush()
	return nil
}

func lighttpdWord(text string, i int) int {
	switch c := text[i]; {
	case c == '"' || c == '\'':
		return quoted(text, i, true)
	case strings.IndexByte("(),", c) >= 0:
		return i + 1
	case strings.IndexByte("=+:!~", c) >= 0:
		j := i
		for j < len(text) && strings.IndexByte("=+:!~>", text[j]) >= 0 {
			j++
		}
		return j
	}
	j := i
	for j < len(text) && !space(text[j]) && strings.IndexByte("(),={}#", text[j]) < 0 {
		if text[j] == '"' {
			end := quoted(text, j, true)
			if end < 0 {
				return -1
			}
			j = end
			continue
		}
		// `+=` and `:=` belong to the operator.
		if (text[j] == '+' || text[j] == ':') && j+1 < len(text) && text[j+1] == '=' && j > i {
			return j
		}
		j++
	}
	return max(j, i+1)
}
