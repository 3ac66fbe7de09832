package serverconf

import (
	"strings"

	"github.com/offroot/offroot/rewrite/source"
)

// A Listen is one port on which the server accepts connections.
//
// Port is 0 where it is not known: it stands in a variable without a default, which Variable names. Span holds the digits
// alone; it is empty, and marks where ":port" would go, if Implicit is set, that is where the server's own default is meant.
// Range is set for "80-82", of which Port is the first.
type Listen struct {
	Port     int
	Span     source.Span
	Line     int
	TLS, UDP bool
	Raw      string // the directive, on one line
	Block    string // the server, virtual host or frontend that it belongs to
	Implicit bool
	Range    bool
	Variable string

	of    *directive
	fixed string // why the number cannot be another one
}

// listens finds the listeners of a tree in the order of the file.
func (t *tree) listens() []Listen {
	switch t.kind {
	case Nginx:
		return nginxListens(t)
	case Apache:
		return apacheListens(t)
	case HAProxy:
		return haproxyListens(t)
	case Caddy:
		return caddyListens(t)
	case Lighttpd:
		return lighttpdListens(t)
	case Tomcat:
		return tomcatListens(t)
	}
	return nil
}

// listenAt makes a Listen of part of a word: text starts at offset.
func (t *tree) listenAt(d *directive, text string, offset int) (Listen, bool) {
	e, ok := parseEndpoint(text)
	if !ok {
		return Listen{}, false
	}
	return Listen{
		Port: e.Port, Span: source.Span{Start: offset + e.Start, End: offset + e.End}, Line: t.line(offset),
		Raw: t.raw(d), Implicit: e.Implicit, Range: e.Range, Variable: e.Variable, of: d,
	}, true
}

func nginxListens(t *tree) []Listen {
	var found []Listen
	t.walk(func(d *directive) {
		switch {
		case d.Name.Text == "server" && d.Block && d.up("upstream") == nil && d.up("mail") == nil && d.child("listen") == nil && d.child("include") == nil && len(d.Args) == 0 && d.up("stream") == nil:
			// Without a listen directive nginx takes 80 as root and 8000 as anybody else.
			found = append(found, Listen{
				Port: 80, Span: source.Span{Start: d.End, End: d.End}, Line: t.line(d.Start), Raw: t.raw(d),
				Block: "server", Implicit: true, of: d,
			})
		case d.Name.Text == "listen" && len(d.Args) > 0:
			l, ok := t.listenAt(d, d.Args[0].Text, d.Args[0].inner())
			if !ok {
				if d.Args[0].Text == "" || strings.HasPrefix(d.Args[0].Text, "unix:") {
					return
				}
				l = Listen{Span: d.Args[0].Span, Line: t.line(d.Start), Raw: t.raw(d), Variable: d.Args[0].Text, of: d}
			}
			if l.Implicit {
				l.Port = 80
			}
			server := d.up("server")
			l.Block = "server"
			l.UDP = d.has("udp") || d.has("quic")
			l.TLS = d.has("ssl") || d.has("quic") || server.child("ssl") != nil && server.child("ssl").arg(0) == "on"
			found = append(found, l)
		}
	})
	return found
}

func apacheListens(t *tree) []Listen {
	var found []Listen
	t.walk(func(d *directive) {
		name := strings.ToLower(d.Name.Text)
		vhost := name == "virtualhost" && d.Block
		if !vhost && name != "listen" && name != "namevirtualhost" {
			return
		}
		for i, a := range d.Args {
			if name == "listen" && i > 0 {
				break
			}
			l, ok := t.listenAt(d, a.Text, a.inner())
			if !ok || l.Implicit || strings.HasSuffix(a.Text, ":*") {
				continue
			}
			l.Block = t.raw(d)
			if !vhost {
				l.Block = ""
			}
			engine := d.child("SSLEngine")
			l.TLS = name == "listen" && (d.arg(1) == "https" || l.Port == 443 && d.arg(1) == "") || vhost && engine != nil && strings.EqualFold(engine.arg(0), "on")
			found = append(found, l)
		}
	})
	return found
}

func haproxyListens(t *tree) []Listen {
	var found []Listen
	t.walk(func(d *directive) {
		section := d.up("frontend", "listen")
		address := 0
		switch {
		case d == section && len(d.Args) > 1:
			address = 1 // the old form: frontend web *:80
		case d.Name.Text == "bind" && section != nil && len(d.Args) > 0:
		default:
			return
		}
		a := d.Args[address]
		offset := a.inner()
		for _, part := range strings.SplitAfter(a.Text, ",") {
			found = append(found, haproxyBind(t, d, strings.TrimSuffix(part, ","), offset)...)
			offset += len(part)
		}
	})
	return found
}

func haproxyBind(t *tree, d *directive, part string, offset int) []Listen {
	section := d.up("frontend", "listen")
	text, udp := part, false
	if at := strings.IndexByte(part, '@'); at >= 0 {
		udp = strings.HasPrefix(part, "quic") || strings.HasPrefix(part, "udp")
		if !udp && part[:at] != "ipv4" && part[:at] != "ipv6" && part[:at] != "tcp" && part[:at] != "tcp4" && part[:at] != "tcp6" {
			return nil
		}
		text, offset = part[at+1:], offset+at+1
	}
	// HAProxy writes variables as "${PORT}", with the quotes in the middle of the word.
	if strings.Contains(text, `"`) && strings.Contains(text, "$") {
		name := strings.Trim(text[strings.IndexByte(text, '$'):], `${}"`)
		return []Listen{{Span: source.Span{Start: offset, End: offset + len(text)}, Line: t.line(offset), Raw: t.raw(d), Block: t.raw(section), Variable: name, of: d}}
	}
	l, ok := t.listenAt(d, text, offset)
	if !ok || l.Implicit {
		return nil
	}
	l.Block, l.UDP, l.TLS = t.raw(section), udp, d.has("ssl") || udp
	return []Listen{l}
}

func lighttpdListens(t *tree) []Listen {
	var found []Listen
	main, site := false, false
	t.walk(func(d *directive) {
		name := d.Name.Text
		switch {
		case name == "server.port" && d.arg(0) == "=" && len(d.Args) > 1:
			main = main || d.Parent == nil
			l, ok := t.listenAt(d, d.Args[1].Text, d.Args[1].inner())
			if !ok || l.Implicit {
				l = Listen{Span: d.Args[1].Span, Line: t.line(d.Start), Raw: t.raw(d), Variable: strings.TrimPrefix(d.Args[1].Text, "env."), of: d}
			}
			l.TLS = lighttpdTLS(d.Parent, t.top)
			found = append(found, l)
		case strings.HasPrefix(name, `$SERVER["socket"]`) && d.Block && d.arg(0) == "==" && len(d.Args) > 1:
			l, ok := t.listenAt(d, d.Args[1].Text, d.Args[1].inner())
			if ok && !l.Implicit {
				l.Block, l.TLS = t.raw(d), lighttpdTLS(d, nil)
				found = append(found, l)
			}
		case name == "server.document-root" && d.Parent == nil:
			site = true
		}
	})
	if site && !main {
		found = append([]Listen{{Port: 80, Line: 1, Raw: "(no server.port)", Implicit: true}}, found...)
	}
	return found
}

func lighttpdTLS(block *directive, top []*directive) bool {
	body := top
	if block != nil {
		body = block.Body
	}
	for _, d := range body {
		if d.Name.Text == "ssl.engine" && d.arg(1) == "enable" {
			return true
		}
	}
	return false
}

func tomcatListens(t *tree) []Listen {
	var found []Listen
	t.walk(func(d *directive) {
		if d.Name.Text != "Connector" {
			return
		}
		port, ok := d.attribute("port")
		if !ok {
			return
		}
		l, ok := t.listenAt(d, port.Text, port.inner())
		if !ok || l.Implicit {
			l = Listen{Span: port.Span, Line: t.line(port.Start), Raw: t.raw(d), Variable: strings.Trim(port.Text, "${}"), of: d}
		}
		ssl, _ := d.attribute("SSLEnabled")
		scheme, _ := d.attribute("scheme")
		l.TLS = strings.EqualFold(ssl.Text, "true") || scheme.Text == "https"
		l.Block = "Connector"
		found = append(found, l)
	})
	return found
}
