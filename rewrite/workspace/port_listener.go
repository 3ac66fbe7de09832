package workspace

import (
	"fmt"
	"io/fs"
	"path"
	"strings"

	"github.com/offroot/offroot/rewrite/dockerfile"
	"github.com/offroot/offroot/rewrite/image"
	"github.com/offroot/offroot/rewrite/serverconf"
	"github.com/offroot/offroot/rewrite/source"
	"github.com/offroot/offroot/rewrite/yamldoc"
)

// A configFile is a server's configuration in the repository, and where the image has it.
type configFile struct {
	file   string // below the root
	target string // in the image
	doc    *serverconf.Document
}

// serverOf is the server that the build runs, by what it starts and by its base.
func (b *Build) serverOf() (serverconf.Kind, bool) {
	programs := []struct {
		kind  serverconf.Kind
		names []string
	}{
		{serverconf.Nginx, []string{"nginx", "openresty"}},
		{serverconf.Apache, []string{"httpd", "apache2", "apache2-foreground", "apachectl", "apache2ctl", "httpd-foreground"}},
		{serverconf.HAProxy, []string{"haproxy"}},
		{serverconf.Caddy, []string{"caddy"}},
		{serverconf.Lighttpd, []string{"lighttpd"}},
		{serverconf.Tomcat, []string{"catalina.sh"}},
	}
	for _, p := range programs {
		if _, ok := b.Start.Has(p.names...); ok {
			return p.kind, true
		}
	}
	if !b.Start.FromBase {
		return "", false
	}
	ref := b.Base.Ref
	if name := path.Base(imageName(ref)); b.Base.Known {
		switch {
		case strings.Contains(name, "nginx"), name == "openresty":
			return serverconf.Nginx, true
		case name == "httpd", strings.Contains(ref, "apache"):
			return serverconf.Apache, true
		case name == "haproxy":
			return serverconf.HAProxy, true
		case name == "caddy":
			return serverconf.Caddy, true
		case name == "tomcat":
			return serverconf.Tomcat, true
		}
		for _, p := range b.Base.Facts.Ports {
			if strings.Contains(p.Where, "/apache2/") {
				return serverconf.Apache, true
			}
		}
	}
	return "", false
}

// configFiles are the configurations of the server that runs, copied into the image or mounted by a service.
func (ws *Workspace) configFiles(w *Workload) []configFile {
	kind, ok := w.Build.serverOf()
	if !ok {
		return nil
	}
	var all []configFile
	add := func(file, target string) {
		if doc := ws.config(file, kind, target); doc != nil {
			all = append(all, configFile{file, target, doc})
		}
	}
	seen := map[string]bool{}
	for _, src := range w.Build.contextSources() {
		for _, file := range w.Build.contextFiles(src) {
			if seen[file] || !configName(file) {
				continue
			}
			seen[file] = true
			if target, ok := w.Build.ImagePath(file); ok && configDir(target) {
				add(path.Join(w.Build.Context.Dir, file), target)
			}
		}
	}
	for _, s := range w.Services {
		for _, m := range s.Mounts() {
			if m.Kind == "bind" && configDir(m.Target) && !strings.Contains(m.Source, "$") {
				add(path.Join(path.Dir(s.Doc.File().Path), m.Source), m.Target)
			}
		}
	}
	return all
}

// config parses a file once per run: ops that meet in one document must share it. It is nil unless the file is the
// configuration of a server of that kind.
func (ws *Workspace) config(file string, kind serverconf.Kind, target string) *serverconf.Document {
	if ws.configs == nil {
		ws.configs = map[string]*serverconf.Document{}
	}
	doc, known := ws.configs[file]
	if !known {
		doc = ws.parseConfig(file, target)
		ws.configs[file] = doc
	}
	if doc == nil || doc.Kind() != kind {
		return nil
	}
	return doc
}

func (ws *Workspace) parseConfig(file, target string) *serverconf.Document {
	text, err := fs.ReadFile(ws.FS, file)
	if err != nil || len(text) > 1<<20 {
		return nil
	}
	kind, ok := serverconf.Detect(file, text)
	if !ok {
		kind, ok = serverconf.Detect(target, text)
	}
	if !ok {
		return nil
	}
	doc, err := serverconf.Parse(source.NewFile(file, text), kind)
	if err != nil {
		return nil
	}
	return doc
}

// configDir holds for places where servers look for their configuration.
func configDir(target string) bool {
	for _, dir := range []string{"/etc/nginx", "/usr/local/openresty", "/etc/apache2", "/usr/local/apache2/conf", "/etc/httpd", "/etc/haproxy",
		"/usr/local/etc/haproxy", "/etc/caddy", "/etc/lighttpd", "/usr/local/tomcat/conf", "/opt/bitnami"} {
		if target == dir || strings.HasPrefix(target, dir+"/") {
			return true
		}
	}
	return path.Base(target) == "Caddyfile"
}

// configName holds for names that a configuration may have: sources and assets are not opened.
func configName(name string) bool {
	switch path.Ext(name) {
	case ".conf", ".cfg", ".template", ".tmpl", ".xml", ".nginx", ".vhost", "":
		return true
	}
	base := strings.ToLower(path.Base(name))
	return strings.Contains(base, "nginx") || strings.Contains(base, "caddyfile") || strings.Contains(base, "haproxy") || strings.Contains(base, "httpd")
}

// contextFiles lists the files of a source of COPY, up to a sensible number.
func (b *Build) contextFiles(src string) []string {
	var files []string
	if strings.ContainsAny(src, "*?[") {
		matches, _ := fs.Glob(b.fs.fsys, path.Join(b.Context.Dir, src))
		for _, m := range matches {
			files = append(files, strings.TrimPrefix(m, strings.TrimPrefix(b.Context.Dir+"/", "./")))
		}
		return files
	}
	if !b.fs.isDir(src) {
		return []string{src}
	}
	if src == "." && b.Context.Dir == "." && len(b.Copies()) > 40 {
		return nil
	}
	root := path.Join(b.Context.Dir, src)
	_ = fs.WalkDir(b.fs.fsys, root, func(name string, d fs.DirEntry, err error) error {
		if err != nil || len(files) > 5000 {
			return fs.SkipDir
		}
		if d.IsDir() {
			if base := d.Name(); base == "node_modules" || base == ".git" || base == "vendor" {
				return fs.SkipDir
			}
			return nil
		}
		rel := name
		if b.Context.Dir != "." {
			rel = strings.TrimPrefix(name, b.Context.Dir+"/")
		}
		if !b.fs.ignores(rel) {
			files = append(files, rel)
		}
		return nil
	})
	return files
}

// OwnUpstreams are the ports of the container's own address that its server's configuration connects to.
func (ws *Workspace) OwnUpstreams(w *Workload) []int {
	var ports []int
	for _, f := range ws.configFiles(w) {
		for _, u := range f.doc.Upstreams() {
			if u.Host == "127.0.0.1" || u.Host == "localhost" || u.Host == "[::1]" {
				ports = append(ports, u.Port)
			}
		}
	}
	return ports
}

// Configured reports whether configurations of the repository say all that the server listens on: they were read, and the
// base's own files are not in force.
func (ws *Workspace) Configured(w *Workload) bool {
	if len(ws.configFiles(w)) == 0 {
		return false
	}
	c := &portCollector{ws: ws, w: w, b: w.Build}
	for _, p := range w.Build.serverPorts() {
		if p.Via == "file" && !c.replaced(p.Where) {
			return false
		}
	}
	return true
}

// configs finds listeners in the server's configuration files.
func (c *portCollector) configs() {
	for _, f := range c.ws.configFiles(c.w) {
		for _, l := range f.doc.Listens() {
			if l.Port == 0 && l.Variable != "" && strings.Contains(f.target, "/templates/") {
				if c.template(f, l) {
					continue
				}
				c.add(PortPlace{Role: Listener, Place: source.Place{Path: f.file, Line: l.Line}, What: l.Raw,
					Blocked: fmt.Sprintf("%s:%d is a template whose port is the variable %s", f.file, l.Line, l.Variable)})
				continue
			}
			if l.Port != c.port {
				continue
			}
			place := PortPlace{Role: Listener, Place: source.Place{Path: f.file, Line: l.Line}, What: l.Raw}
			if strings.HasPrefix(l.Raw, "<VirtualHost") {
				place.Role = Declaration // an address of a site: it is Listen that opens the port
			}
			guard, reasons := f.doc.Guard(l)
			switch {
			case l.Implicit && f.doc.Kind() == serverconf.Caddy:
				place.Blocked = fmt.Sprintf("%s:%d is a site whose certificate is fetched through ports 80 and 443", f.file, l.Line)
			case l.Range || l.Variable != "":
				place.Blocked = fmt.Sprintf("%s:%d does not state the port as a plain number", f.file, l.Line)
			case len(reasons) > 0 && guard == "":
				place.Blocked = fmt.Sprintf("%s:%d: %s, and would name the new port", f.file, l.Line, reasons[0])
			}
			doc := f.doc
			place.Ops = func(to int) []source.Op {
				ops := []source.Op{&serverconf.SetPort{Doc: doc, Listen: l, Port: to}}
				if len(reasons) > 0 {
					ops = append(ops, &serverconf.AddDirective{Doc: doc, After: l, Text: guard})
				}
				return ops
			}
			c.add(place)
		}
	}
}

// base finds listeners that the base image decides, in a file that the Dockerfile does not replace.
func (c *portCollector) base() {
	b := c.b
	if _, server := b.serverOf(); !server && !b.Start.FromBase {
		if len(b.Base.Facts.Ports) == 0 || b.Base.Facts.Ports[0].Via != "env" {
			return
		}
	}
	for _, p := range b.serverPorts() {
		if p.Number != c.port || c.replaced(p.Where) {
			continue
		}
		place := PortPlace{Role: Listener, Place: b.Place(), What: "the default of " + b.Base.Ref + " in " + p.Where}
		port := p
		switch at, edited := c.edited(p); {
		case edited:
			place.Blocked = fmt.Sprintf("%s edits %s itself", at, p.Where)
		case p.Via == "file" && len(p.MoveTo(c.port+8000)) > 0:
			place.Commands = func(to int) []string { return port.MoveTo(to) }
		case p.Via == "env" && len(p.MoveTo(c.port+8000)) > 0:
			if c.variable(p.Env, &place) {
				break
			}
			place.Env = func(to int) string { return strings.Join(port.MoveTo(to), " ") }
		default:
			place.Blocked = "the base image " + b.Base.Ref + " decides the port, and how to move it there is not known"
		}
		if place.Ops == nil {
			place.Ops = func(int) []source.Op { return nil }
		}
		c.add(place)
	}
}

// edited finds a RUN of the Dockerfile that edits one of the files in which the base decides a port: what stands in it then
// is not what the table knows.
func (c *portCollector) edited(p image.Port) (source.Place, bool) {
	for _, run := range c.b.Runs {
		text := c.b.Doc.File().Text(run.At.Span)
		for _, file := range p.Files() {
			if strings.Contains(text, file) || strings.Contains(text, path.Dir(file)+"/*") {
				return run.At.Place(), true
			}
		}
	}
	return source.Place{}, false
}

// replaced reports whether a configuration of the repository takes the place of a file of the base.
func (c *portCollector) replaced(file string) bool {
	for _, f := range c.ws.configFiles(c.w) {
		if f.target == file || rendered(f.target) == file {
			return true
		}
		if path.Base(f.target) == "nginx.conf" && strings.Contains(file, "/conf.d/") {
			included := false
			for _, inc := range f.doc.Includes() {
				included = included || strings.Contains(inc, "conf.d")
			}
			if !included {
				return true
			}
		}
	}
	for _, run := range c.b.Runs {
		for _, cmd := range run.Commands {
			if cmd.Name != "rm" && cmd.Name != "mv" {
				continue
			}
			for _, w := range cmd.Args[1:] {
				if ok, _ := path.Match(w.Text, file); ok || w.Text == file || w.Text == path.Dir(file) {
					return true
				}
			}
		}
	}
	for _, copied := range c.b.Copies() {
		if copied.Dest == file {
			return true
		}
	}
	return false
}

// code finds listeners in the sources. A literal is not ours to change; a default of a variable is, by setting it.
func (c *portCollector) code() {
	for _, l := range c.v.Listens {
		if l.Port != c.port {
			continue
		}
		place := PortPlace{Role: Listener, Place: l.Place, What: l.Snippet, Ops: func(int) []source.Op { return nil }}
		if l.Env == "" && springSettings(l.Place.Path) {
			l.Env = "SERVER_PORT" // outranks the file: https://docs.spring.io/spring-boot/reference/features/external-config.html
		}
		if l.Env == "" {
			place.Blocked = fmt.Sprintf("the port stands in the source, %s", l.Place)
			c.add(place)
			continue
		}
		if !c.variable(l.Env, &place) {
			name := l.Env
			place.Env = func(to int) string { return fmt.Sprintf("%s=%d", name, to) }
		}
		c.add(place)
	}
	if c.has(Listener) {
		return
	}
	for _, name := range c.v.EnvRead() { // the code reads PORT and something sets it
		if name != "PORT" && name != "HTTP_PORT" && name != "SERVER_PORT" && name != "LISTEN_PORT" {
			continue
		}
		place := PortPlace{Role: Listener, Place: c.b.Place(), What: name}
		if c.variable(name, &place) {
			c.add(place)
		}
	}
}

// springSettings holds for the files in which Spring reads server.port.
func springSettings(name string) bool {
	base := path.Base(name)
	return strings.HasPrefix(base, "application") && (strings.HasSuffix(base, ".properties") || strings.HasSuffix(base, ".yml") || strings.HasSuffix(base, ".yaml"))
}

// variable looks for the place that gives an environment variable the port: an ENV, or the environment of a service.
func (c *portCollector) variable(name string, place *PortPlace) bool {
	var edits []func(to int) []source.Op
	for _, stage := range c.b.Stage.Chain() {
		for _, in := range stage.All("ENV") {
			if span, ok := envValue(in, name, c.port); ok {
				in := in
				place.Place = in.Place()
				edits = append(edits, func(to int) []source.Op {
					return []source.Op{&dockerfile.ReplaceText{At: in, Span: span, New: itoa(to)}}
				})
			}
		}
	}
	if len(edits) == 0 {
		if in, span, ok := c.argument(name); ok {
			place.Place = in.Place()
			edits = append(edits, func(to int) []source.Op {
				return []source.Op{&dockerfile.ReplaceText{At: in, Span: span, New: itoa(to)}}
			})
		}
	}
	for _, s := range c.w.Services {
		env := s.Get("environment")
		if v := env.Get(name); env.Kind() == yamldoc.Mapping && v.Text() == itoa(c.port) {
			edits = append(edits, func(to int) []source.Op { return []source.Op{&yamldoc.SetText{Node: v, Text: itoa(to)}} })
			continue
		}
		for _, item := range env.Items() {
			if item.Text() == name+"="+itoa(c.port) {
				edits = append(edits, func(to int) []source.Op {
					return []source.Op{&yamldoc.SetText{Node: item, Text: name + "=" + itoa(to)}}
				})
			}
		}
	}
	if len(edits) == 0 {
		return false
	}
	place.Ops = func(to int) []source.Op {
		var ops []source.Op
		for _, e := range edits {
			ops = append(ops, e(to)...)
		}
		return ops
	}
	return true
}

// argument finds the default of the build argument that an ENV takes its value from: ARG PORT=80, ENV PORT=$PORT.
func (c *portCollector) argument(name string) (*dockerfile.Instruction, source.Span, bool) {
	for _, stage := range c.b.Stage.Chain() {
		for _, env := range stage.All("ENV") {
			for _, p := range env.Pairs() {
				arg := strings.Trim(p.Value.Text, "${}")
				if p.Key != name || !strings.HasPrefix(p.Value.Text, "$") || strings.ContainsAny(arg, ":-") {
					continue
				}
				for _, in := range stage.All("ARG") {
					if span, ok := envValue(in, arg, c.port); ok {
						return in, span, true
					}
				}
			}
		}
	}
	return nil, source.Span{}, false
}

// envValue finds the digits of NAME=80 or NAME 80 in an ENV instruction.
func envValue(in *dockerfile.Instruction, name string, port int) (source.Span, bool) {
	number := itoa(port)
	for i, w := range in.Words {
		key, value, ok := strings.Cut(w.Text, "=")
		if ok && key == name && (value == number || strings.HasSuffix(value, ":"+number)) {
			if at := strings.LastIndex(w.Raw, number); at >= 0 {
				return source.Span{Start: w.Span.Start + at, End: w.Span.Start + at + len(number)}, true
			}
		}
		if !ok && i == 0 && w.Text == name && len(in.Words) == 2 && (in.Words[1].Text == number || strings.HasSuffix(in.Words[1].Text, ":"+number)) {
			if at := strings.LastIndex(in.Words[1].Raw, number); at >= 0 {
				start := in.Words[1].Span.Start + at
				return source.Span{Start: start, End: start + len(number)}, true
			}
		}
	}
	return source.Span{}, false
}
