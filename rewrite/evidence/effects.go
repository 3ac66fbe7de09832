package evidence

import (
	"path"
	"strings"
)

// An effect says which argument of a call names what is written.
type effect struct {
	on    string   // receivers that count, separated by blanks; "" for any, "-" for none
	arg   int      // position of the path; -1 if only a key names it
	keys  []string // keywords or object keys that name it
	kind  effectKind
	verb  string
	mode  int    // position of the mode, 0 if there is none
	modes string // letters in the mode that mean writing
	needs string // the file has to contain this
	self  bool   // the receiver is the path
	sure  bool   // count it only if the path is known

	otherwise string // the path without an argument
}

// effects looks at every call and assignment of a script.
func (s *script) effects() {
	table := effectTables[s.lang]
	for i, t := range s.toks {
		if t.kind == tName && table != nil {
			s.call(i, table[t.text])
		}
		if t.kind == tString {
			s.databaseURL(i)
		}
	}
	switch s.lang {
	case python:
		s.pythonSettings()
	case javascript:
		s.javascriptObjects()
	}
}

// call looks at the call whose last name is token i.
func (s *script) call(i int, list []effect) {
	if len(list) == 0 || s.tok(i-1).is("def") || s.tok(i-1).is("function") || s.tok(i-1).is("class") || s.tok(i-1).is("import") {
		return
	}
	open := s.tok(i + 1)
	bare := s.lang == ruby && (open.kind == tString || open.kind == tName) && open.at > 0
	if !open.is("(") && !bare || s.defines(i) {
		return
	}
	n := s.callAt(i, bare)
	if n == nil {
		return
	}
	for _, e := range list {
		if s.applies(n, i, e) {
			s.effect(n, i, e)
			return
		}
	}
}

// defines reports whether `name(a, b) {` is a method's definition and no call.
func (s *script) defines(i int) bool {
	if s.lang != javascript || s.member(i-1) || s.tok(i-1).is("new") {
		return false
	}
	depth := 0
	for j := i + 1; j < len(s.toks) && j < i+200; j++ {
		switch {
		case s.toks[j].is("("):
			depth++
		case s.toks[j].is(")"):
			if depth--; depth == 0 {
				return s.tok(j + 1).is("{")
			}
		}
	}
	return false
}

// callAt parses the call whose last name is token i, with its receiver.
func (s *script) callAt(i int, bare bool) *node {
	start := s.chainStart(i)
	p := &reader{toks: s.toks, i: start, lang: s.lang}
	if bare {
		end := i + 1
		for end < len(s.toks) && s.toks[end].kind != tLine && !s.toks[end].is("do") {
			end++
		}
		args := &reader{toks: s.toks[:end], i: i + 1, lang: s.lang}
		return &node{kind: nCall, base: &node{kind: nName, name: s.dotted(start, i), at: s.toks[start].at}, args: args.arguments(")"), at: s.toks[start].at}
	}
	n := p.postfix(p.primary())
	for n != nil && n.kind != nUnknown {
		if n.kind == nCall && lastName(n) == s.toks[i].text && n.endsAt(s.toks[i].at, s) {
			return n
		}
		n = n.base
	}
	return nil
}

// endsAt reports whether the call's own name is the token at that offset.
func (n *node) endsAt(at int, s *script) bool {
	if n.base.kind == nName {
		return n.base.at <= at && at < n.base.at+len(n.base.name)+40
	}
	return true
}

func lastName(n *node) string {
	name := n.callee()
	return name[strings.LastIndexByte(name, '.')+1:]
}

func (s *script) dotted(start, end int) string {
	var b strings.Builder
	for i := start; i <= end; i++ {
		if s.toks[i].kind == tName {
			if b.Len() > 0 {
				b.WriteByte('.')
			}
			b.WriteString(s.toks[i].text)
		}
	}
	return b.String()
}

// chainStart walks back over `a.b(...)[...].` to where the expression of token i starts.
func (s *script) chainStart(i int) int {
	for s.member(i-1) || s.lang != php && s.tok(i-1).is("?.") {
		j := i - 2
		for s.tok(j).kind == tLine {
			j--
		}
		for s.tok(j).is(")") || s.tok(j).is("]") {
			open := s.opening(j)
			if open < 0 {
				return i
			}
			j = open - 1
			if s.tok(j).kind != tName && !s.tok(j).is(")") && !s.tok(j).is("]") {
				return j + 1
			}
		}
		if s.tok(j).kind != tName && s.tok(j).kind != tString {
			return i
		}
		i = j
	}
	return i
}

// applies reports whether a call is one that the effect speaks of.
func (s *script) applies(n *node, i int, e effect) bool {
	if e.needs != "" && !strings.Contains(s.text, e.needs) {
		return false
	}
	name := n.callee()
	receiver := ""
	if k := strings.LastIndexByte(name, '.'); k >= 0 {
		receiver = name[:k]
		receiver = receiver[strings.LastIndexByte(receiver, '.')+1:]
	}
	switch {
	case e.on == "-" && receiver != "":
		return false
	case e.on != "" && e.on != "-" && !contains(strings.Fields(e.on), receiver):
		return false
	}
	if e.modes == "" {
		return true
	}
	mode := n.key("mode")
	if mode == nil {
		mode = n.arg(e.mode)
	}
	if e.mode == 0 && e.self {
		mode = n.arg(0)
		if k := n.key("mode"); k != nil {
			mode = k
		}
	}
	if mode == nil {
		return false
	}
	v := s.eval(mode, i, 0)
	return v.ok && len(v.text) <= 5 && strings.ContainsAny(v.text, e.modes)
}

func contains(list []string, s string) bool {
	for _, have := range list {
		if have == s {
			return true
		}
	}
	return false
}

// effect records what the call writes.
func (s *script) effect(n *node, i int, e effect) {
	w := write{at: s.toks[i].at, kind: e.kind, verb: e.verb, sure: e.sure}
	if e.self {
		v := s.receiver(n, i, 0)
		s.write(w, v)
		return
	}
	var target *node
	for _, k := range e.keys {
		if target == nil {
			target = n.key(k)
		}
	}
	if target == nil && e.arg >= 0 {
		target = n.arg(e.arg)
	}
	if target == nil {
		if e.otherwise != "" {
			s.write(w, literal(e.otherwise))
		}
		return
	}
	v := s.eval(target, i, 0)
	if e.kind == aDatabase {
		if file, ok := databaseFile(v); ok {
			if strings.HasPrefix(v.text, "sqlite") {
				return // an address, which databaseURL reads
			}
			v = file
		}
	}
	s.write(w, v)
}

// databaseURL reads a SQLite address wherever it stands, with what is appended to it.
func (s *script) databaseURL(i int) {
	t := s.toks[i]
	if len(t.pieces) == 0 || !databaseAddress(t.pieces[0].text) {
		return
	}
	v, ok := databaseFile(s.eval(s.parse(i), i, 0))
	if !ok || strings.ContainsAny(v.text, " \n") {
		return
	}
	if name := s.variableOf(i); name != "" {
		set := s.env(name)
		if set.ok {
			v2, is := databaseFile(set)
			if !is {
				return // the variable names another database
			}
			v = v2
		}
		v.via = "env:" + name
	}
	if s.flaskAddress(i) && v.ok && !strings.HasPrefix(v.text, "/") {
		v = join([]value{s.instancePath(i, 0), v}, true)
		v.approx = true // before version 3 it was the directory of the application
	}
	s.write(write{at: t.at, kind: aDatabase, verb: "creates"}, v)
}

// databaseAddress reports whether a text starts like the address of a database in a file.
func databaseAddress(text string) bool {
	for _, prefix := range []string{"sqlite", "jdbc:sqlite:", "jdbc:h2:", "jdbc:hsqldb:file:", "Data Source="} {
		if strings.HasPrefix(text, prefix) {
			return true
		}
	}
	if rest, ok := strings.CutPrefix(text, "file:"); ok {
		ext := path.Ext(strings.SplitN(rest, "?", 2)[0])
		return ext == ".db" || ext == ".sqlite" || ext == ".sqlite3" || ext == ".db3"
	}
	return false
}

// variableOf names the variable of the environment that token i is the default of.
func (s *script) variableOf(i int) string {
	switch {
	case s.tok(i-1).is(",") && s.tok(i-2).kind == tString:
		if name := s.tok(i - 2).text; name == strings.ToUpper(name) && name != "" && s.tok(i-3).is("(") {
			return name
		}
	case s.tok(i-1).is("||") || s.tok(i-1).is("??") || s.tok(i-1).is("or"):
		if s.tok(i-2).kind == tName && s.tok(i-4).is("env") {
			return s.tok(i - 2).text
		}
		if (s.tok(i-2).is("]") || s.tok(i-2).is(")")) && s.tok(i-3).kind == tString {
			return s.tok(i - 3).text
		}
	}
	return ""
}

// flaskAddress reports whether the address is the setting of Flask-SQLAlchemy, which has a rule of its own.
func (s *script) flaskAddress(i int) bool {
	for j := i - 1; j > i-14 && j >= 0; j-- {
		if s.tok(j).kind == tLine && j < i-1 && !s.tok(j-1).is("(") && !s.tok(j-1).is("or") && !s.tok(j-1).is(",") {
			return false
		}
		if s.tok(j).text == "SQLALCHEMY_DATABASE_URI" {
			return true
		}
	}
	return false
}
