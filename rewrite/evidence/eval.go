package evidence

import (
	"path"
	"strings"
)

// eval folds an expression to a value. at is the token where it stands, depth bounds the chain of names.
func (s *script) eval(n *node, at, depth int) value {
	if n == nil || depth > 25 || !s.step() {
		return unknown()
	}
	switch n.kind {
	case nString:
		return s.evalString(n, at, depth)
	case nNumber:
		return literal(n.name)
	case nName:
		return s.evalName(n.name, at, depth)
	case nBinary:
		return s.evalBinary(n, at, depth)
	case nMember:
		return s.evalMember(n, at, depth)
	case nIndex:
		return s.evalIndex(n, at, depth)
	case nCall:
		return s.evalCall(n, at, depth)
	}
	return unknown()
}

func (s *script) evalString(n *node, at, depth int) value {
	v := literal("")
	for _, p := range n.pieces {
		if p.expr == nil {
			v = v.plus(literal(p.text))
			continue
		}
		inner := &reader{toks: p.expr, lang: s.lang}
		w := s.eval(inner.expr(), at, depth+1)
		if v.text == "" && v.ok && !v.open && !w.ok {
			// Nothing is known before the unknown part.
			v = w
			if w.missing == "" {
				return unknown()
			}
			continue
		}
		v = v.plus(w)
	}
	return v
}

func (s *script) evalBinary(n *node, at, depth int) value {
	switch n.name {
	case "?":
		// cond ? a : b, where both have to agree unless the condition is a variable of the environment.
		yes, no := s.eval(n.args[1].node, at, depth+1), s.eval(n.args[2].node, at, depth+1)
		if yes == no {
			return yes
		}
		if !yes.ok && yes.missing != "" {
			return yes.or(no)
		}
		return unknown()
	case "||":
		return s.eval(n.args[0].node, at, depth+1).or(s.eval(n.args[1].node, at, depth+1))
	case "+":
		return s.eval(n.args[0].node, at, depth+1).plus(s.eval(n.args[1].node, at, depth+1))
	case "%":
		// The verbs stay in the text; what they stand for is not known.
		return s.eval(n.args[0].node, at, depth+1)
	case "/":
		if s.lang == python {
			return join([]value{s.eval(n.args[0].node, at, depth+1), s.eval(n.args[1].node, at, depth+1)}, true)
		}
	}
	return unknown()
}

func (s *script) evalName(name string, at, depth int) value {
	switch name {
	case "__dirname", "import.meta.dirname", "__DIR__":
		return s.here().parent()
	case "__filename", "__file__", "__FILE__", "import.meta.url", "import.meta.filename":
		return s.here()
	case "__name__", "this", "self", "null", "None", "undefined", "true", "false", "True", "False":
		return unknown()
	case "settings.BASE_DIR":
		name = "BASE_DIR"
	case "sys.stdout", "sys.stderr", "sys.stdout.buffer", "sys.stderr.buffer", "process.stdout", "process.stderr", "STDOUT", "STDERR", "$stdout", "$stderr":
		return literal("/dev/stdout")
	}
	if env, ok := strings.CutPrefix(name, "process.env."); ok {
		return s.env(env)
	}
	if n, ok := s.lookup(name, at); ok {
		return s.eval(n, at, depth+1)
	}
	if s.lang == python && (strings.HasSuffix(name, ".parent") || strings.HasSuffix(name, ".instance_path")) {
		return s.pythonMember(name, at, depth)
	}
	if v, ok := s.argument(name, at, depth); ok {
		return v
	}
	if v, ok := s.memberName(name, at, depth); ok {
		return v
	}
	last := name[strings.LastIndexByte(name, '.')+1:]
	if s.shared != nil && last == strings.ToUpper(last) && len(last) > 2 && len(s.bindings[name]) == 0 {
		if b := s.shared(last); b != nil {
			return b.in.eval(b.value, b.at, depth+1)
		}
	}
	return unknown()
}

// memberName folds a member by what it belongs to: a field of this object, the name of a temporary file, a static member
// of a class of another file.
func (s *script) memberName(name string, at, depth int) (value, bool) {
	dot := strings.LastIndexByte(name, '.')
	if dot < 0 {
		return unknown(), false
	}
	base, last := name[:dot], name[dot+1:]
	if base == "this" && len(s.bindings[last]) == 1 && !s.params[last] {
		b := s.bindings[last][0]
		return s.eval(b.value, b.at, depth+1), true
	}
	if last == "name" || last == "path" {
		if n, ok := s.lookup(base, at); ok && n.kind == nCall {
			if v := s.eval(n, at, depth+1); v.ok && v.open && temporary(path.Clean(v.text)) {
				return v, true
			}
		}
		return unknown(), false
	}
	if base[0] < 'A' || base[0] > 'Z' || len(s.bindings[name]) > 0 {
		return unknown(), false
	}
	if list := s.statics[s.lang.name+" "+name]; len(list) == 1 && list[0] != s {
		return list[0].evalName(name, len(list[0].toks), depth+1), true
	}
	return unknown(), false
}

func (s *script) pythonMember(name string, at, depth int) value {
	if strings.HasSuffix(name, ".instance_path") {
		return s.instancePath(at, depth)
	}
	return s.evalName(strings.TrimSuffix(name, ".parent"), at, depth+1).parent()
}

func (s *script) evalMember(n *node, at, depth int) value {
	base := s.eval(n.base, at, depth+1)
	switch n.name {
	case "parent":
		return base.parent()
	}
	if n.base.kind == nIndex && strings.HasSuffix(n.base.base.name, ".parents") {
		return unknown()
	}
	return unknown()
}

// evalIndex reads process.env['X'], os.environ["X"], ENV["X"], config["KEY"].
func (s *script) evalIndex(n *node, at, depth int) value {
	if n.base.kind != nName || len(n.args) != 1 || n.args[0].node.kind != nString {
		if n.base.kind == nMember && n.base.name == "parents" || n.base.kind == nName && strings.HasSuffix(n.base.name, ".parents") {
			return s.parents(n, at, depth)
		}
		return unknown()
	}
	key := n.args[0].node.pieces[0].text
	switch n.base.name {
	case "process.env", "os.environ", "environ", "ENV", "$_ENV", "$_SERVER":
		return s.env(key)
	}
	if n, ok := s.lookup("["+key+"]", at); ok {
		return s.eval(n, at, depth+1)
	}
	if strings.HasSuffix(n.base.name, "config") && key == strings.ToUpper(key) {
		return s.evalName(key, at, depth+1)
	}
	return unknown()
}

// parents is Path.parents[n].
func (s *script) parents(n *node, at, depth int) value {
	var v value
	if n.base.kind == nMember {
		v = s.eval(n.base.base, at, depth+1)
	} else {
		v = s.evalName(strings.TrimSuffix(n.base.name, ".parents"), at, depth+1)
	}
	if len(n.args) != 1 || n.args[0].node.kind != nNumber || len(n.args[0].node.name) != 1 {
		return unknown()
	}
	for i := byte('0'); i <= n.args[0].node.name[0]; i++ {
		v = v.parent()
	}
	return v
}

// env is a variable of the environment: its value, or what is missing.
func (s *unit) env(name string) value {
	s.envRead[name] = true
	if v, ok := s.opts.Env[name]; ok {
		w := literal(v)
		w.via = "env:" + name
		return w
	}
	return missing("env:" + name)
}

// here is where this file lies in the image.
func (s *unit) here() value {
	if s.opts.Mapped == nil {
		v := literal(s.relative())
		v.approx = true
		return v
	}
	if p, ok := s.opts.Mapped(s.relative()); ok {
		return literal(p)
	}
	dir := path.Dir(s.relative())
	if p, ok := s.opts.Mapped(dir); ok {
		return literal(path.Join(p, path.Base(s.path)))
	}
	return unknown()
}
