package serverconf

import (
	"bytes"
	"path"
	"regexp"
	"strings"
)

// A Kind is the server that a configuration file belongs to.
type Kind string

// The kinds that can be read.
const (
	Nginx    Kind = "nginx"
	Apache   Kind = "apache"
	HAProxy  Kind = "haproxy"
	Caddy    Kind = "caddy"
	Lighttpd Kind = "lighttpd"
	Tomcat   Kind = "tomcat"
)

// A signature tells a kind by what stands at the start of a line.
type signature struct {
	kind    Kind
	pattern *regexp.Regexp
}

// signatures are tried in this order. Each needs a construct that the other languages do not have.
var signatures = []signature{
	{Tomcat, regexp.MustCompile(`<Connector\s|<Server\s+port=`)},
	{Apache, regexp.MustCompile(`(?mi)^[ \t]*(?:<(?:VirtualHost|Directory|IfModule|Location|Files|Proxy)\b|Listen[ \t]+(?:[0-9a-fA-F.:\[\]*]*:)?(?:[0-9]+|\$\{?\w+\}?)(?:[ \t]+https?)?[ \t\r]*$|LoadModule[ \t]|DocumentRoot[ \t]|ServerRoot[ \t]|NameVirtualHost[ \t]|ProxyPass[ \t])`)},
	{Nginx, regexp.MustCompile(`(?m)^[ \t]*(?:server|http|stream|events|upstream[ \t]+\S+|location[ \t][^\n]*)[ \t\r]*(?:\n[ \t]*)?\{|^[ \t]*(?:listen|proxy_pass|fastcgi_pass|uwsgi_pass|server_name|worker_processes|fastcgi_param|proxy_set_header|port_in_redirect)[ \t][^\n]*;`)},
	{Lighttpd, regexp.MustCompile(`(?m)^[ \t]*(?:server\.(?:port|document-root|modules|bind|username)[ \t]*\+?=|\$SERVER\["socket"\])`)},
	{HAProxy, regexp.MustCompile(`(?m)^[ \t]*(?:frontend|backend|listen|defaults)\b[^;{}=\n]*$[\s\S]*?^[ \t]+(?:bind|server|mode|timeout|default_backend|use_backend|option)[ \t]`)},
}

// wrappers are the endings of files that become a configuration file only later.
var wrappers = []string{".template", ".tmpl", ".tpl", ".j2", ".jinja2", ".jinja", ".erb", ".in", ".dist", ".sample", ".example"}

// Detect tells which server a file configures, from its name and its content. A name alone decides only where it is the
// server's own (Caddyfile, haproxy.cfg, nginx.conf, httpd.conf); any other .conf file has to look like one.
func Detect(name string, content []byte) (Kind, bool) {
	if bytes.IndexByte(content, 0) >= 0 {
		return "", false
	}
	base := strings.ToLower(path.Base(name))
	for _, w := range wrappers {
		base = strings.TrimSuffix(base, w)
	}
	if kind, ok := kindByName(base); ok {
		return kind, true
	}
	if base == "server.xml" {
		if signatures[0].pattern.Match(content) {
			return Tomcat, true
		}
		return "", false
	}
	if !plausibleName(name, base) {
		return "", false
	}
	for _, s := range signatures[1:] {
		if s.pattern.Match(content) {
			return s.kind, true
		}
	}
	return "", false
}

func kindByName(base string) (Kind, bool) {
	switch {
	case base == "nginx.conf" || strings.HasSuffix(base, ".nginx") || strings.HasSuffix(base, ".nginx.conf"):
		return Nginx, true
	case base == "httpd.conf" || base == "apache2.conf" || base == "apache.conf" || base == "ports.conf":
		return Apache, true
	case base == "haproxy.cfg" || base == "haproxy.conf":
		return HAProxy, true
	case base == "caddyfile" || strings.HasPrefix(base, "caddyfile.") || strings.HasSuffix(base, ".caddyfile") || strings.HasSuffix(base, ".caddy"):
		return Caddy, true
	case base == "lighttpd.conf":
		return Lighttpd, true
	}
	return "", false
}

// plausibleName keeps source code, documents and the like away from the content patterns.
func plausibleName(name, base string) bool {
	switch path.Ext(base) {
	case ".conf", ".cfg", ".vhost", ".cnf", ".site":
		return true
	case "":
		dir := strings.ToLower(path.Dir(name))
		return strings.Contains(dir, "nginx") || strings.Contains(dir, "apache") || strings.Contains(dir, "httpd") ||
			strings.Contains(dir, "sites-") || strings.Contains(dir, "conf.d") || strings.Contains(dir, "haproxy") ||
			base == "nginx" || base == "default" || base == "haproxy" || base == "vhost"
	}
	return false
}
