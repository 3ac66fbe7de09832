package dockerfile

import (
	"fmt"
	"strconv"
	"strings"
	"unicode"

	"github.com/moby/buildkit/frontend/dockerfile/command"
	"github.com/moby/buildkit/frontend/dockerfile/parser"
	"github.com/offroot/offroot/rewrite/source"
)

// A Document is a parsed Dockerfile. Nothing in it changes after Parse.
type Document struct {
	// Instructions are all in order, with the ARGs before the first FROM.
	Instructions []*Instruction
	Stages       []*Stage
	// Escape is the continuation and escape character, '\\' or '`'.
	Escape byte

	file       *source.File
	directives int // number of leading lines that are parser directives
}

// Parse reads a Dockerfile. The error is a *source.Error that points to the line: the file does not parse, holds an
// instruction that no builder knows, or has no FROM.
func Parse(f *source.File) (*Document, error) {
	tree, err := syntaxTree(f.Content)
	if err != nil {
		return nil, failure(f, errorLine(err), "parse Dockerfile: %s", errorCause(err))
	}
	d := &Document{file: f, Escape: byte(tree.EscapeToken), directives: directiveLines(f)}
	for _, n := range tree.AST.Children {
		if err := d.add(n); err != nil {
			return nil, err
		}
	}
	if len(d.Stages) == 0 {
		return nil, failure(f, 1, "parse Dockerfile: no FROM instruction")
	}
	return d, nil
}

func failure(f *source.File, line int, format string, args ...any) *source.Error {
	return &source.Error{Place: source.Place{Path: f.Path, Line: line}, Msg: fmt.Sprintf(format, args...)}
}

// add reads one instruction and puts it in its stage.
func (d *Document) add(n *parser.Node) error {
	j := join(d.file, n.StartLine, n.EndLine, d.Escape)
	if j.text != n.Original {
		return failure(d.file, n.StartLine, "locate instruction: its lines do not join to what the parser read")
	}
	at := &Instruction{
		Index: len(d.Instructions), Line: n.StartLine, EndLine: n.EndLine, doc: d,
		Span:     source.Span{Start: d.file.LineSpan(n.StartLine).Start, End: d.file.LineSpan(n.EndLine).End},
		Heredocs: heredocs(d.file, n, j.lastLine),
		comment:  j.comments, open: j.open,
	}
	if n.StartLine == 1 {
		at.Span.Start += bomLen(d.file.Content)
	}
	i, err := d.newInstruction(j.logical, n, at)
	if err != nil {
		return failure(d.file, n.StartLine, "parse Dockerfile: %v", err)
	}
	if _, known := command.Commands[strings.ToLower(i.Name)]; !known {
		return failure(d.file, n.StartLine, "parse Dockerfile: unknown instruction %q", n.Value)
	}
	return d.place(i)
}

func (d *Document) place(i *Instruction) error {
	d.Instructions = append(d.Instructions, i)
	if i.Name == "FROM" {
		if len(i.Words) == 0 {
			return failure(d.file, i.Line, "parse Dockerfile: FROM names no image")
		}
		d.addStage(i)
		return nil
	}
	if len(d.Stages) == 0 {
		if i.Name != "ARG" {
			return failure(d.file, i.Line, "parse Dockerfile: %s before the first FROM", i.Name)
		}
		return nil
	}
	s := d.Stages[len(d.Stages)-1]
	s.Instructions = append(s.Instructions, i)
	i.setStage(s)
	return nil
}

func (i *Instruction) setStage(s *Stage) {
	i.Stage = s
	if i.Trigger != nil {
		i.Trigger.setStage(s)
	}
}

// File is the file that was parsed.
func (d *Document) File() *source.File { return d.file }

// Stage returns a stage by its name, in any case, or by its number, nil if there is none. The last of several stages of
// one name is the one that builders take.
func (d *Document) Stage(name string) *Stage {
	return stageIn(d.Stages, name)
}

func stageIn(stages []*Stage, name string) *Stage {
	for k := len(stages) - 1; k >= 0; k-- {
		if stages[k].Name != "" && strings.EqualFold(stages[k].Name, name) {
			return stages[k]
		}
	}
	if n, err := strconv.Atoi(name); err == nil && n >= 0 && n < len(stages) {
		return stages[n]
	}
	return nil
}

// directiveLines counts the leading lines that are parser directives (# syntax=, # escape=, # check=).
func directiveLines(f *source.File) int {
	var p parser.DirectiveParser
	n := 0
	for n < f.Lines() {
		text := strings.TrimLeftFunc(lineWithoutBOM(f, n+1), unicode.IsSpace)
		if directive, err := p.ParseLine([]byte(text)); directive == nil || err != nil {
			break
		}
		n++
	}
	return n
}

func lineWithoutBOM(f *source.File, n int) string {
	text := f.LineText(n)
	if n == 1 {
		text = text[bomLen([]byte(text)):]
	}
	return text
}

func (d *Document) lineText(n int) string { return lineWithoutBOM(d.file, n) }
