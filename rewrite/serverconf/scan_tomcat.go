package serverconf

import "strings"

// scanTomcat reads the tags of server.xml. A directive is an element, its arguments are names and values of attributes in
// turn. Text between tags does not matter to anybody here.
func scanTomcat(b *builder, i int) error {
	for i < len(b.text) {
		next := strings.IndexByte(b.text[i:], '<')
		if next < 0 {
			break
		}
		i += next
		rest := b.text[i:]
		switch {
		case strings.HasPrefix(rest, "<!--"):
			end := strings.Index(rest, "-->")
			if end < 0 {
				return &scanError{i, "comment is not closed"}
			}
			b.comment(i, i+end+3)
			i += end + 3
		case strings.HasPrefix(rest, "<?") || strings.HasPrefix(rest, "<!"):
			end := strings.IndexByte(rest, '>')
			if end < 0 {
				return &scanError{i, "declaration is not closed"}
			}
			b.word(i, i+end+1)
			i += end + 1
		case strings.HasPrefix(rest, "</"):
			end := strings.IndexByte(rest, '>')
			if end < 0 || !b.close() {
				return &scanError{i, "unexpected closing tag"}
			}
			b.word(i, i+end+1)
			i += end + 1
		default:
			end, err := tomcatTag(b, i)
			if err != nil {
				return err
			}
			i = end
		}
	}
	return nil
}

// tomcatTag reads the tag that opens at i and returns the offset behind it.
func tomcatTag(b *builder, start int) (int, error) {
	b.sign(start, start+1)
	i := start + 1
	var words []word
	for i < len(b.text) {
		switch c := b.text[i]; {
		case space(c) || c == '=':
			i++
		case c == '>':
			b.sign(i, i+1)
			b.begin(words, start, i+1)
			return i + 1, nil
		case strings.HasPrefix(b.text[i:], "/>"):
			b.sign(i, i+2)
			if b.add(words, i+2) == nil {
				return 0, &scanError{start, "tag without a name"}
			}
			return i + 2, nil
		case c == '"' || c == '\'':
			end := quoted(b.text, i, false)
			if end < 0 {
				return 0, &scanError{i, "quote is not closed"}
			}
			words = append(words, b.word(i, end))
			i = end
		default:
			end := i + 1
			for end < len(b.text) && !space(b.text[end]) && strings.IndexByte("=>\"'/", b.text[end]) < 0 {
				end++
			}
			words = append(words, b.word(i, end))
			i = end
		}
	}
	return 0, &scanError{start, "tag is not closed"}
}

// attribute returns the value of an attribute of an element.
func (d *directive) attribute(name string) (word, bool) {
	for i := 0; i+1 < len(d.Args); i += 2 {
		if d.Args[i].Text == name {
			return d.Args[i+1], true
		}
	}
	return word{}, false
}
