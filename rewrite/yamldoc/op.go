package yamldoc

import (
	"fmt"
	"strconv"
	"strings"

	"github.com/offroot/offroot/rewrite/source"
)

// A Place says where a key that an existing mapping gets is written: directly above the first own key of Above that is
// there; else directly below the last own key of Below that is there; else below the last key, or above the first if
// AsFirst. A mapping of four or more keys in alphabetical order keeps that order instead.
type Place struct {
	Above, Below []string
	AsFirst      bool
}

// Set sets In.Path to Value. Absent parents are created; a parent or value that is empty or null is filled. An existing
// scalar changes in place and keeps its quotes.
type Set struct {
	In    *Node
	Path  []string
	Value any
	At    Place
}

// Append adds an item to the sequence at In.Path, which is created if it is absent, empty or null.
type Append struct {
	In    *Node
	Path  []string
	Value any
	At    Place
}

// Delete removes the entry or item that holds Node, with the comment block directly above it unless KeepComments, and
// with its trailing comment. A collection that would be left empty goes as well, but never the root of a document.
type Delete struct {
	Node         *Node
	KeepComments bool
}

// SetText changes the text of a scalar alone. Quotes, indicators, anchors and comments stay; of a literal block scalar
// only the lines that differ are touched.
type SetText struct {
	Node *Node
	Text string
}

// Replace puts the entries of With, in their order, in the place of the entry of Node. A trailing comment moves to the
// last line written, comments above stay.
type Replace struct {
	Node *Node
	With Map
}

func document(n *Node) source.Document {
	if n == nil {
		return nil
	}
	return n.doc
}

// Document is the document that the op changes.
func (o *Set) Document() source.Document { return document(o.In) }

// Document is the document that the op changes.
func (o *Append) Document() source.Document { return document(o.In) }

// Document is the document that the op changes.
func (o *Delete) Document() source.Document { return document(o.Node) }

// Document is the document that the op changes.
func (o *SetText) Document() source.Document { return document(o.Node) }

// Document is the document that the op changes.
func (o *Replace) Document() source.Document { return document(o.Node) }

// Place is the line of the value that changes, or the line that the insertion follows.
func (o *Set) Place() source.Place { return placeOf(o.In, o.Path, o.At) }

// Place is the line of the last item, or the line that the insertion follows.
func (o *Append) Place() source.Place {
	at := placeOf(o.In, o.Path, o.At)
	if list := o.In.ownPath(o.Path); list.isSequence() && len(list.kids) > 0 {
		at.Line = list.EndLine()
	}
	return at
}

// Place is the line of the key or item that goes.
func (o *Delete) Place() source.Place { return o.Node.Place() }

// Place is the first line of the scalar that changes.
func (o *SetText) Place() source.Place {
	at := o.Node.Place()
	at.Line = o.Node.Line()
	if o.Node.Style() != Literal {
		return at
	}
	was, will := strings.Split(o.Node.Text(), "\n"), strings.Split(o.Text, "\n")
	for i := range min(len(was), len(will)) {
		if was[i] != will[i] {
			at.Line += i + 1
			break
		}
	}
	return at
}

// Place is the line of the key that is replaced.
func (o *Replace) Place() source.Place { return o.Node.Place() }

func (o *Set) String() string {
	return fmt.Sprintf("set %s: %s", pathName(o.In, o.Path), printValue(o.Value))
}

func (o *Append) String() string {
	return fmt.Sprintf("append %s to %s", printValue(o.Value), pathName(o.In, o.Path))
}

func (o *Delete) String() string { return "delete " + entryName(o.Node) }

func (o *SetText) String() string {
	if o.Node.Style() == Literal || o.Node.Style() == Folded {
		return "change the text of " + entryName(o.Node)
	}
	return fmt.Sprintf("change %s to %s", strconv.Quote(o.Node.Text()), strconv.Quote(o.Text))
}

func (o *Replace) String() string {
	var keys []string
	for _, p := range o.With {
		keys = append(keys, p.Key)
	}
	return fmt.Sprintf("replace %s by %s", entryName(o.Node), strings.Join(keys, ", "))
}

func pathName(in *Node, path []string) string {
	if len(path) == 0 {
		return entryName(in)
	}
	return strings.Join(path, ".")
}

// entryName names the entry of n by its key, or an item by the key of its list.
func entryName(n *Node) string {
	if n == nil {
		return "nothing"
	}
	if n.Key() != "" {
		return n.Key()
	}
	if n.up.isSequence() {
		return fmt.Sprintf("item %d of %s", n.index+1, entryName(n.up))
	}
	return "the document"
}

// ownPath follows keys that are written in the mappings themselves, nil if one is absent.
func (n *Node) ownPath(path []string) *Node {
	for _, key := range path {
		n = n.own(key)
	}
	return n
}

// placeOf is the line of In.Path, or the line that it would be written below.
func placeOf(in *Node, path []string, place Place) source.Place {
	for i, key := range path {
		next := in.own(key)
		if next == nil && in.isMapping() && len(in.kids) > 0 && in.doc.lost == 0 {
			g := mapGeometry{m: in}
			return source.Place{Path: in.doc.file.Path, Line: g.lineBefore(path[i], place)}
		}
		if next == nil {
			break
		}
		in = next
	}
	return in.Place()
}
