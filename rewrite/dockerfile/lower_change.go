package dockerfile

import (
	"bytes"
	"encoding/json"
	"slices"
	"strings"

	"github.com/offroot/offroot/rewrite/source"
)

func (l *lowering) change(o op, span source.Span, text string) {
	l.changes = append(l.changes, change{source.Edit{Span: span, New: text}, o})
}

func (l *lowering) setWords(o *SetWords) string {
	i := o.At
	if len(i.Heredocs) > 0 || i.Trigger != nil {
		return "the arguments hold a heredoc or another instruction"
	}
	words, reason := i.written(o.Words)
	if reason != "" {
		return reason
	}
	if len(words) == len(i.Words) {
		for k, w := range i.Words {
			if w.Raw != words[k] {
				l.change(o, w.Span, words[k])
			}
		}
		return ""
	}
	for _, n := range i.comment {
		if line := l.doc.file.LineSpan(n); i.args.span(0, len(i.args.text)).Contains(line) {
			return "a comment stands between the arguments"
		}
	}
	text := strings.Join(words, " ")
	if i.Exec {
		text = i.execText(words)
	}
	span := i.args.span(0, len(i.args.text))
	if span.Len() == 0 {
		span = l.doc.endOfText(i)
		text = " " + text
	}
	l.change(o, span, text)
	return ""
}

// endOfText is the empty span behind the keyword and the flags.
func (d *Document) endOfText(i *Instruction) source.Span {
	end := i.keyword.End
	if n := len(i.Flags); n > 0 {
		end = i.Flags[n-1].Span.End
	}
	return source.Span{Start: end, End: end}
}

// written gives words the form they have in the file.
func (i *Instruction) written(words []string) ([]string, string) {
	if len(words) == 0 {
		return nil, "no arguments to set"
	}
	out := slices.Clone(words)
	for k, w := range out {
		if i.Exec && (i.Name != "HEALTHCHECK" || k > 0) {
			out[k] = jsonString(w)
		} else if w == "" || strings.ContainsAny(w, "\r\n") {
			return nil, "an argument is empty or holds a line break"
		}
	}
	return out, ""
}

func (i *Instruction) execText(words []string) string {
	if i.Name == "HEALTHCHECK" {
		return words[0] + " [" + strings.Join(words[1:], ", ") + "]"
	}
	return "[" + strings.Join(words, ", ") + "]"
}

func jsonString(s string) string {
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	if e.Encode(s) != nil {
		return `""`
	}
	return strings.TrimSuffix(b.String(), "\n")
}

func (l *lowering) setFlag(o *SetFlag) string {
	i := o.At
	switch i.Name {
	case "FROM", "COPY", "ADD", "RUN", "HEALTHCHECK":
	default:
		return i.Name + " takes no flags"
	}
	if o.Name == "" || strings.ContainsAny(o.Name+o.Value, " \t\r\n\v\f'\"\\`") {
		return "the flag needs quotes, which builders read differently"
	}
	if l.flags[i] == nil {
		l.flags[i] = map[string]bool{}
	}
	if l.flags[i][o.Name] {
		return "another change sets the same flag to another value"
	}
	l.flags[i][o.Name] = true
	text := "--" + o.Name + "=" + o.Value
	var found []Flag
	for _, f := range i.Flags {
		if f.Name == o.Name {
			found = append(found, f)
		}
	}
	switch len(found) {
	case 0:
		l.change(o, l.doc.endOfText(i), " "+text)
	case 1:
		l.change(o, found[0].Span, text)
	default:
		return "the flag is given more than once"
	}
	return ""
}

func (l *lowering) replaceText(o *ReplaceText) string {
	i := o.At
	if o.Span.Start > o.Span.End || !i.Span.Contains(o.Span) {
		return "the text to replace is not within the instruction"
	}
	for _, h := range i.Heredocs {
		if h.Span.Contains(o.Span) {
			text := strings.ReplaceAll(o.New, "\r\n", "\n")
			l.change(o, o.Span, strings.ReplaceAll(text, "\n", l.doc.file.Newline()))
			return ""
		}
	}
	if strings.ContainsAny(o.New, "\r\n") {
		return "the new text holds a line break"
	}
	head := source.Span{Start: i.keyword.End, End: i.keyword.End}
	if n := len(i.args.at); n > 0 {
		head.End = i.args.at[n-1] + 1
	}
	if !head.Contains(o.Span) {
		return "the text to replace is not within the arguments or a heredoc body"
	}
	for _, n := range i.comment {
		if line := l.doc.file.LineSpan(n); line.Start < o.Span.End && o.Span.Start < line.End {
			return "the text to replace is in a comment"
		}
	}
	if i.opensHeredoc(o) {
		return "the text opens a heredoc"
	}
	l.change(o, o.Span, o.New)
	return ""
}

// opensHeredoc is true if the old or the new text has part in <<NAME.
func (i *Instruction) opensHeredoc(o *ReplaceText) bool {
	if strings.Contains(o.New, "<") && strings.Contains(i.args.text+o.New, "<<") {
		return true
	}
	for _, p := range splitBlanks(i.args.text, 0) {
		span := i.args.span(p.from, p.to)
		touches := span.Start <= o.Span.End && o.Span.Start <= span.End
		if len(i.Heredocs) > 0 && touches && strings.Contains(i.args.text[p.from:p.to], "<<") {
			return true
		}
	}
	return false
}

func (l *lowering) remove(o *Remove) string {
	i := o.At
	if i.outer != nil {
		return "the instruction of an ONBUILD cannot go without it"
	}
	if i.Name == "FROM" {
		return "a stage does not go with its FROM"
	}
	span := i.Span
	if o.WithComments {
		span.Start = l.doc.insertBeforeAt(i)
	}
	if span.End == len(l.doc.file.Content) && !l.doc.file.HasFinalNewline() {
		l.cutsEnd = true
	}
	l.change(o, span, "")
	return ""
}
