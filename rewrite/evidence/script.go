package evidence

import (
	"sort"
	"strings"

	"github.com/offroot/offroot/rewrite/source"
)

// A script is one file of a language other than Go, with what its names are bound to.
type script struct {
	*unit
	lang     *language
	bindings map[string][]binding
	params   map[string]bool      // names of parameters and loop variables: their value is not known
	starts   []int                // tokens at which functions start, ascending
	returns  map[string][]binding // what functions return
	options  map[string]option
	shared   func(name string) *bound
	mains    []source.Span // what runs only if the file is started itself
}

// A binding is one assignment to a name.
type binding struct {
	at    int // index of the token
	value *node
}

// bound is a binding of another file, with the script that it has to be folded in.
type bound struct {
	in *script
	binding
}

func newScript(u *unit, lang *language) *script {
	s := &script{unit: u, lang: lang, bindings: map[string][]binding{}, returns: map[string][]binding{}, params: map[string]bool{}}
	s.toks = u.tokens(lang)
	depth := 0
	for i, t := range s.toks {
		switch {
		case t.is("("):
			depth++
		case t.is(")"):
			depth = max(depth-1, 0)
		}
		s.bind(i, depth)
		s.function(i)
		if lang == python && t.is("with") {
			s.with(i)
		}
	}
	return s
}

// parse reads the expression at a token.
func (s *script) parse(i int) *node {
	p := &reader{toks: s.toks, i: i, lang: s.lang}
	return p.expr()
}

func (s *script) tok(i int) tok {
	if i >= 0 && i < len(s.toks) {
		return s.toks[i]
	}
	return tok{kind: tSign, at: -1}
}

// bind records what is assigned at token i.
func (s *script) bind(i, depth int) {
	t := s.toks[i]
	switch {
	case t.is("=") || t.is(":=") || t.is("||=") || t.is("??="):
	case t.is("define") && s.lang == php && s.tok(i+1).is("(") && s.tok(i+2).kind == tString && s.tok(i+3).is(","):
		s.record(s.tok(i+2).text, i+4)
		return
	default:
		return
	}
	if depth > 0 && (s.lang == python || s.lang == ruby) {
		return
	}
	if s.tok(i-1).is("}") && s.lang == javascript {
		s.destructure(i)
		return
	}
	if name := s.target(i); name != "" {
		s.record(name, i+1)
	}
}

// with binds the names of `with a() as b, c() as d:`.
func (s *script) with(i int) {
	p := &reader{toks: s.toks, i: i + 1, lang: s.lang}
	if p.peek().is("(") {
		p.i++
	}
	for {
		n := p.expr()
		if !p.peek().is("as") || s.tok(p.i+1).kind != tName {
			return
		}
		name := s.tok(p.i + 1).text
		s.bindings[name] = append(s.bindings[name], binding{p.i, n})
		if p.i += 2; !p.peek().is(",") {
			return
		}
		p.i++
		p.skipLines()
	}
}

func (s *script) record(name string, at int) {
	s.bindings[name] = append(s.bindings[name], binding{at, s.parse(at)})
}

// target is the name before an assignment: X, this.x, app.config[X]. A type annotation is stepped over.
func (s *script) target(i int) string {
	j := i - 1
	if s.tok(j).is("]") && s.tok(j-1).kind == tString && s.tok(j-2).is("[") && s.tok(j-3).kind == tName {
		return "[" + s.tok(j-1).text + "]"
	}
	if s.lang == javascript || s.lang == python || s.lang.name == "java" {
		// name : Type<...> =
		for k := j; k > j-12 && k > 0; k-- {
			if s.tok(k).is(":") && s.tok(k-1).kind == tName && s.tok(k+1).kind == tName && !s.tok(k-2).is("?") {
				j = k - 1
				break
			}
			if s.tok(k).kind != tName && !s.tok(k).is("<") && !s.tok(k).is(">") && !s.tok(k).is("[") && !s.tok(k).is("]") && !s.tok(k).is("|") && !s.tok(k).is(".") && !s.tok(k).is("?") {
				break
			}
		}
	}
	if s.tok(j).kind != tName {
		return ""
	}
	name := s.tok(j).text
	for s.member(j-1) && s.tok(j-2).kind == tName {
		name = s.tok(j-2).text + "." + name
		j -= 2
	}
	return name
}

func (s *script) member(i int) bool {
	t := s.tok(i)
	return t.is(".") && s.lang != php || t.is("->") || t.is("::") || t.is("?.")
}

// destructure binds the names of `const { A, B = 1 } = process.env`.
func (s *script) destructure(i int) {
	if !s.tok(i+1).is("process") || !s.tok(i+3).is("env") {
		return
	}
	open := i - 1
	for open > 0 && !s.toks[open].is("{") {
		open--
	}
	for j := open + 1; j < i-1; j++ {
		if s.toks[j].kind != tName || !s.tok(j-1).is("{") && !s.tok(j-1).is(",") && s.tok(j-1).kind != tLine {
			continue
		}
		env := &node{kind: nName, name: "process.env." + s.toks[j].text, at: s.toks[j].at}
		name := s.toks[j].text
		if s.tok(j+1).is(":") && s.tok(j+2).kind == tName {
			name, j = s.tok(j+2).text, j+2
		}
		if s.tok(j + 1).is("=") {
			env = &node{kind: nBinary, name: "||", at: env.at, args: []arg{{"", env}, {"", s.parse(j + 2)}}}
		}
		s.bindings[name] = []binding{{i, env}} // in place of the default alone
	}
}

// function notes where a function starts and what its parameters are called.
func (s *script) function(i int) {
	t := s.toks[i]
	switch {
	case t.is("function") || t.is("def") || t.is("fn") || t.is("fun") || t.is("lambda"):
		s.starts = append(s.starts, i)
		j := i + 1
		if s.tok(j).kind == tName && !t.is("lambda") {
			s.returned(s.tok(j).text, j)
			j++
		}
		if s.tok(j).is("(") {
			s.parameters(j)
		}
	case t.is("=>") && s.lang == javascript:
		s.starts = append(s.starts, i)
		s.arrow(i)
		if s.tok(i-1).kind == tName {
			s.params[s.tok(i-1).text] = true
		} else if s.tok(i - 1).is(")") {
			s.parameters(s.opening(i - 1))
		}
	case t.is("for") || t.is("foreach"):
		s.loop(i)
	case s.lang == javascript && t.is(")") && s.tok(i+1).is("{"):
		// A method: name(a, b) {
		if open := s.opening(i); open > 0 && s.tok(open-1).kind == tName && !keywords[s.tok(open-1).text] {
			s.starts = append(s.starts, i)
			s.parameters(open)
		}
	case (s.lang == java || s.lang == csharp) && t.is(")") && (s.tok(i+1).is("{") || s.tok(i+1).is("throws")):
		if open := s.opening(i); open > 0 && s.tok(open-1).kind == tName && !keywords[s.tok(open-1).text] {
			s.starts = append(s.starts, i)
			s.typedParameters(open, i)
		}
	}
}

// returned notes what a function returns, if it has one return and no function within it.
func (s *script) returned(name string, i int) {
	var at []int
	for j := i + 1; j < len(s.toks) && j < i+300; j++ {
		t := s.toks[j]
		if t.is("function") || t.is("def") || t.is("=>") || t.is("lambda") || t.is("class") {
			break
		}
		if t.is("return") {
			at = append(at, j+1)
		}
	}
	if len(at) == 1 {
		s.returns[name] = append(s.returns[name], binding{at[0], s.parse(at[0])})
	}
}

// arrow notes what `const name = (a) => expression` returns.
func (s *script) arrow(i int) {
	j := i - 1
	if s.tok(j).is(")") {
		j = s.opening(j)
	}
	if j > 1 && s.tok(j-1).is("=") && s.tok(j-2).kind == tName && !s.tok(i+1).is("{") {
		name := s.tok(j - 2).text
		s.returns[name] = append(s.returns[name], binding{i + 1, s.parse(i + 1)})
	}
}

var keywords = map[string]bool{"if": true, "for": true, "while": true, "switch": true, "catch": true, "with": true, "try": true, "using": true, "lock": true}

// opening returns the bracket that the one at i closes, or -1.
func (s *script) opening(i int) int {
	depth := 0
	for j := i; j >= 0 && j > i-400; j-- {
		switch {
		case s.toks[j].is(")") || s.toks[j].is("]"):
			depth++
		case s.toks[j].is("(") || s.toks[j].is("["):
			if depth--; depth == 0 {
				return j
			}
		}
	}
	return -1
}

// parameters marks the names between brackets that are bound there.
func (s *script) parameters(open int) {
	if open < 0 {
		return
	}
	depth := 0
	for j := open; j < len(s.toks) && j < open+200; j++ {
		t := s.toks[j]
		switch {
		case t.is("(") || t.is("[") || t.is("{"):
			depth++
		case t.is(")") || t.is("]") || t.is("}"):
			if depth--; depth == 0 {
				return
			}
		case t.kind == tName && (s.tok(j-1).is("(") || s.tok(j-1).is(",") || s.tok(j-1).is("{") || s.tok(j-1).is("...") || s.tok(j-1).is("*") || s.tok(j-1).kind == tLine || s.lang == php):
			s.params[t.text] = true
		}
	}
}

// typedParameters marks the last name before each comma: `Type name`.
func (s *script) typedParameters(open, end int) {
	for j := open + 1; j <= end; j++ {
		if (s.toks[j].is(",") || j == end) && s.tok(j-1).kind == tName {
			s.params[s.tok(j-1).text] = true
		}
	}
}

// loop marks the variables of a for loop.
func (s *script) loop(i int) {
	for j := i + 1; j < i+14 && j < len(s.toks); j++ {
		t := s.toks[j]
		if t.is("in") || t.is("of") || t.is("as") {
			if s.lang == php {
				for k := j + 1; k < j+5 && s.tok(k).kind != tSign || s.tok(k).is("=>"); k++ {
					s.params[s.tok(k).text] = true
				}
				return
			}
			for k := i + 1; k < j; k++ {
				if s.toks[k].kind == tName && !strings.Contains(" const let var in of await ", " "+s.toks[k].text+" ") {
					s.params[s.toks[k].text] = true
				}
			}
			return
		}
		if t.kind == tLine || t.is(";") {
			return
		}
	}
}

// lookup returns what a name is bound to where token `at` stands: its one binding, the one within the same function, or the
// one that comes before. A second binding to a literal is the default of the first.
func (s *script) lookup(name string, at int) (*node, bool) {
	list := s.bindings[name]
	if len(list) == 1 && !s.params[name] {
		return list[0].value, true
	}
	start := 0
	if i := sort.SearchInts(s.starts, at+1); i > 0 {
		start = s.starts[i-1]
	}
	var inside, earlier []binding
	for _, b := range list {
		if b.at <= at {
			earlier = append(earlier, b)
			if b.at > start {
				inside = append(inside, b)
			}
		}
	}
	if len(inside) > 0 && (start > 0 || !s.params[name]) {
		return single(inside)
	}
	if !s.params[name] {
		return single(earlier)
	}
	return nil, false
}

func single(list []binding) (*node, bool) {
	switch {
	case len(list) == 1:
		return list[0].value, true
	case len(list) == 2 && (list[1].value.kind == nString || list[1].value.kind == nNumber) && list[0].value.kind != nString && list[0].value.kind != nNumber:
		return &node{kind: nBinary, name: "||", at: list[0].value.at, args: []arg{{"", list[0].value}, {"", list[1].value}}}, true
	}
	return nil, false
}
