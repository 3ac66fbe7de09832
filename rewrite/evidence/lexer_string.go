package evidence

import "strings"

// str reads a string at the quote. A string that is not closed on its line is one sign, so that an apostrophe in text
// between tags does no harm.
func (l *lexer) str(prefix string) {
	start := l.i
	q := l.text[l.i : l.i+1]
	if l.lang.triple && (l.has(`"""`) || l.has(`'''`)) {
		q = l.text[l.i : l.i+3]
	}
	raw := strings.Contains(prefix, "r")
	open := l.opener(q, prefix)
	t := tok{kind: tString, at: l.base + start}
	var lit strings.Builder
	i := l.i + len(q)
	for i < len(l.text) {
		switch {
		case strings.HasPrefix(l.text[i:], q):
			t.pieces = append(t.pieces, piece{text: lit.String()})
			if len(t.pieces) == 1 {
				t.text = lit.String()
			}
			l.i = i + len(q)
			l.toks = append(l.toks, t)
			return
		case l.text[i] == '\\' && !raw && i+1 < len(l.text):
			lit.WriteString(escape(l.text[i+1]))
			i += 2
		case l.text[i] == '\n' && len(q) == 1 && q != "`" && !l.lang.php && l.lang != ruby:
			l.i = start + 1
			l.emit(tSign, q, start)
			return
		case open == "{" && strings.HasPrefix(l.text[i:], "{{"):
			lit.WriteByte('{')
			i += 2
		case open == "$" && strings.HasPrefix(l.text[i:], "{$") && strings.IndexByte(l.text[i:], '}') > 0:
			end := i + strings.IndexByte(l.text[i:], '}')
			toks := (&lexer{lang: l.lang, text: l.text[i+1 : end], base: l.base + i + 1}).all()
			t.pieces = append(t.pieces, piece{text: lit.String()}, piece{expr: toks})
			lit.Reset()
			i = end + 1
		case open != "" && strings.HasPrefix(l.text[i:], open):
			expr, next := l.inner(i, open)
			if expr == nil {
				lit.WriteByte(l.text[i])
				i++
				continue
			}
			t.pieces = append(t.pieces, piece{text: lit.String()}, piece{expr: expr})
			lit.Reset()
			i = next
		default:
			lit.WriteByte(l.text[i])
			i++
		}
	}
	l.i = start + 1
	l.emit(tSign, q, start)
}

// opener is what starts an expression in a string with that quote, or "".
func (l *lexer) opener(q, prefix string) string {
	switch {
	case q == "`":
		return "${"
	case strings.Contains(prefix, "f"):
		return "{"
	case q == `"` && l.lang.interp != "":
		return l.lang.interp
	}
	return ""
}

// inner reads the expression that opens at i and returns its tokens and the offset behind it.
func (l *lexer) inner(i int, open string) ([]tok, int) {
	if open == "$" {
		return l.phpVariable(i)
	}
	depth := 0
	for j := i + len(open) - 1; j < len(l.text); j++ {
		switch l.text[j] {
		case '{':
			depth++
		case '}':
			if depth--; depth == 0 {
				body := l.text[i+len(open) : j]
				toks := lex(l.lang, body, l.base+i+len(open))
				if len(toks) == 0 {
					return nil, 0
				}
				return toks, j + 1
			}
		case '\n':
			if l.lang == python {
				return nil, 0
			}
		}
	}
	return nil, 0
}

// phpVariable reads $name within a double-quoted string, and {$name} if the brace was written before it.
func (l *lexer) phpVariable(i int) ([]tok, int) {
	j := i + 1
	for j < len(l.text) && isWord(rune(l.text[j])) && l.text[j] != '$' {
		j++
	}
	if j == i+1 {
		return nil, 0
	}
	return []tok{{kind: tName, text: l.text[i:j], at: l.base + i}}, j
}

func escape(c byte) string {
	switch c {
	case 'n':
		return "\n"
	case 't':
		return "\t"
	case '\n':
		return ""
	case '\\', '/', '"', '\'', '`', '$':
		return string(c)
	}
	return `\` + string(c)
}
