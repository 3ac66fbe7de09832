package workspace

import (
	"path"
	"regexp"
	"strings"

	"github.com/offroot/offroot/rewrite/image"
	"github.com/offroot/offroot/rewrite/serverconf"
	"github.com/offroot/offroot/rewrite/shell"
	"github.com/offroot/offroot/rewrite/source"
)

// A PackagedServer is a server that runs and that a RUN of the Dockerfile installs as a package of its distribution.
type PackagedServer struct {
	image.PackagedServer
	Program Program
	Package string
	Place   source.Place // of the RUN that installs it
	// Foreign says that the package comes from another repository than the distribution's.
	Foreign bool
}

// Packaged are the servers that run and that a RUN of the chain installs, in the order in which they start.
func (b *Build) Packaged() []PackagedServer {
	var all []PackagedServer
	for _, p := range b.Start.Programs {
		facts, ok := image.Packaged(b.Base.Family, p.Name)
		if !ok {
			continue
		}
		s := PackagedServer{PackagedServer: facts, Program: p}
		for _, run := range b.Runs {
			s.Foreign = s.Foreign || facts.Elsewhere(b.Doc.File().Text(run.At.Span))
			for _, name := range shell.Installs(run.Commands) {
				if s.Package == "" && facts.Brings(name, p.Name) {
					s.Package, s.Place = name, run.At.Place()
				}
			}
		}
		if s.Package != "" && !startsServer(all, facts.ID) {
			all = append(all, s)
		}
	}
	return all
}

func startsServer(all []PackagedServer, id string) bool {
	for _, s := range all {
		if s.ID == id {
			return true
		}
	}
	return false
}

// serverPorts are the ports that files of the base image decide, or files of the packages of the servers that run.
func (b *Build) serverPorts() []image.Port {
	var ports []image.Port
	if b.Base.Known {
		ports = append(ports, b.Base.Facts.Ports...)
	}
	for _, s := range b.Packaged() {
		ports = append(ports, s.Ports...)
	}
	return ports
}

// RootDirective finds a directive that only root can follow in the configuration of a packaged server: in the files of the
// repository, or in the packaged one where nothing takes its place.
func (ws *Workspace) RootDirective(w *Workload, s PackagedServer) (at source.Place, directive string, ok bool) {
	files := ws.configFiles(w)
	for _, f := range files {
		if f.doc.Kind() != serverconf.HAProxy {
			continue
		}
		for i, line := range strings.Split(string(f.doc.File().Content), "\n") {
			for _, d := range s.RootDirectives {
				if regexp.MustCompile(`^\s*` + regexp.QuoteMeta(d) + `\b`).MatchString(line) {
					return source.Place{Path: f.file, Line: i + 1}, strings.TrimSpace(line), true
				}
			}
		}
	}
	if len(files) == 0 && len(s.RootDirectives) > 0 {
		return s.Place, "", true
	}
	return source.Place{}, "", false
}

// ConfigWrites are the paths that configurations of the repository tell the server of a package to write. replaced reports
// whether one of them takes the place of the file that names what the server writes otherwise.
func (ws *Workspace) ConfigWrites(w *Workload, s PackagedServer) (writes []Write, replaced bool) {
	for _, f := range ws.configFiles(w) {
		replaced = replaced || f.target == s.Config
		for _, p := range f.doc.Writes() {
			if !path.IsAbs(p) || strings.HasPrefix(p, "/dev/") || strings.HasPrefix(p, "/proc/") || strings.ContainsAny(p, "$`") {
				continue
			}
			at := Write{Path: path.Clean(p), Because: f.file + " names " + p, Place: source.Place{Path: f.file, Line: lineWith(f.doc.File().Content, p)}, Certain: true}
			if ext := path.Ext(p); ext != "" && ext != ".d" {
				if at.Path = path.Dir(at.Path); sharedDir(at.Path) {
					at.Path, at.File = path.Clean(p), true
				}
			}
			writes = append(writes, at)
		}
	}
	return writes, replaced
}

func lineWith(text []byte, part string) int {
	before, _, _ := strings.Cut(string(text), part)
	return 1 + strings.Count(before, "\n")
}

// PrivateFile finds a file in the start command that nobody but root and the account of the package may read, unless the
// Dockerfile brings its own.
func (b *Build) PrivateFile(s PackagedServer) (string, bool) {
	for _, arg := range s.Program.Args {
		for _, private := range s.Private {
			if arg != private && !strings.HasPrefix(arg, private+"/") {
				continue
			}
			if _, own := b.ContextFile(arg); !own {
				return path.Clean(arg), true
			}
		}
	}
	return "", false
}
