package serverconf

import (
	"strings"

	"github.com/offroot/offroot/rewrite/source"
)

// caddyOptions are what the global block says about ports.
type caddyOptions struct {
	http, https *Listen
	noRedirects bool // auto_https off or disable_redirects
	noTLS       bool // auto_https off

	implied map[int]bool // default ports that were told already
}

// caddyListens reads the site addresses and the global options http_port and https_port. A name without a port means
// automatic HTTPS: both 443 and, for the redirect and the challenge, 80. They are reported as Implicit unless the options
// say which ports take their place.
func caddyListens(t *tree) []Listen {
	options, found := readCaddyOptions(t)
	options.implied = map[int]bool{}
	for i, d := range t.top {
		if d.Name.Raw == "" || strings.HasPrefix(d.Name.Text, "(") || d.Name.Text == "import" && !d.Block {
			continue
		}
		if !d.Block && i > 0 {
			continue // the body of a file that holds one site without braces
		}
		for _, w := range append([]word{d.Name}, d.Args...) {
			offset := w.inner()
			for _, part := range strings.SplitAfter(w.Text, ",") {
				address := strings.TrimSuffix(part, ",")
				found = append(found, caddySite(t, d, site{address, offset}, options)...)
				offset += len(part)
			}
		}
	}
	return found
}

type site struct {
	address string
	offset  int
}

func readCaddyOptions(t *tree) (caddyOptions, []Listen) {
	var o caddyOptions
	var found []Listen
	if len(t.top) == 0 || t.top[0].Name.Raw != "" {
		return o, nil
	}
	for _, d := range t.top[0].Body {
		switch d.Name.Text {
		case "http_port", "https_port":
			if len(d.Args) == 0 {
				continue
			}
			l, ok := t.listenAt(d, d.Args[0].Text, d.Args[0].inner())
			if !ok || l.Implicit {
				l = Listen{Span: d.Args[0].Span, Line: t.line(d.Start), Raw: t.raw(d), Variable: d.Args[0].Text, of: d}
			}
			l.TLS = d.Name.Text == "https_port"
			found = append(found, l)
			if l.TLS {
				o.https = &l
			} else {
				o.http = &l
			}
		case "auto_https":
			o.noTLS = o.noTLS || d.has("off")
			o.noRedirects = o.noRedirects || d.has("off") || d.has("disable_redirects")
		}
	}
	return o, found
}

// caddySite returns the listeners of one site address.
func caddySite(t *tree, d *directive, s site, o caddyOptions) []Listen {
	if s.address == "" {
		return nil
	}
	text, offset, scheme := s.address, s.offset, ""
	if i := strings.Index(text, "://"); i >= 0 {
		scheme, text, offset = text[:i], text[i+3:], offset+i+3
	}
	if i := strings.IndexByte(text, '/'); i >= 0 {
		text = text[:i]
	}
	l, ok := t.listenAt(d, text, offset)
	if !ok || l.Variable != "" && portStart(text) < 0 {
		return []Listen{{Span: source.Span{Start: offset, End: offset + len(text)}, Line: t.line(offset), Raw: t.raw(d), Block: t.raw(d), Variable: variableName(text), of: d}}
	}
	if digits.MatchString(text) {
		l.Implicit = true // a host of digits, not a port
	}
	l.Block = t.raw(d)
	named := !strings.HasPrefix(text, ":")
	var found []Listen
	if !l.Implicit {
		l.TLS = scheme == "https" || scheme == "" && !o.noTLS && (l.Port == 443 || named && l.Port != 80)
		if named && scheme == "" && l.Port == 80 && !o.noTLS {
			l.fixed = "a named site on any port but 80 gets HTTPS; write http:// before the name first"
		}
		found = append(found, l)
		if !l.TLS || !named || scheme == "http" || o.noRedirects || l.Port == 80 {
			return found
		}
		return append(found, implicitCaddy(l, 80, o)...)
	}
	if scheme == "http" {
		return implicitCaddy(l, 80, o)
	}
	found = implicitCaddy(l, 443, o)
	if !o.noRedirects {
		found = append(found, implicitCaddy(l, 80, o)...)
	}
	return found
}

// variableName is NAME of {$NAME:default}.
func variableName(text string) string {
	name, _, _ := strings.Cut(strings.Trim(text, "{}$"), ":")
	return name
}

// implicitCaddy reports a default port once, and not at all where the options replace it.
func implicitCaddy(l Listen, port int, o caddyOptions) []Listen {
	if port == 80 && o.http != nil || port == 443 && o.https != nil || o.implied[port] {
		return nil
	}
	o.implied[port] = true
	l.Port, l.TLS, l.Implicit = port, port == 443, true
	l.Span = source.Span{Start: l.Span.End, End: l.Span.End}
	return []Listen{l}
}
