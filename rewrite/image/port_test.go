package image

import (
	"slices"
	"strings"
	"testing"
)

func port(t *testing.T, ref string, number int) Port {
	t.Helper()
	ports := facts(t, ref).Ports
	i := slices.IndexFunc(ports, func(p Port) bool { return p.Number == number && p.Proto == "tcp" })
	if i < 0 {
		t.Fatalf("%s does not listen on %d: %+v", ref, number, ports)
	}
	return ports[i]
}

func TestMove(t *testing.T) {
	tests := []struct {
		ref    string
		number int
		want   []string
	}{
		{"php:8.2-apache", 80, []string{
			`sed -i 's/^Listen 80$/Listen 8080/' /etc/apache2/ports.conf`,
			`sed -i 's/<VirtualHost \*:80>/<VirtualHost *:8080>\n\tServerName localhost:80/' /etc/apache2/sites-available/000-default.conf`,
		}},
		{"httpd:2.4", 80, []string{`sed -i 's/^Listen 80$/Listen 8080/' /usr/local/apache2/conf/httpd.conf`}},
		{"nginx:1.27", 80, []string{`sed -i 's/listen       80;/listen       8080;\n    listen  [::]:8080;\n    port_in_redirect off;/' /etc/nginx/conf.d/default.conf`}},
		{"mcr.microsoft.com/dotnet/aspnet:6.0", 80, []string{"ASPNETCORE_URLS=http://+:8080"}},
		{"vaultwarden/server:1.32.0", 80, []string{"ROCKET_PORT=8080"}},
		{"varnish:7", 80, []string{"VARNISH_HTTP_PORT=8080"}},
		{"mcr.microsoft.com/dotnet/aspnet:8.0", 8080, nil},
		{"caddy:2", 443, nil},
	}
	for _, tt := range tests {
		if got := port(t, tt.ref, tt.number).Move; !slices.Equal(got, tt.want) {
			t.Errorf("%s:\n got %q\nwant %q", tt.ref, got, tt.want)
		}
	}
	if got := port(t, "mcr.microsoft.com/dotnet/aspnet:8.0", 8080).MoveTo(9000); !slices.Equal(got, []string{"ASPNETCORE_HTTP_PORTS=9000"}) {
		t.Errorf("MoveTo: %q", got)
	}
	if got := port(t, "php:8.2-apache", 80).Files(); len(got) != 2 {
		t.Errorf("Files: %q", got)
	}
}

func TestUnprivileged(t *testing.T) {
	for number, want := range map[int]int{80: 8080, 443: 8443, 53: 8053, 22: 8022} {
		if got := unprivileged(number); got != want {
			t.Errorf("%d moves to %d, want %d", number, got, want)
		}
	}
}

// Before 1.19 the image does not listen on IPv6 by itself, so what moves the port adds no such line.
func TestNginxListensOnIPv6(t *testing.T) {
	for ref, want := range map[string]bool{
		"nginx:1.18": false, "nginx:1.14-alpine": false, "nginx:1.19.0": true, "nginx:1": true, "nginx:alpine": true, "nginx:1.27-perl": true,
	} {
		moved := strings.Join(facts(t, ref).Ports[0].Move, "")
		if got := strings.Contains(moved, "[::]:8080"); got != want || !strings.Contains(moved, "listen       8080;") {
			t.Errorf("%s: %s", ref, moved)
		}
	}
}
