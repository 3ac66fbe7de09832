package serverconf

import (
	"errors"
	"fmt"
	"strings"
	"testing"

	"github.com/offroot/offroot/rewrite/source"
)

func mustParse(t *testing.T, kind Kind, text string) *Document {
	t.Helper()
	d, err := Parse(source.NewFile("x", []byte(text)), kind)
	if err != nil {
		t.Fatal(err)
	}
	return d
}

// moved moves every listener as ports says, guards included.
func moved(t *testing.T, kind Kind, text string, ports map[int]int) (string, string) {
	t.Helper()
	got, ok, why := ParseText(text, kind).Moved(ports)
	if !ok {
		return text, why
	}
	return got, ""
}

var usual = map[int]int{80: 8080, 443: 8443}

func TestMoved(t *testing.T) {
	tests := []struct {
		name       string
		kind       Kind
		text, want string
	}{
		{"both families, guard once", Nginx,
			"server {\n\tlisten 80;\n\tlisten [::]:80;\n\tserver_name _;\n\n\troot /usr/share/nginx/html;\n\tlocation / {\n\t\ttry_files $uri $uri/ =404;\n\t}\n\n\t# fingerprinted files\n\tlocation /assets/ {\n\t\texpires 30d;\n\t}\n}\n",
			"server {\n\tlisten 8080;\n\tlisten [::]:8080;\n\tport_in_redirect off;\n\tserver_name _;\n\n\troot /usr/share/nginx/html;\n\tlocation / {\n\t\ttry_files $uri $uri/ =404;\n\t}\n\n\t# fingerprinted files\n\tlocation /assets/ {\n\t\texpires 30d;\n\t}\n}\n"},
		{"single page application, no guard", Nginx,
			"server {\n    listen       80;\n    listen  [::]:80;\n    root         /usr/share/nginx/html;\n    location / {\n        try_files $uri /index.html;\n    }\n\n    location /assets/ {\n        expires 30d;\n    }\n}\n",
			"server {\n    listen       8080;\n    listen  [::]:8080;\n    root         /usr/share/nginx/html;\n    location / {\n        try_files $uri /index.html;\n    }\n\n    location /assets/ {\n        expires 30d;\n    }\n}\n"},
		{"crlf", Nginx, "server {\r\n  listen 80; # web\r\n  root /x;\r\n}\r\n", "server {\r\n  listen 8080; # web\r\n  port_in_redirect off;\r\n  root /x;\r\n}\r\n"},
		{"one line", Nginx, "server { listen 80; root /x; }", "server { listen 8080; port_in_redirect off; root /x; }"},
		{"last line of the file", Nginx, "root /x;\nlisten 80;", "root /x;\nlisten 8080;"},
		{"two servers, one guarded", Nginx, "server {\n listen 80;\n return 301 https://$host$request_uri;\n}\nserver {\n listen 443 ssl;\n index index.html;\n root /x;\n}\n",
			"server {\n listen 8080;\n return 301 https://$host$request_uri;\n}\nserver {\n listen 8443 ssl;\n port_in_redirect off;\n index index.html;\n root /x;\n}\n"},
		{"address without port", Nginx, "server {\n listen 127.0.0.1;\n listen [::1] ipv6only=on;\n return 204;\n}\n", "server {\n listen 127.0.0.1:8080;\n listen [::1]:8080 ipv6only=on;\n return 204;\n}\n"},
		{"quoted", Nginx, "server { listen '80' default_server; return 200 80; }", "server { listen '8080' default_server; return 200 80; }"},
		{"no other number", Nginx, "server { listen 80; location /80 { return 200 ':80'; } }", "server { listen 8080; location /80 { return 200 ':80'; } }"},
		{"bom", Nginx, "\ufeffserver { listen 80; return 204; }", "\ufeffserver { listen 8080; return 204; }"},

		{"apache all together", Apache, "Listen 80\n<VirtualHost *:80>\n\tDocumentRoot /x\n</VirtualHost>\n", "Listen 8080\n<VirtualHost *:8080>\n\tServerName localhost:80\n\tDocumentRoot /x\n</VirtualHost>\n"},
		{"apache named", Apache, "<VirtualHost *:80>\n    ServerName shop.example\n</VirtualHost>\n", "<VirtualHost *:8080>\n    ServerName shop.example\n</VirtualHost>\n"},
		{"apache empty block", Apache, "<VirtualHost *:443>\nSSLEngine on\n</VirtualHost>", "<VirtualHost *:8443>\nServerName localhost:443\nSSLEngine on\n</VirtualHost>"},
		{"apache two addresses", Apache, "<VirtualHost *:80 [::]:80>\n  ServerName a:80\n</VirtualHost>\n", "<VirtualHost *:8080 [::]:8080>\n  ServerName a:80\n</VirtualHost>\n"},

		{"haproxy", HAProxy, "frontend web\n    bind *:80,:::80 # 80\n    bind :443 ssl crt /80.pem\nbackend b\n    server s w:80\n", "frontend web\n    bind *:8080,:::8080 # 80\n    bind :8443 ssl crt /80.pem\nbackend b\n    server s w:80\n"},
		{"caddy", Caddy, "{\n\thttp_port 80\n}\n:80, :443 {\n\trespond 80\n}\n", "{\n\thttp_port 8080\n}\n:8080, :8443 {\n\trespond 80\n}\n"},
		{"caddy default", Caddy, ":{$PORT:80} {\n}\n", ":{$PORT:8080} {\n}\n"},
		{"lighttpd", Lighttpd, "server.port = 80 # 80\n$SERVER[\"socket\"] == \"0.0.0.0:443\" {\n}\n", "server.port = 8080 # 80\n$SERVER[\"socket\"] == \"0.0.0.0:8443\" {\n}\n"},
		{"tomcat", Tomcat, "<Service>\n  <Connector port=\"80\" redirectPort=\"443\"/>\n</Service>\n", "<Service>\n  <Connector port=\"8080\" redirectPort=\"443\"/>\n</Service>\n"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			got, why := moved(t, tt.kind, tt.text, usual)
			if got != tt.want {
				t.Errorf("got:\n%s\nwant:\n%s\n%s", got, tt.want, why)
			}
			if again, _ := moved(t, tt.kind, got, usual); again != got {
				t.Errorf("a second move changes the text:\n%s", again)
			}
		})
	}
}

func TestMovedRefuses(t *testing.T) {
	for _, tt := range []struct {
		kind       Kind
		text, want string
	}{
		{Nginx, "server { listen ${PORT}; }", "line 1: the port is decided by the variable PORT"},
		{Nginx, "server { root /x; }", "x: no"},
		{Nginx, "server { listen 8080; }", "no listener has one of these ports"},
		{Nginx, "server { listen 80", "block"},
		{Nginx, "stream { server { listen 80-90; } }", "the port is a range"},
		{Caddy, "example.com {\n}\n", "the site address has no port"},
		{Caddy, "localhost:80 {\n}\n", "a named site on any port but 80 gets HTTPS"},
		{Apache, "UseCanonicalPhysicalPort On\n<VirtualHost *:80>\nUseCanonicalPhysicalPort On\n</VirtualHost>\n", "UseCanonicalPhysicalPort"},
		{Lighttpd, "server.document-root = \"/x\"\n", "has no place in the file"},
	} {
		got, ok, why := ParseText(tt.text, tt.kind).Moved(usual)
		if tt.want == "x: no" {
			tt.want = "the server block has no listen directive"
		}
		if ok || !strings.Contains(why, tt.want) && !strings.Contains(why, "not ended") {
			t.Errorf("%q: got %q %v %q, want %q", tt.text, got, ok, why, tt.want)
		}
	}
}

func TestRedirects(t *testing.T) {
	for _, tt := range []struct {
		name, body string
		want       []string
	}{
		{"try_files", "root /x; location / { try_files $uri $uri/ /index.html; }", []string{"try_files $uri/"}},
		{"fallback alone", "root /x; location / { try_files $uri /index.html; }", nil},
		{"bare root", "root /x;", []string{"directory"}},
		{"bare location", "location / { root /x; index index.html; }", []string{"directory"}},
		{"alias", "location /files { alias /data; autoindex on; } location / { return 404; }", []string{"directory"}},
		{"error page", "location / { root /x; try_files $uri /index.html; } location = /50x.html { root /x; }", nil},
		{"assets by extension", "location / { try_files $uri /i.html; } location ~* \\.(js|css)$ { root /x; }", nil},
		{"own redirect", "location = /old { return 301 /new; }", []string{"return 301 /new"}},
		{"redirect with host", "return 301 https://$host$request_uri;", nil},
		{"rewrite", "rewrite ^/a$ /b permanent; return 404;", []string{"rewrite to /b"}},
		{"inner rewrite", "rewrite ^/a$ /b last; return 404;", nil},
		{"proxied prefix", "location /api/ { proxy_set_header Host $host; proxy_pass http://a:5000; }", []string{"/api is redirected to /api/"}},
		{"proxied with exact", "location = /api { return 404; } location /api/ { proxy_set_header Host $host; proxy_pass http://a; }", nil},
		{"proxied with host", "location / { proxy_set_header Host $http_host; proxy_pass http://a; }", nil},
		{"proxied, header of the server", "proxy_set_header Host $host; location / { proxy_pass http://a; }", nil},
		{"proxied, header not inherited", "proxy_set_header Host $host; location / { proxy_set_header X y; proxy_pass http://a; }", []string{"without a Host header"}},
		{"proxied without host", "location / { proxy_pass http://a; }", []string{"without a Host header"}},
		{"proxied, redirect off", "proxy_redirect off; location / { proxy_pass http://a; }", nil},
		{"guarded", "port_in_redirect off; root /x;", nil},
		{"relative", "absolute_redirect off; root /x;", nil},
	} {
		t.Run(tt.name, func(t *testing.T) {
			d := mustParse(t, Nginx, "server { listen 80; "+tt.body+" }")
			got := d.Redirects()
			if len(got) != len(tt.want) {
				t.Fatalf("got %q, want %q", got, tt.want)
			}
			for i := range got {
				if !strings.Contains(got[i], tt.want[i]) || !strings.HasPrefix(got[i], "line 1: ") {
					t.Errorf("got %q, want %q", got[i], tt.want[i])
				}
			}
		})
	}
	if got := mustParse(t, Nginx, "http { port_in_redirect off; server { listen 80; root /x; } }").Redirects(); got != nil {
		t.Errorf("guard of http is not seen: %q", got)
	}
}

func TestUpstreams(t *testing.T) {
	for _, tt := range []struct {
		name       string
		kind       Kind
		text, want string // host:port, with ~ for implicit
		after      string // with every port of `web` set to 8080
	}{
		{"scheme", Nginx, "server { location / { proxy_pass http://web/; } }", "web~80", "server { location / { proxy_pass http://web:8080/; } }"},
		{"port", Nginx, "server { location / { proxy_pass http://web:80; } }", "web:80", "server { location / { proxy_pass http://web:8080; } }"},
		{"group", Nginx, "upstream app { server web weight=2; server other:81; server unix:/x; }\nserver { location / { proxy_pass http://app; } }", "web~80 other:81",
			"upstream app { server web:8080 weight=2; server other:81; server unix:/x; }\nserver { location / { proxy_pass http://app; } }"},
		{"set", Nginx, "server { set $up web; location / { proxy_pass http://$up:80$request_uri; } }", "web:80", "server { set $up web; location / { proxy_pass http://$up:8080$request_uri; } }"},
		{"set url", Nginx, "server { set $up http://web; location / { proxy_pass $up; } }", "web~80", "server { set $up http://web:8080; location / { proxy_pass $up; } }"},
		{"unknown", Nginx, "server { location / { proxy_pass http://$API; } }", "$API~0", ""},
		{"fastcgi, grpc", Nginx, "server { location / { fastcgi_pass php:9000; } location /g { grpc_pass grpcs://web; } }", "php:9000 web~443", "server { location / { fastcgi_pass php:9000; } location /g { grpc_pass grpcs://web:8080; } }"},
		{"stream", Nginx, "stream { server { listen 1; proxy_pass web:80; } }", "web:80", "stream { server { listen 1; proxy_pass web:8080; } }"},
		{"apache", Apache, "ProxyPass / http://web/\nProxyPassReverse / http://web/\nProxyPass /x ! \nRewriteRule ^/(.*) http://web:80/$1 [P,L]\nRewriteRule a http://no/ [R]\n", "web~80 web~80 web:80",
			"ProxyPass / http://web:8080/\nProxyPassReverse / http://web:8080/\nProxyPass /x ! \nRewriteRule ^/(.*) http://web:8080/$1 [P,L]\nRewriteRule a http://no/ [R]\n"},
		{"handler", Apache, "<FilesMatch \\.php$>\n SetHandler \"proxy:fcgi://php:9000\"\n</FilesMatch>\n", "php:9000", ""},
		{"haproxy", HAProxy, "backend b\n server a web:80 check\n server-template t 3 web:80\n server x other\n", "web:80 web:80 other~0", "backend b\n server a web:8080 check\n server-template t 3 web:8080\n server x other\n"},
		{"caddy", Caddy, ":80 {\n reverse_proxy /api/* web https://other {\n  to web:80\n }\n php_fastcgi unix//x\n}\n", "web~80 other~443 web:80", ":80 {\n reverse_proxy /api/* web:8080 https://other {\n  to web:8080\n }\n php_fastcgi unix//x\n}\n"},
		{"lighttpd", Lighttpd, "proxy.server = ( \"\" => ( ( \"host\" => \"web\", \"port\" => 80 ) ) )\n", "web:80", "proxy.server = ( \"\" => ( ( \"host\" => \"web\", \"port\" => 8080 ) ) )\n"},
	} {
		t.Run(string(tt.kind)+"/"+tt.name, func(t *testing.T) {
			d := mustParse(t, tt.kind, tt.text)
			var got []string
			var ops []source.Op
			for _, u := range d.Upstreams() {
				sep := ":"
				if u.Implicit {
					sep = "~"
				}
				got = append(got, fmt.Sprint(u.Host, sep, u.Port))
				if u.Host == "web" {
					ops = append(ops, &SetUpstream{d, u, 8080})
				}
			}
			if s := strings.Join(got, " "); s != tt.want {
				t.Errorf("got %q, want %q", s, tt.want)
			}
			if tt.after != "" {
				if after, ok, why := (&Text{doc: d}).apply(ops); after != tt.after || !ok {
					t.Errorf("got:\n%s\nwant:\n%s\n%s", after, tt.after, why)
				}
			}
		})
	}
}

func TestFacts(t *testing.T) {
	n := mustParse(t, Nginx, "user  nginx;\npid /run/nginx.pid;\nerror_log /dev/stderr warn;\ninclude /etc/nginx/mime.types;\nhttp { access_log off; proxy_cache_path /tmp/cache levels=1:2; client_body_temp_path /var/cache/nginx/a; server { access_log /var/log/a.log main; listen unix:/run/x.sock; } include conf.d/*.conf; }")
	check(t, "writes", n.Writes(), "/run/nginx.pid /tmp/cache /var/cache/nginx/a /var/log/a.log /run/x.sock")
	check(t, "includes", n.Includes(), "/etc/nginx/mime.types conf.d/*.conf")
	check(t, "users", n.Users(), "user nginx")
	a := mustParse(t, Apache, "User www-data\nGroup www-data\nPidFile ${APACHE_PID_FILE}\nErrorLog /proc/self/fd/2\nCustomLog \"logs/access_log\" common\nCustomLog \"|rotate x\" c\nMutex file:${APACHE_LOCK_DIR} default\nIncludeOptional sites-enabled/*.conf\n")
	check(t, "writes", a.Writes(), "${APACHE_PID_FILE} logs/access_log ${APACHE_LOCK_DIR}")
	check(t, "users", a.Users(), "User www-data Group www-data")
	check(t, "includes", a.Includes(), "sites-enabled/*.conf")
	h := mustParse(t, HAProxy, "global\n log stdout format raw local0\n log /dev/log local0\n chroot /var/lib/haproxy\n user haproxy\n stats socket /run/haproxy/admin.sock mode 660\n pidfile /var/run/h.pid\n")
	check(t, "writes", h.Writes(), "/run/haproxy/admin.sock /var/run/h.pid")
	check(t, "users", h.Users(), "chroot /var/lib/haproxy user haproxy")
	c := mustParse(t, Caddy, ":80 {\n log {\n  output file /var/log/c.log\n }\n}\n")
	check(t, "writes", c.Writes(), "/var/log/c.log")
	l := mustParse(t, Lighttpd, "server.pid-file = \"/run/l.pid\"\nserver.errorlog = \"/dev/pts/0\"\nserver.username = \"www\"\naccesslog.filename=\"/var/log/l\"\n")
	check(t, "writes", l.Writes(), "/run/l.pid /var/log/l")
	check(t, "users", l.Users(), `server.username = "www"`)
}

func check(t *testing.T, what string, got []string, want string) {
	t.Helper()
	if s := strings.Join(got, " "); s != want {
		t.Errorf("%s: got %q, want %q", what, s, want)
	}
}

func TestLowerRefuses(t *testing.T) {
	d := mustParse(t, Nginx, "server { listen $P; }")
	_, err := d.Lower([]source.Op{&SetPort{d, d.Listens()[0], 8080}})
	var r *source.Refusal
	if !errors.As(err, &r) || err.Error() != "x:1: listen on 8080 instead of 0: the port is decided by the variable P" {
		t.Errorf("got %v", err)
	}
	d = mustParse(t, Nginx, "server { listen 80; }")
	if _, err = d.Lower([]source.Op{&SetPort{d, d.Listens()[0], 70000}}); err == nil {
		t.Error("70000 is accepted")
	}
}

func TestConfirmFindsDamage(t *testing.T) {
	d := mustParse(t, Nginx, "server {\n listen 80; # web\n root /x;\n}\n")
	l := d.Listens()[0]
	ops := []source.Op{&SetPort{d, l, 8080}, &AddDirective{d, l, "port_in_redirect off;"}}
	right := "server {\n listen 8080; # web\n port_in_redirect off;\n root /x;\n}\n"
	if err := d.Confirm(ops, []byte(right)); err != nil {
		t.Errorf("right text is refused: %v", err)
	}
	for _, wrong := range []string{
		"server {\n listen 80; # web\n port_in_redirect off;\n root /x;\n}\n",
		"server {\n listen 8080; # web\n root /x;\n}\n",
		"server {\n listen 8080;\n port_in_redirect off;\n root /x;\n}\n",
		"server {\n listen 8080; # web\n root /x;\n port_in_redirect off;\n}\n",
		"server {\n listen 8080; # web\n port_in_redirect off;\n root /y;\n}\n",
		"server {\n listen 8080 # web\n port_in_redirect off;\n root /x;\n}\n",
	} {
		if d.Confirm(ops, []byte(wrong)) == nil {
			t.Errorf("damage is not found:\n%s", wrong)
		}
	}
}
