package serverconf

import "strings"

// scanApache reads one directive a line. A backslash at the end continues the line, `#` starts a comment only at the
// start of a line, and `<Name args>` opens a block.
func scanApache(b *builder, i int) error {
	for i < len(b.text) {
		for i < len(b.text) && space(b.text[i]) {
			i++
		}
		if i >= len(b.text) {
			break
		}
		end := logicalEnd(b.text, i)
		var err error
		switch {
		case b.text[i] == '#':
			b.comment(i, end)
		case strings.HasPrefix(b.text[i:], "</"):
			b.word(i, i+len(strings.TrimRight(b.text[i:end], " \t\r\n")))
			b.sign(end, min(end+1, len(b.text)))
			if !b.close() {
				err = &scanError{i, "unexpected closing section"}
			}
		default:
			err = apacheLine(b, i, end)
		}
		if err != nil {
			return err
		}
		i = end
	}
	return nil
}

// logicalEnd returns the offset of the line feed that ends the line of at, continuation lines included.
func logicalEnd(text string, at int) int {
	for {
		end := lineEnd(text, at)
		if end == len(text) || !strings.HasSuffix(strings.TrimSuffix(text[at:end], "\r"), "\\") {
			return end
		}
		at = end + 1
	}
}

func apacheLine(b *builder, i, end int) error {
	section := b.text[i] == '<'
	body := b.text[:end]
	start := i
	if section {
		b.sign(i, i+1)
		i++
	}
	var words []word
	for i < end {
		switch c := body[i]; {
		case space(c) || c == '\\' && strings.TrimLeft(body[i+1:end], " \t\r") != "" && strings.HasPrefix(strings.TrimLeft(body[i+1:end], "\r"), "\n"):
			i++
		case section && c == '>' && strings.TrimSpace(body[i+1:end]) == "":
			b.sign(i, i+1)
			i = end
		default:
			next := apacheWord(body, i, end, section)
			words = append(words, b.word(i, next))
			i = next
		}
	}
	if len(words) == 0 {
		return &scanError{start, "section without a name"}
	}
	last := start + len(strings.TrimRight(body[start:end], " \t\r\n"))
	b.sign(end, min(end+1, len(b.text)))
	if section {
		b.begin(words, start, last)
	} else {
		b.add(words, last)
	}
	return nil
}

func apacheWord(body string, i, end int, section bool) int {
	if body[i] == '"' || body[i] == '\'' {
		if next := quoted(body, i, true); next > 0 && next <= end {
			return next
		}
	}
	j := i + 1
	for j < end && !space(body[j]) && !(section && body[j] == '>' && strings.TrimSpace(body[j+1:end]) == "") {
		j++
	}
	return j
}
