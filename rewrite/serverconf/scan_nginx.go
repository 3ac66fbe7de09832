package serverconf

import (
	"regexp"
	"strings"
)

// placeholder is what an entrypoint replaces by sed: {HTTP_PORT}.
var placeholder = regexp.MustCompile(`^\{[A-Z][A-Z0-9_]*\}`)

// scanNginx reads words, `;`, `{` and `}` as nginx does: a quote counts at the start of a word alone, and `${name}` does
// not open a block. `{{ x }}` of a template is part of a word, or a comment if it is alone on its line; `{% x %}` is a
// comment, `{NAME}` and a Lua block are words.
func scanNginx(b *builder, i int) error {
	var words []word
	at := func() int { return i }
	for i < len(b.text) {
		c := b.text[i]
		switch {
		case space(c):
			i++
		case c == '#':
			end := lineEnd(b.text, i)
			b.comment(i, end)
			i = end
		case strings.HasPrefix(b.text[i:], "{%"):
			end := templateEnd(b.text, i, "%}")
			b.comment(i, end)
			i = end
		case strings.HasPrefix(b.text[i:], "{{") && len(words) == 0 && restIsEmpty(b.text, templateEnd(b.text, i, "}}")):
			end := templateEnd(b.text, i, "}}")
			b.comment(i, end)
			i = end
		case c == ';':
			b.sign(i, i+1)
			i++
			b.add(words, i)
			words = nil
		case c == '{' && !strings.HasPrefix(b.text[i:], "{{") && !placeholder.MatchString(b.text[i:min(len(b.text), i+80)]):
			if len(words) > 0 && strings.HasSuffix(words[0].Text, "_by_lua_block") || len(words) > 1 && strings.Contains(words[0].Text, "_by_lua_block") {
				end := balanced(b.text, i)
				if end < 0 {
					return &scanError{i, "Lua block is not closed"}
				}
				words = append(words, b.word(i, end))
				b.add(words, end)
				words, i = nil, end
				continue
			}
			b.sign(i, i+1)
			b.begin(words, at(), i+1)
			words = nil
			i++
		case c == '}':
			if len(words) > 0 {
				return &scanError{words[0].Start, "directive is not ended by a semicolon"}
			}
			if !b.close() {
				return &scanError{i, "unexpected }"}
			}
			b.sign(i, i+1)
			i++
		default:
			end := nginxWord(b.text, i)
			if end < 0 {
				return &scanError{i, "quote is not closed"}
			}
			words = append(words, b.word(i, end))
			i = end
		}
	}
	if len(words) > 0 {
		return &scanError{words[0].Start, "directive is not ended by a semicolon"}
	}
	return nil
}

// nginxWord returns the end of the word at i, or -1 if its quote is not closed.
func nginxWord(text string, i int) int {
	if text[i] == '"' || text[i] == '\'' {
		return quoted(text, i, true)
	}
	for j := i; j < len(text); j++ {
		switch c := text[j]; {
		case space(c) || c == ';':
			return j
		case c == '\\':
			j++
		case strings.HasPrefix(text[j:], "{{"):
			j = templateEnd(text, j, "}}") - 1
		case c == '$' && j+1 < len(text) && text[j+1] == '{':
			if k := strings.IndexByte(text[j:], '}'); k > 0 && !strings.ContainsAny(text[j:j+k], " \t\n;") {
				j += k
			}
		case c == '{' && placeholder.MatchString(text[j:min(len(text), j+80)]):
			j += strings.IndexByte(text[j:], '}')
		case c == '{':
			return j
		}
	}
	return len(text)
}

// templateEnd returns the offset behind the sign that closes a template expression, or the end of its line.
func templateEnd(text string, i int, sign string) int {
	if k := strings.Index(text[i:], sign); k >= 0 {
		return i + k + len(sign)
	}
	return lineEnd(text, i)
}
