package serverconf

import (
	"errors"
	"unicode/utf8"

	"github.com/offroot/offroot/rewrite/source"
)

// A Document is a server's configuration file. It implements source.Document.
type Document struct {
	file *source.File
	tree *tree
}

var _ source.Document = (*Document)(nil)

// Parse reads a file as the configuration of a server. It fails with a *source.Error where the file cannot be divided into
// directives: an open quote or block, a byte that is no text.
func Parse(f *source.File, kind Kind) (*Document, error) {
	if !utf8.Valid(f.Content) {
		return nil, &source.Error{Place: source.Place{Path: f.Path, Line: 1}, Msg: "not a UTF-8 text file"}
	}
	t, err := scan(string(f.Content), kind)
	if err != nil {
		return nil, placed(f, err)
	}
	return &Document{f, t}, nil
}

func placed(f *source.File, err error) error {
	var at *scanError
	if !errors.As(err, &at) {
		return err
	}
	place := f.PlaceAt(at.offset)
	return &source.Error{Place: place, Column: 1 + at.offset - f.LineSpan(place.Line).Start, Msg: string(at.msg)}
}

// File is the file as it was read.
func (d *Document) File() *source.File { return d.file }

// Kind is the server that the file was read for.
func (d *Document) Kind() Kind { return d.tree.kind }

// Listens returns every listener, in the order of the file. For Apache this includes the addresses of virtual hosts, which
// have to move together with Listen.
func (d *Document) Listens() []Listen { return d.tree.listens() }

// Upstreams returns the servers that this one connects to, in the order of the file.
func (d *Document) Upstreams() []Upstream { return d.tree.upstreams() }

// Redirects returns why a redirect that the server builds would name the new port after a move, each with its line; none if
// it cannot.
func (d *Document) Redirects() []string { return d.tree.redirects() }

// Guard returns the directive that keeps the server block of a listener from naming its port in redirects, and the reasons
// why it is needed. No reasons: nothing is needed. Reasons without text: no added line can prevent it.
func (d *Document) Guard(l Listen) (text string, reasons []string) {
	g := d.tree.redirectGuard(l)
	if len(g.reasons) == 0 {
		return "", nil
	}
	return g.text, g.reasons
}

// Includes returns the patterns of the other files that the server reads, as written.
func (d *Document) Includes() []string { return d.tree.includes() }

// Writes returns the paths that the server writes as this file says: pid, logs, caches, sockets. Devices, pipes and syslog
// are none; variables stand as they are.
func (d *Document) Writes() []string { return d.tree.writes() }

// Users returns the directives that change identity or root directory, for which the server has to start as root.
func (d *Document) Users() []string { return d.tree.users() }

func (t *tree) redirects() []string {
	var all []string
	for _, l := range t.listens() {
		all = append(all, t.redirectGuard(l).reasons...)
	}
	return unique(all)
}
