package serverconf

import (
	"strings"
)

// includes returns the patterns of other files that the server reads, as written.
func (t *tree) includes() []string {
	var found []string
	t.walk(func(d *directive) {
		switch {
		case t.kind == Nginx && d.Name.Text == "include",
			t.kind == Apache && (strings.EqualFold(d.Name.Text, "Include") || strings.EqualFold(d.Name.Text, "IncludeOptional")),
			t.kind == Caddy && d.Name.Text == "import" && strings.ContainsAny(d.arg(0), "/.*"):
			found = append(found, d.arg(0))
		case t.kind == Lighttpd && d.Name.Text == "include":
			found = append(found, d.arg(len(d.Args)-1))
		}
	})
	return unique(found)
}

// A writer names a directive that makes the server write: the index of the argument that holds the path.
type writer struct {
	name string
	arg  int
}

var writers = map[Kind][]writer{
	Nginx: {
		{"pid", 0}, {"access_log", 0}, {"error_log", 0}, {"lock_file", 0}, {"client_body_temp_path", 0}, {"proxy_temp_path", 0},
		{"fastcgi_temp_path", 0}, {"uwsgi_temp_path", 0}, {"scgi_temp_path", 0}, {"proxy_cache_path", 0}, {"fastcgi_cache_path", 0},
		{"uwsgi_cache_path", 0}, {"scgi_cache_path", 0}, {"proxy_store", 0}, {"rewrite_log_file", 0}, {"working_directory", 0},
	},
	Apache: {
		{"pidfile", 0}, {"errorlog", 0}, {"customlog", 0}, {"transferlog", 0}, {"lockfile", 0}, {"scriptsock", 0}, {"scriptlog", 0},
		{"cacheroot", 0}, {"coredumpdirectory", 0}, {"davlockdb", 0}, {"forensiclog", 0}, {"scoreboardfile", 0},
		{"defaultruntimedir", 0}, {"mutex", 0}, {"sslsessioncache", 0}, {"modsecauditlog", 0}, {"secauditlog", 0},
	},
	HAProxy: {{"pidfile", 0}, {"server-state-file", 0}, {"server-state-base", 0}, {"log", 0}, {"stats", 1}, {"bind", 0}},
	Caddy:   {{"output", 1}, {"storage", 1}, {"root_dir", 0}},
	Lighttpd: {
		{"server.pid-file", 1}, {"server.errorlog", 1}, {"accesslog.filename", 1}, {"server.breakagelog", 1},
		{"compress.cache-dir", 1}, {"deflate.cache-dir", 1}, {"server.upload-dirs", 2},
	},
}

// writes returns the paths that the server writes, as written: variables stand as they are.
func (t *tree) writes() []string {
	var found []string
	t.walk(func(d *directive) {
		for _, w := range writers[t.kind] {
			if strings.EqualFold(d.Name.Text, w.name) {
				if p := writtenPath(d, w); p != "" {
					found = append(found, p)
				}
			}
		}
		if t.kind == Nginx && d.Name.Text == "listen" && strings.HasPrefix(d.arg(0), "unix:") {
			found = append(found, strings.TrimPrefix(d.arg(0), "unix:"))
		}
		if t.kind == Tomcat && d.Name.Text == "Valve" {
			if dir, ok := d.attribute("directory"); ok {
				found = append(found, dir.Text)
			}
		}
	})
	return unique(found)
}

// writtenPath returns the path of a writing directive, or "" for a device, a pipe, syslog or "off".
func writtenPath(d *directive, w writer) string {
	p := d.arg(w.arg)
	switch {
	case (w.name == "output" || w.name == "storage") && d.arg(0) != "file" && d.arg(0) != "file_system":
		return ""
	case w.name == "stats" && d.arg(0) != "socket":
		return ""
	case w.name == "mutex" || w.name == "sslsessioncache":
		i := strings.IndexAny(p, ":")
		if i < 0 || strings.HasPrefix(p, "sem:") {
			return ""
		}
		p = p[i+1:]
		if i := strings.IndexByte(p, '('); i > 0 {
			p = p[:i]
		}
	case (w.name == "log" || w.name == "bind" || w.name == "stats") && !strings.HasPrefix(p, "/") && !strings.HasPrefix(p, "unix@"):
		return ""
	}
	p = strings.TrimPrefix(p, "unix@")
	for _, no := range []string{"|", "syslog", "memory:", "/dev/", "/proc/self/fd", "off", "stderr", "stdout"} {
		if strings.HasPrefix(p, no) {
			return ""
		}
	}
	if p == "none" || p == "default" {
		return ""
	}
	return p
}

var accounts = map[Kind][]string{
	Nginx: {"user"}, Apache: {"user", "group", "chrootdir", "suexecusergroup"}, HAProxy: {"user", "group", "uid", "gid", "chroot"},
	Lighttpd: {"server.username", "server.groupname", "server.chroot"},
}

// users returns the directives by which the server changes its identity or root directory, as written.
func (t *tree) users() []string {
	var found []string
	t.walk(func(d *directive) {
		for _, name := range accounts[t.kind] {
			if !strings.EqualFold(d.Name.Text, name) || t.kind == HAProxy && d.up("global") == nil || t.kind == Nginx && d.Parent != nil {
				continue
			}
			found = append(found, strings.TrimSuffix(t.raw(d), ";"))
		}
	})
	return unique(found)
}

// unique drops repetitions and keeps the order.
func unique(list []string) []string {
	var out []string
	seen := map[string]bool{}
	for _, s := range list {
		if s != "" && !seen[s] {
			seen[s] = true
			out = append(out, s)
		}
	}
	return out
}
