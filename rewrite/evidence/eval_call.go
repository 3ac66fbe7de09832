package evidence

import (
	"path"
	"strings"
)

// evalCall folds the calls that build paths or read the environment.
func (s *script) evalCall(n *node, at, depth int) value {
	name := n.callee()
	last := name[strings.LastIndexByte(name, '.')+1:]
	arg := func(i int) value { return s.eval(n.arg(i), at, depth+1) }
	switch last {
	case "join", "joinpath", "resolve", "Combine", "get", "of", "Path", "PurePath", "File", "Join":
		if v, ok := s.evalJoin(n, name, at, depth); ok {
			return v
		}
	case "normalize", "abspath", "realpath", "expandvars", "normpath", "absolute", "str", "fspath", "String", "fileURLToPath", "to_s", "strip", "toString", "as_posix", "expand_path", "rtrim", "trim", "GetFullPath", "int", "Integer", "parseInt", "Number", "intval", "to_i", "parseInteger":
		if s.isMethodOfValue(n) {
			return s.receiver(n, at, depth)
		}
		if len(n.args) > 0 {
			return arg(0)
		}
	case "format":
		if n.base.kind == nMember || s.lang == python {
			v := s.receiver(n, at, depth)
			if i := strings.IndexByte(v.text, '{'); v.ok && i >= 0 {
				v.text, v.open = v.text[:i], true
			}
			return v
		}
	case "dirname":
		return arg(0).parent()
	case "expanduser":
		v := arg(0)
		if len(n.args) == 0 {
			v = s.receiver(n, at, depth)
		}
		if v.ok && strings.HasPrefix(v.text, "~") {
			return s.env("HOME").plus(literal(strings.TrimPrefix(v.text, "~")))
		}
		return v
	case "homedir", "home":
		return s.env("HOME")
	case "cwd", "getcwd", "pwd":
		return literal(".")
	case "tmpdir", "gettempdir", "GetTempPath", "sys_get_temp_dir":
		return literal("/tmp")
	case "TemporaryDirectory", "NamedTemporaryFile", "mkdtemp", "mkdtempSync", "mkstemp", "mktemp", "createTempFile", "createTempDirectory", "mktmpdir", "tempnam", "GetTempFileName", "dirSync", "fileSync":
		if v, ok := s.temporary(n, last, at, depth); ok {
			return v
		}
	case "BytesIO", "StringIO", "MemoryStream", "ByteArrayOutputStream", "StringWriter":
		return literal(":memory:")
	case "URL":
		if len(n.args) == 2 {
			return join([]value{s.here().parent(), arg(0)}, true)
		}
	case "root":
		if name == "Rails.root" {
			return literal(".")
		}
	}
	if v, ok := s.evalEnvCall(n, last, at, depth); ok {
		return v
	}
	if list := s.returns[last]; len(list) == 1 {
		return s.eval(list[0].value, list[0].at, depth+3)
	}
	return unknown()
}

// temporary is the name of a new file or directory: below the directory that is given, or below /tmp.
func (s *script) temporary(n *node, last string, at, depth int) (value, bool) {
	v := literal("/tmp/")
	switch {
	case (last == "dirSync" || last == "fileSync") && !strings.HasPrefix(n.callee(), "tmp."):
		return unknown(), false
	case last == "mkdtempSync" || last == "mkdtemp" && s.lang == javascript || last == "tempnam":
		v = s.eval(n.arg(0), at, depth+1)
		if last == "tempnam" {
			v = v.plus(literal("/"))
		}
	case n.key("dir") != nil:
		v = s.eval(n.key("dir"), at, depth+1).plus(literal("/"))
	}
	v.open = v.ok
	return v, true
}

// isMethodOfValue reports whether the call has no arguments and stands on a value: Path(x).resolve().
func (s *script) isMethodOfValue(n *node) bool {
	return len(n.args) == 0 && n.base != nil && (n.base.kind == nMember || n.base.kind == nName && strings.Contains(n.base.name, "."))
}

// receiver is the value that a method is called on.
func (s *script) receiver(n *node, at, depth int) value {
	switch {
	case n.base == nil:
		return unknown()
	case n.base.kind == nMember:
		return s.eval(n.base.base, at, depth+1)
	case n.base.kind == nName && strings.Contains(n.base.name, "."):
		return s.evalName(n.base.name[:strings.LastIndexByte(n.base.name, '.')], at, depth+1)
	}
	return unknown()
}

// evalJoin folds path.join, os.path.join, Path(...).joinpath, Paths.get, new File(dir, name) and the like.
func (s *script) evalJoin(n *node, name string, at, depth int) (value, bool) {
	var parts []value
	for _, a := range n.args {
		if a.name != "" {
			return unknown(), false
		}
		parts = append(parts, s.eval(a.node, at, depth+1))
	}
	switch {
	case name == "Rails.root.join" || name == "Rails.root":
		return join(append([]value{literal(".")}, parts...), false), true
	case strings.HasSuffix(name, "path.join") || strings.HasSuffix(name, "posix.join") || name == "File.join" || name == "join" && s.lang != ruby:
		return join(parts, s.lang == python), true
	case name == "path.resolve" || name == "resolve" || strings.HasSuffix(name, "path.posix.resolve"):
		return join(append([]value{literal(".")}, parts...), true), true
	case strings.HasSuffix(name, ".joinpath"):
		return join(append([]value{s.receiver(n, at, depth)}, parts...), true), true
	case strings.HasSuffix(name, ".resolve") && len(parts) == 0:
		return s.receiver(n, at, depth), true
	case strings.HasSuffix(name, ".resolve") && s.lang == java:
		return join(append([]value{s.receiver(n, at, depth)}, parts...), true), true
	case name == "Path" || name == "pathlib.Path" || name == "PurePath":
		if len(parts) == 0 {
			return literal("."), true
		}
		return join(parts, true), true
	case name == "Paths.get" || name == "Path.of" || name == "Path.Combine" || name == "File" && s.lang == java || name == "Path.Join":
		return join(parts, name == "Path.Combine"), true
	}
	return unknown(), false
}

// evalEnvCall folds os.environ.get("X", "d"), getenv("X"), and helpers of the same shape: env("X", "d").
func (s *script) evalEnvCall(n *node, last string, at, depth int) (value, bool) {
	name := n.callee()
	known := strings.HasSuffix(name, "environ.get") || last == "getenv" || last == "GetEnvironmentVariable" || name == "ENV.fetch" || name == "Env.get" || name == "Deno.env.get"
	helper := last == "env" || last == "getEnv" || last == "get_env" || last == "config" || last == "env_or" || name == "env.str" || name == "env.get" || name == "config.get"
	first := n.arg(0)
	if !known && !helper || first == nil || first.kind != nString || len(first.pieces) != 1 {
		return unknown(), false
	}
	key := first.pieces[0].text
	if !known && (key != strings.ToUpper(key) || key == "") {
		return unknown(), false
	}
	v := s.env(key)
	fallback := n.arg(1)
	if fallback == nil {
		fallback = n.key("default")
	}
	if fallback == nil {
		return v, true
	}
	return v.or(s.eval(fallback, at, depth+1)), true
}

// instancePath is where Flask keeps what belongs to an installation: next to the module, or next to the package.
func (s *script) instancePath(at, depth int) value {
	for i := range s.toks {
		if s.tok(i).is("instance_path") && s.tok(i+1).is("=") && !s.tok(i-1).is(".") {
			return s.eval(s.parse(i+2), at, depth+1)
		}
	}
	dir := path.Dir(s.path)
	for s.exists(path.Join(dir, "__init__.py")) && dir != "." {
		dir = path.Dir(dir)
	}
	top := &unit{scanner: s.scanner, path: path.Join(dir, "x.py")}
	return join([]value{top.here().parent(), literal("instance")}, false)
}

// argument folds what argparse, click and commander give: opts.dir with its default, or what is missing.
func (s *script) argument(name string, at, depth int) (value, bool) {
	dot := strings.LastIndexByte(name, '.')
	if dot < 0 || s.options == nil {
		return unknown(), false
	}
	o, ok := s.options[strings.ReplaceAll(strings.ToLower(name[dot+1:]), "-", "_")]
	if !ok || o.holder != "" && o.holder != name[:dot] {
		return unknown(), false
	}
	if v, ok := s.opts.Args[o.flag]; ok {
		w := literal(v)
		w.via = "arg:" + o.flag
		return w, true
	}
	v := missing("arg:" + o.flag)
	if o.fallback == nil {
		return v, true
	}
	return v.or(s.eval(o.fallback, at, depth+1)), true
}
