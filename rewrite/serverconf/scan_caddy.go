package serverconf

import "strings"

// scanCaddy reads a Caddyfile: one directive a line, `{` as the last word opens a block, `}` alone closes it, `{name}` is a
// placeholder. A comma at the end of a line of addresses continues it.
func scanCaddy(b *builder, i int) error {
	var words []word
	lineStart := i
	for i <= len(b.text) {
		if i == len(b.text) || b.text[i] == '\n' {
			if len(words) > 0 && !(len(b.open) == 0 && strings.HasSuffix(words[len(words)-1].Raw, ",") && i < len(b.text)) {
				b.sign(i, min(i+1, len(b.text)))
				b.add(words, words[len(words)-1].End)
				words = nil
			}
			i++
			lineStart = i
			continue
		}
		c := b.text[i]
		switch {
		case space(c):
			i++
		case c == '#':
			end := lineEnd(b.text, i)
			b.comment(i, end)
			i = end
		case c == '{' && restIsEmpty(b.text, i+1):
			b.sign(i, i+1)
			b.begin(words, i, i+1)
			words = nil
			i++
		case c == '}' && len(words) == 0 && (i+1 == len(b.text) || space(b.text[i+1])):
			if !b.close() {
				return &scanError{i, "unexpected }"}
			}
			b.sign(i, i+1)
			i++
		default:
			end := caddyWord(b.text, i)
			if end < 0 {
				return &scanError{lineStart, "quote or heredoc is not closed"}
			}
			words = append(words, b.word(i, end))
			i = end
		}
	}
	return nil
}

// restIsEmpty reports whether nothing but blanks and a comment follows on the line.
func restIsEmpty(text string, i int) bool {
	rest := strings.TrimSpace(text[i:lineEnd(text, i)])
	return rest == "" || strings.HasPrefix(rest, "#")
}

func caddyWord(text string, i int) int {
	switch {
	case text[i] == '"':
		return quoted(text, i, true)
	case text[i] == '`':
		return quoted(text, i, false)
	case strings.HasPrefix(text[i:], "<<") && i+2 < len(text) && !space(text[i+2]):
		return heredocEnd(text, i)
	}
	j := i
	for j < len(text) && !space(text[j]) {
		j++
	}
	return j
}

// heredocEnd returns the offset behind the closing mark of a heredoc, or -1.
func heredocEnd(text string, i int) int {
	end := lineEnd(text, i)
	mark := strings.TrimSpace(text[i+2 : end])
	for end < len(text) {
		start := end + 1
		end = lineEnd(text, start)
		line := text[start:end]
		trimmed := strings.TrimLeft(line, " \t")
		if strings.HasPrefix(trimmed, mark) {
			return start + len(line) - len(trimmed) + len(mark)
		}
	}
	return -1
}
