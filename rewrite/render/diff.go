package render

import (
	"bufio"
	"io"
	"strconv"
)

// contextLines is how many unchanged lines stand around a change. git apply and patch both want them.
const contextLines = 3

// Diff writes one unified diff of all changes, in the order of their paths. Changes that change nothing are left out.
//
// What it guarantees: git apply and patch -p1 accept the text and make After of Before, byte for byte. There is nothing in
// it but the diff. Carriage returns, byte order marks and a missing final newline stay as they are. The text is what git
// diff prints, without its index line, wherever the shortest edit is unique; where it is not, the hunks may differ from
// git's and are equally short.
//
// With color, escape codes stand around the lines as git puts them; such a text is for eyes, no program takes it.
func Diff(w io.Writer, changes []Change, color bool) error {
	p := &printer{w: bufio.NewWriter(w)}
	if color {
		p.palette = gitColors
	}
	for _, c := range effective(changes) {
		p.file(c)
	}
	return p.w.Flush()
}

// printer writes lines. The bufio.Writer keeps the first error, so no call is checked but the last Flush.
type printer struct {
	w *bufio.Writer
	palette
}

func (p *printer) file(c Change) {
	a, b := splitLines(c.Before), splitLines(c.After)
	oldName, newName := quoteName("a/"+c.Path), quoteName("b/"+c.Path)
	p.line(p.meta, "diff --git "+oldName+" "+newName)
	if c.isNew() {
		p.line(p.meta, "new file mode "+gitMode(c))
		oldName = "/dev/null"
	}
	groups := compact(a, b)
	if len(groups) == 0 {
		return
	}
	p.line(p.meta, "--- "+endName(oldName))
	p.line(p.meta, "+++ "+endName(newName))
	heading := headings{lines: a}
	for _, h := range hunks(groups, len(a), len(b)) {
		p.header(h, heading.above(h.old.start))
		p.body(h, a, b)
	}
}

func (p *printer) header(h hunk, heading string) {
	text := p.frag + "@@ -" + h.old.String() + " +" + h.new.String() + " @@" + p.off(p.frag)
	if heading != "" {
		text += " " + heading
	}
	p.line("", text)
}

func (p *printer) body(h hunk, a, b []string) {
	at := h.old.start
	for _, g := range h.groups {
		for ; at < g.a.start; at++ {
			p.text("", ' ', a[at])
		}
		for _, line := range a[g.a.start:g.a.end] {
			p.text(p.del, '-', line)
		}
		for _, line := range b[g.b.start:g.b.end] {
			p.text(p.add, '+', line)
		}
		at = g.a.end
	}
	for ; at < h.old.end; at++ {
		p.text("", ' ', a[at])
	}
}

// text writes a line of a file behind its sign. A line that has no newline gets one, and the note that says so.
func (p *printer) text(color string, sign byte, line string) {
	body, ending := cutEnding(line)
	p.w.WriteString(color)
	p.w.WriteByte(sign)
	p.w.WriteString(body)
	p.w.WriteString(p.off(color))
	p.w.WriteString(ending)
	if ending == "" {
		p.w.WriteString("\n\\ No newline at end of file\n")
	}
}

func (p *printer) line(color, text string) {
	p.w.WriteString(color + text + p.off(color) + "\n")
}

func gitMode(c Change) string {
	if c.Mode&0o111 != 0 {
		return "100755"
	}
	return "100644"
}

// String is the range as a hunk header has it: the number of lines is left out if it is one, and an empty range names the
// line before it.
func (r span) String() string {
	switch n := r.end - r.start; n {
	case 0:
		return strconv.Itoa(r.start) + ",0"
	case 1:
		return strconv.Itoa(r.start + 1)
	default:
		return strconv.Itoa(r.start+1) + "," + strconv.Itoa(n)
	}
}
