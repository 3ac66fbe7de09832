package render

import "strings"

// headingBytes is where git cuts the text behind "@@".
const headingBytes = 80

// headings finds the text behind "@@" of the hunks of one file, from the first to the last: the nearest line above the
// hunk that starts with a letter, an underscore or a dollar sign, which is git's rule where no language is configured.
type headings struct {
	lines []string
	seen  int    // lines that were looked at
	last  string // the nearest heading among them
}

// above returns the heading for a hunk whose first line has this index, or "".
func (h *headings) above(first int) string {
	for i := first - 1; i >= h.seen; i-- {
		if isHeading(h.lines[i]) {
			h.last = cutHeading(h.lines[i])
			break
		}
	}
	h.seen = max(h.seen, first)
	return h.last
}

func isHeading(line string) bool {
	c := line[0]
	return 'a' <= c && c <= 'z' || 'A' <= c && c <= 'Z' || c == '_' || c == '$'
}

func cutHeading(line string) string {
	if len(line) > headingBytes {
		line = line[:headingBytes]
	}
	return strings.TrimRight(line, " \t\n\v\f\r")
}
