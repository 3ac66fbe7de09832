package dockerfile

import (
	"strings"

	"github.com/moby/buildkit/frontend/dockerfile/parser"
	"github.com/offroot/offroot/rewrite/source"
)

// A Heredoc is an inline document of RUN, COPY or ADD.
type Heredoc struct {
	Name string
	// Content is the body as it stands in the file, Span its bytes without the line of the terminator.
	Content string
	Span    source.Span
	// Chomp is true for <<-: leading tabs are not part of the document.
	Chomp bool
	// Expand is true if no part of the name is quoted.
	Expand bool
}

// heredocs finds the bodies that follow line after. The parser has read them already, so each is as many lines as its
// content has.
func heredocs(f *source.File, n *parser.Node, after int) []Heredoc {
	var out []Heredoc
	line := after + 1
	for _, h := range n.Heredocs {
		lines := strings.Count(h.Content, "\n")
		start := f.LineSpan(line).Start
		out = append(out, Heredoc{
			Name: h.Name, Content: h.Content, Chomp: h.Chomp, Expand: h.Expand,
			Span: source.Span{Start: start, End: start + len(h.Content)},
		})
		line += lines + 1
	}
	return out
}
