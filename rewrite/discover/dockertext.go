package discover

import (
	"bytes"
	"strings"
)

// dockerText is what a look at the lines of a would-be Dockerfile tells, without parsing it.
type dockerText struct {
	from     bool // there is a FROM instruction
	strict   bool // its first instruction is FROM or ARG, in capitals
	template int  // the first line that a template engine has to fill in, or 0
}

func scanDockerfile(content []byte) dockerText {
	var d dockerText
	number, first := 0, true
	for line := range bytes.Lines(bytes.TrimPrefix(content, []byte("\ufeff"))) {
		number++
		text := strings.TrimSpace(string(line))
		if text == "" || text[0] == '#' {
			continue
		}
		word, rest, _ := strings.Cut(strings.ReplaceAll(text, "\t", " "), " ")
		isFrom := strings.EqualFold(word, "FROM") && strings.TrimSpace(rest) != ""
		if first {
			d.strict = word == "FROM" || word == "ARG"
			first = false
		}
		d.from = d.from || isFrom
		if d.template == 0 && (startsTemplate(text) || isFrom && hasTemplate(rest)) {
			d.template = number
		}
	}
	return d
}

// templateMarks open what a template engine replaces.
var templateMarks = []string{"{{", "{%", "<%"}

func startsTemplate(text string) bool {
	for _, mark := range templateMarks {
		if strings.HasPrefix(text, mark) {
			return true
		}
	}
	return false
}

func hasTemplate(text string) bool {
	for _, mark := range templateMarks {
		if strings.Contains(text, mark) {
			return true
		}
	}
	return false
}
