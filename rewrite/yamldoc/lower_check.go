package yamldoc

import (
	"strings"
)

var kindNames = map[Kind]string{Mapping: "mapping", Sequence: "sequence", Scalar: "value", Alias: "alias"}

// checkStep refuses to go through n if what is written there is shared. The node that an op names itself may be part of
// an anchor: whoever made the op has looked.
func (l *lowering) checkStep(n *Node, below bool) error {
	if n.isAlias() {
		return l.refuse("line %d uses the anchor &%s of line %d", n.Line(), n.y.Value, n.target.Line())
	}
	if below && len(n.uses) > 0 {
		return l.refuse("the %s at line %d is the anchor &%s, used at line %d",
			kindNames[n.Kind()], n.Line(), n.Anchor(), n.uses[0].Line())
	}
	return nil
}

// checkMapping refuses mappings in which a key cannot be found or added with certainty.
func (l *lowering) checkMapping(m *Node, key string) error {
	if m.isTagged() {
		return l.refuse("the mapping at line %d has the tag %s", m.Line(), m.y.Tag)
	}
	seen := 0
	for i := 1; i < len(m.kids) && (!l.sound[m] || seen < 2); i += 2 {
		k := m.kids[i-1]
		switch {
		case !k.isScalar():
			return l.refuse("the mapping at line %d has a complex key at line %d", m.Line(), k.Line())
		case m.kids[i].question >= 0:
			return l.refuse("the mapping at line %d writes a key with ? at line %d", m.Line(), k.Line())
		case strings.Contains(k.y.Value, "{{"):
			return l.refuse("the key at line %d is a template", k.Line())
		case k.y.Value == key && !m.kids[i].isMerge():
			seen++
		}
		if seen > 1 {
			return l.refuse("the key %s is repeated at line %d", key, k.Line())
		}
	}
	l.sound[m] = true
	return nil
}

// checkValue refuses values whose change would reach elsewhere or mean something else.
func (l *lowering) checkValue(n *Node) error {
	switch {
	case n.isAlias():
		return l.refuse("line %d uses the anchor &%s of line %d", n.Line(), n.y.Value, n.target.Line())
	case n.isTagged():
		return l.refuse("the %s at line %d has the tag %s", kindNames[n.Kind()], n.Line(), n.y.Tag)
	case n.isScalar() && strings.Contains(n.y.Value, "{{"):
		return l.refuse("the value at line %d is a template", n.Line())
	case n.isScalar() && n.up == nil:
		return l.refuse("the document at line %d is a single value", n.Line())
	case n.span.End < len(l.d.file.Content) && l.d.file.Content[n.span.End] == '#':
		return l.refuse("no blank stands before the comment at line %d", n.EndLine())
	}
	return nil
}

// checkEntry refuses entries that cannot be taken out whole.
func (l *lowering) checkEntry(n *Node) error {
	if n.question >= 0 {
		return l.refuse("the key at line %d is written with ?", n.KeyLine())
	}
	if n.inKey() {
		return l.refuse("line %d is part of a complex key", n.Line())
	}
	if k := n.key(); k != nil && !k.isScalar() {
		return l.refuse("the key at line %d is no plain key", n.KeyLine())
	}
	if n.up.bare {
		return l.refuse("the pair at line %d stands in a list without braces", n.KeyLine())
	}
	if n.up.isMapping() && repeated(n) {
		return l.refuse("the key %s is repeated in the mapping at line %d", n.Key(), n.up.Line())
	}
	if strings.Contains(n.Key(), "{{") || n.isScalar() && strings.Contains(n.y.Value, "{{") {
		return l.refuse("line %d is a template", n.KeyLine())
	}
	return nil
}

// repeated reports whether the key of n occurs more than once in its mapping.
func repeated(n *Node) bool {
	count := 0
	for i := 0; i < len(n.up.kids); i += 2 {
		if k := n.up.kids[i]; k.isScalar() && k.y.Value == n.key().y.Value {
			count++
		}
	}
	return count > 1
}

// inKey reports whether n is a key or part of one.
func (n *Node) inKey() bool {
	for ; n.up != nil; n = n.up {
		if n.up.isMapping() && n.index%2 == 0 {
			return true
		}
	}
	return false
}
