package discover

import (
	"io/fs"
	"os"
	"sync"

	"github.com/offroot/offroot/rewrite/source"
)

// Options say what to look at.
type Options struct {
	Root    string   // a directory; if empty, what the function Root says of Paths
	Paths   []string // as typed, relative to the working directory or absolute; if empty, the root
	Include []string // globs: only these files may be changed
	Exclude []string // globs: these files may not be changed
	// NoIgnore takes in what git ignores.
	NoIgnore bool
	// Stdin, if not nil, is the content of the one file that may be changed. StdinName says where it would lie and what it
	// is; if it is empty, nothing else is read.
	Stdin     []byte
	StdinName string
}

// An Entry is one file below the root.
type Entry struct {
	Path     string // relative to the root, slash-separated
	Kind     Kind
	Explicit bool   // the user typed this very path
	InScope  bool   // it may be changed
	Reason   string // why it is of this kind, or why it is left alone
}

// A Skip is something that was not looked into, and why. Error marks what ends the run with exit code 2.
type Skip struct {
	Place  source.Place
	Reason string
	Error  bool
}

// A Tree is what was found. Nothing in it changes after Find returned it; it may be used by several goroutines.
type Tree struct {
	Root   string            // absolute, without symbolic links
	Files  []Entry           // sorted by path; regular files only
	Links  map[string]string // symbolic links to files below the root, and where they lead to
	Skips  []Skip            // sorted by place
	Looked int               // files that might have been changed, whatever they are

	dir   *os.Root
	mu    sync.Mutex
	cache map[string]*source.File
}

// FS is a read-only view of everything below the root, for reading build contexts. What git ignores is in it too, since
// it is in a build context too. Symbolic links that lead out of the root cannot be opened.
func (t *Tree) FS() fs.FS { return t.dir.FS() }

// Close releases the directory that is held open. Read and FS fail from then on.
func (t *Tree) Close() error { return t.dir.Close() }
