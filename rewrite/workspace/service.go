package workspace

import (
	"path"
	"sort"
	"strconv"
	"strings"

	"github.com/offroot/offroot/rewrite/source"
	"github.com/offroot/offroot/rewrite/yamldoc"
)

// A Service is one service of one compose file. Keys are read through merge keys, extends within the file, and, for an
// override file, from the file that it overrides.
type Service struct {
	Name  string
	Doc   *yamldoc.Document
	Node  *yamldoc.Node // the mapping of the service in this file
	Image Image
	Build *ServiceBuild

	parents  []*Service // what this service is completed from, nearest first
	Override bool       // the file overrides another one of the same project
}

// A ServiceBuild is the build section of a service, with paths relative to the root.
type ServiceBuild struct {
	Context    string
	Dockerfile string
	Target     string
	Args       map[string]string
	Place      source.Place
	Inline     bool   // dockerfile_inline
	Remote     string // context is an address, or lies outside of the root
}

// Place is the line of the service's key.
func (s *Service) Place() source.Place { return s.Node.Place() }

// Get returns the value of a key that is in force for the service, wherever it is written.
func (s *Service) Get(key string) *yamldoc.Node {
	if n := s.Node.Get(key); n != nil {
		return n
	}
	for _, p := range s.parents {
		if n := p.Get(key); n != nil {
			return n
		}
	}
	return nil
}

// services returns the services of all compose files, completed from each other.
func services(docs []*yamldoc.Document) []*Service {
	var all []*Service
	files := map[string]map[string]*Service{}
	for _, doc := range docs {
		name := doc.File().Path
		files[name] = map[string]*Service{}
		for _, root := range doc.Roots() {
			section := root.Get("services")
			if root.Get("services") == nil && root.Get("version") == nil {
				section = versionOne(root)
			}
			for _, key := range section.AllKeys() {
				node := section.Get(key)
				if node.Kind() != yamldoc.Mapping {
					continue
				}
				s := &Service{Name: key, Doc: doc, Node: node}
				files[name][key] = s
				all = append(all, s)
			}
		}
	}
	for _, s := range all {
		s.parents = s.completedFrom(files)
	}
	for _, s := range all {
		s.readImage()
		s.readBuild()
	}
	return all
}

// versionOne returns the root itself for a file of the first compose format, which has services at the top level.
func versionOne(root *yamldoc.Node) *yamldoc.Node {
	for _, key := range root.Keys() {
		if root.Get(key).Get("image") == nil && root.Get(key).Get("build") == nil {
			return nil
		}
	}
	return root
}

// completedFrom finds what a service extends, and the service of the same name that its file overrides.
func (s *Service) completedFrom(files map[string]map[string]*Service) []*Service {
	var parents []*Service
	file := s.Doc.File().Path
	if ext := s.Node.Get("extends"); ext != nil {
		name, in := ext.Text(), file
		if ext.Kind() == yamldoc.Mapping {
			name = ext.Get("service").Text()
			if f := ext.Get("file").Text(); f != "" {
				in = path.Join(path.Dir(file), f)
			}
		}
		if p := files[in][name]; p != nil && p != s {
			parents = append(parents, p)
		}
	}
	if base := overridden(file, files); base != "" {
		if p := files[base][s.Name]; p != nil {
			s.Override = true
			parents = append(parents, p)
		}
	}
	return parents
}

// overridden names the compose file that a file such as compose.override.yaml or compose.dev.yaml is laid over: the plain
// one of the same directory. A file which is complete in itself is laid over nothing.
func overridden(file string, files map[string]map[string]*Service) string {
	base := path.Base(file)
	for _, plain := range []string{"compose.yaml", "compose.yml", "docker-compose.yaml", "docker-compose.yml"} {
		if base == plain {
			return ""
		}
	}
	dir := path.Dir(file)
	for _, plain := range []string{"compose.yaml", "compose.yml", "docker-compose.yaml", "docker-compose.yml"} {
		candidate := path.Join(dir, plain)
		if files[candidate] == nil {
			continue
		}
		for name, s := range files[file] {
			partial := s.Node.Get("image") == nil && s.Node.Get("build").Get("context") == nil && s.Node.Get("build").Text() == ""
			if partial && files[candidate][name] != nil {
				return candidate
			}
		}
		if strings.Contains(base, "override") {
			return candidate
		}
	}
	return ""
}

func (s *Service) readImage() {
	if n := s.Get("image"); n != nil {
		s.Image.Ref, s.Image.Place = defaults(n.Text()), n.Place()
	}
}

func (s *Service) readBuild() {
	n := s.Get("build")
	if n == nil || n.IsNull() {
		return
	}
	b := &ServiceBuild{Context: ".", Dockerfile: "", Args: map[string]string{}, Place: n.Place()}
	dir := path.Dir(n.Document().File().Path)
	get := func(key string) *yamldoc.Node {
		if v := n.Get(key); v != nil {
			return v
		}
		for _, p := range s.parents {
			if v := p.Get("build").Get(key); v != nil {
				return v
			}
		}
		return nil
	}
	if n.Kind() == yamldoc.Scalar {
		b.Context = defaults(n.Text())
	} else {
		if v := get("context"); v != nil {
			b.Context = defaults(v.Text())
			dir = path.Dir(v.Document().File().Path)
		}
		b.Dockerfile = defaults(get("dockerfile").Text())
		b.Target = defaults(get("target").Text())
		b.Inline = get("dockerfile_inline") != nil
		b.Args = keyValues(get("args"))
	}
	if strings.Contains(b.Context, "://") || strings.HasPrefix(b.Context, "git@") || strings.Contains(b.Context, "$") {
		b.Remote = b.Context
	}
	if path.IsAbs(b.Context) {
		b.Remote = b.Context
	}
	b.Context = path.Join(dir, b.Context)
	if strings.HasPrefix(b.Context, "..") {
		b.Remote = b.Context
	}
	if b.Dockerfile == "" {
		b.Dockerfile = "Dockerfile"
	}
	b.Dockerfile = path.Join(b.Context, b.Dockerfile)
	s.Build = b
}

// keyValues reads the list form ("K=V") and the map form of environment and args. A key without value is left out: its
// value comes from the shell of whoever runs compose.
func keyValues(n *yamldoc.Node) map[string]string {
	m := map[string]string{}
	switch n.Kind() {
	case yamldoc.Mapping:
		for _, k := range n.AllKeys() {
			if v := n.Get(k); !v.IsNull() {
				m[k] = defaults(v.Text())
			}
		}
	case yamldoc.Sequence:
		for _, item := range n.Items() {
			if k, v, ok := strings.Cut(item.Text(), "="); ok {
				m[k] = defaults(v)
			}
		}
	}
	return m
}

// Environment is the environment that the compose file gives the service.
func (s *Service) Environment() map[string]string { return keyValues(s.Get("environment")) }

// defaults replaces ${VAR:-default} and ${VAR-default} by the default, as compose does when the variable is not set.
// Variables without a default stay as they are written.
func defaults(text string) string {
	var out strings.Builder
	for i := 0; i < len(text); i++ {
		if text[i] != '$' || i+1 >= len(text) || text[i+1] != '{' {
			out.WriteByte(text[i])
			continue
		}
		end := closing(text[i:])
		if end < 0 {
			out.WriteString(text[i:])
			break
		}
		body := text[i+2 : i+end]
		if _, def, ok := strings.Cut(body, ":-"); ok {
			out.WriteString(defaults(def))
		} else if _, def, ok := strings.Cut(body, "-"); ok {
			out.WriteString(defaults(def))
		} else {
			out.WriteString(text[i : i+end+1])
		}
		i += end
	}
	return out.String()
}

// closing returns the index of the brace that closes the one at index 1, or -1.
func closing(text string) int {
	depth := 0
	for i := 1; i < len(text); i++ {
		switch text[i] {
		case '{':
			depth++
		case '}':
			depth--
			if depth == 0 {
				return i
			}
		}
	}
	return -1
}

// A Mount is a volume of a service or a container.
type Mount struct {
	Source   string // host path, volume name, or "" for an anonymous volume
	Target   string
	ReadOnly bool
	Kind     string // "volume", "bind", "tmpfs"; for pods the name of the volume source: emptyDir, persistentVolumeClaim, ...
	Node     *yamldoc.Node
}

// Mounts returns the volumes of the service, in both forms.
func (s *Service) Mounts() []Mount {
	var mounts []Mount
	for _, n := range s.Get("volumes").Items() {
		if n.Kind() == yamldoc.Mapping {
			ro, _ := n.Get("read_only").Bool()
			m := Mount{Source: n.Get("source").Text(), Target: n.Get("target").Text(), Kind: n.Get("type").Text(), ReadOnly: ro, Node: n}
			mounts = append(mounts, m)
			continue
		}
		mounts = append(mounts, shortMount(n))
	}
	return mounts
}

func shortMount(n *yamldoc.Node) Mount {
	m := Mount{Node: n, Kind: "volume"}
	parts := strings.Split(defaults(n.Text()), ":")
	if len(parts) == 1 {
		m.Target = parts[0]
		return m
	}
	if strings.Contains(parts[0], "${") && !strings.Contains(parts[0], "}") { // ${VAR:?message} was cut in two
		for len(parts) > 1 && !strings.Contains(parts[0], "}") {
			parts = append([]string{parts[0] + ":" + parts[1]}, parts[2:]...)
		}
	}
	m.Source = parts[0]
	if len(parts) > 1 {
		m.Target = parts[1]
	}
	if len(parts) > 2 {
		for _, opt := range strings.Split(parts[2], ",") {
			m.ReadOnly = m.ReadOnly || opt == "ro"
		}
	}
	if strings.HasPrefix(m.Source, ".") || strings.HasPrefix(m.Source, "/") || strings.HasPrefix(m.Source, "~") || strings.HasPrefix(m.Source, "$") {
		m.Kind = "bind"
	}
	return m
}

// A PortMapping is one entry of ports. Host is as written, Container is 0 if it is a variable.
type PortMapping struct {
	Node      *yamldoc.Node // the entry
	Host      string        // everything before the container port, with its colon
	Container int
	Last      int // last port of a range, else Container
	Proto     string
	Long      bool
	Opaque    bool // the container side holds a variable
}

// Ports returns the published ports of the service, in both forms.
func (s *Service) Ports() []PortMapping {
	var ports []PortMapping
	for _, n := range s.Get("ports").Items() {
		if n.Kind() == yamldoc.Mapping {
			port, ok := n.Get("target").Int()
			proto := n.Get("protocol").Text()
			ports = append(ports, PortMapping{Node: n, Container: port, Last: port, Proto: orTCP(proto), Long: true, Opaque: !ok})
			continue
		}
		ports = append(ports, shortPort(n))
	}
	return ports
}

func shortPort(n *yamldoc.Node) PortMapping {
	text := n.Text()
	m := PortMapping{Node: n, Proto: "tcp"}
	rest := text
	if i := strings.LastIndexByte(rest, '/'); i >= 0 {
		m.Proto, rest = rest[i+1:], rest[:i]
	}
	if i := strings.LastIndexByte(rest, ':'); i >= 0 {
		m.Host, rest = rest[:i+1], rest[i+1:]
	}
	first, last, isRange := strings.Cut(rest, "-")
	var err1, err2 error
	m.Container, err1 = strconv.Atoi(first)
	m.Last = m.Container
	if isRange {
		m.Last, err2 = strconv.Atoi(last)
	}
	m.Opaque = err1 != nil || err2 != nil
	return m
}

func orTCP(proto string) string {
	if proto == "" {
		return "tcp"
	}
	return strings.ToLower(proto)
}

// User is the user: of the service as compose reads it, with its place; nil if the image decides.
func (s *Service) User() *yamldoc.Node {
	if n := s.Get("user"); n != nil && !n.IsNull() {
		return n
	}
	return nil
}

// Socket returns the mount that gives the service the engine's socket, if it has one.
func (s *Service) Socket() (Mount, bool) {
	for _, m := range s.Mounts() {
		if strings.HasSuffix(m.Source, "docker.sock") || strings.HasSuffix(m.Target, "docker.sock") ||
			strings.HasSuffix(m.Source, "podman.sock") || strings.HasSuffix(m.Source, "containerd.sock") {
			return m, true
		}
	}
	return Mount{}, false
}

// Siblings returns the services of the same compose project: the files of one directory.
func (ws *Workspace) Siblings(s *Service) []*Service {
	var all []*Service
	dir := path.Dir(s.Doc.File().Path)
	for _, other := range ws.Services {
		if other != s && path.Dir(other.Doc.File().Path) == dir {
			all = append(all, other)
		}
	}
	sort.SliceStable(all, func(i, j int) bool { return less(all[i].Place(), all[j].Place()) })
	return all
}
