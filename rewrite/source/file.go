package source

import (
	"bytes"
	"fmt"
	"io/fs"
	"sort"
	"strings"
	"sync"
)

// A File is one file as it was read. Path is relative to the root and slash-separated. Nobody may change Content.
type File struct {
	Path    string
	Content []byte
	Mode    fs.FileMode

	once  sync.Once
	lines []int // byte offset of the first byte of each line
}

// NewFile returns a regular file of mode 0644.
func NewFile(path string, content []byte) *File {
	return &File{Path: path, Content: content, Mode: 0o644}
}

func (f *File) index() []int {
	f.once.Do(func() {
		f.lines = []int{0}
		for i, b := range f.Content {
			if b == '\n' {
				f.lines = append(f.lines, i+1)
			}
		}
	})
	return f.lines
}

// Lines is the number of lines. A final newline does not start another line.
func (f *File) Lines() int {
	n := len(f.index())
	if n > 1 && f.lines[n-1] == len(f.Content) {
		n--
	}
	return n
}

// Line returns the 1-based number of the line that holds offset. Only LF ends a line.
func (f *File) Line(offset int) int {
	lines := f.index()
	return sort.Search(len(lines), func(i int) bool { return lines[i] > offset })
}

// LineSpan returns the bytes of a 1-based line with its line ending. Lines beyond the file are empty spans at its end.
func (f *File) LineSpan(line int) Span {
	lines := f.index()
	if line < 1 {
		return Span{}
	}
	if line > len(lines) {
		return Span{len(f.Content), len(f.Content)}
	}
	end := len(f.Content)
	if line < len(lines) {
		end = lines[line]
	}
	return Span{lines[line-1], end}
}

// LineText returns a 1-based line without its line ending.
func (f *File) LineText(line int) string {
	return strings.TrimRight(f.Text(f.LineSpan(line)), "\r\n")
}

// Text returns the bytes of a span.
func (f *File) Text(s Span) string { return string(f.Content[s.Start:s.End]) }

// Newline is the line ending of the file: CRLF if its first line has one, else LF.
func (f *File) Newline() string {
	if i := bytes.IndexByte(f.Content, '\n'); i > 0 && f.Content[i-1] == '\r' {
		return "\r\n"
	}
	return "\n"
}

// HasFinalNewline reports whether the last line is ended. An empty file counts as ended.
func (f *File) HasFinalNewline() bool {
	return len(f.Content) == 0 || f.Content[len(f.Content)-1] == '\n'
}

// A Place names a line of a file as it was read, 1-based.
type Place struct {
	Path string
	Line int
}

func (p Place) String() string {
	if p.Line == 0 {
		return p.Path
	}
	return fmt.Sprintf("%s:%d", p.Path, p.Line)
}

// PlaceAt names the line that holds offset.
func (f *File) PlaceAt(offset int) Place { return Place{f.Path, f.Line(offset)} }

// An Error is what is wrong with a file, at its place. Column is 0 where it is not known. It prints file:line:col: first,
// so that editors can jump.
type Error struct {
	Place  Place
	Column int
	Msg    string
}

func (e *Error) Error() string {
	line := max(e.Place.Line, 1)
	col := max(e.Column, 1)
	return fmt.Sprintf("%s:%d:%d: %s", e.Place.Path, line, col, e.Msg)
}
