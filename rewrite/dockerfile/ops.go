package dockerfile

import (
	"fmt"
	"strings"

	"github.com/offroot/offroot/rewrite/source"
)

// InsertBefore puts lines above an instruction, and above the comment lines that directly adjoin it: they belong to it.
// Lines have no line ending. A RUN of several lines has one element for each.
type InsertBefore struct {
	At    *Instruction
	Lines []string
}

// InsertAfter puts lines directly below an instruction and its heredocs.
type InsertAfter struct {
	At    *Instruction
	Lines []string
}

// SetWords replaces the arguments and keeps the flags. The words of an exec form are written as JSON strings; any other
// word stands in the file as it is given, so it must bring the quotes it needs. If the number of words stays, only those
// that differ are written, and continuations between them remain.
type SetWords struct {
	At    *Instruction
	Words []string
}

// SetFlag sets --name=value. A flag that is not there goes behind the others.
type SetFlag struct {
	At          *Instruction
	Name, Value string
}

// ReplaceText replaces some bytes within an instruction, or within the body of one of its heredocs.
type ReplaceText struct {
	At   *Instruction
	Span source.Span
	New  string
}

// Remove deletes the lines of an instruction. The comments above stay, since they may speak of what follows, unless
// WithComments is set: then the comment lines that directly adjoin it go too.
type Remove struct {
	At           *Instruction
	WithComments bool
}

// An op is one of the six. key is equal for ops that ask for the same.
type op interface {
	source.Op
	at() *Instruction
	key() string
}

func (o *InsertBefore) at() *Instruction { return o.At }
func (o *InsertAfter) at() *Instruction  { return o.At }
func (o *SetWords) at() *Instruction     { return o.At }
func (o *SetFlag) at() *Instruction      { return o.At }
func (o *ReplaceText) at() *Instruction  { return o.At }
func (o *Remove) at() *Instruction       { return o.At }

func (o *InsertBefore) Document() source.Document { return o.At.doc }
func (o *InsertAfter) Document() source.Document  { return o.At.doc }
func (o *SetWords) Document() source.Document     { return o.At.doc }
func (o *SetFlag) Document() source.Document      { return o.At.doc }
func (o *ReplaceText) Document() source.Document  { return o.At.doc }
func (o *Remove) Document() source.Document       { return o.At.doc }

// Place is the line that the new lines follow, 0 at the top of the file.
func (o *InsertBefore) Place() source.Place {
	return source.Place{Path: o.At.doc.file.Path, Line: o.At.doc.commentsFrom(o.At.Line) - 1}
}

// Place is the last line of the instruction, which the new lines follow.
func (o *InsertAfter) Place() source.Place {
	return source.Place{Path: o.At.doc.file.Path, Line: o.At.EndLine}
}

// Place is the line of the first argument.
func (o *SetWords) Place() source.Place {
	if len(o.At.Words) > 0 {
		return o.At.doc.file.PlaceAt(o.At.Words[0].Span.Start)
	}
	return o.At.Place()
}

// Place is the line of the flag, or that of the keyword if the flag is new.
func (o *SetFlag) Place() source.Place {
	if f := o.At.flag(o.Name); f != nil {
		return o.At.doc.file.PlaceAt(f.Span.Start)
	}
	return o.At.Place()
}

// Place is the line of the first byte that is replaced.
func (o *ReplaceText) Place() source.Place { return o.At.doc.file.PlaceAt(o.Span.Start) }

// Place is the first line of the instruction.
func (o *Remove) Place() source.Place { return o.At.Place() }

func (o *InsertBefore) String() string {
	return fmt.Sprintf("insert %q above %s", strings.Join(o.Lines, "\n"), o.At.Name)
}

func (o *InsertAfter) String() string {
	return fmt.Sprintf("insert %q below %s", strings.Join(o.Lines, "\n"), o.At.Name)
}

func (o *SetWords) String() string {
	return fmt.Sprintf("set the arguments of %s to %q", o.At.Name, strings.Join(o.Words, " "))
}

func (o *SetFlag) String() string {
	return fmt.Sprintf("set --%s=%s on %s", o.Name, o.Value, o.At.Name)
}

func (o *ReplaceText) String() string {
	old := ""
	if o.Span.Start >= 0 && o.Span.Start <= o.Span.End && o.Span.End <= len(o.At.doc.file.Content) {
		old = o.At.doc.file.Text(o.Span)
	}
	return fmt.Sprintf("replace %q by %q in %s", old, o.New, o.At.Name)
}

func (o *Remove) String() string { return "remove " + o.At.Name }

func (o *InsertBefore) key() string { return fmt.Sprintf("before %p %q", o.At, o.Lines) }
func (o *InsertAfter) key() string  { return fmt.Sprintf("after %p %q", o.At, o.Lines) }
func (o *SetWords) key() string     { return fmt.Sprintf("words %p %q", o.At, o.Words) }
func (o *SetFlag) key() string      { return fmt.Sprintf("flag %p %q %q", o.At, o.Name, o.Value) }
func (o *ReplaceText) key() string  { return fmt.Sprintf("text %p %v %q", o.At, o.Span, o.New) }
func (o *Remove) key() string       { return fmt.Sprintf("remove %p", o.At) }

// ownOps checks that ops are of this package and of this document, and leaves out repetitions.
func (d *Document) ownOps(ops []source.Op) ([]op, error) {
	seen := map[string]bool{}
	var out []op
	for _, asked := range ops {
		o, ok := asked.(op)
		if !ok || o.at() == nil || o.at().doc != d {
			return nil, fmt.Errorf("%s: op of another document", d.file.Path)
		}
		if key := o.key(); !seen[key] {
			seen[key] = true
			out = append(out, o)
		}
	}
	return out, nil
}
