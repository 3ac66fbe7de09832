package workspace

import (
	"path"
	"regexp"
	"strings"
)

const tiltBuilds = "docker_build"

var (
	tiltBuild    = regexp.MustCompile(`\b(?:docker_build|docker_build_with_restart)\s*\(`)
	tiltArgument = regexp.MustCompile(`^\s*(?:([A-Za-z_]+)\s*=\s*)?(?:"([^"]*)"|'([^']*)')\s*$`)
)

// tiltHints reads the docker_build calls of a Tiltfile whose arguments are literals.
func (r *hintReader) tiltHints(name, text string) []Hint {
	var hints []Hint
	place := lineOf(name, text)
	for _, at := range tiltBuild.FindAllStringIndex(text, -1) {
		if before := text[strings.LastIndexByte(text[:at[0]], '\n')+1 : at[0]]; strings.Contains(before, "#") || strings.Contains(before, "def ") {
			continue
		}
		call := tiltCall(pythonArguments(text[at[1]:]))
		call.place = place(at[0])
		if len(call.images) > 0 {
			hints = append(hints, r.hints(call, path.Dir(name))...)
		}
	}
	return hints
}

func tiltCall(arguments []string) buildCall {
	call := buildCall{what: tiltBuilds}
	for i, arg := range arguments {
		m := tiltArgument.FindStringSubmatch(arg)
		if m == nil {
			continue
		}
		value := m[2] + m[3]
		switch {
		case m[1] == "ref" || m[1] == "" && i == 0:
			call.images = []string{value}
		case m[1] == "context" || m[1] == "" && i == 1:
			call.context = path.Clean(value)
		case m[1] == "dockerfile":
			call.file = value
		case m[1] == "target":
			call.target = value
		}
	}
	return call
}

// pythonArguments splits the arguments of a call at the commas that stand in no bracket and no text.
func pythonArguments(text string) []string {
	var all []string
	depth, start := 0, 0
	var quote byte
	for i := 0; i < len(text); i++ {
		c := text[i]
		switch {
		case quote != 0:
			if c == quote {
				quote = 0
			}
		case c == '"' || c == '\'':
			quote = c
		case c == '#':
			return all
		case c == '(' || c == '[' || c == '{':
			depth++
		case (c == ')' || c == ']' || c == '}') && depth > 0:
			depth--
		case c == ')':
			return append(all, text[start:i])
		case c == ',' && depth == 0:
			all = append(all, text[start:i])
			start = i + 1
		}
	}
	return all
}
