package yamldoc

import (
	"sort"
	"strings"

	"github.com/offroot/offroot/rewrite/source"
)

// HeadComment is the comment block directly above the key or item, lines joined by LF, with their # signs.
func (n *Node) HeadComment() string {
	if n == nil {
		return ""
	}
	var lines []string
	first := n.doc.file.Line(n.entryStart())
	for line := n.doc.file.Line(n.doc.headStart(n.entryStart())); line < first; line++ {
		lines = append(lines, strings.TrimSpace(n.doc.file.LineText(line)))
	}
	return strings.Join(lines, "\n")
}

// Comment is the trailing comment on the last line of the value; for a block collection that on the line of its key.
func (n *Node) Comment() string {
	if n == nil {
		return ""
	}
	at := n.end
	switch {
	case n.Style() == Block && n.mark >= 0:
		at = n.mark + 1
	case n.Style() == Literal || n.Style() == Folded:
		b, _ := scanBlock(n.doc.file.Content, n.span.Start, n.y.Value)
		at = b.header.End
	}
	if c, ok := n.doc.commentAfter(at); ok {
		return n.doc.file.Text(c)
	}
	return ""
}

// commentAfter returns the comment that follows offset on its line with only blanks (or what closes a flow collection)
// between.
func (d *Document) commentAfter(offset int) (source.Span, bool) {
	i := d.nextComment(offset)
	if i == len(d.comments) {
		return source.Span{}, false
	}
	c := d.comments[i]
	for offset < c.Start && strings.IndexByte(" \t,]}", d.file.Content[offset]) >= 0 {
		offset++
	}
	return c, offset == c.Start
}

// nextComment is the index of the first comment at or after offset.
func (d *Document) nextComment(offset int) int {
	return sort.Search(len(d.comments), func(i int) bool { return d.comments[i].Start >= offset })
}

// commentsIn are the comments that begin within s.
func (d *Document) commentsIn(s source.Span) []source.Span {
	i := d.nextComment(s.Start)
	j := i
	for j < len(d.comments) && d.comments[j].Start < s.End {
		j++
	}
	return d.comments[i:j]
}

// commentLine returns the column of the comment that is alone on a line, false if the line is something else.
func (d *Document) commentLine(line int) (int, bool) {
	if line < 1 || line > d.file.Lines() {
		return 0, false
	}
	start := d.file.LineSpan(line).Start
	at := skipBlanks(d.file.Content, start)
	i := d.nextComment(at)
	if i == len(d.comments) || d.comments[i].Start != at {
		return 0, false
	}
	return at - start, d.endsAt(d.comments[i].End)
}

// endsAt reports whether a line ends at offset, by LF or CRLF or the end of the file. YAML knows other breaks, behind which
// a line goes on for us.
func (d *Document) endsAt(offset int) bool {
	src := d.file.Content
	return offset >= len(src) || src[offset] == '\n' || breakLen(src, offset) == 2 && src[offset] == '\r'
}

// headStart is the offset of the first line of the comment block that adjoins the line of an entry from above, or of that
// line itself. A comment that is indented deeper than the entry belongs to what stands above.
func (d *Document) headStart(entry int) int {
	line := d.file.Line(entry)
	column := d.column(entry)
	if line == 1 && strings.HasPrefix(d.file.LineText(1), string(byteOrderMark)) {
		return len(byteOrderMark)
	}
	for {
		col, ok := d.commentLine(line - 1)
		if !ok || col > column {
			return d.file.LineSpan(line).Start
		}
		line--
	}
}
