package discover

import (
	"bytes"
	"strings"
)

// dockerText is what a look at the lines of a would-be Dockerfile tells, without parsing it.
type dockerText struct {
	from     bool // there is a FROM instruction
	strict   bool // its first instruction is FROM or ARG, in capitals, and no FROM is the beginning of a sentence
	template int  // the first line that a template engine has to fill in, or 0
}

func scanDockerfile(content []byte) dockerText {
	var d dockerText
	number, first, prose := 0, true, false
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
		prose = prose || isFrom && !namesImage(rest)
		if d.template == 0 && (startsTemplate(text) || isFrom && hasTemplate(rest)) {
			d.template = number
		}
	}
	d.strict = d.strict && !prose
	return d
}

// namesImage reports whether the arguments of a FROM are an image, or an image AS a stage, as far as the line goes.
func namesImage(args string) bool {
	words := strings.Fields(args)
	for len(words) > 0 && strings.HasPrefix(words[0], "--") {
		words = words[1:]
	}
	if n := len(words); n > 0 && (words[n-1] == "\\" || words[n-1] == "`") || hasTemplate(args) {
		return true
	}
	return len(words) == 1 || len(words) == 3 && strings.EqualFold(words[1], "AS")
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
