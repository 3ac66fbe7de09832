package yamldoc

import (
	"gopkg.in/yaml.v3"
)

// column is the number of characters before offset on its line.
func (d *Document) column(offset int) int {
	start := d.file.LineSpan(d.file.Line(offset)).Start
	return len([]rune(string(d.file.Content[start:offset])))
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

// A styleSearch finds the style of new content from what is written nearest: in the same mapping, then outwards through
// those that hold it, then in the file.
type styleSearch struct {
	from *Node // the mapping that is extended
	near int   // offset of the new content
	// match returns a value for a node that is an example of the style.
	match func(*Node) (int, bool)
}

// find searches outwards. On each level the least nested example wins, of equal ones the nearest.
func (s styleSearch) find() (int, bool) {
	var seen *Node
	for n := s.from; n != nil; n = n.up {
		if v, ok := s.match(n); ok {
			return v, true
		}
		if v, ok := s.below(n, seen); ok {
			return v, true
		}
		seen = n
	}
	for _, r := range s.from.doc.roots {
		if v, ok := s.below(r, nil); ok {
			return v, true
		}
	}
	return 0, false
}

// below searches the descendants of n level by level, without the branch that was searched before.
func (s styleSearch) below(n, seen *Node) (int, bool) {
	level := n.kids
	for len(level) > 0 {
		var next []*Node
		best, distance, found := 0, 0, false
		for _, k := range level {
			if k == seen {
				continue
			}
			if v, ok := s.match(k); ok {
				if away := abs(k.start - s.near); !found || away <= distance {
					best, distance, found = v, away, true
				}
			}
			next = append(next, k.kids...)
		}
		if found {
			return best, true
		}
		level = next
	}
	return 0, false
}

func abs(i int) int { return max(i, -i) }

// A blockStyle is how new blocks are indented.
type blockStyle struct {
	step int // a mapping below its key
	list int // a dash below its key
}

// styleAt returns the style for new content of the mapping m at offset near.
func styleAt(m *Node, near int) blockStyle {
	var s blockStyle
	var ok bool
	search := styleSearch{from: m, near: near}
	search.match = func(n *Node) (int, bool) {
		v, ok := n.blockStep(yaml.MappingNode)
		return v, ok && v > 0
	}
	if s.step, ok = search.find(); !ok {
		s.step = 2
	}
	search.match = func(n *Node) (int, bool) { return n.blockStep(yaml.SequenceNode) }
	if s.list, ok = search.find(); ok {
		return s
	}
	if root := m.root(); root.Own("apiVersion") == nil {
		s.list = s.step
	}
	return s
}

func (n *Node) root() *Node {
	for n.up != nil {
		n = n.up
	}
	return n
}
