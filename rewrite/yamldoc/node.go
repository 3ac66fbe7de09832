package yamldoc

import (
	"gopkg.in/yaml.v3"

	"github.com/offroot/offroot/rewrite/source"
)

// Kind is what a node is. The zero value is that of no node.
type Kind int

// The kinds of nodes.
const (
	NoKind Kind = iota
	Mapping
	Sequence
	Scalar
	Alias
)

// Style is how a node is written. The zero value is that of no node.
type Style int

// Scalars are plain, quoted, literal (|) or folded (>); collections are flow ({} and []) or block.
const (
	NoStyle Style = iota
	Plain
	SingleQuoted
	DoubleQuoted
	Literal
	Folded
	Flow
	Block
)

// A Node is a value of a document. All methods accept nil and return zero values for it, so look-ups can be chained.
type Node struct {
	doc   *Document
	y     *yaml.Node
	up    *Node   // structural parent, nil for the content of a document
	kids  []*Node // as in y.Content: keys and values alternate
	index int     // in up.kids
	tree  int     // which document of the stream

	start    int         // with anchor and tag
	span     source.Span // the value itself
	end      int         // where the value ends; for an empty one, where it would stand
	mark     int         // the dash of an item, the colon of a mapping value; -1 if there is none
	question int         // the ? before the key of a mapping value, or -1
	bare     bool        // a flow mapping without braces

	target *Node   // of an alias
	uses   []*Node // aliases of this anchor
	keys   map[string]int
}

func (n *Node) isMapping() bool  { return n != nil && n.y.Kind == yaml.MappingNode }
func (n *Node) isSequence() bool { return n != nil && n.y.Kind == yaml.SequenceNode }
func (n *Node) isScalar() bool   { return n != nil && n.y.Kind == yaml.ScalarNode }
func (n *Node) isAlias() bool    { return n != nil && n.y.Kind == yaml.AliasNode }
func (n *Node) isFlow() bool     { return n != nil && n.y.Style&yaml.FlowStyle != 0 }
func (n *Node) isTagged() bool   { return n != nil && n.y.Style&yaml.TaggedStyle != 0 }

// key is the key node of a mapping value.
func (n *Node) key() *Node {
	if n == nil || !n.up.isMapping() || n.index%2 == 0 {
		return nil
	}
	return n.up.kids[n.index-1]
}

// deref follows an alias to the node that carries the anchor.
func (n *Node) deref() *Node {
	if n.isAlias() {
		return n.target
	}
	return n
}

// Kind tells what the node is; an alias is an Alias.
func (n *Node) Kind() Kind {
	switch {
	case n.isMapping():
		return Mapping
	case n.isSequence():
		return Sequence
	case n.isScalar():
		return Scalar
	case n.isAlias():
		return Alias
	}
	return NoKind
}

// Style tells how the node is written. An alias has none.
func (n *Node) Style() Style {
	if n == nil || n.isAlias() {
		return NoStyle
	}
	for _, s := range []struct {
		yaml yaml.Style
		own  Style
	}{{yaml.DoubleQuotedStyle, DoubleQuoted}, {yaml.SingleQuotedStyle, SingleQuoted}, {yaml.LiteralStyle, Literal},
		{yaml.FoldedStyle, Folded}, {yaml.FlowStyle, Flow}} {
		if n.y.Style&s.yaml != 0 {
			return s.own
		}
	}
	if n.isScalar() {
		return Plain
	}
	return Block
}

// Document is the document that the node is part of.
func (n *Node) Document() *Document {
	if n == nil {
		return nil
	}
	return n.doc
}

// Parent is the collection that holds the node. For an alias in the list of a merge key it is the mapping that merges.
func (n *Node) Parent() *Node {
	if n == nil {
		return nil
	}
	if n.isAlias() && n.up.isSequence() && n.up.isMerge() {
		return n.up.up
	}
	return n.up
}

// isMerge reports whether n is the value of a merge key.
func (n *Node) isMerge() bool {
	k := n.key()
	return k != nil && k.y.Tag == "!!merge"
}

// Key is the key that the node stands under, "" for items and roots.
func (n *Node) Key() string {
	if n == nil {
		return ""
	}
	if k := n.key(); k != nil {
		return k.Text()
	}
	if n.isAlias() && n.up.isSequence() && n.up.isMerge() {
		return n.up.Key()
	}
	return ""
}

// Span is the bytes of the value itself, without anchor, tag and comment. A block scalar ends with its last line, the
// line break not included.
func (n *Node) Span() source.Span {
	if n == nil {
		return source.Span{}
	}
	return n.span
}

// Line is the line on which the value begins.
func (n *Node) Line() int {
	if n == nil {
		return 0
	}
	return n.doc.file.Line(n.start)
}

// KeyLine is the line of the key, or of the dash of an item; for others the line of the value.
func (n *Node) KeyLine() int {
	if n == nil {
		return 0
	}
	return n.doc.file.Line(n.entryStart())
}

// EndLine is the last line of the value.
func (n *Node) EndLine() int {
	if n == nil {
		return 0
	}
	return n.doc.file.Line(n.end)
}

// Place is the line by which a person would name the node: that of its key, if it has one.
func (n *Node) Place() source.Place {
	if n == nil {
		return source.Place{}
	}
	return source.Place{Path: n.doc.file.Path, Line: n.KeyLine()}
}

// entryStart is where the entry that holds n begins: at the ?, the key or the dash.
func (n *Node) entryStart() int {
	if n.question >= 0 {
		return n.question
	}
	if k := n.key(); k != nil {
		return k.start
	}
	if n.up.isSequence() && n.mark >= 0 {
		return n.mark
	}
	return n.start
}

// Anchor is the name of the anchor on the node.
func (n *Node) Anchor() string {
	if n == nil || n.isAlias() {
		return ""
	}
	return n.y.Anchor
}

// AnchorOwner is the nearest node, from n upwards, whose anchor is really used. An edit there reaches its users.
func (n *Node) AnchorOwner() *Node {
	for ; n != nil; n = n.up {
		if len(n.uses) > 0 {
			return n
		}
	}
	return nil
}

// Aliases are the places that use the anchor of n, in the order of the file.
func (n *Node) Aliases() []*Node {
	if n == nil {
		return nil
	}
	return n.uses
}
