package serverconf

// haproxySections are the keywords that start a section, whatever their indentation.
var haproxySections = map[string]bool{
	"global": true, "defaults": true, "frontend": true, "backend": true, "listen": true, "peers": true, "resolvers": true,
	"userlist": true, "mailers": true, "program": true, "http-errors": true, "cache": true, "ring": true,
	"log-forward": true, "fcgi-app": true, "crt-store": true, "traces": true, "acme": true,
}

// scanHAProxy reads one keyword a line; a section lasts until the next one.
func scanHAProxy(b *builder, i int) error {
	for i < len(b.text) {
		end := lineEnd(b.text, i)
		words, err := haproxyLine(b, i, end)
		if err != nil {
			return err
		}
		if len(words) > 0 {
			last := words[len(words)-1].End
			b.sign(end, min(end+1, len(b.text)))
			if haproxySections[words[0].Text] && words[0].Raw == words[0].Text {
				b.close()
				b.begin(words, i, last)
			} else {
				b.add(words, last)
			}
		}
		i = end + 1
	}
	return nil
}

func haproxyLine(b *builder, i, end int) ([]word, error) {
	var words []word
	for i < end {
		switch c := b.text[i]; {
		case space(c):
			i++
		case c == '#':
			b.comment(i, end)
			return words, nil
		default:
			next := i
			for next < end && !space(b.text[next]) && b.text[next] != '#' {
				switch b.text[next] {
				case '\\':
					next += 2
				case '"', '\'':
					q := quoted(b.text[:end], next, b.text[next] == '"')
					if q < 0 {
						return nil, &scanError{next, "quote is not closed"}
					}
					next = q
				default:
					next++
				}
			}
			next = min(next, end)
			words = append(words, b.word(i, next))
			i = next
		}
	}
	return words, nil
}
