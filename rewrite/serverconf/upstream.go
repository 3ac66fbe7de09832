package serverconf

import (
	"regexp"
	"strconv"
	"strings"

	"github.com/offroot/offroot/rewrite/source"
)

// An Upstream is a server that this one connects to. Host is resolved through `set $name value;` where that is certain.
// Port is the scheme's own if Implicit is set, and 0 where it is not known. Span is that of host[:port] as written.
type Upstream struct {
	Host     string
	Port     int
	Implicit bool
	Span     source.Span
	Line     int
	Raw      string

	number source.Span // the digits; empty where ":port" would be inserted
	known  bool        // the port may be set
}

var schemePorts = map[string]int{
	"http": 80, "https": 443, "grpc": 80, "grpcs": 443, "ws": 80, "wss": 443, "h2c": 80, "h2": 443, "ajp": 8009,
	"fcgi": 8000, "scgi": 4000, "uwsgi": 3031,
}

// schemeURL finds scheme://host[:port] anywhere in a word.
var schemeURL = regexp.MustCompile(`(https?|grpcs?|wss?|h2c?|fcgi|ajp|scgi|uwsgi)://([^/\s"'|?]+)`)

func (t *tree) upstreams() []Upstream {
	switch t.kind {
	case Nginx:
		return nginxUpstreams(t)
	case Apache:
		return apacheUpstreams(t)
	case HAProxy:
		return haproxyUpstreams(t)
	case Caddy:
		return caddyUpstreams(t)
	case Lighttpd:
		return lighttpdUpstreams(t)
	}
	return nil
}

// upstreamAt reads host[:port] at an offset; fallback is the port that an absent one means, 0 for none.
func (t *tree) upstreamAt(d *directive, text string, offset, fallback int) (Upstream, bool) {
	e, ok := parseEndpoint(text)
	if ok && e.Variable != "" && portStart(text) < 0 {
		// A word that is one variable is a host here, where an address of one's own would be a port.
		e = endpoint{Host: text, Start: len(text), End: len(text), Implicit: true}
	}
	if !ok || e.Host == "" {
		return Upstream{}, false
	}
	u := Upstream{
		Host: strings.Trim(e.Host, "[]"), Port: e.Port, Implicit: e.Implicit, Line: t.line(offset), Raw: t.raw(d),
		Span: source.Span{Start: offset, End: offset + len(text)}, number: source.Span{Start: offset + e.Start, End: offset + e.End},
		known: e.Variable == "" && !e.Range && (e.Port > 0 || fallback > 0),
	}
	if e.Implicit {
		u.Port = fallback
	}
	return u, true
}

func nginxUpstreams(t *tree) []Upstream {
	groups, vars := map[string]bool{}, map[string]string{}
	t.walk(func(d *directive) {
		switch {
		case d.Name.Text == "upstream" && d.Block:
			groups[d.arg(0)] = true
		case d.Name.Text == "set" && len(d.Args) == 2:
			if old, ok := vars[d.arg(0)]; ok && old != d.arg(1) {
				vars[d.arg(0)] = ""
			} else {
				vars[d.arg(0)] = d.arg(1)
			}
		}
	})
	var found []Upstream
	t.walk(func(d *directive) {
		if len(d.Args) == 0 {
			return
		}
		value := d.Args[0]
		switch {
		case d.Name.Text == "server" && d.up("upstream") != nil:
			if u, ok := t.upstreamAt(d, value.Text, value.inner(), 80); ok {
				found = append(found, u)
			}
		case strings.HasSuffix(d.Name.Text, "_pass"):
			found = append(found, nginxPass(t, d, value, groups)...)
		case d.Name.Text == "set" && len(d.Args) == 2 && schemeURL.MatchString(d.arg(1)):
			found = append(found, nginxPass(t, d, d.Args[1], groups)...)
		}
	})
	return resolveHosts(found, vars)
}

// nginxPass reads the address of a *_pass directive, with or without a scheme.
func nginxPass(t *tree, d *directive, value word, groups map[string]bool) []Upstream {
	text, offset, fallback := value.Text, value.inner(), 0
	if m := schemeURL.FindStringSubmatchIndex(text); m != nil {
		fallback = schemePorts[text[m[2]:m[3]]]
		text, offset = text[m[4]:m[5]], offset+m[4]
	} else if strings.HasPrefix(text, "$") || d.Name.Text == "set" {
		return nil
	}
	if text == "" || groups[text] || strings.HasPrefix(text, "unix:") {
		return nil
	}
	text = cutRequestVariable(text)
	u, ok := t.upstreamAt(d, text, offset, fallback)
	if !ok || groups[u.Host] {
		return nil
	}
	return []Upstream{u}
}

// cutRequestVariable drops the URI variables that people append to a host without a slash: http://web$request_uri.
func cutRequestVariable(text string) string {
	for _, v := range []string{"$request_uri", "$uri", "$is_args", "$document_uri"} {
		if i := strings.Index(text, v); i > 0 {
			text = text[:i]
		}
	}
	return text
}

// resolveHosts replaces a host that is a variable with its one literal value. A variable that stays unknown may hold a port
// of its own, so the port of such an upstream is not known either.
func resolveHosts(found []Upstream, vars map[string]string) []Upstream {
	for i, u := range found {
		if !strings.Contains(u.Host, "$") {
			continue
		}
		value := vars[u.Host]
		if value != "" && !strings.ContainsAny(value, "$:/") {
			found[i].Host = value
			continue
		}
		found[i].known = false
		if u.Implicit {
			found[i].Port = 0
		}
	}
	return found
}

func apacheUpstreams(t *tree) []Upstream {
	var found []Upstream
	t.walk(func(d *directive) {
		name := strings.ToLower(d.Name.Text)
		if !strings.HasPrefix(name, "proxypass") && name != "balancermember" && name != "sethandler" && name != "rewriterule" && !(name == "proxy" && d.Block) {
			return
		}
		if name == "rewriterule" && !proxyFlag(d.arg(2)) {
			return
		}
		for _, w := range d.Args {
			for _, m := range schemeURL.FindAllStringSubmatchIndex(w.Text, -1) {
				if u, ok := t.upstreamAt(d, w.Text[m[4]:m[5]], w.inner()+m[4], schemePorts[w.Text[m[2]:m[3]]]); ok {
					found = append(found, u)
				}
			}
		}
	})
	return resolveHosts(found, nil)
}

func proxyFlag(flags string) bool {
	for _, f := range strings.Split(strings.Trim(flags, "[]"), ",") {
		if f == "P" || f == "proxy" {
			return true
		}
	}
	return false
}

func haproxyUpstreams(t *tree) []Upstream {
	var found []Upstream
	t.walk(func(d *directive) {
		if d.up("backend", "listen", "defaults") == nil {
			return
		}
		at := map[string]int{"server": 1, "server-template": 2}[d.Name.Text]
		if at == 0 || at >= len(d.Args) {
			return
		}
		if u, ok := t.upstreamAt(d, d.Args[at].Text, d.Args[at].inner(), 0); ok {
			found = append(found, u)
		}
	})
	return resolveHosts(found, nil)
}

func caddyUpstreams(t *tree) []Upstream {
	var found []Upstream
	t.walk(func(d *directive) {
		fallback, ok := map[string]int{"reverse_proxy": 80, "php_fastcgi": 0, "forward_auth": 80, "proxy": 80}[d.Name.Text]
		if d.Name.Text == "to" && d.Parent != nil {
			fallback, ok = 80, d.up("reverse_proxy", "forward_auth", "php_fastcgi") != nil
		}
		if !ok {
			return
		}
		for _, w := range d.Args {
			if w.Text == "" || strings.ContainsAny(w.Text[:1], "/@*{") || strings.HasPrefix(w.Text, "unix/") {
				continue
			}
			text, offset, port := w.Text, w.inner(), fallback
			if m := schemeURL.FindStringSubmatchIndex(text); m != nil {
				port = schemePorts[text[m[2]:m[3]]]
				text, offset = text[m[4]:m[5]], offset+m[4]
			}
			if u, ok := t.upstreamAt(d, text, offset, port); ok {
				found = append(found, u)
			}
		}
	})
	return found
}

// lighttpdUpstreams pairs "host" => "web" with the "port" => 80 of the same list. Span is that of the number.
func lighttpdUpstreams(t *tree) []Upstream {
	var found []Upstream
	t.walk(func(d *directive) {
		if d.Name.Text != "proxy.server" && d.Name.Text != "fastcgi.server" && d.Name.Text != "scgi.server" {
			return
		}
		host := ""
		for i := 0; i+2 < len(d.Args); i++ {
			if d.Args[i+1].Text != "=>" {
				continue
			}
			value := d.Args[i+2]
			switch d.Args[i].Text {
			case "host":
				host = value.Text
			case "port":
				port, err := strconv.Atoi(value.Text)
				span := source.Span{Start: value.inner(), End: value.inner() + len(value.Text)}
				if err == nil && host != "" {
					found = append(found, Upstream{Host: host, Port: port, Span: span, Line: t.line(span.Start), Raw: t.raw(d), number: span, known: true})
				}
			}
		}
	})
	return found
}
