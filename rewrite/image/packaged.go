package image

import (
	"path"
	"slices"
	"strings"

	"github.com/offroot/offroot/templates"
)

// A PackagedServer is a server that a package of a distribution brings, and what it needs when it is not root.
type PackagedServer struct {
	ID string
	// User is the account that the package or the distribution has for it, nil if its number is not fixed. UserOnly says
	// that it starts as no other one.
	User     *Identity
	UserOnly bool
	Writes   []PackagedPath
	Config   string // the file that names Writes; one of the repository in its place says its own
	Workdir  bool   // it writes into its working directory
	Ports    []Port
	// Private are files of the package that nobody but its own user and root may read; RootDirectives are directives of its
	// configuration that only root can follow, which the packaged configuration has.
	Private        []string
	RootDirectives []string
	// Refuse is why there is no way known to run it without root, Next what to do instead.
	Refuse, Next string
	Confidence   string

	packages, elsewhere []string
}

// A PackagedPath is a path that the server writes.
type PackagedPath struct {
	Path string
	File bool // a file, not a directory
	Make bool // the package does not bring it
	Tree bool // it comes with files that are written too
}

// ServerProgram is the id of the server that a program starts, "" if the table knows none.
func ServerProgram(program string) string {
	if s := serverOf(program); s != nil {
		return s.ID
	}
	return ""
}

// Packaged is what is known of the server that a program starts, as the packages of the family bring it.
func Packaged(family, program string) (PackagedServer, bool) {
	s := serverOf(program)
	if s == nil {
		return PackagedServer{}, false
	}
	f := s.Families[family]
	if parent := templates.Families().Families[family]; f == nil && parent != nil {
		f = s.Families[parent.SameAs]
	}
	if f == nil {
		f = s.Families["*"]
	}
	if f == nil {
		return PackagedServer{}, false
	}
	p := PackagedServer{
		ID: s.ID, UserOnly: f.UserOnly, Config: f.Config, Workdir: f.Workdir, Private: f.Private, RootDirectives: f.RootDirectives,
		Refuse: f.Refuse, Next: f.Next, Confidence: f.Confidence, packages: f.Packages, elsewhere: f.Elsewhere,
	}
	if f.User != nil {
		p.User = &Identity{UID: f.User.UID, GID: f.User.GID, Name: f.User.Name}
	}
	for _, w := range f.Writes {
		p.Writes = append(p.Writes, PackagedPath(w))
	}
	for _, port := range f.Ports {
		p.Ports = append(p.Ports, newPort(port))
	}
	return p, true
}

// Brings reports whether a package of that name brings the server. A server of the pattern * comes with the package that
// is called like its program.
func (p PackagedServer) Brings(name, program string) bool {
	return slices.ContainsFunc(p.packages, func(pattern string) bool {
		if pattern == "*" {
			return strings.HasPrefix(name, program) || strings.HasPrefix(program, name)
		}
		ok, _ := path.Match(pattern, name)
		return ok
	})
}

// Elsewhere reports whether the text of a RUN shows that the package comes from another repository than the
// distribution's, and with other paths.
func (p PackagedServer) Elsewhere(script string) bool {
	return slices.ContainsFunc(p.elsewhere, func(text string) bool { return strings.Contains(script, text) })
}

func serverOf(program string) *templates.PackageServer {
	for _, s := range templates.Packages().Servers {
		for _, pattern := range s.Programs {
			if ok, _ := path.Match(pattern, program); ok {
				return s
			}
		}
	}
	return nil
}
