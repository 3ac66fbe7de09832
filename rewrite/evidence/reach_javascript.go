package evidence

import (
	"encoding/json"
	"io/fs"
	"path"
	"regexp"
	"sort"
	"strings"
)

var javascriptExtensions = []string{".js", ".ts", ".tsx", ".jsx", ".mjs", ".cjs", ".mts", ".cts"}

// byConvention are packages that load the files of a program by where they lie.
var byConvention = map[string]bool{
	"next": true, "nuxt": true, "@fastify/autoload": true, "fastify-autoload": true, "require-all": true, "require-dir": true,
	"require-directory": true, "include-all": true, "sails": true, "@strapi/strapi": true, "strapi": true, "@adonisjs/core": true, "egg": true,
	"@keystone-6/core": true, "@remix-run/serve": true, "express-file-routing": true, "consign": true, "express-load": true, "awilix": true,
	"moleculer": true, "@nestjs/core": false,
}

// An alias is a prefix of imports with the directory that it stands for.
type alias struct {
	prefix, dir string
	exact       bool
}

var (
	pathAlias = regexp.MustCompile(`"([@~#A-Za-z0-9_/-]+?)(/?\*)?"\s*:\s*\[\s*"([^"*]*)\*?"`)
	baseURL   = regexp.MustCompile(`"baseUrl"\s*:\s*"([^"]*)"`)
)

// readAliases reads the paths of tsconfig.json and the names of the packages of a repository with several.
func (r *reach) readAliases() {
	r.named = map[string]string{}
	for _, name := range r.markers["package.json"] {
		content, err := fs.ReadFile(r.fsys, name)
		var manifest struct {
			Name string `json:"name"`
		}
		if err == nil && json.Unmarshal(content, &manifest) == nil && manifest.Name != "" {
			r.named[manifest.Name] = path.Dir(name)
		}
	}
	for _, base := range []string{"tsconfig.json", "tsconfig.base.json", "jsconfig.json"} {
		for _, name := range r.markers[base] {
			content, err := fs.ReadFile(r.fsys, name)
			if err == nil {
				r.readPaths(path.Dir(name), string(content))
			}
		}
	}
	// The closest and longest comes first.
	sort.SliceStable(r.aliases, func(i, j int) bool { return len(r.aliases[i].prefix) > len(r.aliases[j].prefix) })
}

func (r *reach) readPaths(dir, text string) {
	root := dir
	if m := baseURL.FindStringSubmatch(text); m != nil {
		root = path.Join(dir, m[1])
		r.aliases = append(r.aliases, alias{"", root, false})
	}
	i := strings.Index(text, `"paths"`)
	if i < 0 {
		return
	}
	for _, m := range pathAlias.FindAllStringSubmatch(text[i+len(`"paths"`):], -1) {
		r.aliases = append(r.aliases, alias{m[1] + strings.TrimSuffix(m[2], "*"), path.Join(root, m[3]), m[2] == ""})
	}
}

// javascriptImports adds what a file imports.
func (r *reach) javascriptImports(u *unit) {
	toks := u.tokens(javascript)
	at := func(i int) tok {
		if i >= 0 && i < len(toks) {
			return toks[i]
		}
		return tok{kind: tSign}
	}
	for i, t := range toks {
		switch {
		case t.kind != tName || at(i-1).is(".") && !at(i+1).is("."):
		case (t.is("from") || t.is("import")) && at(i+1).kind == tString:
			r.module(u, at(i+1))
		case (t.is("require") || t.is("import")) && at(i+1).is("("):
			r.called(u, toks, i+2)
		case t.is("require") && at(i+1).is(".") && at(i+2).is("resolve") && at(i+3).is("(") && at(i+4).kind == tString:
			r.module(u, at(i+4))
		case t.is("require") && at(i+1).is(".") && at(i+2).is("context"), t.is("import") && at(i+3).is(".") && at(i+4).is("glob"):
			r.open = true
		}
	}
}

// called adds what a call of require or import loads.
func (r *reach) called(u *unit, toks []tok, i int) {
	for i < len(toks) && toks[i].kind == tLine {
		i++
	}
	if i >= len(toks) {
		return
	}
	t := toks[i]
	if t.kind == tString && len(t.pieces) == 1 && (i+1 >= len(toks) || !toks[i+1].is("+")) {
		r.module(u, t)
		return
	}
	if t.is(")") || i > 2 && (toks[i-3].is("function") || toks[i-3].is("def")) {
		return
	}
	r.computedName(u, (&reader{toks: toks, i: i, lang: javascript}).expr())
}

// computedName adds everything below the directory that is known of a name, or gives up.
func (r *reach) computedName(u *unit, n *node) {
	v := r.sourcePath(u, n)
	switch {
	case !v.ok:
		r.open = true
	case v.open:
		dir := path.Dir(v.text + "x")
		if dir == "." || dir == ".." || len(dir) < len(r.dir) && r.dir != "." {
			r.open = true
			return
		}
		r.addTree(dir, javascript)
	default:
		r.add(r.javascriptModule(v.text))
	}
}

// sourcePath folds a path in terms of the sources: __dirname is where this file lies.
func (r *reach) sourcePath(u *unit, n *node) value {
	if n == nil {
		return unknown()
	}
	switch n.kind {
	case nString:
		v := literal("")
		for k, p := range n.pieces {
			if p.expr == nil {
				v = v.plus(literal(p.text))
				continue
			}
			w := r.sourcePath(u, (&reader{toks: p.expr, lang: javascript}).expr())
			if k <= 1 && v.text == "" && !w.ok {
				return unknown()
			}
			v = v.plus(w)
		}
		if strings.HasPrefix(v.text, "./") || strings.HasPrefix(v.text, "../") {
			v.text = path.Join(path.Dir(u.path), v.text) + slashAtEnd(v.text)
		}
		return v
	case nName:
		if n.name == "__dirname" || n.name == "import.meta.dirname" {
			return literal(path.Dir(u.path))
		}
	case nBinary:
		if n.name == "+" {
			return r.sourcePath(u, n.args[0].node).plus(r.sourcePath(u, n.args[1].node))
		}
	case nCall:
		name := n.callee()
		if name == "join" || name == "resolve" || strings.HasSuffix(name, "path.join") || strings.HasSuffix(name, "path.resolve") {
			var parts []value
			for _, a := range n.args {
				parts = append(parts, r.sourcePath(u, a.node))
			}
			return join(parts, false)
		}
		if (name == "pathToFileURL" || strings.HasSuffix(name, ".pathToFileURL")) && n.arg(0) != nil {
			return r.sourcePath(u, n.arg(0))
		}
	case nMember:
		if n.name == "href" {
			return r.sourcePath(u, n.base)
		}
	}
	return unknown()
}

func slashAtEnd(text string) string {
	if strings.HasSuffix(text, "/") {
		return "/"
	}
	return ""
}

// module adds the module that a string names.
func (r *reach) module(u *unit, t tok) {
	if len(t.pieces) != 1 {
		r.computedName(u, &node{kind: nString, pieces: t.pieces})
		return
	}
	spec := t.text
	switch {
	case strings.HasPrefix(spec, "."):
		r.add(r.javascriptModule(path.Join(path.Dir(u.path), spec)))
		return
	case strings.HasPrefix(spec, "/") || strings.Contains(spec, ":") || spec == "":
		return
	case byConvention[spec] || byConvention[packageName(spec)]:
		r.open = true
		return
	}
	if r.aliased(spec) || r.workspace(spec) {
		return
	}
	if strings.HasPrefix(spec, "@/") || strings.HasPrefix(spec, "~/") {
		for dir := path.Dir(u.path); ; dir = path.Dir(dir) {
			for _, root := range []string{dir, path.Join(dir, "src"), path.Join(dir, "app")} {
				if name := r.javascriptModule(path.Join(root, spec[2:])); name != "" {
					r.add(name)
					return
				}
			}
			if dir == r.dir || dir == "." || dir == "/" {
				return
			}
		}
	}
}

func packageName(spec string) string {
	parts := strings.SplitN(spec, "/", 3)
	if strings.HasPrefix(spec, "@") && len(parts) > 1 {
		return parts[0] + "/" + parts[1]
	}
	return parts[0]
}

func (r *reach) aliased(spec string) bool {
	for _, a := range r.aliases {
		if a.exact && spec != a.prefix || !strings.HasPrefix(spec, a.prefix) {
			continue
		}
		if name := r.javascriptModule(path.Join(a.dir, spec[len(a.prefix):])); name != "" {
			r.add(name)
			return true
		}
	}
	return false
}

// workspace adds a package of the same repository: the file that is named, its main file, or all of it.
func (r *reach) workspace(spec string) bool {
	dir, ok := r.named[packageName(spec)]
	if !ok {
		return false
	}
	rest := strings.TrimPrefix(strings.TrimPrefix(spec, packageName(spec)), "/")
	if rest != "" {
		for _, form := range append(sourceForms(rest), path.Join("src", rest)) {
			if name := r.javascriptModule(path.Join(dir, form)); name != "" {
				r.add(name)
				return true
			}
		}
	} else if name := r.javascriptModule(dir); name != "" {
		r.add(name)
		return true
	}
	r.addTree(dir, javascript)
	return true
}

// javascriptFile finds a file by its path with or without its extension, or as the source of what is compiled.
func (r *reach) javascriptFile(name string) string {
	if r.known[name] && languageOf(name) == javascript {
		return name
	}
	for _, ext := range javascriptExtensions {
		if r.known[name+ext] {
			return name + ext
		}
	}
	switch ext := path.Ext(name); ext {
	case ".js", ".mjs", ".cjs", ".jsx":
		stem := strings.TrimSuffix(name, ext)
		for _, other := range []string{".ts", ".tsx", ".mts", ".cts", ".js", ".mjs"} {
			if r.known[stem+other] {
				return stem + other
			}
		}
	}
	return ""
}

// javascriptModule finds the file that a module of that path is loaded from.
func (r *reach) javascriptModule(name string) string {
	if file := r.javascriptFile(name); file != "" {
		return file
	}
	for _, ext := range javascriptExtensions {
		if r.known[path.Join(name, "index"+ext)] {
			return path.Join(name, "index"+ext)
		}
	}
	if !r.known[name] && r.hasPackage(name) {
		return r.packageMain(name)
	}
	return ""
}

func (r *reach) hasPackage(dir string) bool {
	return contains(r.markers["package.json"], path.Join(dir, "package.json"))
}

// javascriptForms are the names under which a file may lie in the sources.
func javascriptForms(rel string) []string {
	forms := []string{rel}
	if ext := path.Ext(rel); ext == ".js" || ext == ".mjs" || ext == ".cjs" {
		stem := strings.TrimSuffix(rel, ext)
		return append(forms, stem+".ts", stem+".tsx", stem+".mts")
	} else if ext == "" {
		return append(forms, rel+".js", rel+".ts", rel+".mjs", rel+"/index.js", rel+"/index.ts")
	}
	return forms
}

// globbed looks at a pattern in a string, by which frameworks load files.
func (r *reach) globbed(u *unit, pattern string) {
	if strings.Contains(u.text, "entities") || strings.Contains(u.text, "migrations") || strings.Contains(u.text, "glob") || strings.Contains(u.text, "controllers") {
		r.open = true
	}
}
