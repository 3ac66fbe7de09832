package dockerfile

import "strings"

// A Comment is one comment line, with its '#'.
type Comment struct {
	Line int
	Text string
}

// Comments are all comment lines of the file in order, those inside continuations too. Parser directives and lines of
// heredoc bodies are none.
func (d *Document) Comments() []Comment {
	var out []Comment
	line := d.directives + 1
	upTo := func(end int) {
		for ; line < end; line++ {
			if d.isComment(line) {
				out = append(out, Comment{line, strings.TrimSpace(d.lineText(line))})
			}
		}
	}
	for _, i := range d.Instructions {
		upTo(i.Line)
		for _, n := range i.comment {
			out = append(out, Comment{n, strings.TrimSpace(d.lineText(n))})
		}
		line = i.EndLine + 1
	}
	upTo(d.file.Lines() + 1)
	return out
}

// isComment says whether a line outside of any instruction is a comment.
func (d *Document) isComment(n int) bool {
	return n > d.directives && strings.HasPrefix(strings.TrimSpace(d.lineText(n)), "#")
}

// commentsFrom is the first line of the comment lines that directly adjoin line from above, line itself if there are none.
func (d *Document) commentsFrom(line int) int {
	floor := d.directives
	for _, i := range d.Instructions {
		if i.EndLine < line {
			floor = max(floor, i.EndLine)
		}
	}
	for line-1 > floor && d.isComment(line-1) {
		line--
	}
	return line
}
