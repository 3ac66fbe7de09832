package dockerfile

import (
	"bytes"
	"regexp"
	"strings"
	"unicode"

	"github.com/offroot/offroot/rewrite/source"
)

// A logical line is an instruction as the builder sees it: continued lines joined, comments inside them gone. Every byte
// knows where in the file it stands.
type logical struct {
	text string
	at   []int // at[i] is the file offset of text[i]
}

// span is the part of the file that holds text[i:j]. Continuations between the first and the last byte are within it.
func (l logical) span(i, j int) source.Span {
	if i < j {
		return source.Span{Start: l.at[i], End: l.at[j-1] + 1}
	}
	at := 0
	switch {
	case i < len(l.at):
		at = l.at[i]
	case len(l.at) > 0:
		at = l.at[len(l.at)-1] + 1
	}
	return source.Span{Start: at, End: at}
}

func (l logical) slice(i, j int) logical { return logical{l.text[i:j], l.at[i:j]} }

// trimmed drops white space at both ends, as the parser does before it reads arguments.
func (l logical) trimmed() logical {
	left := len(l.text) - len(strings.TrimLeftFunc(l.text, unicode.IsSpace))
	right := len(strings.TrimRightFunc(l.text, unicode.IsSpace))
	if right < left {
		right = left
	}
	return l.slice(left, right)
}

var (
	backslashContinues = regexp.MustCompile("([^\\\\])\\\\[ \t]*$|^\\\\[ \t]*$")
	backtickContinues  = regexp.MustCompile("([^`])`[ \t]*$|^`[ \t]*$")
)

// continuation returns how much of a line without its ending is text, and whether the instruction goes on in the next line.
func continuation(line []byte, escape byte) (keep int, goesOn bool) {
	re := backslashContinues
	if escape == '`' {
		re = backtickContinues
	}
	m := re.FindSubmatchIndex(line)
	switch {
	case m == nil:
		return len(line), false
	case m[2] >= 0:
		return m[3], true
	default:
		return 0, true
	}
}

// joined is what join finds: the logical line, the last physical line of it, and whether it ends in a continuation that
// nothing follows.
type joined struct {
	logical
	lastLine int
	open     bool
	comments []int // numbers of the comment lines inside
}

// join reads the instruction that starts in line first and cannot go beyond line last.
func join(f *source.File, first, last int, escape byte) joined {
	var j joined
	var text strings.Builder
	add := func(from, to int) {
		text.Write(f.Content[from:to])
		for i := from; i < to; i++ {
			j.at = append(j.at, i)
		}
	}
	j.open = true
	for n := first; n <= last && j.open; n++ {
		j.lastLine = n
		span := f.LineSpan(n)
		start := span.Start
		if n == 1 {
			start += bomLen(f.Content)
		}
		line := bytes.TrimRight(f.Content[start:span.End], "\r\n")
		bare := bytes.TrimLeftFunc(line, unicode.IsSpace)
		if n == first {
			start += len(line) - len(bare)
			line = bare
		} else if len(bare) == 0 {
			continue
		} else if bare[0] == '#' {
			j.comments = append(j.comments, n)
			continue
		}
		var keep int
		keep, j.open = continuation(line, escape)
		add(start, start+keep)
	}
	j.text = text.String()
	return j
}

func bomLen(content []byte) int {
	if bytes.HasPrefix(content, []byte("\xef\xbb\xbf")) {
		return 3
	}
	return 0
}
