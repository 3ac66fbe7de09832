package workspace

import (
	"path"
	"sort"
	"strings"

	"github.com/offroot/offroot/rewrite/source"
	"github.com/offroot/offroot/rewrite/yamldoc"
)

// A Service is one service of one compose file. Keys are read through merge keys, extends, and, for an override file, from
// the file that it overrides.
type Service struct {
	Name  string
	Doc   *yamldoc.Document
	Node  *yamldoc.Node // the mapping of the service in this file
	Image Image
	Build *ServiceBuild

	project  project
	parents  []*Service // what this service is completed from, nearest first
	Override bool       // the file overrides another one of the same project
}

// Place is the line of the service's key.
func (s *Service) Place() source.Place { return s.Node.Place() }

// Get returns the value of a key that is in force for the service, wherever it is written. It is right for scalars and for
// what a later file replaces as a whole; All is for sequences, which compose joins.
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

// expand replaces variables by what the files of the project set, or by their defaults.
func (s *Service) expand(text string) string { return expand(text, s.project.env) }

// All returns the items of a sequence, those of the files and services that this one is completed from included: compose
// appends cap_add, devices, security_opt and their like.
func (s *Service) All(key string) []*yamldoc.Node {
	items := s.Node.Get(key).Items()
	for _, p := range s.parents {
		for _, n := range p.All(key) {
			if !holdsNode(items, n) {
				items = append(items, n)
			}
		}
	}
	return items
}

func holdsNode(list []*yamldoc.Node, n *yamldoc.Node) bool {
	for _, have := range list {
		if have == n {
			return true
		}
	}
	return false
}

// A Flag is a key that compose reads as true or false.
type Flag struct {
	On       bool
	Variable bool // the value is a variable; On is what its default says
}

// Flag reads a boolean, also one in quotes or with a variable in it.
func (s *Service) Flag(key string) Flag {
	n := s.Get(key)
	if on, ok := n.Bool(); ok {
		return Flag{On: on}
	}
	return Flag{On: strings.EqualFold(s.expand(n.Text()), "true"), Variable: strings.Contains(n.Text(), "$")}
}

// User is the user: of the service as it is written, with its place; nil if the image decides.
func (s *Service) User() *yamldoc.Node {
	if n := s.Get("user"); n != nil && !n.IsNull() && n.Text() != "" {
		return n
	}
	return nil
}

// UserText is user: as compose reads it when no variable is set.
func (s *Service) UserText() string { return s.expand(s.User().Text()) }

// Inherits reports whether the service gets keys from the mapping n: its own, one that it merges, or one of a service that
// it extends or overrides.
func (s *Service) Inherits(n *yamldoc.Node) bool {
	if s.Node == n {
		return true
	}
	for _, key := range n.Keys() {
		if s.Node.Get(key) == n.Get(key) {
			return true
		}
	}
	for _, p := range s.parents {
		if p.Inherits(n) {
			return true
		}
	}
	return false
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
