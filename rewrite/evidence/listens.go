package evidence

import (
	"regexp"
	"strconv"
	"strings"
)

// A listener says which argument of a call is the port.
type listener struct {
	on       string
	arg      int      // -1 if only a key names it
	keys     []string // "port"
	fallback int      // the port that the call takes without one
	udp      bool
	needs    string
	pair     bool // the argument is a pair (host, port)
}

var listenTables = map[*language]map[string][]listener{
	javascript: {
		"listen":          {{arg: 0, keys: []string{"port"}}},
		"serve":           {{on: "Bun Deno -", arg: -1, keys: []string{"port"}, needs: "serve("}},
		"bind":            {{arg: 0, keys: []string{"port"}, udp: true, needs: "dgram"}},
		"Server":          {{on: "WebSocket", arg: -1, keys: []string{"port"}}, {on: "-", arg: 0, needs: "socket.io"}},
		"WebSocketServer": {{arg: -1, keys: []string{"port"}}},
	},
	python: {
		"run": {
			{on: "uvicorn", arg: -1, keys: []string{"port"}, fallback: 8000},
			{on: "app application socketio server bottle web", arg: -1, keys: []string{"port"}, fallback: 5000, needs: "lask"},
			{on: "app bottle -", arg: -1, keys: []string{"port"}, fallback: 8080, needs: "bottle"},
			{arg: -1, keys: []string{"port"}},
		},
		"run_app":             {{arg: -1, keys: []string{"port"}, fallback: 8080}},
		"run_server":          {{arg: -1, keys: []string{"port"}, fallback: 8050}},
		"serve":               {{arg: -1, keys: []string{"port"}, fallback: 8080, needs: "waitress"}, {arg: 2, keys: []string{"port"}, needs: "websockets"}},
		"HTTPServer":          {{pair: true, keys: []string{"server_address"}}},
		"ThreadingHTTPServer": {{pair: true, keys: []string{"server_address"}}},
		"TCPServer":           {{pair: true}},
		"ThreadingTCPServer":  {{pair: true}},
		"UDPServer":           {{pair: true, udp: true}},
		"ThreadingUDPServer":  {{pair: true, udp: true}},
		"WSGIServer":          {{pair: true}},
		"make_server":         {{arg: 1, keys: []string{"port"}}},
		"run_simple":          {{arg: 1, keys: []string{"port"}}},
		"bind":                {{pair: true}},
		"listen":              {{arg: 0, keys: []string{"port"}, needs: "tornado"}},
		"start_server":        {{arg: 2, keys: []string{"port"}}},
		"create_server":       {{arg: 2, keys: []string{"port"}}},
		"add_insecure_port":   {{arg: 0}},
		"add_secure_port":     {{arg: 0}},
		"start_http_server":   {{arg: 0, keys: []string{"port"}}},
	},
	ruby: {
		"set":  {{on: "- app Application Base", arg: -1, keys: []string{"port"}}},
		"port": {{on: "-", arg: 0}},
		"bind": {{on: "-", arg: 0}},
		"new":  {{on: "TCPServer", arg: 1}, {on: "HTTPServer", arg: -1, keys: []string{"Port"}}},
		"run!": {{arg: -1, keys: []string{"port"}, fallback: 4567}},
	},
	java: {
		"ServerSocket":      {{arg: 0}},
		"InetSocketAddress": {{arg: 0, needs: "HttpServer"}},
		"setPort":           {{arg: 0}},
		"listen":            {{arg: 0, needs: "vertx"}},
		"port":              {{on: "Spark -", arg: 0, needs: "spark"}},
		"embeddedServer":    {{arg: -1, keys: []string{"port"}}},
		"forPort":           {{arg: 0}},
		"start":             {{arg: 0, needs: "avalin"}},
	},
	csharp: {
		"UseUrls":         {{arg: 0}},
		"ListenAnyIP":     {{arg: 0}},
		"ListenLocalhost": {{arg: 0}},
		"Run":             {{on: "app", arg: 0}},
		"TcpListener":     {{arg: 1}},
	},
}

// listens looks at every call that accepts connections.
func (s *script) listens() {
	table := listenTables[s.lang]
	for i, t := range s.toks {
		if t.kind == tName {
			s.listenCall(i, table[t.text])
		}
	}
	base := s.path[strings.LastIndexByte(s.path, '/')+1:]
	if s.lang == python && strings.Contains(base, "gunicorn") {
		if n, ok := s.lookup("bind", len(s.toks)); ok {
			s.listen(n, len(s.toks), listener{}, n.at)
		}
	}
	if s.lang == ruby {
		s.sinatraPort()
	}
}

func (s *script) listenCall(i int, list []listener) {
	if len(list) == 0 || s.tok(i-1).is("def") || s.tok(i-1).is("function") {
		return
	}
	open := s.tok(i + 1)
	bare := s.lang == ruby && (open.kind == tString || open.kind == tName || open.kind == tNumber)
	if !open.is("(") && !bare {
		return
	}
	n := s.callAt(i, bare)
	if n == nil {
		return
	}
	for _, l := range list {
		if !s.applies(n, i, effect{on: l.on, needs: l.needs}) && !(strings.Contains(l.on, "-") && s.applies(n, i, effect{on: "-", needs: l.needs})) {
			continue
		}
		if s.listenArgs(n, i, l) {
			return
		}
	}
}

func (s *script) listenArgs(n *node, i int, l listener) bool {
	at := s.toks[i].at
	var target *node
	for _, k := range l.keys {
		if target == nil {
			target = n.key(k)
		}
	}
	if target == nil && l.arg >= 0 {
		target = n.arg(l.arg)
	}
	if target == nil {
		if l.fallback > 0 {
			s.report.Listens = append(s.report.Listens, Listen{Port: l.fallback, Default: true, Place: s.place(at), Snippet: s.snippet(at)})
			return true
		}
		return false
	}
	if l.pair {
		if target.kind == nName {
			if bound, ok := s.lookup(target.name, i); ok {
				target = bound
			}
		}
		if target.kind != nList || len(target.args) < 2 {
			return false
		}
		target = target.args[1].node
		l.udp = l.udp || s.toks[i].is("bind") && strings.Contains(s.text, "SOCK_DGRAM") && !strings.Contains(s.text, "SOCK_STREAM")
	}
	return s.listen(target, i, l, at)
}

// listen records the port that an expression folds to.
func (s *script) listen(n *node, i int, l listener, at int) bool {
	v := s.eval(n, i, 0)
	if !v.ok && v.missing == "" && n.kind == nName {
		v = s.configuredPort(n.name)
	}
	port, ok := portOf(v)
	if !v.ok && v.missing == "" || v.ok && !ok {
		return false
	}
	s.addListen(port, v, l.udp, at)
	return true
}

var portVariable = regexp.MustCompile(`^env:(?:PORT|(?:HTTP|SERVER|APP|API|LISTEN|NODE|WEB|BACKEND|SERVICE)_PORT)$`)

// configuredPort looks for the one place of the whole program that gives `port` a value from the environment.
func (s *script) configuredPort(name string) value {
	last := name[strings.LastIndexByte(name, '.')+1:]
	if !strings.EqualFold(last, "port") {
		return unknown()
	}
	var found value
	for _, other := range s.scanner.scripts {
		if other.lang != s.lang {
			continue
		}
		for i, t := range other.toks {
			if (t.kind != tName && t.kind != tString) || !strings.EqualFold(t.text, "port") || !other.tok(i+1).is(":") && !other.tok(i+1).is("=") {
				continue
			}
			v := other.eval(other.parse(i+2), i, 0)
			if !portVariable.MatchString(v.via) && !portVariable.MatchString(v.missing) {
				continue
			}
			if found != (value{}) && found != v {
				return unknown()
			}
			found = v
		}
	}
	return found
}

// addListen records a port with what decides it.
func (u *unit) addListen(port int, v value, udp bool, at int) {
	l := Listen{Port: port, UDP: udp, Place: u.place(at), Snippet: u.snippet(at)}
	via := v.via
	if !v.ok {
		via = v.missing
	}
	if name, ok := strings.CutPrefix(via, "env:"); ok {
		l.Env = name
		_, set := u.opts.Env[name]
		l.Default = v.ok && !set
	}
	if flag, ok := strings.CutPrefix(via, "arg:"); ok {
		l.Arg = flag
		_, set := u.opts.Args[flag]
		l.Default = v.ok && !set
	}
	u.report.Listens = append(u.report.Listens, l)
}

var portAtEnd = regexp.MustCompile(`^(?:.*:)?([0-9]{1,5})/?$`)

// portOf reads a port, or the port of an address.
func portOf(v value) (int, bool) {
	if !v.ok || v.open {
		return 0, false
	}
	m := portAtEnd.FindStringSubmatch(v.text)
	if m == nil {
		return 0, false
	}
	n, err := strconv.Atoi(m[1])
	return n, err == nil && n > 0 && n < 65536
}

// sinatraPort reads `set :port, 80`, where name and value are two arguments.
func (s *script) sinatraPort() {
	for i := range s.toks {
		if s.toks[i].is("set") && s.tok(i+1).is(":") && s.tok(i+2).is("port") && s.tok(i+3).is(",") {
			s.listen(s.parse(i+4), i, listener{}, s.toks[i].at)
		}
	}
}
