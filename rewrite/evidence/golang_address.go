package evidence

import (
	"go/ast"
	"go/token"
	"strings"
)

// address folds host + ":" + port by its port alone, where the host is not known.
func (s *goScope) address(e ast.Expr) value {
	v := s.eval(e, 0)
	if v.ok && !v.open {
		return v
	}
	switch e := e.(type) {
	case *ast.BinaryExpr:
		if left := s.eval(e.X, 0); e.Op == token.ADD && (endsInColon(e.X) || left.ok && strings.HasSuffix(left.text, ":")) {
			return s.eval(e.Y, 0)
		}
	case *ast.CallExpr:
		if s.callName(e) == "fmt.Sprintf" && len(e.Args) > 1 {
			if format := s.eval(e.Args[0], 0).text; strings.HasSuffix(format, ":%s") || strings.HasSuffix(format, ":%d") || strings.HasSuffix(format, ":%v") {
				return s.eval(e.Args[len(e.Args)-1], 0)
			}
		}
	case *ast.Ident:
		if list := s.locals[e.Name]; len(list) == 1 {
			return s.address(list[0])
		}
	}
	return v
}

func endsInColon(e ast.Expr) bool {
	if b, ok := e.(*ast.BinaryExpr); ok {
		e = b.Y
	}
	lit, ok := e.(*ast.BasicLit)
	return ok && strings.HasSuffix(lit.Value, `:"`)
}

var namedPorts = map[string]int{"http": 80, "https": 443, "domain": 53, "ssh": 22, "smtp": 25, "ldap": 389, "syslog": 514, "ntp": 123, "tftp": 69, "ftp": 21}

// addressPort is the port of a Go address: ":8080", "0.0.0.0:80", ":http".
func addressPort(v value) (int, bool) {
	if !v.ok || v.open {
		return 0, false
	}
	if i := strings.LastIndexByte(v.text, ':'); i >= 0 {
		if n := namedPorts[v.text[i+1:]]; n > 0 {
			return n, true
		}
	}
	return portOf(v)
}

// sprintf fills plain verbs; from the first that is not known on, the text is open.
func sprintf(args []value) value {
	if len(args) == 0 || !args[0].ok {
		return unknown()
	}
	format, v, next := args[0].text, literal(""), 1
	for format != "" {
		i := strings.IndexByte(format, '%')
		if i < 0 || i+1 >= len(format) {
			return v.plus(literal(format))
		}
		v = v.plus(literal(format[:i]))
		switch format[i+1] {
		case 's', 'd', 'v':
			w := unknown()
			if next < len(args) {
				w = args[next]
			}
			if v.text == "" && !w.ok {
				return w
			}
			// ":%d" with a known default keeps what can decide otherwise.
			if v.ok && !w.ok && w.missing != "" && v.text == ":" {
				return w
			}
			v = v.plus(w)
			next++
		case '%':
			v = v.plus(literal("%"))
		default:
			return v.plus(unknown())
		}
		format = format[i+2:]
	}
	return v
}
