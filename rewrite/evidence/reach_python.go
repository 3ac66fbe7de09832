package evidence

import (
	"path"
	"strings"
)

// pythonOpen are names of what loads modules by where they lie or by what is configured.
var pythonOpen = []string{"autodiscover_tasks", "iter_modules", "walk_packages", "find_modules", "entry_points(", "DJANGO_SETTINGS_MODULE", "execute_from_command_line", "from django", "import django"}

// pythonImports adds what a file imports.
func (r *reach) pythonImports(u *unit) {
	for _, word := range pythonOpen {
		if strings.Contains(u.text, word) {
			r.open = true
			return
		}
	}
	if r.direct[u.path] && strings.Contains(u.text, "streamlit") {
		r.addTree(path.Join(path.Dir(u.path), "pages"), python)
	}
	for dir := path.Dir(u.path); r.known[path.Join(dir, "__init__.py")]; dir = path.Dir(dir) {
		r.add(path.Join(dir, "__init__.py"))
		if dir == r.dir || dir == "." || dir == "/" {
			break
		}
	}
	toks := u.tokens(python)
	for i, t := range toks {
		starts := i == 0 || toks[i-1].kind == tLine || toks[i-1].is(";") || toks[i-1].is(":")
		switch {
		case t.kind != tName:
		case starts && t.is("import"):
			r.importList(u, toks, i+1)
		case starts && t.is("from"):
			r.importFrom(u, toks, i+1)
		case (t.is("import_module") || t.is("__import__")) && i+2 < len(toks) && toks[i+1].is("(") && !(i > 0 && toks[i-1].is("def")):
			r.importModule(u, toks[i+2])
		}
	}
}

// importModule adds what importlib is told to load.
func (r *reach) importModule(u *unit, t tok) {
	if t.kind != tString || t.pieces[0].text == "" {
		r.open = true
		return
	}
	name := t.pieces[0].text
	if len(t.pieces) == 1 {
		r.pythonModule(u, name)
		return
	}
	dot := strings.LastIndexByte(name, '.')
	if dot <= 0 {
		r.open = true
		return
	}
	if file := r.findModule(u, name[:dot]); file != "" {
		r.addTree(path.Dir(file), python)
	}
}

// dottedAt reads a.b.c at token i.
func dottedAt(toks []tok, i int) (string, int) {
	name := ""
	for i < len(toks) && toks[i].kind == tName && !toks[i].is("import") && !toks[i].is("as") {
		name += toks[i].text
		i++
		if i >= len(toks) || !toks[i].is(".") {
			break
		}
		name += "."
		i++
	}
	return strings.TrimSuffix(name, "."), i
}

// importList reads `import a.b as c, d`.
func (r *reach) importList(u *unit, toks []tok, i int) {
	for {
		name, next := dottedAt(toks, i)
		r.pythonModule(u, name)
		i = next
		if i+1 < len(toks) && toks[i].is("as") {
			i += 2
		}
		if i >= len(toks) || !toks[i].is(",") {
			return
		}
		i++
	}
}

// importFrom reads `from ..a import b, c`, where b and c may be modules too.
func (r *reach) importFrom(u *unit, toks []tok, i int) {
	dots := 0
	for i < len(toks) && (toks[i].is(".") || toks[i].is("...")) {
		dots += len(toks[i].text)
		i++
	}
	name, i := dottedAt(toks, i)
	if i >= len(toks) || !toks[i].is("import") {
		return
	}
	prefix := strings.Repeat(".", dots) + name
	r.pythonModule(u, prefix)
	if name != "" {
		prefix += "."
	}
	i++
	bracket := i < len(toks) && toks[i].is("(")
	for ; i < len(toks); i++ {
		switch t := toks[i]; {
		case t.kind == tLine && !bracket, t.is(")"), t.is(";"):
			return
		case t.is("as"):
			i++
		case t.kind == tName:
			r.pythonModule(u, prefix+t.text)
		}
	}
}

// pythonModule adds a module and the packages that it is in. A name that is no module of the context is another's.
func (r *reach) pythonModule(u *unit, name string) {
	if file := r.findModule(u, name); file != "" {
		r.add(file)
	}
}

// findModule finds the file of a module as seen from a file: a relative one from its package, another from any directory
// above, one of which is on the path of the interpreter.
func (r *reach) findModule(u *unit, name string) string {
	dir := path.Dir(u.path)
	if strings.HasPrefix(name, ".") {
		for name = name[1:]; strings.HasPrefix(name, "."); name = name[1:] {
			dir = path.Dir(dir)
		}
		return r.pythonFile(path.Join(dir, strings.ReplaceAll(name, ".", "/")))
	}
	rel := strings.ReplaceAll(name, ".", "/")
	if rel == "" {
		return ""
	}
	for ; ; dir = path.Dir(dir) {
		for _, root := range []string{dir, path.Join(dir, "src")} {
			if file := r.pythonFile(path.Join(root, rel)); file != "" {
				return file
			}
		}
		if dir == r.dir || dir == "." || dir == "/" {
			return ""
		}
	}
}

func (r *reach) pythonFile(stem string) string {
	for _, name := range []string{stem + ".py", path.Join(stem, "__init__.py")} {
		if r.known[name] {
			return name
		}
	}
	return ""
}

// dottedName adds a module that is named in a string: "shop.tasks", "main:app", "config.Production".
func (r *reach) dottedName(u *unit, text string) {
	module, attr, served := strings.Cut(text, ":")
	if len(text) > 100 || !pythonName.MatchString(module) {
		return
	}
	file := r.findModule(u, module)
	if file == "" && !served {
		file = r.findModule(u, module[:max(0, strings.LastIndexByte(module, '.'))])
	}
	if file != "" && served {
		r.served[file] = append(r.served[file], attr)
	}
	r.add(file)
}
