package workspace

import (
	"regexp"
	"strconv"
	"strings"
)

const (
	placeholder = "offroot-template-value" // stands for what an action would write
	slotKey     = "offroot-values."        // begins the key that stands for a map of values
)

var (
	lineAction   = regexp.MustCompile(`^\s*\{\{-?\s*(.*?)\s*-?\}\}\s*$`)
	inlineAction = regexp.MustCompile(`\{\{-?\s*(.*?)\s*-?\}\}`)
	keyedToYaml  = regexp.MustCompile(`^(\s*(?:- )?[A-Za-z]+:)\s*\{\{-?\s*(.*?)\s*-?\}\}\s*$`)
	valuesPath   = regexp.MustCompile(`^\(?\$?\.Values\.([A-Za-z0-9_.]+)\)?$`)
	indentPipe   = regexp.MustCompile(`\|\s*n?indent\s+([0-9]+)`)
	defaultPipe  = regexp.MustCompile(`\|\s*default\s+(\S+)`)
)

// skeleton takes the actions out of a template, line by line, so that every line keeps its number: control actions leave an
// empty line, an action that writes a map of values leaves a key that names it, and any other leaves the value if it is
// known, or a placeholder. Where a template has alternatives, the first is taken.
func (c *Chart) skeleton(text string) string {
	s := skeletonReader{chart: c}
	lines := strings.Split(text, "\n")
	for i, line := range lines {
		lines[i] = s.line(strings.TrimSuffix(line, "\r"))
	}
	return strings.Join(lines, "\n")
}

// A skeletonReader remembers the blocks that are open.
type skeletonReader struct {
	chart  *Chart
	blocks []block
	long   bool // in an action of several lines
}

// A block is an open action: with, if, range and the like. In an alternative nothing is taken.
type block struct {
	with        string // the path below .Values that a with sets the dot to
	alternative bool
}

func (s *skeletonReader) skipping() bool {
	for _, b := range s.blocks {
		if b.alternative {
			return true
		}
	}
	return false
}

func (s *skeletonReader) line(line string) string {
	if s.long {
		s.long = !strings.Contains(line, "}}")
		return ""
	}
	if strings.Count(line, "{{") > strings.Count(line, "}}") {
		s.long = true
		s.control(strings.TrimLeft(strings.TrimSpace(line), "{- "))
		return ""
	}
	if m := lineAction.FindStringSubmatch(line); m != nil && strings.Count(line, "{{") == 1 {
		return s.action(m[1])
	}
	if s.skipping() {
		return ""
	}
	if m := keyedToYaml.FindStringSubmatch(line); m != nil {
		if keys, ok := s.mapOf(m[2]); ok {
			return m[1] + " {" + slotKey + keys + ": x}"
		}
	}
	return inlineAction.ReplaceAllStringFunc(line, func(a string) string {
		return s.value(inlineAction.FindStringSubmatch(a)[1])
	})
}

// action is a line that is an action as a whole.
func (s *skeletonReader) action(a string) string {
	if s.control(a) || s.skipping() {
		return ""
	}
	keys, ok := s.mapOf(a)
	indent := indentPipe.FindStringSubmatch(a)
	if !ok || indent == nil {
		return ""
	}
	n, _ := strconv.Atoi(indent[1])
	return strings.Repeat(" ", min(n, 80)) + slotKey + keys + ": x"
}

// control opens and closes blocks.
func (s *skeletonReader) control(a string) bool {
	word, rest, _ := strings.Cut(a, " ")
	switch word {
	case "with":
		b := block{}
		if m := valuesPath.FindStringSubmatch(strings.TrimSpace(rest)); m != nil {
			b.with = m[1]
		}
		s.blocks = append(s.blocks, b)
	case "if", "range", "define", "block":
		s.blocks = append(s.blocks, block{})
	case "else":
		if len(s.blocks) > 0 {
			s.blocks[len(s.blocks)-1].alternative = true
		}
	case "end":
		if len(s.blocks) > 0 {
			s.blocks = s.blocks[:len(s.blocks)-1]
		}
	default:
		return strings.HasPrefix(a, "/*") || strings.Contains(a, ":=")
	}
	return true
}

// mapOf is the path of the values that toYaml writes.
func (s *skeletonReader) mapOf(a string) (string, bool) {
	first, _, _ := strings.Cut(a, "|")
	what, ok := strings.CutPrefix(strings.TrimSpace(first), "toYaml ")
	if !ok {
		if !strings.Contains(a, "| toYaml") {
			return "", false
		}
		what = first
	}
	what = strings.TrimSpace(what)
	if what == "." {
		for i := len(s.blocks) - 1; i >= 0; i-- {
			if s.blocks[i].with != "" {
				return s.blocks[i].with, true
			}
		}
		return "", false
	}
	if m := valuesPath.FindStringSubmatch(what); m != nil {
		return m[1], true
	}
	return "", false
}

// value is what an action in a line writes, if the values say it, or a placeholder.
func (s *skeletonReader) value(a string) string {
	expr, _, _ := strings.Cut(a, "|")
	if v := s.scalar(strings.TrimSpace(expr)); v != "" {
		return v
	}
	if m := defaultPipe.FindStringSubmatch(a); m != nil {
		if v := s.scalar(m[1]); v != "" {
			return v
		}
	}
	return placeholder
}

func (s *skeletonReader) scalar(expr string) string {
	switch expr {
	case ".Chart.AppVersion", "$.Chart.AppVersion":
		return s.chart.version
	case ".Chart.Name", "$.Chart.Name":
		return s.chart.Name
	}
	if strings.HasPrefix(expr, `"`) {
		return strings.Trim(expr, `"`)
	}
	if m := valuesPath.FindStringSubmatch(expr); m != nil {
		return s.chart.value(strings.Split(m[1], ".")).Text()
	}
	return ""
}
