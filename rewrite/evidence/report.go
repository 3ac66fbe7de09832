package evidence

import (
	"io/fs"

	"github.com/offroot/offroot/rewrite/source"
)

// A Path is something that the process writes.
//
// If Dir is set, Path is a directory that itself has to be writable: it is created, or files with names that are not known
// are made in it, or a database keeps its journal there. Else Path is a file, and its directory has to be writable only if
// the file does not exist yet.
type Path struct {
	Path     string
	Absolute bool // Path is absolute, after resolving it against the working directory
	Dir      bool
	File     string // the file within Path where that is known and Dir is set: "/app/db/parcel.sqlite"
	Place    source.Place
	Snippet  string // the line, without indentation
	What     string // "creates db/parcel.sqlite"
	Certain  bool   // every part was literal or resolved in this run
	Via      string // what can decide otherwise: "", "env:SPOOL", "arg:--dir"; in Unknown, Path is then what is known below it
	Temp     bool   // a temporary directory or a standard stream
}

// A Listen is a port on which the process accepts connections.
type Listen struct {
	Port    int    // 0 if it is not known
	Env     string // the variable that decides it, or ""
	Arg     string // the option that decides it ("--port"), or ""
	Default bool   // Port is what is taken if neither is given
	UDP     bool
	Main    bool // it happens only if Python runs the file itself, and not if a server imports it
	Place   source.Place
	Snippet string
}

// A Finding is a place that matters for what the process may do.
type Finding struct {
	Place      source.Place
	Snippet    string
	What       string // "opens a raw socket"
	Capability string // "NET_RAW", or ""
}

// A Report is what the sources of one build context say. Everything is sorted by place.
type Report struct {
	Writes       []Path
	Listens      []Listen
	Unknown      []Path // calls that write to a path that could not be resolved
	Files        int    // source files that were read
	Languages    map[string]int
	EnvRead      []string // environment variables that are read, sorted
	Truncated    bool     // a limit was reached: there may be more
	NeedsAccount bool     // the process asks for the name of its own user
	Account      []Finding
	RootOnly     []Finding
	// UsesHome are places that write to or read from the home directory, by themselves or by a library that does.
	UsesHome []Finding
	// Reachable is the number of files that the entries lead to, which then are the only evidence. It is 0 if that was not
	// computed: without entries, or where files are loaded by convention or by names that are computed.
	Reachable int
}

// Options say what is known of the image. The zero value is usable.
type Options struct {
	// Ignore reports whether a path of the build context stays out of it (.dockerignore).
	Ignore func(path string) bool
	// Workdir is the absolute working directory of the process. Relative paths are below it.
	Workdir string
	// Mapped tells where a file or directory of the context ends up in the image.
	Mapped func(contextPath string) (imagePath string, ok bool)
	// Env is the environment of the process as far as it is known.
	Env map[string]string
	// Args are values of command line options as far as they are known, by name: "--dir": "/data".
	Args map[string]string
	// Entries are what the container starts, as files of the context or as they stand in the command: "server/server.js",
	// "dist/main", "app.py", "shop.api:app" (a server imports it), "-m shop.work", "./cmd/shop". EntriesOf makes them from a
	// command line. Evidence is then taken only from the files that these lead to.
	Entries []string
	// MaxFiles and MaxBytes limit what is read; 0 means 4000 files and 32 MiB.
	MaxFiles int
	MaxBytes int64
}

// Scan reads the sources below dir ("." for all of fsys). Places are paths of fsys.
func Scan(fsys fs.FS, dir string, opts Options) Report {
	s := newScanner(fsys, dir, opts)
	s.walk()
	s.read()
	return s.finish()
}
