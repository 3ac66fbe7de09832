package dockerfile

import (
	"fmt"
	"strings"

	"github.com/moby/buildkit/frontend/dockerfile/parser"
	"github.com/offroot/offroot/rewrite/source"
)

// An Instruction is one instruction with the bytes it stands in.
type Instruction struct {
	// Name is the keyword in upper case.
	Name string
	// Index is the position in Document.Instructions, for a trigger that of its ONBUILD.
	Index int
	// Stage is nil before the first FROM.
	Stage *Stage
	// Span is made of whole lines: heredoc bodies and the last line ending are within it, the comments above are not.
	Span          source.Span
	Line, EndLine int
	Flags         []Flag
	// Words are the arguments. USER, WORKDIR, STOPSIGNAL and MAINTAINER have one, blanks included. Of HEALTHCHECK the first
	// is CMD or NONE. RUN, CMD and ENTRYPOINT in shell form are cut at blanks, quotes kept: Script is what counts there.
	Words []Word
	// Exec is true if the arguments are a JSON array.
	Exec     bool
	Heredocs []Heredoc
	// Trigger is what ONBUILD holds. Its spans are those of its own words; Span is that of the ONBUILD.
	Trigger *Instruction

	doc     *Document
	outer   *Instruction // the ONBUILD of a trigger
	keyword source.Span
	args    logical // all after the flags
	comment []int   // comment lines inside the continuation
	open    bool    // ends in a continuation that nothing follows
}

// Doc is the document that holds the instruction.
func (i *Instruction) Doc() *Document { return i.doc }

// Place is the first line of the instruction.
func (i *Instruction) Place() source.Place { return source.Place{Path: i.doc.file.Path, Line: i.Line} }

// Flag is the value of the first flag of that name, "" if there is none.
func (i *Instruction) Flag(name string) string {
	if f := i.flag(name); f != nil {
		return f.Value
	}
	return ""
}

func (i *Instruction) flag(name string) *Flag {
	for k := range i.Flags {
		if i.Flags[k].Name == name {
			return &i.Flags[k]
		}
	}
	return nil
}

// Text is the instruction as the builder reads it: the arguments after the flags, continuations joined.
func (i *Instruction) Text() string { return i.args.text }

// Comments are the comment lines directly above, first line first, with their '#'. Parser directives are none.
func (i *Instruction) Comments() []string {
	if i.outer != nil {
		return i.outer.Comments()
	}
	var out []string
	for n := i.doc.commentsFrom(i.Line); n < i.Line; n++ {
		out = append(out, strings.TrimSpace(i.doc.lineText(n)))
	}
	return out
}

// newInstruction reads one node whose joined text is l.
func (d *Document) newInstruction(l logical, n *parser.Node, at *Instruction) (*Instruction, error) {
	i := *at
	head := l.trimmed()
	cut := splitBlanks(head.text, 2)
	if len(cut) == 0 {
		return nil, fmt.Errorf("no instruction")
	}
	i.Name = strings.ToUpper(head.text[cut[0].from:cut[0].to])
	i.keyword = head.span(cut[0].from, cut[0].to)
	if len(cut) == 2 {
		rest := head.slice(cut[1].from, cut[1].to)
		flags, after := splitFlags(rest.text, d.Escape)
		for _, p := range flags {
			i.Flags = append(i.Flags, newFlag(rest, p, d.Escape))
		}
		i.args = rest.slice(after, len(rest.text)).trimmed()
	} else {
		i.args = head.slice(len(head.text), len(head.text))
	}
	if i.Name == "ONBUILD" {
		return d.newTrigger(i, n)
	}
	i.Exec = n.Attributes["json"]
	i.Words = i.split()
	return &i, nil
}

func (d *Document) newTrigger(i Instruction, n *parser.Node) (*Instruction, error) {
	if n.Next == nil || len(n.Next.Children) == 0 {
		return nil, fmt.Errorf("ONBUILD holds no instruction")
	}
	at := i
	at.Flags, at.outer = nil, &i
	trigger, err := d.newInstruction(i.args, n.Next.Children[0], &at)
	if err != nil {
		return nil, err
	}
	i.Trigger = trigger
	for _, p := range splitBlanks(i.args.text, 0) {
		i.Words = append(i.Words, i.word(p, true))
	}
	return &i, nil
}

func (i *Instruction) word(p piece, quoted bool) Word {
	raw := i.args.text[p.from:p.to]
	w := Word{Text: raw, Raw: raw, Span: i.args.span(p.from, p.to)}
	if !quoted {
		w.Text = unquote(raw, i.doc.Escape)
	}
	return w
}

// split cuts the arguments the way the builder reads this instruction.
func (i *Instruction) split() []Word {
	text := i.args.text
	if text == "" {
		return nil
	}
	switch {
	case i.Name == "HEALTHCHECK":
		return i.splitHealthcheck()
	case i.Exec:
		return i.splitExec(0)
	}
	var pieces []piece
	keepQuotes := false
	switch i.Name {
	case "ENV", "LABEL", "ARG":
		pieces = splitQuoted(text, i.doc.Escape)
		if i.Name != "ARG" && !strings.Contains(text[pieces[0].from:pieces[0].to], "=") {
			pieces = splitBlanks(text, 2)
		}
	case "USER", "WORKDIR", "STOPSIGNAL", "MAINTAINER":
		pieces = []piece{{0, len(text)}}
	case "RUN", "CMD", "ENTRYPOINT", "SHELL":
		keepQuotes = true
		pieces = splitBlanks(text, 0)
	default:
		pieces = splitBlanks(text, 0)
	}
	var words []Word
	for _, p := range pieces {
		words = append(words, i.word(p, keepQuotes))
	}
	return words
}

func (i *Instruction) splitExec(from int) []Word {
	pieces, values, ok := splitJSON(i.args.text[from:])
	if !ok {
		return nil
	}
	var words []Word
	for k, p := range pieces {
		w := i.word(piece{p.from + from, p.to + from}, true)
		w.Text = values[k]
		words = append(words, w)
	}
	return words
}

func (i *Instruction) splitHealthcheck() []Word {
	cut := splitBlanks(i.args.text, 2)
	words := []Word{i.word(cut[0], true)}
	if len(cut) < 2 {
		return words
	}
	if i.Exec {
		return append(words, i.splitExec(cut[1].from)...)
	}
	for _, p := range splitBlanks(i.args.text[cut[1].from:], 0) {
		words = append(words, i.word(piece{p.from + cut[1].from, p.to + cut[1].from}, true))
	}
	return words
}

// A Pair is one name and value of ENV, LABEL or ARG.
type Pair struct {
	Key      string
	HasValue bool
	// Value is all after the equals sign (or the blank of the old form); its Span is empty if HasValue is false.
	Value Word
}

// Pairs are the names and values of ENV, LABEL and ARG, nil for any other instruction.
func (i *Instruction) Pairs() []Pair {
	switch i.Name {
	case "ENV", "LABEL", "ARG":
	default:
		return nil
	}
	if i.Name != "ARG" && len(i.Words) == 2 && !strings.Contains(i.Words[0].Raw, "=") {
		return []Pair{{Key: i.Words[0].Raw, HasValue: true, Value: i.Words[1]}}
	}
	var out []Pair
	for _, w := range i.Words {
		key, raw, ok := strings.Cut(w.Raw, "=")
		p := Pair{Key: unquote(key, i.doc.Escape), HasValue: ok}
		p.Value = Word{Raw: raw, Text: unquote(raw, i.doc.Escape), Span: source.Span{Start: w.Span.End, End: w.Span.End}}
		if ok && raw != "" {
			p.Value.Span.Start = i.tailStart(w, len(raw))
		}
		out = append(out, p)
	}
	return out
}

// tailStart is the file offset of the last n bytes of a word.
func (i *Instruction) tailStart(w Word, n int) int {
	for k := len(i.args.at) - 1; k >= 0; k-- {
		if i.args.at[k] == w.Span.End-1 {
			return i.args.at[k-n+1]
		}
	}
	return w.Span.End - n
}
