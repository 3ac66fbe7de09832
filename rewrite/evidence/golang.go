package evidence

import (
	"go/ast"
	"go/parser"
	"go/token"
	"path"
	"sort"
	"strconv"
	"strings"
)

// A goFile is one parsed file.
type goFile struct {
	*unit
	pkg     *goPackage
	ast     *ast.File
	fset    *token.FileSet
	imports map[string]string // local name to the last part of the import path
}

// A goPackage holds what the names of one directory are bound to.
type goPackage struct {
	files  []*goFile
	values map[string][]goValue // constants and variables of the package, and what flags fill
	fields map[string][]goValue // by field name, from composite literals and assignments
	tags   map[string]value     // by field name, from env tags with a default
	funcs  map[string]*ast.FuncDecl
	calls  map[string][]goCall // by the name of a function of the package
}

// A goValue is an expression with where it stands.
type goValue struct {
	expr ast.Expr
	in   *goScope
}

type goCall struct {
	call *ast.CallExpr
	in   *goScope
}

// A goScope is a function of a file, or the file itself.
type goScope struct {
	file   *goFile
	fn     *ast.FuncDecl
	locals map[string][]ast.Expr
	loops  map[string]bool
}

// goPackages reads the Go files by directory.
func (s *scanner) goPackages() {
	var dirs []string
	for dir := range s.goFiles {
		dirs = append(dirs, dir)
	}
	sort.Strings(dirs)
	for _, dir := range dirs {
		p := &goPackage{
			values: map[string][]goValue{}, fields: map[string][]goValue{}, tags: map[string]value{},
			funcs: map[string]*ast.FuncDecl{}, calls: map[string][]goCall{},
		}
		for _, u := range s.goFiles[dir] {
			if f := parseGo(u, p); f != nil {
				p.files = append(p.files, f)
			}
		}
		for _, f := range p.files {
			f.declare()
		}
		for _, f := range p.files {
			f.scopes(f.collect)
		}
		for _, f := range p.files {
			f.scopes(f.inspect)
		}
	}
}

func parseGo(u *unit, p *goPackage) *goFile {
	fset := token.NewFileSet()
	file, err := parser.ParseFile(fset, u.path, u.text, parser.SkipObjectResolution|parser.ParseComments)
	if err != nil || file == nil || ignoredByBuild(file) {
		return nil
	}
	f := &goFile{unit: u, pkg: p, ast: file, fset: fset, imports: map[string]string{}}
	for _, spec := range file.Imports {
		name, _ := strconv.Unquote(spec.Path.Value)
		base := path.Base(name)
		if strings.HasPrefix(base, "v") && strings.Trim(base[1:], "0123456789") == "" && len(base) > 1 {
			base = path.Base(path.Dir(name))
		}
		base = strings.TrimPrefix(base, "go-")
		local := base
		if spec.Name != nil {
			local = spec.Name.Name
		}
		f.imports[local] = base
	}
	return f
}

// ignoredByBuild reports whether the file is a tool: //go:build ignore.
func ignoredByBuild(file *ast.File) bool {
	for _, group := range file.Comments {
		if group.Pos() > file.Package {
			return false
		}
		for _, c := range group.List {
			if c.Text == "//go:build ignore" || strings.HasPrefix(c.Text, "//go:build tools") || c.Text == "// +build ignore" {
				return true
			}
		}
	}
	return false
}

func (f *goFile) offset(p token.Pos) int { return f.fset.Position(p).Offset }

// declare records the constants, variables and functions of the package.
func (f *goFile) declare() {
	scope := &goScope{file: f}
	for _, d := range f.ast.Decls {
		switch d := d.(type) {
		case *ast.FuncDecl:
			if d.Recv == nil {
				f.pkg.funcs[d.Name.Name] = d
			}
		case *ast.GenDecl:
			for _, spec := range d.Specs {
				switch spec := spec.(type) {
				case *ast.ValueSpec:
					for i, name := range spec.Names {
						if i < len(spec.Values) && len(spec.Values) == len(spec.Names) {
							f.pkg.values[name.Name] = append(f.pkg.values[name.Name], goValue{spec.Values[i], scope})
						}
					}
				case *ast.TypeSpec:
					f.structTags(spec)
				}
			}
		}
	}
}

// structTags reads `env:"X" envDefault:"/data"` and `envconfig:"X" default:"/data"`.
func (f *goFile) structTags(spec *ast.TypeSpec) {
	st, ok := spec.Type.(*ast.StructType)
	if !ok {
		return
	}
	for _, field := range st.Fields.List {
		if field.Tag == nil || len(field.Names) != 1 {
			continue
		}
		tag, _ := strconv.Unquote(field.Tag.Value)
		name := tagValue(tag, "env")
		if name == "" {
			name = tagValue(tag, "envconfig")
		}
		if name == "" {
			continue
		}
		v := f.env(strings.Split(name, ",")[0])
		for _, key := range []string{"envDefault", "default", "env-default"} {
			if d := tagValue(tag, key); d != "" {
				v = v.or(literal(d))
			}
		}
		f.pkg.tags[field.Names[0].Name] = v
	}
}

func tagValue(tag, key string) string {
	i := strings.Index(" "+tag, " "+key+`:"`)
	if i < 0 {
		return ""
	}
	rest := tag[i+len(key)+2:]
	if j := strings.IndexByte(rest, '"'); j >= 0 {
		return rest[:j]
	}
	return ""
}

// scopes visits the nodes of every function, and of the declarations outside of functions.
func (f *goFile) scopes(visit func(*goScope, ast.Node)) {
	for _, d := range f.ast.Decls {
		scope := &goScope{file: f, locals: map[string][]ast.Expr{}, loops: map[string]bool{}}
		scope.fn, _ = d.(*ast.FuncDecl)
		if scope.fn != nil && scope.fn.Body != nil {
			ast.Inspect(scope.fn.Body, func(n ast.Node) bool { scope.local(n); return true })
		}
		ast.Inspect(d, func(n ast.Node) bool {
			if n != nil {
				visit(scope, n)
			}
			return true
		})
	}
}

// local records what a statement binds within a function.
func (s *goScope) local(n ast.Node) {
	switch n := n.(type) {
	case *ast.AssignStmt:
		for i, left := range n.Lhs {
			id, ok := left.(*ast.Ident)
			if !ok || id.Name == "_" || n.Tok != token.DEFINE && len(s.locals[id.Name]) == 0 && len(s.file.pkg.values[id.Name]) > 0 {
				continue
			}
			switch {
			case len(n.Lhs) == len(n.Rhs):
				s.locals[id.Name] = append(s.locals[id.Name], n.Rhs[i])
			case i == 0 && len(n.Rhs) == 1:
				s.locals[id.Name] = append(s.locals[id.Name], n.Rhs[0])
			default:
				s.loops[id.Name] = true
			}
		}
	case *ast.ValueSpec:
		for i, name := range n.Names {
			if i < len(n.Values) {
				s.locals[name.Name] = append(s.locals[name.Name], n.Values[i])
			}
		}
	case *ast.RangeStmt:
		for _, e := range []ast.Expr{n.Key, n.Value} {
			if id, ok := e.(*ast.Ident); ok {
				s.loops[id.Name] = true
			}
		}
	case *ast.FuncLit:
		for _, field := range n.Type.Params.List {
			for _, name := range field.Names {
				s.loops[name.Name] = true
			}
		}
	}
}

// collect records what the whole package has to know: fields, calls of its functions, variables that flags fill.
func (f *goFile) collect(s *goScope, n ast.Node) {
	switch n := n.(type) {
	case *ast.CompositeLit:
		for _, e := range n.Elts {
			if kv, ok := e.(*ast.KeyValueExpr); ok {
				if id, ok := kv.Key.(*ast.Ident); ok {
					f.pkg.fields[id.Name] = append(f.pkg.fields[id.Name], goValue{kv.Value, s})
				}
			}
		}
	case *ast.AssignStmt:
		for i, left := range n.Lhs {
			if sel, ok := left.(*ast.SelectorExpr); ok && len(n.Lhs) == len(n.Rhs) {
				f.pkg.fields[sel.Sel.Name] = append(f.pkg.fields[sel.Sel.Name], goValue{n.Rhs[i], s})
			}
			if id, ok := left.(*ast.Ident); ok && len(n.Lhs) == len(n.Rhs) && n.Tok == token.ASSIGN && len(f.pkg.values[id.Name]) > 0 {
				f.pkg.values[id.Name] = append(f.pkg.values[id.Name], goValue{n.Rhs[i], s})
			}
		}
	case *ast.CallExpr:
		if id, ok := n.Fun.(*ast.Ident); ok {
			f.pkg.calls[id.Name] = append(f.pkg.calls[id.Name], goCall{n, s})
		}
		f.flagVariable(s, n)
	}
}

// flagVariable reads flag.StringVar(&x, "dir", "/data", "...") and its kin.
func (f *goFile) flagVariable(s *goScope, call *ast.CallExpr) {
	sel, ok := call.Fun.(*ast.SelectorExpr)
	if !ok || !strings.HasPrefix(sel.Sel.Name, "StringVar") && !strings.HasPrefix(sel.Sel.Name, "IntVar") || len(call.Args) < 3 {
		return
	}
	ref, ok := call.Args[0].(*ast.UnaryExpr)
	if !ok || ref.Op != token.AND {
		return
	}
	switch target := ref.X.(type) {
	case *ast.Ident:
		f.pkg.values[target.Name] = []goValue{{call, s}}
	case *ast.SelectorExpr:
		f.pkg.fields[target.Sel.Name] = append(f.pkg.fields[target.Sel.Name], goValue{call, s})
	}
}
