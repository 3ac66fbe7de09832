package workspace

import (
	"path"
	"strings"

	"github.com/offroot/offroot/rewrite/source"
	"github.com/offroot/offroot/rewrite/yamldoc"
)

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

func (s *Service) readImage() {
	if n := s.Get("image"); n != nil {
		s.Image.Ref, s.Image.Place = s.expand(n.Text()), n.Place()
	}
}

func (s *Service) readBuild() {
	n := s.Get("build")
	if n == nil || n.IsNull() {
		return
	}
	b := &ServiceBuild{Context: ".", Dockerfile: "", Args: map[string]string{}, Place: n.Place()}
	dir := s.dirOf(n)
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
		b.Context = s.expand(n.Text())
	} else {
		if v := get("context"); v != nil {
			b.Context = s.expand(v.Text())
			dir = s.dirOf(v)
		}
		b.Dockerfile = s.expand(get("dockerfile").Text())
		b.Target = s.expand(get("target").Text())
		b.Inline = get("dockerfile_inline") != nil
		b.Args = keyValues(get("args"), s.expand)
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

// dirOf is the directory that relative paths in the file of n start from.
func (s *Service) dirOf(n *yamldoc.Node) string {
	if n.Document() == s.Doc {
		return s.project.dir
	}
	for _, p := range s.parents {
		if p.Inherits(n.Parent()) || p.Doc == n.Document() {
			return p.dirOf(n)
		}
	}
	return path.Dir(n.Document().File().Path)
}

// keyValues reads the list form ("K=V") and the map form of environment and args. A key without value is left out: its
// value comes from the shell of whoever runs compose.
func keyValues(n *yamldoc.Node, expand func(string) string) map[string]string {
	m := map[string]string{}
	switch n.Kind() {
	case yamldoc.Mapping:
		for _, k := range n.AllKeys() {
			if v := n.Get(k); !v.IsNull() {
				m[k] = expand(v.Text())
			}
		}
	case yamldoc.Sequence:
		for _, item := range n.Items() {
			if k, v, ok := strings.Cut(item.Text(), "="); ok {
				m[k] = expand(v)
			}
		}
	}
	return m
}

// Environment is the environment that the compose file gives the service.
func (s *Service) Environment() map[string]string {
	env := keyValues(s.Node.Get("environment"), s.expand)
	for _, p := range s.parents {
		for k, v := range p.Environment() {
			if _, set := env[k]; !set {
				env[k] = v
			}
		}
	}
	return env
}

// buildOnly are the keys of a service that is there for its build alone.
var buildOnly = map[string]bool{"build": true, "image": true, "attach": true, "profiles": true, "depends_on": true, "labels": true, "platform": true, "pull_policy": true}

// OnlyBuilds reports whether the service says how an image is built and nothing about how it runs.
func (s *Service) OnlyBuilds() bool {
	for _, key := range s.Node.AllKeys() {
		if !buildOnly[key] {
			return false
		}
	}
	return s.Build != nil && len(s.parents) == 0
}
