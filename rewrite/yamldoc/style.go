package yamldoc

import (
	"sort"
	"unicode/utf8"

	"gopkg.in/yaml.v3"
)

// column is the number of characters before offset on its line, a byte order mark not counted.
func (d *Document) column(offset int) int {
	prefix, _ := d.linePrefix(offset)
	return utf8.RuneCountInString(prefix)
}

// isBlockCollection reports whether n is a block mapping or sequence with content.
func (n *Node) isBlockCollection() bool {
	return (n.isMapping() || n.isSequence()) && !n.isFlow() && len(n.kids) > 0
}

// blockStep is by how much the value of a mapping entry is indented below its key, false if the value is no block of the
// wanted kind that starts on a line of its own.
func (n *Node) blockStep(kind yaml.Kind) (int, bool) {
	if n.key() == nil || n.y.Kind != kind || !n.isBlockCollection() || n.question >= 0 || n.up.isFlow() {
		return 0, false
	}
	at := n.span.Start
	step := n.doc.column(at) - n.doc.column(n.key().start)
	return step, step >= 0 && n.doc.file.Line(at) != n.doc.file.Line(n.key().start)
}

// An example is a block whose indentation new content may follow.
type example struct {
	at   int // offset
	step int
}

// A styleBook remembers for each node that was asked for the least nested examples within it, in the order of the file.
// Ops of one file ask for the same nodes again and again.
type styleBook struct {
	match  func(*Node) (int, bool)
	within map[*Node][]example
	file   *int // step of the first example of the file, negative if there is none
}

func newStyleBook(match func(*Node) (int, bool)) *styleBook {
	return &styleBook{match: match, within: map[*Node][]example{}}
}

// find searches from a node outwards through those that hold it, then in the file. On each level the least nested example
// wins, of equal ones the nearest to offset near.
func (b *styleBook) find(from *Node, near int) (int, bool) {
	for n := from; n != nil; n = n.up {
		if v, ok := b.match(n); ok {
			return v, true
		}
		if found := b.below(n); len(found) > 0 {
			return nearest(found, near).step, true
		}
	}
	if b.file == nil {
		step := -1
		for _, r := range from.doc.roots {
			if found := b.below(r); len(found) > 0 {
				step = found[0].step
				break
			}
		}
		b.file = &step
	}
	return *b.file, *b.file >= 0
}

// below returns the examples of the first level below n that has some.
func (b *styleBook) below(n *Node) []example {
	if found, ok := b.within[n]; ok {
		return found
	}
	var found []example
	for level := n.kids; len(level) > 0 && len(found) == 0; {
		var next []*Node
		for _, k := range level {
			if v, ok := b.match(k); ok {
				found = append(found, example{k.start, v})
			}
			next = append(next, k.kids...)
		}
		level = next
	}
	b.within[n] = found
	return found
}

// nearest picks the example closest to offset, the later one of two.
func nearest(found []example, near int) example {
	i := sort.Search(len(found), func(i int) bool { return found[i].at > near })
	if i == len(found) || i > 0 && near-found[i-1].at < found[i].at-near {
		i--
	}
	return found[i]
}

// A blockStyle is how new blocks are indented.
type blockStyle struct {
	step int // a mapping below its key
	list int // a dash below its key
	// unnamed says that items of the list at hand do not begin with their names.
	unnamed bool
}

// styles answers how new content is indented.
type styles struct{ maps, lists *styleBook }

func newStyles() styles {
	return styles{
		maps: newStyleBook(func(n *Node) (int, bool) {
			v, ok := n.blockStep(yaml.MappingNode)
			return v, ok && v > 0
		}),
		lists: newStyleBook(func(n *Node) (int, bool) { return n.blockStep(yaml.SequenceNode) }),
	}
}

// at returns the style for new content of the mapping m at offset near. Without an example, lists are indented like maps,
// but not in manifests.
func (s styles) at(m *Node, near int) blockStyle {
	style := blockStyle{step: 2}
	if v, ok := s.maps.find(m, near); ok {
		style.step = v
	}
	if v, ok := s.lists.find(m, near); ok {
		style.list = v
	} else if m.root().Own("apiVersion") == nil {
		style.list = style.step
	}
	return style
}

func (n *Node) root() *Node {
	for n.up != nil {
		n = n.up
	}
	return n
}
