package evidence

import "strings"

const maxDepth = 60

// A reader reads one expression out of a list of tokens. What it cannot read becomes nUnknown; it always moves on.
type reader struct {
	toks  []tok
	i     int
	lang  *language
	depth int
}

func (p *reader) peek() tok {
	if p.i < len(p.toks) {
		return p.toks[p.i]
	}
	return tok{kind: tSign, text: "", at: -1}
}

// skipLines steps over line ends, which do not matter within brackets.
func (p *reader) skipLines() {
	for p.i < len(p.toks) && p.toks[p.i].kind == tLine {
		p.i++
	}
}

// weak operators choose between values, strong ones build one.
func (p *reader) weak(t tok) bool {
	return t.is("||") || t.is("??") || t.is("or") || t.is("?:") || t.is("?")
}

func (p *reader) strong(t tok) bool {
	return t.is("+") || t.is("/") || t.is("%") || p.lang.concat != "" && t.is(p.lang.concat)
}

// expr reads an expression up to a comma, a closing bracket, a semicolon or what it does not know.
func (p *reader) expr() *node {
	if p.depth++; p.depth > maxDepth {
		p.depth--
		return &node{at: p.peek().at}
	}
	defer func() { p.depth-- }()
	left := p.chain()
	for {
		save := p.i
		p.skipOperatorLines()
		t := p.peek()
		if !p.weak(t) {
			if t.is("if") && p.lang == python {
				return p.pythonIf(left)
			}
			p.i = save
			return left
		}
		p.i++
		p.skipLines()
		if t.is("?") {
			yes := p.expr()
			p.skipLines()
			if !p.peek().is(":") {
				return &node{at: left.at}
			}
			p.i++
			p.skipLines()
			return &node{kind: nBinary, name: "?", at: left.at, args: []arg{{"", left}, {"", yes}, {"", p.expr()}}}
		}
		right := p.chain()
		left = &node{kind: nBinary, name: "||", at: left.at, args: []arg{{"", left}, {"", right}}}
	}
}

func (p *reader) pythonIf(yes *node) *node {
	p.i++
	cond := p.expr()
	if !p.peek().is("else") {
		return &node{at: yes.at}
	}
	p.i++
	return &node{kind: nBinary, name: "?", at: yes.at, args: []arg{{"", cond}, {"", yes}, {"", p.expr()}}}
}

// skipOperatorLines lets a line that starts with an operator continue the expression, where the language does.
func (p *reader) skipOperatorLines() {
	if p.lang.indent {
		return
	}
	save := p.i
	p.skipLines()
	if t := p.peek(); !p.weak(t) && !p.strong(t) && !t.is(".") {
		p.i = save
	}
}

// chain reads values joined by strong operators.
func (p *reader) chain() *node {
	left := p.unary()
	for {
		p.skipOperatorLines()
		t := p.peek()
		if !p.strong(t) {
			if comparison(t) {
				p.i++
				p.skipLines()
				p.chain()
				left = &node{at: left.at}
				continue
			}
			return left
		}
		p.i++
		p.skipLines()
		op := t.text
		if op == "." {
			op = "+"
		}
		left = &node{kind: nBinary, name: op, at: left.at, args: []arg{{"", left}, {"", p.unary()}}}
	}
}

func comparison(t tok) bool {
	for _, s := range []string{"==", "===", "!=", "!==", "<=", ">=", "&&", "and", "in", "instanceof", "*", "-", "<<", "|", "&", "=~"} {
		if t.is(s) {
			return true
		}
	}
	return false
}

// prefixes are words before a value that do not change it for us.
func (p *reader) prefix(t tok) bool {
	return t.is("new") || t.is("await") || t.is("@") || t.is("return")
}

func (p *reader) unary() *node {
	p.skipWithin()
	for p.prefix(p.peek()) {
		p.i++
	}
	t := p.peek()
	if t.is("!") || t.is("not") || t.is("-") || t.is("function") || t.is("async") || t.is("lambda") || t.is("class") {
		p.i++
		return &node{at: t.at}
	}
	return p.postfix(p.primary())
}

func (p *reader) skipWithin() {
	if p.depth > 1 {
		p.skipLines()
	}
}

func (p *reader) primary() *node {
	t := p.peek()
	switch {
	case t.kind == tString:
		p.i++
		n := &node{kind: nString, pieces: t.pieces, at: t.at}
		for p.lang == python || p.lang == ruby {
			if next := p.peek(); next.kind == tString {
				n.pieces = append(append([]piece{}, n.pieces...), next.pieces...)
				p.i++
				continue
			}
			break
		}
		return n
	case t.kind == tNumber:
		p.i++
		return &node{kind: nNumber, name: t.text, at: t.at}
	case t.kind == tName:
		p.i++
		return &node{kind: nName, name: t.text, at: t.at}
	case t.is(":") && p.lang == ruby && p.i+1 < len(p.toks) && p.toks[p.i+1].kind == tName:
		p.i += 2
		return &node{kind: nString, pieces: []piece{{text: p.toks[p.i-1].text}}, at: t.at}
	case t.is("("), t.is("["), t.is("{"):
		p.i++
		args := p.arguments(closing[t.text])
		if t.is("(") && len(args) == 1 && args[0].name == "" {
			return args[0].node
		}
		return &node{kind: nList, name: t.text, args: args, at: t.at}
	}
	return &node{at: t.at}
}

var closing = map[string]string{"(": ")", "[": "]", "{": "}"}

// postfix reads what follows a value: members, calls, indexes.
func (p *reader) postfix(n *node) *node {
	for n.kind != nUnknown {
		t := p.peek()
		switch {
		case (t.is(".") && p.lang.concat != ".") || t.is("?.") || t.is("->") || t.is("::") || t.is("?->"):
			if p.i+1 >= len(p.toks) || p.toks[p.i+1].kind != tName {
				return n
			}
			name := p.toks[p.i+1].text
			p.i += 2
			if n.kind == nName {
				n = &node{kind: nName, name: n.name + "." + name, at: n.at}
			} else {
				n = &node{kind: nMember, name: name, base: n, at: n.at}
			}
		case t.is("("):
			p.i++
			n = &node{kind: nCall, base: n, args: p.arguments(")"), at: n.at}
		case t.is("["):
			p.i++
			n = &node{kind: nIndex, base: n, args: p.arguments("]"), at: n.at}
		case t.is("!") && p.lang == javascript:
			p.i++
		case t.is("as") && p.lang == javascript:
			p.i += 2
		case t.is("{") && p.lang == ruby && n.kind == nCall && strings.HasSuffix(n.callee(), ".fetch"):
			// ENV.fetch("PORT") { 3000 }
			p.i++
			n.args = append(n.args, p.arguments("}")...)
		default:
			if next, ok := p.continued(n); ok {
				n = next
				continue
			}
			return n
		}
	}
	return n
}

// continued reads a member call that stands on the next line.
func (p *reader) continued(n *node) (*node, bool) {
	if p.lang.indent || p.peek().kind != tLine {
		return n, false
	}
	save := p.i
	p.skipLines()
	if p.peek().is(".") && p.lang.concat != "." || p.peek().is("->") {
		return n, true
	}
	p.i = save
	return n, false
}

// arguments reads up to the closing bracket, which it consumes. Each argument ends at a comma of its level.
func (p *reader) arguments(end string) []arg {
	var args []arg
	p.depth++
	defer func() { p.depth-- }()
	for p.i < len(p.toks) {
		p.skipLines()
		t := p.peek()
		if t.is(end) {
			p.i++
			return args
		}
		if t.is(",") || t.is(";") {
			p.i++
			continue
		}
		if t.is(")") || t.is("]") || t.is("}") {
			return args
		}
		start := p.i
		a := arg{name: p.keyword()}
		if p.depth < maxDepth {
			a.node = p.expr()
		} else {
			a.node = &node{at: t.at}
		}
		if p.skipArgument(end) {
			a.node = &node{at: a.node.at}
		}
		if a.name == "" && p.i == start {
			p.i++
		}
		args = append(args, a)
	}
	return args
}

// keyword reads `name=`, `name:`, `'name' =>` before a value.
func (p *reader) keyword() string {
	if p.i+1 >= len(p.toks) {
		return ""
	}
	t, next := p.toks[p.i], p.toks[p.i+1]
	name := t.text
	switch {
	case t.kind != tName && t.kind != tString || t.kind == tString && len(t.pieces) != 1:
		if t.is(":") && next.kind == tName && p.i+2 < len(p.toks) && p.toks[p.i+2].is("=>") {
			p.i += 3
			return next.text
		}
		return ""
	case next.is("=") && t.kind == tName, next.is(":"), next.is("=>") && (t.kind == tString || p.lang == ruby || p.lang == php):
		if next.is(":") && p.lang == php {
			return ""
		}
		p.i += 2
		p.skipLines()
		return strings.Trim(name, "$")
	}
	return ""
}

// skipArgument steps over the rest of an argument that was not understood, and reports whether there was any.
func (p *reader) skipArgument(end string) bool {
	p.skipLines()
	skipped := false
	depth := 0
	for p.i < len(p.toks) {
		t := p.toks[p.i]
		switch {
		case depth == 0 && (t.is(",") || t.is(end) || t.is(")") || t.is("]") || t.is("}") || t.is(";")):
			return skipped
		case t.is("(") || t.is("[") || t.is("{"):
			depth++
		case t.is(")") || t.is("]") || t.is("}"):
			depth--
		}
		p.i++
		skipped = true
	}
	return skipped
}
