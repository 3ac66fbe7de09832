package serverconf

import (
	"fmt"
	"reflect"
	"strings"
	"testing"

	"github.com/offroot/offroot/rewrite/source"
)

// describe writes a listener as one short word: port, then what is special about it.
func describe(l Listen) string {
	s := fmt.Sprint(l.Port)
	for _, f := range []struct {
		on   bool
		name string
	}{{l.TLS, "tls"}, {l.UDP, "udp"}, {l.Implicit, "implicit"}, {l.Range, "range"}, {l.Variable != "", "$" + l.Variable}} {
		if f.on {
			s += "," + f.name
		}
	}
	return s
}

func TestListens(t *testing.T) {
	tests := []struct {
		name string
		kind Kind
		text string
		want string
	}{
		{"two families", Nginx, "server {\n\tlisten 80;\n\tlisten [::]:80;\n}\n", "80 80"},
		{"default and tls", Nginx, "http { server { listen *:80 default_server; } server { listen 443 ssl http2; listen 127.0.0.1:8443 ssl; } }", "80 443,tls 8443,tls"},
		{"quic", Nginx, "server { listen 443 quic reuseport; listen 443 ssl; }", "443,tls,udp 443,tls"},
		{"ssl on", Nginx, "server { listen 443; ssl on; }", "443,tls"},
		{"stream udp", Nginx, "stream { server { listen 53 udp; proxy_pass dns:53; } }", "53,udp"},
		{"unix socket", Nginx, "server { listen unix:/run/x.sock; }", ""},
		{"comment and quotes", Nginx, "server {\n # listen 81;\n listen \"82\";\n add_header X \"listen 83;\";\n}", "82"},
		{"no listen", Nginx, "server { root /x; }", "80,implicit"},
		{"address only", Nginx, "server { listen 127.0.0.1; listen [::1]; }", "80,implicit 80,implicit"},
		{"variable", Nginx, "server { listen ${NGINX_PORT}; listen [::]:${NGINX_PORT} default_server; }", "0,$NGINX_PORT 0,$NGINX_PORT"},
		{"bare variable", Nginx, "server { listen $PORT default_server; }", "0,$PORT"},
		{"jinja", Nginx, "server {\n listen {{ port }};\n{% if tls %}\n listen 443 ssl;\n{% endif %}\n}", "0,$port 443,tls"},
		{"go template", Nginx, "server {\n listen 80;\n\t{{ if .V6 | default \"1\" }}\n listen [::]:80;\n\t{{ end }}\n x {{ if .A }}on{{ else }}off{{ end }};\n}\n", "80 80"},
		{"placeholder", Nginx, "server { listen {PORT}; fastcgi_read_timeout {TIMEOUT}; }", "0,${PORT}"},
		{"range", Nginx, "stream { server { listen 8000-8010; } }", "8000,range"},
		{"upstream is no listener", Nginx, "upstream a { server b:80; }\nserver { listen 80; }", "80"},
		{"lua block", Nginx, "server { listen 80; location / { content_by_lua_block { local x = \"}\"; ngx.say('{') } } }", "80"},
		{"map with braces", Nginx, "map $http_upgrade $c { default upgrade; '' close; }\nserver{listen 80;}", "80"},
		{"regex", Nginx, "server { listen 80; location ~ \"^/a{2}\" { return 204; } location ~ \\.(js|css)$ { expires 1d; } }", "80"},
		{"bom", Nginx, "\ufeffserver { listen 80; }", "80"},

		{"listen", Apache, "Listen 80\n", "80"},
		{"addresses", Apache, "Listen 0.0.0.0:80\nlisten [::]:80\nListen 443 https\nListen 8443 http\n", "80 80 443,tls 8443"},
		{"virtual hosts", Apache, "<VirtualHost *:80 [::]:80>\n ServerName a\n</VirtualHost>\n<VirtualHost _default_:443>\n SSLEngine on\n</VirtualHost>\n", "80 80 443,tls"},
		{"virtual host without port", Apache, "<VirtualHost *>\n</VirtualHost>\n", ""},
		{"in a module section", Apache, "<IfModule ssl_module>\n\tListen 443\n</IfModule>\n", "443,tls"},
		{"continued", Apache, "Listen \\\n  80\n# Listen 81 \\\nListen 82\n", "80"},
		{"variable", Apache, "Listen ${PORT}\n<VirtualHost *:${PORT}>\n</VirtualHost>", "0,$PORT 0,$PORT"},
		{"legacy", Apache, "NameVirtualHost *:80\n", "80"},

		{"bind", HAProxy, "frontend web\n    bind *:80\n    bind :443 ssl crt /x.pem\n    bind :::8080 v4v6\n", "80 443,tls 8080"},
		{"bind list", HAProxy, "listen x\n  bind 10.0.0.1:80,ipv4@:81,unix@/x.sock,quic4@:443 # :82\n", "80 81 443,tls,udp"},
		{"old form", HAProxy, "listen stats 0.0.0.0:70\n mode http\nfrontend f :71\n", "70 71"},
		{"variable", HAProxy, "frontend a\n bind \":${PORT}\"\n bind *:\"$PORT\"\n", "0,$PORT 0,$PORT"},
		{"peers and servers", HAProxy, "peers p\n bind :10000\nbackend b\n server s web:80 check\n", ""},
		{"range", HAProxy, "frontend a\n bind :80-82\n", "80,range"},

		{"address", Caddy, ":80 {\n\troot * /srv\n\tfile_server\n}\n", "80"},
		{"one site", Caddy, ":80\nreverse_proxy app:80\n", "80"},
		{"scheme", Caddy, "http://example.com:80, https://example.com:443 {\n}\n", "80 443,tls 80,implicit"},
		{"automatic", Caddy, "example.com {\n}\nwww.example.com {\n}\n", "443,tls,implicit 80,implicit"},
		{"options", Caddy, "{\n\thttp_port 80\n\thttps_port 443\n}\nexample.com {\n}\n", "80 443,tls"},
		{"plain name", Caddy, "http://example.com {\n}\n", "80,implicit"},
		{"auto off", Caddy, "{\n auto_https off\n}\n:80 {\n}\n", "80"},
		{"default in the environment", Caddy, ":{$PORT:80} {\n}\n", "80,$PORT"},
		{"environment", Caddy, ":{$PORT} {\n}\n{$DOMAIN} {\n}\n", "0,$PORT 0,$DOMAIN"},
		{"snippet and import", Caddy, "(x) {\n log\n}\nimport sites/*\n:80 {\n import x\n}\n", "80"},
		{"lines of addresses", Caddy, "http://a.com:80,\nhttp://b.com:81 {\n}\n", "80 81"},

		{"port", Lighttpd, "server.modules = ( \"mod_access\" )\nserver.port = 80\n", "80"},
		{"sockets", Lighttpd, "server.document-root = \"/x\"\nserver.port=81\n$SERVER[\"socket\"] == \":443\" {\n ssl.engine = \"enable\"\n}\n$SERVER[\"socket\"] == \"[::]:80\" { }\n", "81 443,tls 80"},
		{"absent", Lighttpd, "server.document-root = \"/x\"\n", "80,implicit"},
		{"environment", Lighttpd, "server.port = env.PORT\n", "0,$PORT"},

		{"connectors", Tomcat, "<?xml version='1.0'?>\n<Server port=\"8005\" shutdown=\"SHUTDOWN\">\n<!-- <Connector port=\"81\"/> -->\n<Service name=\"Catalina\">\n<Connector port=\"80\" protocol=\"HTTP/1.1\"\n redirectPort=\"443\" />\n<Connector port='443' SSLEnabled='true'><SSLHostConfig/></Connector>\n</Service></Server>", "80 443,tls"},
		{"property", Tomcat, "<Server><Connector port=\"${port.http}\"/></Server>", "0,$port.http"},
	}
	for _, tt := range tests {
		t.Run(string(tt.kind)+"/"+tt.name, func(t *testing.T) {
			d, err := Parse(source.NewFile("x", []byte(tt.text)), tt.kind)
			if err != nil {
				t.Fatal(err)
			}
			var got []string
			for _, l := range d.Listens() {
				got = append(got, describe(l))
				if n := tt.text[l.Span.Start:l.Span.End]; l.Variable == "" && !l.Range && !l.Implicit && n != fmt.Sprint(l.Port) {
					t.Errorf("span of %d holds %q", l.Port, n)
				}
			}
			if s := strings.Join(got, " "); !reflect.DeepEqual(strings.Fields(s), fields(tt.want)) {
				t.Errorf("got %q, want %q", s, tt.want)
			}
		})
	}
}

// fields normalises the order of the flags, which the table writes as they come to mind.
func fields(s string) []string {
	out := strings.Fields(s)
	for i, f := range out {
		parts := strings.Split(f, ",")
		var ordered []string
		ordered = append(ordered, parts[0])
		for _, name := range []string{"tls", "udp", "implicit", "range"} {
			for _, p := range parts[1:] {
				if p == name {
					ordered = append(ordered, p)
				}
			}
		}
		for _, p := range parts[1:] {
			if strings.HasPrefix(p, "$") {
				ordered = append(ordered, p)
			}
		}
		out[i] = strings.Join(ordered, ",")
	}
	if len(out) == 0 {
		return []string{}
	}
	return out
}

func TestParseErrors(t *testing.T) {
	for _, tt := range []struct {
		kind Kind
		text string
		want string
	}{
		{Nginx, "server {\n listen 80;\n", "x:1:1: block \"server {\" is not closed"},
		{Nginx, "listen 80;\n}\n", "x:2:1: unexpected }"},
		{Nginx, "server {\n  a \"b;\n}\n", "x:2:5: quote is not closed"},
		{Nginx, "server { listen 80 }", "x:1:10: directive is not ended by a semicolon"},
		{Apache, "</VirtualHost>\n", "x:1:1: unexpected closing section"},
		{Tomcat, "<Server", "x:1:1: tag is not closed"},
		{Nginx, "\xff", "x:1:1: not a UTF-8 text file"},
		{"iis", "", `x:1:1: unknown kind of server "iis"`},
	} {
		_, err := Parse(source.NewFile("x", []byte(tt.text)), tt.kind)
		if err == nil || err.Error() != tt.want {
			t.Errorf("%s %q: got %v, want %s", tt.kind, tt.text, err, tt.want)
		}
	}
}

func TestDetect(t *testing.T) {
	for _, tt := range []struct {
		path, text string
		want       Kind
	}{
		{"nginx/default.conf", "server {\n  listen 80;\n}\n", Nginx},
		{"web/site.conf", "# x\nserver\n{\n listen 80;\n}\n", Nginx},
		{"nginx.conf.template", "", Nginx},
		{"templates/default.conf.template", "server {\n listen ${PORT};\n}\n", Nginx},
		{"conf/fastcgi.conf", "fastcgi_param X $y;\n", Nginx},
		{"sites-enabled/default", "server { listen 80; }", Nginx},
		{"000-default.conf", "<VirtualHost *:80>\n</VirtualHost>\n", Apache},
		{"docker/apache.conf", "", Apache},
		{"x.conf", "Listen 80\n", Apache},
		{"haproxy.cfg", "", HAProxy},
		{"lb/my.cfg", "global\n  daemon\ndefaults\n  mode http\nfrontend f\n  bind :80\n", HAProxy},
		{"Caddyfile", ":80", Caddy},
		{"Caddyfile.prod", ":80", Caddy},
		{"x.conf", "server.port = 80\n", Lighttpd},
		{"conf/server.xml", "<Server><Connector port=\"80\"/></Server>", Tomcat},
		{"server.xml", "<server description=\"liberty\"/>", ""},
		{"supervisord.conf", "[program:nginx]\ncommand=nginx\n", ""},
		{"php-fpm.d/www.conf", "[www]\nlisten = 127.0.0.1:9000\n", ""},
		{"smtpd.conf", "listen on 0.0.0.0\n", ""},
		{"Web.config", "<configuration>\n<location path='x'>\n</location>\n", ""},
		{"redis.conf", "port 6379\n", ""},
		{"main.go", "server {\n listen 80;\n}", ""},
		{"setup.cfg", "[options]\nserver = x\n", ""},
		{"x.conf", "\x00server { listen 80; }", ""},
	} {
		got, ok := Detect(tt.path, []byte(tt.text))
		if got != tt.want || ok != (tt.want != "") {
			t.Errorf("%s %q: got %q %v, want %q", tt.path, tt.text, got, ok, tt.want)
		}
	}
}
