package evidence

import (
	"go/ast"
	"strings"
)

// goEffects are the calls that write, by callName. A method (".Name") counts only if needs is imported.
var goEffects = map[string]effect{
	"os.WriteFile": {verb: "writes"}, "ioutil.WriteFile": {verb: "writes"}, "os.Create": {verb: "creates"},
	"os.MkdirAll": {kind: aDir, verb: "creates"}, "os.Mkdir": {kind: aDir, verb: "creates"},
	"os.Rename": {arg: 1, kind: anEntry, verb: "renames to"}, "os.Symlink": {arg: 1, kind: anEntry, verb: "links"},
	"os.Link": {arg: 1, kind: anEntry, verb: "links"}, "os.Remove": {kind: anEntry, verb: "removes", sure: true},
	"os.RemoveAll": {kind: anEntry, verb: "removes", sure: true}, "os.Truncate": {verb: "truncates"}, "os.CopyFS": {kind: aDir, verb: "copies to"},
	"bolt.Open": {kind: anEntry, verb: "creates"}, "bbolt.Open": {kind: anEntry, verb: "creates"},
	"badger.DefaultOptions": {kind: aDir, verb: "creates"}, "leveldb.OpenFile": {kind: aDir, verb: "creates"},
	"pebble.Open": {kind: aDir, verb: "creates"}, "buntdb.Open": {kind: anEntry, verb: "creates"},
	"sqlite.Open": {kind: aDatabase, verb: "creates"}, "autocert.DirCache": {kind: aDir, verb: "keeps certificates in"},
	"storm.Open": {kind: anEntry, verb: "creates"}, "unix.Mkfifo": {kind: anEntry, verb: "creates"},
	".SaveUploadedFile": {arg: 1, verb: "stores", needs: "gin"}, ".SaveFile": {arg: 1, verb: "stores", needs: "fiber"},
	".SaveAs": {verb: "writes", needs: "excelize"},
}

// inspect looks at one node of a function.
func (f *goFile) inspect(s *goScope, n ast.Node) {
	switch n := n.(type) {
	case *ast.CallExpr:
		f.writes(s, n)
		f.listens(s, n)
	case *ast.CompositeLit:
		f.literal(s, n)
	}
}

func (f *goFile) imported(base string) bool {
	for _, name := range f.imports {
		if name == base {
			return true
		}
	}
	return false
}

func (f *goFile) writes(s *goScope, call *ast.CallExpr) {
	name := s.callName(call)
	at := f.offset(call.Pos())
	e, ok := goEffects[name]
	switch {
	case name == "os.OpenFile" && len(call.Args) > 1 && writesFlag(call.Args[1]):
		e = effect{verb: "opens"}
	case (name == "sql.Open" || name == "sqlx.Open" || name == "sqlx.Connect" || name == "sqlx.MustConnect" || name == "gorm.Open" || name == "ent.Open" || name == "xorm.NewEngine") && len(call.Args) > 1:
		if _, literal := call.Args[0].(*ast.CallExpr); literal {
			return // gorm.Open(sqlite.Open(...)), which is looked at by itself
		}
		driver := s.eval(call.Args[0], 0)
		if !driver.ok || !strings.HasPrefix(driver.text, "sqlite") {
			return
		}
		e = effect{arg: 1, kind: aDatabase, verb: "creates"}
	case name == "os.CreateTemp" || name == "os.MkdirTemp" || name == "ioutil.TempDir" || name == "ioutil.TempFile":
		e = effect{kind: aDir, verb: "creates"}
		if len(call.Args) > 0 {
			if v := s.eval(call.Args[0], 0); v.ok && v.text == "" {
				f.write(write{at: at, kind: aDir, verb: e.verb}, literal("/tmp"))
				return
			}
		}
	case !ok || e.needs != "" && !f.imported(e.needs):
		return
	}
	if e.arg >= len(call.Args) {
		return
	}
	v := s.eval(call.Args[e.arg], 0)
	if e.kind == aDatabase {
		v = database(v)
	}
	f.write(write{at: at, kind: e.kind, verb: e.verb, sure: e.sure}, v)
}

// writesFlag reports whether the flags of os.OpenFile include writing.
func writesFlag(e ast.Expr) bool {
	found := false
	ast.Inspect(e, func(n ast.Node) bool {
		if id, ok := n.(*ast.Ident); ok {
			switch id.Name {
			case "O_CREATE", "O_WRONLY", "O_RDWR", "O_APPEND", "O_TRUNC", "O_CREAT":
				found = true
			}
		}
		return true
	})
	return found
}

// goListeners give the position of the address and whether it is UDP by itself.
var goListeners = map[string]struct {
	arg   int
	needs string
	none  int // the port without an argument, or of an empty address
}{
	"http.ListenAndServe": {0, "", 80}, "http.ListenAndServeTLS": {0, "", 443}, "net.Listen": {1, "", 0}, "net.ListenPacket": {1, "", 0},
	"tls.Listen": {1, "", 0}, "fasthttp.ListenAndServe": {0, "", 0}, "dns.ListenAndServe": {0, "", 0},
	".Run": {0, "gin", 8080}, ".Start": {0, "echo", 0}, ".StartTLS": {0, "echo", 0}, ".Listen": {0, "fiber", 0}, ".ListenTLS": {0, "fiber", 0},
	".ListenAndServe": {0, "", -1},
}

func (f *goFile) listens(s *goScope, call *ast.CallExpr) {
	name := s.callName(call)
	l, ok := goListeners[name]
	if !ok || l.needs != "" && !f.imported(l.needs) || l.none < 0 {
		return
	}
	at := f.offset(call.Pos())
	if l.arg >= len(call.Args) {
		if l.none > 0 && l.needs == "gin" {
			v := f.env("PORT").or(literal("8080"))
			port, _ := portOf(v)
			f.addListen(port, v, false, at)
		}
		return
	}
	udp := name == "net.ListenPacket"
	if network, ok := call.Args[0].(*ast.BasicLit); ok && l.arg == 1 {
		if strings.Contains(network.Value, "unix") || strings.Contains(network.Value, "ip4:") || strings.Contains(network.Value, "ip6:") {
			return
		}
		udp = udp || strings.Contains(network.Value, "udp")
	}
	v := s.address(call.Args[l.arg])
	if v.ok && v.text == "" && l.none > 0 {
		v = literal(":" + map[int]string{80: "80", 443: "443", 8080: "8080"}[l.none])
	}
	f.addAddress(v, udp, at)
}

// addAddress records an address if its port is known, or what decides it is.
func (f *goFile) addAddress(v value, udp bool, at int) {
	port, ok := addressPort(v)
	if ok || v.missing != "" {
		f.addListen(port, v, udp, at)
	}
}

// literal looks at http.Server{Addr: ...}, net.UDPAddr{Port: ...} and lumberjack.Logger{Filename: ...}.
func (f *goFile) literal(s *goScope, lit *ast.CompositeLit) {
	sel, ok := lit.Type.(*ast.SelectorExpr)
	if !ok {
		return
	}
	id, ok := sel.X.(*ast.Ident)
	if !ok {
		return
	}
	name := f.imports[id.Name] + "." + sel.Sel.Name
	at := f.offset(lit.Pos())
	switch name {
	case "http.Server", "fasthttp.Server", "dns.Server":
		if addr := field(lit, "Addr"); addr != nil {
			udp := false
			if network := field(lit, "Net"); network != nil {
				udp = strings.HasPrefix(s.eval(network, 0).text, "udp")
			}
			f.addAddress(s.address(addr), udp || name == "dns.Server" && field(lit, "Net") == nil, f.offset(addr.Pos()))
		}
	case "net.UDPAddr", "net.TCPAddr":
		if port := field(lit, "Port"); port != nil && strings.Contains(f.text, map[string]string{"net.UDPAddr": "ListenUDP", "net.TCPAddr": "ListenTCP"}[name]) {
			f.addAddress(s.eval(port, 0), name == "net.UDPAddr", at)
		}
	case "lumberjack.Logger":
		if file := field(lit, "Filename"); file != nil {
			f.write(write{at: f.offset(file.Pos()), kind: anEntry, verb: "logs to"}, s.eval(file, 0))
		}
	}
}

func field(lit *ast.CompositeLit, name string) ast.Expr {
	for _, e := range lit.Elts {
		if kv, ok := e.(*ast.KeyValueExpr); ok {
			if id, ok := kv.Key.(*ast.Ident); ok && id.Name == name {
				return kv.Value
			}
		}
	}
	return nil
}
