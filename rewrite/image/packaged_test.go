package image_test

import (
	"testing"

	"github.com/offroot/offroot/rewrite/image"
)

func TestPackaged(t *testing.T) {
	for _, c := range []struct {
		family, program, pkg string
		ok, brings           bool
		uid                  int // 0: no fixed number
		refused              bool
	}{
		{"debian", "nginx", "nginx-light", true, true, 0, false},
		{"ubuntu", "apachectl", "apache2", true, true, 33, false},
		{"ubuntu", "apachectl", "apache2-utils", true, false, 33, false},
		{"fedora", "httpd", "httpd", true, true, 48, false},
		{"debian", "php-fpm8.2", "php8.2-fpm", true, true, 0, true},
		{"debian", "mosquitto", "mosquitto", true, true, 0, true},
		{"debian", "mosquitto", "curl", true, false, 0, true},
		{"suse", "nginx", "nginx", false, false, 0, false},
		{"debian", "python3", "python3", false, false, 0, false},
	} {
		p, ok := image.Packaged(c.family, c.program)
		if ok != c.ok {
			t.Errorf("%s on %s: known %v, want %v", c.program, c.family, ok, c.ok)
			continue
		}
		uid := 0
		if p.User != nil {
			uid = p.User.UID
		}
		if p.Brings(c.pkg, c.program) != c.brings || uid != c.uid || (p.Refuse != "") != c.refused {
			t.Errorf("%s of %s on %s: brings %v, uid %d, refused %q", c.program, c.pkg, c.family, p.Brings(c.pkg, c.program), uid, p.Refuse)
		}
	}
}

func TestPackagedElsewhere(t *testing.T) {
	p, _ := image.Packaged("debian", "nginx")
	if !p.Elsewhere("curl https://nginx.org/keys/nginx_signing.key") || p.Elsewhere("apt-get install -y nginx") {
		t.Error("the repository of the package is not told")
	}
}
