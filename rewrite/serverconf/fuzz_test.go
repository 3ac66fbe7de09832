package serverconf

import (
	"testing"

	"github.com/offroot/offroot/rewrite/source"
)

// Invariants:
//  1. Parse and every reader of a Document return; they never panic.
//  2. Spans lie within the file, and hold the digits of the port unless it is implicit or a variable.
//  3. What Lower accepts, Apply makes and Confirm agrees with.
//  4. The move is settled: no listener has the old port any more.
func FuzzSetPort(f *testing.F) {
	kinds := []Kind{Nginx, Apache, HAProxy, Caddy, Lighttpd, Tomcat}
	for i, s := range []string{
		"server { listen 80; root /x; location /a/ { proxy_pass http://b; } }", "Listen 80\n<VirtualHost *:80 [::]:80>\n</VirtualHost>\n",
		"frontend a\n bind *:80,:::80\nbackend b\n server s w:80\n", "{\nhttp_port 80\n}\n:80, a.com {\nreverse_proxy b\n}\n",
		"server.port = 80\n$SERVER[\"socket\"] == \":80\" { }\nproxy.server = ( \"\" => ( ( \"host\" => \"b\", \"port\" => 80 ) ) )", "<Server><Connector port=\"80\"/></Server>",
		"listen 80;\r\nlisten ${X};{{ y }};", "Listen \\\n 80", "bind",
	} {
		f.Add(uint8(i%len(kinds)), s)
	}
	f.Fuzz(func(t *testing.T, k uint8, text string) {
		if len(text) > 2000 {
			return
		}
		kind := kinds[int(k)%len(kinds)]
		Detect("x.conf", []byte(text))
		d, err := Parse(source.NewFile("x", []byte(text)), kind)
		if err != nil {
			return
		}
		d.Includes()
		d.Writes()
		d.Users()
		d.Redirects()
		for _, l := range d.Listens() {
			if l.Span.Start < 0 || l.Span.End > len(text) || l.Span.Len() < 0 {
				t.Fatalf("span %v of %d bytes", l.Span, len(text))
			}
			guard, _ := d.Guard(l)
			agree(t, d, &SetPort{d, l, 18080})
			if guard != "" {
				agree(t, d, &SetPort{d, l, 18080}, &AddDirective{d, l, guard})
			}
		}
		for _, u := range d.Upstreams() {
			agree(t, d, &SetUpstream{d, u, 18080})
		}
		if after, ok, _ := ParseText(text, kind).Moved(map[int]int{80: 18080}); ok {
			for _, l := range ParseText(after, kind).Listens() {
				if l.Port == 80 {
					t.Fatalf("listener left on 80 in %q", after)
				}
			}
		}
	})
}

func agree(t *testing.T, d *Document, ops ...source.Op) {
	edits, err := d.Lower(ops)
	if err != nil {
		return
	}
	after, err := source.Apply(d.file.Content, edits)
	if err != nil {
		t.Fatal(err)
	}
	if err := d.Confirm(ops, after); err != nil {
		t.Fatalf("%v\nbefore %q\nafter  %q\n%v", err, d.tree.text, after, ops)
	}
}
