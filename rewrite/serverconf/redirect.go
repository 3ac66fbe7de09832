package serverconf

import (
	"fmt"
	"regexp"
	"sort"
	"strings"
)

// guard is what keeps a server from naming its own port in redirects, and why that is needed.
type guard struct {
	text    string // the directive to add; "" if none can be added
	reasons []string
}

// redirectGuard looks at the block of one listener. The reasons are empty where no redirect can name the port.
func (t *tree) redirectGuard(l Listen) guard {
	if l.of == nil || l.UDP && !l.TLS {
		return guard{}
	}
	switch t.kind {
	case Nginx:
		if server := l.of.up("server"); server != nil && l.of.up("stream") == nil {
			return guard{"port_in_redirect off;", nginxRedirects(t, server)}
		}
	case Apache:
		if vhost := l.of.up("VirtualHost"); vhost != nil {
			return apacheRedirects(t, vhost, l)
		}
	}
	return guard{}
}

// nginxRedirects lists what makes nginx build an absolute redirect from its own name and port in a server block.
func nginxRedirects(t *tree, server *directive) []string {
	for at := server; at != nil; at = at.Parent {
		if off(at.child("port_in_redirect")) || off(at.child("absolute_redirect")) {
			return nil
		}
	}
	if http := server.Parent; http == nil {
		for _, d := range t.top {
			if (d.Name.Text == "port_in_redirect" || d.Name.Text == "absolute_redirect") && off(d) {
				return nil
			}
		}
	}
	var reasons []string
	add := func(d *directive, why string) {
		reasons = append(reasons, fmt.Sprintf("line %d: %s", t.line(d.Start), why))
	}
	var visit func(d *directive)
	visit = func(d *directive) {
		for _, c := range d.Body {
			if why := nginxRedirect(c); why != "" {
				add(c, why)
			}
			visit(c)
		}
	}
	visit(server)
	if d := bareDirectory(server); d != nil {
		add(d, "a directory without its final slash is redirected")
	}
	sort.SliceStable(reasons, func(i, j int) bool { return lineOf(reasons[i]) < lineOf(reasons[j]) })
	return reasons
}

func lineOf(reason string) int {
	n := 0
	fmt.Sscanf(reason, "line %d:", &n)
	return n
}

func off(d *directive) bool { return d != nil && d.arg(0) == "off" }

// nginxRedirect says why one directive makes nginx build a redirect, or "".
func nginxRedirect(d *directive) string {
	switch d.Name.Text {
	case "try_files":
		for _, a := range d.Args {
			if strings.HasSuffix(a.Text, "/") && len(a.Text) > 1 {
				return "try_files " + a.Text + " redirects a directory to its final slash"
			}
		}
	case "return":
		if redirectCode[d.arg(0)] && ownURL(d.arg(1)) {
			return "return " + d.arg(0) + " " + d.arg(1) + " has no host, nginx adds its own"
		}
	case "rewrite":
		if flag := d.arg(2); (flag == "permanent" || flag == "redirect") && ownURL(d.arg(1)) {
			return "rewrite to " + d.arg(1) + " has no host, nginx adds its own"
		}
	case "location":
		if why := slashRedirect(d); why != "" {
			return why
		}
		return proxied(d)
	}
	return ""
}

var redirectCode = map[string]bool{"301": true, "302": true, "303": true, "307": true, "308": true}

// ownURL reports whether a redirect target has no host of its own, so that nginx completes it.
func ownURL(target string) bool {
	return strings.HasPrefix(target, "/") || strings.HasPrefix(target, "$uri") || strings.HasPrefix(target, "$request_uri") || strings.HasPrefix(target, "$document_uri")
}

// passes are the directives by which a location hands its requests on.
var passes = []string{"proxy_pass", "fastcgi_pass", "uwsgi_pass", "scgi_pass", "grpc_pass", "memcached_pass"}

// slashRedirect knows the rule that a request for `/api` is redirected to `/api/` where that prefix location is proxied.
func slashRedirect(d *directive) string {
	prefix := d.arg(len(d.Args) - 1)
	if len(d.Args) == 2 && d.arg(0) != "^~" || len(d.Args) == 0 || len(prefix) < 2 || !strings.HasSuffix(prefix, "/") {
		return ""
	}
	for _, p := range passes {
		if d.child(p) == nil {
			continue
		}
		if d.Parent != nil && exactLocation(d.Parent, strings.TrimSuffix(prefix, "/")) {
			return ""
		}
		return strings.TrimSuffix(prefix, "/") + " is redirected to " + prefix + ", because that location has " + p
	}
	return ""
}

func exactLocation(server *directive, path string) bool {
	for _, c := range server.Body {
		if c.Name.Text == "location" && (c.arg(0) == "=" && c.arg(1) == path || len(c.Args) == 1 && c.arg(0) == path) {
			return true
		}
	}
	return false
}

// handlers answer a request without looking for a directory.
var handlers = append([]string{"return", "try_files", "stub_status", "empty_gif", "deny", "content_by_lua_block", "content_by_lua_file", "js_content", "internal", "perl"}, passes...)

func handled(d *directive) bool {
	for _, h := range handlers {
		if c := d.child(h); c != nil && !(h == "deny" && c.arg(0) != "all") {
			return true
		}
	}
	return false
}

var extension = regexp.MustCompile(`\\\.|\$$`)

// bareDirectory finds the place that serves directories as they are: the server itself, or a location with a root of its
// own, that no try_files or other handler answers. A location that only tunes headers below a catch-all with try_files
// holds files, not directories.
func bareDirectory(server *directive) *directive {
	catchAll := handled(server)
	var bare *directive
	hasRoot := server.child("root") != nil
	for _, c := range server.Body {
		if c.Name.Text != "location" || len(c.Args) == 0 {
			continue
		}
		own := c.child("root") != nil || c.child("alias") != nil || c.child("autoindex") != nil || c.child("index") != nil
		last := c.arg(len(c.Args) - 1)
		switch {
		case c.arg(0) == "=" || strings.HasPrefix(last, "@") || strings.HasPrefix(c.arg(0), "~") && extension.MatchString(last):
		case last == "/":
			catchAll = true
			if !handled(c) && (own || hasRoot) && bare == nil {
				bare = c
			}
		case own && !handled(c) && bare == nil:
			bare = c
		}
	}
	if !catchAll && bare == nil && hasRoot {
		return server.child("root")
	}
	return bare
}

// requestVariable is one of nginx; names in capitals are replaced before nginx reads the file.
var requestVariable = regexp.MustCompile(`\$\{?[a-z]`)

// proxied says why a redirect of a proxied server would name the port of this one: without a Host header of its own the
// neighbour answers with the name that it was called by, and nginx rewrites that to its own name and port.
func proxied(d *directive) string {
	pass := d.child("proxy_pass")
	if pass == nil || requestVariable.MatchString(pass.arg(0)) || inherited(d, "proxy_redirect") != nil {
		return ""
	}
	for at := d; at != nil; at = at.Parent {
		set := false
		for _, c := range at.Body {
			if c.Name.Text == "proxy_set_header" {
				set = true
				if strings.EqualFold(c.arg(0), "Host") && c.arg(1) != "$proxy_host" {
					return ""
				}
			}
		}
		// A block with a header of its own inherits none.
		if set {
			break
		}
	}
	return "proxy_pass " + pass.arg(0) + " without a Host header: the neighbour's redirects are rewritten to nginx's own name"
}

func inherited(d *directive, name string) *directive {
	for at := d; at != nil; at = at.Parent {
		if c := at.child(name); c != nil {
			return c
		}
	}
	return nil
}

// apacheRedirects asks for a ServerName in a virtual host: without one Apache takes the port of the virtual host for the
// redirects that it builds, with one that has no port it takes the scheme's own.
func apacheRedirects(t *tree, vhost *directive, l Listen) guard {
	if c := inherited(vhost, "UseCanonicalPhysicalPort"); c != nil && strings.EqualFold(c.arg(0), "on") {
		return guard{"", []string{fmt.Sprintf("line %d: UseCanonicalPhysicalPort On puts the real port into redirects", t.line(c.Start))}}
	}
	if vhost.child("ServerName") != nil {
		return guard{}
	}
	port := 80
	if l.TLS || l.Port == 443 {
		port = 443
	}
	why := fmt.Sprintf("line %d: the virtual host has no ServerName, so redirects name its own port", t.line(vhost.Start))
	return guard{fmt.Sprintf("ServerName localhost:%d", port), []string{why}}
}
