package yamldoc

import (
	"bytes"
	"regexp"
	"sort"
	"strconv"
	"strings"

	"github.com/offroot/offroot/rewrite/source"
)

var errLine = regexp.MustCompile(`^line (\d+): `)

// splitError is what the parser says and the line that it names, 1 if none.
func splitError(err error) (line int, msg string) {
	line, msg = 1, strings.TrimPrefix(err.Error(), "yaml: ")
	if m := errLine.FindStringSubmatch(msg); m != nil {
		line, _ = strconv.Atoi(m[1])
		msg = msg[len(m[0]):]
	}
	return max(line, 1), msg
}

func parseError(f *source.File, err error) error {
	line, msg := splitError(err)
	line = failingLine(f, line, msg)
	msg = "parse YAML: " + msg
	if bytes.Contains(f.Content, []byte("{{")) {
		msg += "; the file holds {{, is it a template?"
	}
	return &source.Error{Place: source.Place{Path: f.Path, Line: line}, Msg: msg}
}

// failingLine is the line at which a file stops being YAML. The parser names the one at which the value begins that it was
// reading, or the one above that; the first lines of the file up to the one that is meant fail in the same way.
func failingLine(f *source.File, from int, msg string) int {
	fails := func(line int) bool {
		_, err := decodeAll(f.Content[:f.LineSpan(line).End])
		if err == nil {
			return false
		}
		_, got := splitError(err)
		return got == msg
	}
	if line := from + sort.Search(f.Lines()-from, func(i int) bool { return fails(from + i) }); fails(line) {
		return line
	}
	return from
}
