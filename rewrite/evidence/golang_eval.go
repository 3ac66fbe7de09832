package evidence

import (
	"go/ast"
	"go/token"
	"path"
	"strconv"
	"strings"
)

// eval folds a Go expression.
func (s *goScope) eval(e ast.Expr, depth int) value {
	if depth > 25 || !s.file.step() {
		return unknown()
	}
	switch e := e.(type) {
	case *ast.BasicLit:
		if e.Kind == token.STRING {
			text, err := strconv.Unquote(e.Value)
			return value{text: text, ok: err == nil}
		}
		return value{text: strings.ReplaceAll(e.Value, "_", ""), ok: e.Kind == token.INT}
	case *ast.ParenExpr:
		return s.eval(e.X, depth+1)
	case *ast.StarExpr:
		return s.eval(e.X, depth+1)
	case *ast.BinaryExpr:
		if e.Op == token.ADD {
			return s.eval(e.X, depth+1).plus(s.eval(e.Y, depth+1))
		}
	case *ast.Ident:
		return s.ident(e.Name, depth)
	case *ast.SelectorExpr:
		return s.selector(e, depth)
	case *ast.CallExpr:
		return s.evalCall(e, depth)
	}
	return unknown()
}

// ident folds a name: a local, a parameter by its call sites, or one of the package.
func (s *goScope) ident(name string, depth int) value {
	if s.loops[name] {
		return unknown()
	}
	i, parameter := s.parameter(name)
	list := s.locals[name]
	switch {
	case parameter && len(list) > 0:
		return unknown()
	case parameter:
		return s.passed(i, depth)
	case len(list) > 0:
		return s.assigned(name, list, depth)
	}
	shared := s.file.pkg.values[name]
	if len(shared) == 0 {
		return unknown()
	}
	return agreed(shared, depth)
}

// agreed folds the values that the package gives to one name.
func agreed(list []goValue, depth int) value {
	v := list[0].in.eval(list[0].expr, depth+1)
	for _, other := range list[1:] {
		w := other.in.eval(other.expr, depth+1)
		if v.missing != "" && w.ok || v.ok && v.text == "" {
			v = v.or(w)
			continue
		}
		if w.missing != "" && v.ok {
			v.via = w.missing
			continue
		}
		if v != w {
			return unknown()
		}
	}
	return v
}

// assigned folds a local. One that is read from the environment and then given a default counts as that default, and
// `x = f(x)` is folded with what x was before.
func (s *goScope) assigned(name string, list []ast.Expr, depth int) value {
	last := list[len(list)-1]
	if len(list) > 1 && mentions(last, name) {
		earlier := *s
		earlier.locals = map[string][]ast.Expr{}
		for n, l := range s.locals {
			earlier.locals[n] = l
		}
		earlier.locals[name] = list[:len(list)-1]
		return earlier.eval(last, depth+2)
	}
	v := s.eval(list[0], depth+1)
	if len(list) == 1 {
		return v
	}
	if len(list) == 2 {
		w := s.eval(last, depth+1)
		switch {
		case !v.ok && v.missing != "" && w.ok:
			return v.or(w)
		case v.ok && !w.ok && w.missing != "":
			return w.or(v)
		case v == w:
			return v
		}
	}
	return unknown()
}

func mentions(e ast.Expr, name string) bool {
	found := false
	ast.Inspect(e, func(n ast.Node) bool {
		id, ok := n.(*ast.Ident)
		found = found || ok && id.Name == name
		return true
	})
	return found
}

// parameter returns the position of a parameter of the function.
func (s *goScope) parameter(name string) (int, bool) {
	if s.fn == nil {
		return 0, false
	}
	i := 0
	for _, field := range s.fn.Type.Params.List {
		for _, id := range field.Names {
			if id.Name == name {
				return i, true
			}
			i++
		}
	}
	return 0, false
}

// passed folds what the calls of the function pass, if they all agree.
func (s *goScope) passed(i, depth int) value {
	if s.fn.Recv != nil || s.file.pkg.funcs[s.fn.Name.Name] != s.fn {
		return unknown()
	}
	var v value
	calls := s.file.pkg.calls[s.fn.Name.Name]
	for k, c := range calls {
		if i >= len(c.call.Args) || c.in.fn == s.fn {
			return unknown()
		}
		w := c.in.eval(c.call.Args[i], depth+5)
		if k > 0 && v != w {
			return unknown()
		}
		v = w
	}
	return v
}

// selector folds x.Field by the one value that the package gives to a field of that name.
func (s *goScope) selector(e *ast.SelectorExpr, depth int) value {
	if id, ok := e.X.(*ast.Ident); ok && s.file.imports[id.Name] != "" && s.locals[id.Name] == nil {
		return unknown()
	}
	if v, ok := s.file.pkg.tags[e.Sel.Name]; ok {
		return v
	}
	list := s.file.pkg.fields[e.Sel.Name]
	if len(list) == 0 {
		return unknown()
	}
	v := list[0].in.eval(list[0].expr, depth+3)
	for _, other := range list[1:] {
		w := other.in.eval(other.expr, depth+3)
		if !v.ok && v.missing != "" && w.ok {
			v = v.or(w)
		} else if v != w {
			return unknown()
		}
	}
	return v
}

// callName is "os.Create" for a function of an import, ".Run" for a method, "load" for one of the package.
func (s *goScope) callName(call *ast.CallExpr) string {
	switch fun := call.Fun.(type) {
	case *ast.Ident:
		return fun.Name
	case *ast.SelectorExpr:
		if id, ok := fun.X.(*ast.Ident); ok {
			if name := s.file.imports[id.Name]; name != "" {
				return name + "." + fun.Sel.Name
			}
		}
		return "." + fun.Sel.Name
	}
	return ""
}

func (s *goScope) evalCall(call *ast.CallExpr, depth int) value {
	name := s.callName(call)
	var args []value
	for _, a := range call.Args {
		args = append(args, s.eval(a, depth+1))
	}
	arg := func(i int) value {
		if i < len(args) {
			return args[i]
		}
		return unknown()
	}
	switch name {
	case "filepath.Join", "path.Join":
		return join(args, false)
	case "filepath.Dir", "path.Dir":
		return arg(0).parent()
	case "filepath.Clean", "path.Clean", "filepath.Abs", "filepath.FromSlash", "string", "strings.TrimSpace", "os.ExpandEnv", "strconv.Itoa":
		return arg(0)
	case "fmt.Sprintf":
		return sprintf(args)
	case "fmt.Sprint":
		v := literal("")
		for _, w := range args {
			v = v.plus(w)
		}
		return v
	case "net.JoinHostPort":
		if v := arg(1); v.ok {
			v.text = ":" + v.text
			return v
		}
		return arg(1)
	case "os.TempDir":
		return literal("/tmp")
	case "os.UserHomeDir":
		return s.file.env("HOME")
	case "os.Getwd":
		return literal(".")
	case "os.Getenv", "os.LookupEnv", "syscall.Getenv":
		if v := arg(0); v.ok {
			return s.file.env(v.text)
		}
	case "cmp.Or":
		v := arg(0)
		for _, w := range args[min(1, len(args)):] {
			v = v.or(w)
		}
		return v
	}
	if v, ok := s.flag(call, name, args); ok {
		return v
	}
	return s.helper(call, args)
}

// flag folds flag.String("dir", "/data", "...") and flag.StringVar(&x, "dir", "/data", "..."), of flag, pflag and cobra.
func (s *goScope) flag(call *ast.CallExpr, name string, args []value) (value, bool) {
	last := name[strings.LastIndexByte(name, '.')+1:]
	at := map[string]int{"String": 0, "Int": 0, "StringP": 0, "IntP": 0, "StringVar": 1, "IntVar": 1, "StringVarP": 1, "IntVarP": 1}
	i, ok := at[last]
	if !ok || i+1 >= len(args) || !args[i].ok {
		return unknown(), false
	}
	flag := "--" + args[i].text
	if strings.HasSuffix(last, "P") {
		i++
	}
	if v, ok := s.file.opts.Args[flag]; ok {
		w := literal(v)
		w.via = "arg:" + flag
		return w, true
	}
	if i+1 >= len(args) {
		return missing("arg:" + flag), true
	}
	fallback := args[i+1]
	if fallback.ok && fallback.text == "" {
		return missing("arg:" + flag), true
	}
	v := fallback
	if v.ok {
		v.via = "arg:" + flag
	}
	return v, true
}

// helper folds env("X", "/default"), where the package's own function reads the environment.
func (s *goScope) helper(call *ast.CallExpr, args []value) value {
	id, ok := call.Fun.(*ast.Ident)
	if !ok || len(args) == 0 || !args[0].ok {
		return unknown()
	}
	fn := s.file.pkg.funcs[id.Name]
	if fn == nil || fn.Body == nil || !readsEnv(fn) {
		return unknown()
	}
	v := s.file.env(args[0].text)
	if len(args) > 1 {
		return v.or(args[1])
	}
	return v
}

// readsEnv reports whether a function looks up its own first parameter in the environment.
func readsEnv(fn *ast.FuncDecl) bool {
	if len(fn.Type.Params.List) == 0 || len(fn.Type.Params.List[0].Names) == 0 {
		return false
	}
	first, found := fn.Type.Params.List[0].Names[0].Name, false
	ast.Inspect(fn.Body, func(n ast.Node) bool {
		call, ok := n.(*ast.CallExpr)
		if !ok || len(call.Args) == 0 {
			return true
		}
		sel, ok := call.Fun.(*ast.SelectorExpr)
		id, is := call.Args[0].(*ast.Ident)
		if ok && is && id.Name == first && (sel.Sel.Name == "Getenv" || sel.Sel.Name == "LookupEnv") {
			found = true
		}
		return true
	})
	return found
}

// database cuts what drivers accept next to the path.
func database(v value) value {
	if w, ok := databaseFile(v); ok {
		return w
	}
	if i := strings.IndexByte(v.text, '?'); v.ok && i >= 0 {
		v.text, v.open = v.text[:i], false
	}
	if v.ok && !v.open && v.text != "" && path.Base(v.text) == "." {
		return unknown()
	}
	return v
}
