package shell

import (
	"strings"

	"mvdan.cc/sh/v3/syntax"
)

func (w *walker) word(word *syntax.Word) Word {
	out := Word{Start: int(word.Pos().Offset()), End: int(word.End().Offset())}
	if text, ok := w.value(word.Parts); ok {
		out.Text, out.Known = text, true
		return out
	}
	out.Text = strings.ReplaceAll(w.source(word), "\\\n", "")
	return out
}

// value is the text of word parts after quote removal. ok is false if a part depends on what is not known.
func (w *walker) value(parts []syntax.WordPart) (string, bool) {
	var b strings.Builder
	for _, part := range parts {
		switch p := part.(type) {
		case *syntax.Lit:
			b.WriteString(unescape(p.Value))
		case *syntax.SglQuoted:
			if p.Dollar {
				return "", false
			}
			b.WriteString(p.Value)
		case *syntax.DblQuoted:
			text, ok := w.quoted(p.Parts)
			if !ok {
				return "", false
			}
			b.WriteString(text)
		case *syntax.ParamExp:
			text, ok := w.param(p)
			if !ok {
				return "", false
			}
			b.WriteString(text)
		default:
			return "", false
		}
	}
	return b.String(), true
}

func (w *walker) quoted(parts []syntax.WordPart) (string, bool) {
	var b strings.Builder
	for _, part := range parts {
		if lit, ok := part.(*syntax.Lit); ok {
			b.WriteString(unescapeQuoted(lit.Value))
			continue
		}
		text, ok := w.value([]syntax.WordPart{part})
		if !ok {
			return "", false
		}
		b.WriteString(text)
	}
	return b.String(), true
}

// param knows $X, ${X} and ${X:-default} where the value comes from outside.
func (w *walker) param(p *syntax.ParamExp) (string, bool) {
	plain := !p.Excl && !p.Length && !p.Width && p.Index == nil && p.Slice == nil && p.Repl == nil && p.Names == 0
	if !plain || p.Param == nil || w.own[p.Param.Value] {
		return "", false
	}
	value, set := w.env[p.Param.Value]
	if p.Exp == nil {
		return value, set
	}
	switch p.Exp.Op {
	case syntax.DefaultUnset, syntax.DefaultUnsetOrNull:
		if set && (value != "" || p.Exp.Op == syntax.DefaultUnset) {
			return value, true
		}
	}
	return "", false
}

// unescape removes backslashes outside of quotes.
func unescape(s string) string {
	if !strings.Contains(s, `\`) {
		return s
	}
	var b strings.Builder
	for k := 0; k < len(s); k++ {
		if s[k] == '\\' && k+1 < len(s) {
			k++
			if s[k] == '\n' {
				continue
			}
		}
		b.WriteByte(s[k])
	}
	return b.String()
}

// unescapeQuoted removes the backslashes that count within double quotes.
func unescapeQuoted(s string) string {
	var b strings.Builder
	for k := 0; k < len(s); k++ {
		if s[k] == '\\' && k+1 < len(s) && strings.IndexByte("$`\"\\\n", s[k+1]) >= 0 {
			k++
			if s[k] == '\n' {
				continue
			}
		}
		b.WriteByte(s[k])
	}
	return b.String()
}
