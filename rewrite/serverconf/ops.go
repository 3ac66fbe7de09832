package serverconf

import (
	"fmt"

	"github.com/offroot/offroot/rewrite/source"
)

// SetPort gives a listener another port.
type SetPort struct {
	Doc    *Document
	Listen Listen
	Port   int
}

// AddDirective puts a line of its own below the last listen directive of the server block that After belongs to, indented
// like it. In a virtual host it becomes the first line of the block. The same text is added once to a block, however often
// it is asked for.
type AddDirective struct {
	Doc   *Document
	After Listen
	Text  string
}

// SetUpstream gives the address of a neighbour another port, and adds it where the scheme's own was meant.
type SetUpstream struct {
	Doc      *Document
	Upstream Upstream
	Port     int
}

var (
	_ source.Op = (*SetPort)(nil)
	_ source.Op = (*AddDirective)(nil)
	_ source.Op = (*SetUpstream)(nil)
)

// Document is the file that is changed.
func (o *SetPort) Document() source.Document { return o.Doc }

// Document is the file that is changed.
func (o *AddDirective) Document() source.Document { return o.Doc }

// Document is the file that is changed.
func (o *SetUpstream) Document() source.Document { return o.Doc }

// Place is the line of the listener.
func (o *SetPort) Place() source.Place {
	return source.Place{Path: o.Doc.file.Path, Line: o.Listen.Line}
}

// Place is the line of the listener that the new line follows.
func (o *AddDirective) Place() source.Place {
	return source.Place{Path: o.Doc.file.Path, Line: o.After.Line}
}

// Place is the line of the address.
func (o *SetUpstream) Place() source.Place {
	return source.Place{Path: o.Doc.file.Path, Line: o.Upstream.Line}
}

func (o *SetPort) String() string {
	return fmt.Sprintf("listen on %d instead of %d", o.Port, o.Listen.Port)
}

func (o *AddDirective) String() string { return fmt.Sprintf("add %q", o.Text) }

func (o *SetUpstream) String() string {
	return fmt.Sprintf("connect to %s:%d", o.Upstream.Host, o.Port)
}
