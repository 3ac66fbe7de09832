package discover

import (
	"bytes"
	"strings"
)

// scanYAML looks at the lines of a YAML stream: which keys each document has at its top, whether "services" is a compose
// model, and whether something stands outside of scalars that only a template engine understands. It does not parse: what
// is no YAML at all gets some shape too, and the parser complains later.
func scanYAML(content []byte) shape {
	s := yamlScanner{}
	s.begin()
	for line := range bytes.Lines(bytes.TrimPrefix(content, []byte("\ufeff"))) {
		s.number++
		s.line(strings.TrimRight(string(line), " \t\r\n"))
	}
	s.end()
	return s.shape
}

type yamlScanner struct {
	shape
	number int
	doc    document
	base   int // indentation of the top-level keys, or -1 before the first
	// What a scalar of several lines waits for: its closing quote, or a line that is not indented more than block.
	quote byte
	block int // -1 outside of a block scalar
	// The place in "services": indentation of a service and of its keys, or -1 before the first.
	inServices     bool
	service, field int
}

func (s *yamlScanner) begin() {
	s.doc = document{}
	s.base, s.block, s.quote, s.inServices = -1, -1, 0, false
}

func (s *yamlScanner) end() {
	if s.base >= 0 {
		s.documents = append(s.documents, s.doc)
	}
	s.begin()
}

func (s *yamlScanner) line(line string) {
	text := strings.TrimLeft(line, " \t")
	indent := len(line) - len(text)
	switch {
	case indent == 0 && isMarker(text):
		s.end()
		if text = strings.TrimLeft(text[3:], " "); text == "" {
			return
		}
	case s.quote != 0:
		if closes(text, s.quote) {
			s.quote = 0
		}
		return
	case text == "", s.block >= 0 && indent > s.block:
		return
	}
	s.block = -1
	if text[0] == '#' {
		return
	}
	s.content(text, indent)
}

// isMarker reports whether a line that is not indented parts two documents.
func isMarker(text string) bool {
	return text == "---" || text == "..." || strings.HasPrefix(text, "--- ")
}

// content takes a line that is neither blank nor comment nor within a scalar.
func (s *yamlScanner) content(text string, indent int) {
	for strings.HasPrefix(text, "- ") { // the keys of a list item are indented like what stands behind the dash
		s.note(text)
		rest := strings.TrimLeft(text[2:], " ")
		if s.base < 0 {
			s.base = indent
		}
		indent += len(text) - len(rest)
		text = rest
	}
	s.note(text)
	key, value, ok := cutKey(text)
	if !ok {
		s.scalar(text, indent-1)
		return
	}
	if s.base < 0 {
		s.base = indent
	}
	s.key(key, value, indent)
	s.note(value)
	s.scalar(value, indent)
}

// note looks for what a template engine has to fill in at the start of a line or of a value, or in a flow collection.
func (s *yamlScanner) note(text string) {
	if s.template != 0 || text == "" {
		return
	}
	flow := text[0] == '[' || text[0] == '{'
	if startsTemplate(text) || flow && strings.Contains(text, "{{") && !strings.ContainsAny(text, `"'`) {
		s.template = s.number
	}
}

func (s *yamlScanner) key(key, value string, indent int) {
	switch {
	case indent == s.base:
		s.doc.keys = append(s.doc.keys, key)
		s.inServices = key == "services"
		s.service, s.field = -1, -1
		switch key {
		case "apiVersion":
			s.doc.apiVersion = plain(value)
		case "kind":
			s.doc.kind = plain(value)
		case "services":
			s.doc.services = strings.HasPrefix(value, "{") && hasServiceKey(value)
		}
	case s.inServices && indent > s.base:
		s.member(key, value, indent)
	}
}

// member takes a key below "services". A service in flow style is looked at as a whole.
func (s *yamlScanner) member(key, value string, indent int) {
	if s.service < 0 {
		s.service = indent
	}
	if indent <= s.service {
		s.field = -1
		if strings.HasPrefix(value, "{") && hasServiceKey(value) {
			s.doc.services = true
		}
		return
	}
	if s.field < 0 {
		s.field = indent
	}
	if indent == s.field && (key == "image" || key == "build" || key == "extends") {
		s.doc.services = true
	}
}

func hasServiceKey(flow string) bool {
	return strings.Contains(flow, "image:") || strings.Contains(flow, "build:") || strings.Contains(flow, "extends:")
}

// scalar notes that a value goes on in the lines below. indent is that of the key that it belongs to.
func (s *yamlScanner) scalar(value string, indent int) {
	for len(value) > 0 && (value[0] == '&' || value[0] == '!') { // anchor and tag
		_, value, _ = strings.Cut(value, " ")
		value = strings.TrimLeft(value, " ")
	}
	if value == "" {
		return
	}
	switch value[0] {
	case '|', '>':
		s.block = max(indent, 0)
	case '"', '\'':
		if !closes(value[1:], value[0]) {
			s.quote = value[0]
		}
	}
}

// cutKey parts "key: value". The key may be quoted; the value is without a comment only if it is one.
func cutKey(text string) (key, value string, ok bool) {
	if text[0] == '"' || text[0] == '\'' {
		end := strings.IndexByte(text[1:], text[0])
		if end < 0 {
			return "", "", false
		}
		key, value, ok = text[1:1+end], strings.TrimLeft(text[end+2:], " "), true
		if value, ok = strings.CutPrefix(value, ":"); !ok {
			return "", "", false
		}
	} else {
		end := strings.Index(text, ": ")
		if end < 0 {
			key, ok = strings.CutSuffix(text, ":")
			return strings.TrimRight(key, " "), "", ok
		}
		key, value = strings.TrimRight(text[:end], " "), text[end+1:]
	}
	value = strings.TrimLeft(value, " \t")
	if strings.HasPrefix(value, "#") {
		value = ""
	}
	return key, value, true
}

// plain is a short scalar without quotes and comment.
func plain(value string) string {
	value, _, _ = strings.Cut(value, " #")
	return strings.Trim(strings.TrimSpace(value), `"'`)
}

// closes reports whether a quoted scalar ends in this text.
func closes(text string, quote byte) bool {
	for i := 0; i < len(text); i++ {
		switch {
		case text[i] == '\\' && quote == '"':
			i++
		case text[i] == quote && quote == '\'' && i+1 < len(text) && text[i+1] == quote:
			i++
		case text[i] == quote:
			return true
		}
	}
	return false
}
