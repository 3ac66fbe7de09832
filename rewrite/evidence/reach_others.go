package evidence

import (
	"go/parser"
	"go/token"
	"io/fs"
	"path"
	"regexp"
	"strconv"
	"strings"
)

// rubyRequires adds what a Ruby file requires. Rails and Zeitwerk load by convention.
func (r *reach) rubyRequires(u *unit) {
	if strings.Contains(u.text, "Rails") || strings.Contains(u.text, "Zeitwerk") || strings.Contains(u.text, "Bundler.require") || strings.Contains(u.text, "Hanami") {
		r.open = true
		return
	}
	toks := u.tokens(ruby)
	for i := 0; i+1 < len(toks); i++ {
		t := toks[i]
		if t.kind != tName || i > 0 && toks[i-1].is(".") && !toks[i-1].is("Kernel") {
			continue
		}
		switch t.text {
		case "require", "require_relative", "load", "autoload":
		default:
			continue
		}
		j := i + 1
		for j < len(toks) && (toks[j].is("(") || t.is("autoload") && (toks[j].is(":") || toks[j].kind == tName || toks[j].is(","))) {
			j++
		}
		if j < len(toks) && toks[j].kind == tName && toks[j].text != "File" {
			r.open = true
			return
		}
		for k := j; k < j+8 && k < len(toks) && toks[k].kind != tLine; k++ {
			if toks[k].kind == tString && len(toks[k].pieces) == 1 {
				r.rubyFile(u, toks[k].text)
			}
		}
	}
}

func (r *reach) rubyFile(u *unit, spec string) {
	for _, dir := range []string{path.Dir(u.path), r.dir, path.Join(r.dir, "lib")} {
		for _, ext := range []string{"", ".rb", ".ru"} {
			if name := path.Join(dir, spec+ext); r.known[name] {
				r.add(name)
				return
			}
		}
	}
}

// phpIncludes adds what a PHP file includes. Composer loads classes by convention.
func (r *reach) phpIncludes(u *unit) {
	if strings.Contains(u.text, "autoload") {
		r.open = true
		return
	}
	toks := u.tokens(php)
	for i, t := range toks {
		if t.kind != tName {
			continue
		}
		switch strings.ToLower(t.text) {
		case "require", "include", "require_once", "include_once":
		default:
			continue
		}
		found := false
		for j := i + 1; j < len(toks) && j < i+16 && !toks[j].is(";"); j++ {
			if toks[j].kind == tString && len(toks[j].pieces) == 1 && toks[j].text != "" {
				found = r.phpFile(u, toks[j].text) || found
			}
		}
		if !found {
			r.open = true
			return
		}
	}
}

func (r *reach) phpFile(u *unit, spec string) bool {
	for _, dir := range []string{path.Dir(u.path), r.dir} {
		if name := path.Join(dir, spec); r.known[name] {
			r.add(name)
			return true
		}
	}
	for _, name := range r.bases[path.Base(spec)] {
		if strings.HasSuffix(name, "/"+strings.TrimLeft(spec, "./")) {
			r.add(name)
			return true
		}
	}
	return false
}

var goModule = regexp.MustCompile(`(?m)^module\s+"?([^\s"]+)`)

// goEntry begins with the program in a directory.
func (r *reach) goEntry(rel string) bool {
	dir := path.Join(r.dir, rel)
	found := false
	for name := range r.known {
		if path.Dir(name) == dir && languageOf(name) == golang && r.isMain(name) {
			found = true
		}
	}
	if found {
		r.golang = true
		r.goDir(dir)
	}
	return found
}

func (r *reach) goDir(dir string) {
	for name := range r.known {
		if path.Dir(name) == dir && languageOf(name) == golang && !strings.HasSuffix(name, "_test.go") {
			r.add(name)
		}
	}
}

// goImports adds the packages of the same module that a file imports.
func (r *reach) goImports(u *unit) {
	file, err := parser.ParseFile(token.NewFileSet(), u.path, u.text, parser.ImportsOnly)
	if err != nil {
		return
	}
	root, module := r.goRoot(path.Dir(u.path))
	for _, spec := range file.Imports {
		name, _ := strconv.Unquote(spec.Path.Value)
		if rel, ok := strings.CutPrefix(name, module+"/"); ok && module != "" {
			r.goDirOnce(path.Join(root, rel))
		} else if name == module {
			r.goDirOnce(root)
		}
	}
}

func (r *reach) goDirOnce(dir string) {
	if r.named["go "+dir] == "" {
		r.named["go "+dir] = dir
		r.goDir(dir)
	}
}

// goRoot finds the module that a directory belongs to.
func (r *reach) goRoot(dir string) (root, module string) {
	for ; ; dir = path.Dir(dir) {
		if contains(r.markers["go.mod"], path.Join(dir, "go.mod")) {
			content, _ := fs.ReadFile(r.fsys, path.Join(dir, "go.mod"))
			if m := goModule.FindSubmatch(content); m != nil {
				return dir, string(m[1])
			}
		}
		if dir == r.dir || dir == "." || dir == "/" {
			return "", ""
		}
	}
}
