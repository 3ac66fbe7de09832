package render

import (
	"bufio"
	"fmt"
	"io"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/offroot/offroot/rewrite/source"
)

// Notes fit this many columns, or wrap below their own column.
const columns = 100

// ink is the colours of notes. The zero value writes none.
type ink struct{ name, good, care, stop, end string }

var terminalInk = ink{name: "\x1b[1m", good: "\x1b[32m", care: "\x1b[33m", stop: "\x1b[31m", end: "\x1b[m"}

// A page writes rows of a label and a text, the text in one column. The bufio.Writer keeps the first error, so no call is
// checked but the last Flush.
type page struct {
	w     *bufio.Writer
	label int // columns of the label
	ink
}

func newPage(w io.Writer, color bool) *page {
	p := &page{w: bufio.NewWriter(w)}
	if color {
		p.ink = terminalInk
	}
	return p
}

// A row is one entry: a label, what it says, and where. color is around the label.
type row struct {
	label, color string
	text         string
	places       []source.Place
}

// write prints the row. A label that is too long for its column moves the first line of the text to the right.
func (p *page) write(r row) {
	r.text = shortDigests(r.text)
	at := max(p.label, utf8.RuneCountInString(r.label)+2)
	where := joinPlaces(r.places)
	lines := wrap(r.text, at, p.label)
	last := len(lines) - 1
	indent := p.label
	if last == 0 {
		indent = at
	}
	used := indent + utf8.RuneCountInString(lines[last])
	switch room := columns - used - 2; {
	case where == "":
	case utf8.RuneCountInString(where) <= room:
		lines[last] += strings.Repeat(" ", columns-used-utf8.RuneCountInString(where)) + where
	default:
		lines = append(lines, wrap(where, p.label, p.label)...)
	}
	fmt.Fprintf(p.w, "%s%s\n", p.paint(r.color, r.label)+pad(at-utf8.RuneCountInString(r.label)), lines[0])
	for _, line := range lines[1:] {
		fmt.Fprintf(p.w, "%s%s\n", pad(p.label), line)
	}
}

// below prints text in the column of the texts. Its first line is prose and wraps; what follows a newline is a command,
// which is printed as it is, so that it can be copied.
func (p *page) below(text string) {
	prose, commands, _ := strings.Cut(text, "\n")
	for _, line := range wrap(prose, p.label, p.label) {
		fmt.Fprintf(p.w, "%s%s\n", pad(p.label), line)
	}
	if commands == "" {
		return
	}
	for command := range strings.Lines(commands) {
		fmt.Fprintf(p.w, "%s%s\n", pad(p.label+2), strings.TrimSpace(command))
	}
}

func (p *page) plain(text string) { fmt.Fprintln(p.w, text) }

func (p *page) paint(color, text string) string {
	if color == "" {
		return text
	}
	return color + text + p.end
}

func pad(n int) string { return strings.Repeat(" ", max(n, 0)) }

// wrap cuts text into lines that fit, the first of them starting in column first and the others in column rest. A word
// that is longer than a line stays whole.
func wrap(text string, first, rest int) []string {
	var lines []string
	line, room := "", columns-first
	for _, word := range strings.Fields(text) {
		switch {
		case line == "":
			line = word
		case utf8.RuneCountInString(line)+1+utf8.RuneCountInString(word) <= room:
			line += " " + word
		default:
			lines = append(lines, line)
			line, room = word, columns-rest
		}
	}
	return append(lines, line)
}

// joinPlaces writes "a.yaml:3,9 b.yaml:4".
func joinPlaces(list []source.Place) string {
	list = slices.Clone(list)
	slices.SortFunc(list, comparePlaces)
	var b strings.Builder
	last := source.Place{}
	for _, p := range slices.Compact(list) {
		switch {
		case p.Path == "":
			continue
		case b.Len() > 0 && p.Path == last.Path:
			b.WriteString("," + strconv.Itoa(p.Line))
		default:
			if b.Len() > 0 {
				b.WriteByte(' ')
			}
			b.WriteString(p.String())
		}
		last = p
	}
	return b.String()
}
