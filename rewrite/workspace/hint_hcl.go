package workspace

import "strings"

// readBake reads as much of HCL as bake files need: blocks, attributes, texts, lists and objects. An expression that
// computes something becomes the texts that it mentions.
func readBake(text string) bakeFile {
	f := bakeFile{vars: map[string]string{}, values: map[string]any{}}
	p := &hclParser{tokens: hclTokens(text)}
	for !p.done() {
		p.item(&f)
	}
	for name, v := range f.values {
		if s, ok := v.(string); ok {
			f.vars[name] = s
		}
	}
	return f
}

// A hclToken is a name, a text, a number, a line end or a punctuation mark.
type hclToken struct {
	kind byte // 'n' name or number, 's' text, '\n', or the mark itself
	text string
	line int
}

func hclTokens(text string) []hclToken {
	var all []hclToken
	line := 1
	for i := 0; i < len(text); {
		kind, end := hclNext(text, i)
		if kind != ' ' {
			all = append(all, hclToken{kind, strings.Trim(text[i:end], `"`), line})
		}
		line += strings.Count(text[i:end], "\n")
		i = end
	}
	return all
}

// hclNext tells what starts at an offset and where it ends. Blanks and comments are ' '.
func hclNext(text string, i int) (kind byte, end int) {
	c := text[i]
	end = i + 1
	switch {
	case c == '#' || strings.HasPrefix(text[i:], "//"):
		for end < len(text) && text[end] != '\n' {
			end++
		}
		return ' ', end
	case strings.HasPrefix(text[i:], "/*"):
		if n := strings.Index(text[i:], "*/"); n >= 0 {
			return ' ', i + n + 2
		}
		return ' ', len(text)
	case c == ' ' || c == '\t' || c == '\r':
		return ' ', end
	case c == '"':
		return 's', hclTextEnd(text, i)
	case isHCLName(c):
		for end < len(text) && (isHCLName(text[end]) || text[end] == '.' || text[end] == '-') {
			end++
		}
		return 'n', end
	}
	return c, end
}

func isHCLName(c byte) bool {
	return c == '_' || c == '*' || c >= '0' && c <= '9' || c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z'
}

// hclTextEnd is the offset behind a text in quotes; quotes inside of ${...} do not end it.
func hclTextEnd(text string, i int) int {
	depth := 0
	for i++; i < len(text); i++ {
		switch {
		case text[i] == '\\':
			i++
		case strings.HasPrefix(text[i:], "${"):
			depth++
		case text[i] == '}' && depth > 0:
			depth--
		case text[i] == '"' && depth == 0:
			return i + 1
		}
	}
	return len(text)
}

type hclParser struct {
	tokens []hclToken
	at     int
	depth  int
}

func (p *hclParser) done() bool { return p.at >= len(p.tokens) }

func (p *hclParser) peek() hclToken {
	if p.done() {
		return hclToken{kind: '\n'}
	}
	return p.tokens[p.at]
}

func (p *hclParser) lines() {
	for !p.done() && (p.peek().kind == '\n' || p.peek().kind == ',') {
		p.at++
	}
}

// item reads one attribute or block at the top of the file.
func (p *hclParser) item(f *bakeFile) {
	p.lines()
	name := p.peek()
	p.at++
	if name.kind != 'n' {
		return
	}
	if p.peek().kind == '=' {
		p.at++
		f.values[name.text] = p.value()
		return
	}
	label := ""
	for p.peek().kind == 's' || p.peek().kind == 'n' {
		label = p.peek().text
		p.at++
	}
	if p.peek().kind != '{' {
		return
	}
	p.at++
	attrs := p.object()
	switch name.text {
	case "variable":
		if s, ok := attrs["default"].(string); ok {
			f.vars[label] = s
		}
	case "target":
		f.targets = append(f.targets, bakeTarget{label, name.line, attrs})
	}
}

// object reads attributes up to the brace that closes them. Blocks inside are passed over.
func (p *hclParser) object() map[string]any {
	attrs := map[string]any{}
	for {
		p.lines()
		key := p.peek()
		p.at++
		if p.at > len(p.tokens) || key.kind == '}' {
			return attrs
		}
		switch next := p.peek(); {
		case (key.kind == 'n' || key.kind == 's') && (next.kind == '=' || next.kind == ':'):
			p.at++
			attrs[key.text] = p.value()
		case next.kind == '{':
			p.at++
			p.skip()
			p.at++
		}
	}
}

// value reads one expression. Nothing that people write nests deeper than a few levels.
func (p *hclParser) value() any {
	start := p.at
	if p.depth++; p.depth > 50 {
		p.at = len(p.tokens)
	}
	defer func() { p.depth-- }()
	var v any
	t := p.peek()
	p.at++
	switch t.kind {
	case 's':
		v = t.text
	case 'n':
		v = "${" + t.text + "}"
		if t.text == "null" {
			v = ""
		}
	case '{':
		v = p.object()
	case '[':
		v = p.list()
	}
	if k := p.peek().kind; !p.done() && k != '\n' && k != ',' && k != ']' && k != '}' && k != ')' {
		p.skip()
		return p.mentioned(start)
	}
	return v
}

func (p *hclParser) list() any {
	start := p.at
	items := []any{}
	for {
		p.lines()
		if p.done() || p.peek().kind == ']' {
			p.at++
			return items
		}
		if p.peek().text == "for" {
			for !p.done() && p.peek().kind != ']' {
				p.skip()
				p.lines()
			}
			p.at++
			return p.mentioned(start)
		}
		before := p.at
		items = append(items, p.value())
		p.at = max(p.at, before+1)
	}
}

// skip passes the rest of an expression: to the line end, the comma or the bracket that it does not open itself.
func (p *hclParser) skip() {
	depth := 0
	for ; !p.done(); p.at++ {
		switch p.peek().kind {
		case '(', '[', '{':
			depth++
		case ')', ']', '}':
			if depth == 0 {
				return
			}
			depth--
		case ',', '\n':
			if depth == 0 {
				return
			}
		}
	}
}

func (p *hclParser) mentioned(start int) mentions {
	var all mentions
	for _, t := range p.tokens[start:min(p.at, len(p.tokens))] {
		if t.kind == 's' {
			all = append(all, t.text)
		}
	}
	return all
}
