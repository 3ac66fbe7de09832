package evidence

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

type kind int

const (
	tName kind = iota
	tNumber
	tString
	tSign
	tLine
)

// A tok is a token. A string holds its pieces: literal text and expressions in turn.
type tok struct {
	kind   kind
	text   string // of a string: its literal text, if it has no expressions
	pieces []piece
	at     int
}

type piece struct {
	text string
	expr []tok // nil for literal text
}

// is reports whether the token is that sign or name.
func (t tok) is(text string) bool { return (t.kind == tSign || t.kind == tName) && t.text == text }

// signs are the operators of more than one byte that matter, longest first.
var signs = []string{"===", "!==", "...", "**=", "<<=", ">>>", "??=", "||=", "&&=", "<=>", "?->", "=>", "->", "::", "==", "!=", "<=", ">=", "&&", "||", "??", "?.", "?:", ":=", "+=", "-=", "*=", "/=", ".=", "|=", "&=", "**", "++", "--", "<<", ">>", "=~"}

// A lexer cuts a text into tokens. It never fails: what it does not know becomes a sign.
type lexer struct {
	lang *language
	text string
	base int // what is added to offsets, for expressions within strings
	i    int
	toks []tok
}

func lex(lang *language, text string, base int) []tok {
	l := &lexer{lang: lang, text: text, base: base}
	if lang.php && base == 0 {
		l.skipHTML()
	}
	return l.all()
}

func (l *lexer) all() []tok {
	for l.i < len(l.text) {
		l.next()
	}
	return l.toks
}

func (l *lexer) emit(k kind, text string, at int) {
	l.toks = append(l.toks, tok{kind: k, text: text, at: l.base + at})
}

func (l *lexer) has(prefix string) bool {
	return prefix != "" && strings.HasPrefix(l.text[l.i:], prefix)
}

func (l *lexer) skipHTML() {
	k := strings.Index(l.text[l.i:], "<?")
	if k < 0 {
		l.i = len(l.text)
		return
	}
	l.i += k + 2
	if l.has("php") {
		l.i += 3
	}
}

func (l *lexer) next() {
	c := l.text[l.i]
	switch {
	case c == '\n':
		l.emit(tLine, "\n", l.i)
		l.i++
	case c == ' ' || c == '\t' || c == '\r' || c == '\f':
		l.i++
	case c == '\\' && l.i+1 < len(l.text) && (l.text[l.i+1] == '\n' || l.text[l.i+1] == '\r'):
		l.i += 2
	case l.lang.php && l.has("?>"):
		l.emit(tSign, ";", l.i)
		l.skipHTML()
	case l.comment():
	case c == '"' || c == '\'' || c == '`' && l.lang.backtick:
		l.str("")
	case c >= '0' && c <= '9':
		start := l.i
		for l.i < len(l.text) && (isWord(rune(l.text[l.i])) || l.text[l.i] == '_') {
			l.i++
		}
		l.emit(tNumber, strings.ReplaceAll(l.text[start:l.i], "_", ""), start)
	case c == '/' && l.lang.regex && l.regexStarts():
		l.regex()
	default:
		l.nameOrSign()
	}
}

func isWord(r rune) bool {
	return r == '_' || r == '$' || r >= '0' && r <= '9' || r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z' || r >= utf8.RuneSelf && unicode.IsLetter(r)
}

func (l *lexer) comment() bool {
	for _, p := range l.lang.line {
		if l.has(p) && !(p == "#" && l.lang.php && l.has("#[")) {
			if k := strings.IndexByte(l.text[l.i:], '\n'); k >= 0 {
				l.i += k
			} else {
				l.i = len(l.text)
			}
			return true
		}
	}
	if l.has(l.lang.open) {
		if k := strings.Index(l.text[l.i:], l.lang.end); k >= 0 {
			l.i += k + len(l.lang.end)
		} else {
			l.i = len(l.text)
		}
		return true
	}
	return false
}

func (l *lexer) nameOrSign() {
	start := l.i
	for l.i < len(l.text) {
		r, n := utf8.DecodeRuneInString(l.text[l.i:])
		if !isWord(r) && !(r == '@' && l.i == start && l.lang == ruby) {
			break
		}
		l.i += n
	}
	if l.i > start {
		name := l.text[start:l.i]
		if l.i < len(l.text) && (l.text[l.i] == '"' || l.text[l.i] == '\'') && stringPrefix(l.lang, name) {
			l.str(strings.ToLower(name))
			return
		}
		if l.lang == ruby && l.i < len(l.text) && (l.text[l.i] == '?' || l.text[l.i] == '!') && !strings.HasPrefix(l.text[l.i+1:], "=") {
			l.i++
			name = l.text[start:l.i]
		}
		l.emit(tName, name, start)
		return
	}
	if l.lang == csharp && (l.has(`$"`) || l.has(`@"`) || l.has(`$@"`) || l.has(`@$"`)) {
		l.i += strings.IndexByte(l.text[l.i:], '"')
		l.str("f")
		return
	}
	for _, s := range signs {
		if l.has(s) {
			l.i += len(s)
			l.emit(tSign, s, start)
			return
		}
	}
	_, n := utf8.DecodeRuneInString(l.text[l.i:])
	l.i += n
	l.emit(tSign, l.text[start:l.i], start)
}

func stringPrefix(lang *language, name string) bool {
	if lang == csharp {
		return name == "$"
	}
	if lang != python || len(name) > 2 {
		return false
	}
	return strings.Trim(strings.ToLower(name), "rbfu") == ""
}

// regexStarts decides by the token before whether a slash starts a regular expression.
func (l *lexer) regexStarts() bool {
	if len(l.toks) == 0 {
		return true
	}
	t := l.toks[len(l.toks)-1]
	switch t.kind {
	case tName:
		return t.text == "return" || t.text == "typeof" || t.text == "case" || t.text == "if" || t.text == "when"
	case tSign:
		return t.text != ")" && t.text != "]" && t.text != "}"
	}
	return t.kind == tLine
}

func (l *lexer) regex() {
	start, class := l.i, false
	for j := l.i + 1; j < len(l.text) && l.text[j] != '\n'; j++ {
		switch l.text[j] {
		case '\\':
			j++
		case '[':
			class = true
		case ']':
			class = false
		case '/':
			if class {
				continue
			}
			for j++; j < len(l.text) && isWord(rune(l.text[j])); j++ {
			}
			l.i = j
			l.emit(tSign, "/re/", start)
			return
		}
	}
	l.i++
	l.emit(tSign, "/", start)
}
