package dockerfile

import (
	"encoding/json"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/moby/buildkit/frontend/dockerfile/shell"
	"github.com/offroot/offroot/rewrite/source"
)

// A Word is one argument of an instruction.
type Word struct {
	// Text has its quotes removed and its variables left as they are. Stage.Expand takes it, except where the quotes hide
	// a dollar sign: then expand Raw.
	Text string
	// Raw is the word as the builder reads it, with quotes, continuations joined.
	Raw  string
	Span source.Span
}

// A Flag is one --name=value between the keyword and the arguments. Value has its quotes removed.
type Flag struct {
	Name, Value string
	Span        source.Span
}

// A piece is a half-open range of a logical line.
type piece struct{ from, to int }

func isBlank(c byte) bool {
	return c == ' ' || c == '\t' || c == '\v' || c == '\f' || c == '\r'
}

// splitBlanks cuts at runs of blanks, at most limit pieces (0 means all).
func splitBlanks(text string, limit int) []piece {
	var out []piece
	i := 0
	for i < len(text) {
		for i < len(text) && isBlank(text[i]) {
			i++
		}
		if i == len(text) {
			break
		}
		if limit > 0 && len(out) == limit-1 {
			return append(out, piece{i, len(text)})
		}
		from := i
		for i < len(text) && !isBlank(text[i]) {
			i++
		}
		out = append(out, piece{from, i})
	}
	return out
}

// splitFlags finds the leading words that start with two dashes, as BuildKit does, and the offset of what follows them.
func splitFlags(text string, escape byte) (flags []piece, rest int) {
	i := 0
	for {
		for i < len(text) && unicode.IsSpace(rune(text[i])) {
			i++
		}
		if !strings.HasPrefix(text[i:], "--") {
			return flags, i
		}
		from := i
		i = endOfFlag(text, i, escape)
		if text[from:i] == "--" {
			return flags, i
		}
		flags = append(flags, piece{from, i})
	}
}

func endOfFlag(text string, i int, escape byte) int {
	var quote byte
	for i < len(text) {
		c := text[i]
		switch {
		case quote == 0 && unicode.IsSpace(rune(c)):
			return i
		case c == escape && i+1 < len(text):
			i++
		case quote == 0 && (c == '\'' || c == '"'):
			quote = c
		case c == quote:
			quote = 0
		}
		i++
	}
	return i
}

// unquoteFlag removes quotes and escapes the way BuildKit reads a flag.
func unquoteFlag(raw string, escape byte) string {
	var b strings.Builder
	var quote byte
	for i := 0; i < len(raw); i++ {
		c := raw[i]
		switch {
		case c == escape:
			if i+1 < len(raw) {
				i++
				b.WriteByte(raw[i])
			}
		case quote == 0 && (c == '\'' || c == '"'):
			quote = c
		case quote != 0 && c == quote:
			quote = 0
		default:
			b.WriteByte(c)
		}
	}
	return b.String()
}

func newFlag(l logical, p piece, escape byte) Flag {
	name, value, _ := strings.Cut(strings.TrimPrefix(unquoteFlag(l.text[p.from:p.to], escape), "--"), "=")
	return Flag{Name: name, Value: value, Span: l.span(p.from, p.to)}
}

// splitQuoted cuts at white space outside quotes: how ENV, LABEL and ARG are read.
func splitQuoted(text string, escape byte) []piece {
	var out []piece
	i := 0
	for i < len(text) {
		r, width := utf8.DecodeRuneInString(text[i:])
		if unicode.IsSpace(r) {
			i += width
			continue
		}
		from := i
		i = endOfQuoted(text, i, escape)
		out = append(out, piece{from, i})
	}
	return out
}

func endOfQuoted(text string, i int, escape byte) int {
	var quote rune
	for i < len(text) {
		r, width := utf8.DecodeRuneInString(text[i:])
		switch {
		case quote == 0 && unicode.IsSpace(r):
			return i
		case r == rune(escape) && quote != '\'' && i+width < len(text):
			i += width
			_, width = utf8.DecodeRuneInString(text[i:])
		case quote == 0 && (r == '\'' || r == '"'):
			quote = r
		case r == quote:
			quote = 0
		}
		i += width
	}
	return i
}

// splitJSON finds the string literals of a JSON array of strings. ok is false if text is none.
func splitJSON(text string) (pieces []piece, values []string, ok bool) {
	if json.Unmarshal([]byte(text), &values) != nil || !strings.HasPrefix(strings.TrimSpace(text), "[") {
		return nil, nil, false
	}
	for i := 0; i < len(text); i++ {
		if text[i] != '"' {
			continue
		}
		from := i
		for i++; i < len(text) && text[i] != '"'; i++ {
			if text[i] == '\\' {
				i++
			}
		}
		pieces = append(pieces, piece{from, i + 1})
	}
	return pieces, values, len(pieces) == len(values)
}

// noVariables leaves every reference in a word as it is written.
type noVariables struct{}

func (noVariables) Get(string) (string, bool) { return "", false }
func (noVariables) Keys() []string            { return nil }

// unquote removes quotes and escapes but no variables. A word that BuildKit cannot lex stays as it is.
func unquote(raw string, escape byte) string {
	if !strings.ContainsAny(raw, `'"`+string(rune(escape))) {
		return raw
	}
	lex := shell.NewLex(rune(escape))
	lex.SkipUnsetEnv = true
	text, _, err := lex.ProcessWord(raw, noVariables{})
	if err != nil {
		return raw
	}
	return text
}
