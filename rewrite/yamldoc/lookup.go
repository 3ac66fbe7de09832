package yamldoc

import (
	"strconv"
	"strings"

	"github.com/offroot/offroot/rewrite/source"
)

// File is the file as it was read.
func (d *Document) File() *source.File { return d.file }

// Roots are the contents of the documents of the stream, in order, empty documents left out.
func (d *Document) Roots() []*Node { return d.roots }

// manyKeys is the size from which on a mapping gets an index of its keys.
const manyKeys = 16

func (n *Node) indexKeys() {
	if len(n.kids) < 2*manyKeys {
		return
	}
	n.keys = make(map[string]int, len(n.kids)/2)
	for i := 0; i < len(n.kids); i += 2 {
		if !n.kids[i+1].isMerge() {
			n.keys[n.kids[i].y.Value] = i + 1
		}
	}
}

// own returns the value written for key in this mapping, the last one if the key is repeated.
func (n *Node) own(key string) *Node {
	if !n.isMapping() {
		return nil
	}
	if n.keys != nil {
		if i, ok := n.keys[key]; ok && n.kids[i-1].isScalar() {
			return n.kids[i]
		}
		return nil
	}
	for i := len(n.kids) - 1; i > 0; i -= 2 {
		if k := n.kids[i-1]; k.isScalar() && k.y.Value == key && !n.kids[i].isMerge() {
			return n.kids[i]
		}
	}
	return nil
}

// Own returns the value of a key that is written in this very mapping: nothing merged, aliases not followed.
func (n *Node) Own(key string) *Node { return n.deref().own(key) }

// Get returns the value of a key, aliases followed. Own keys come before merged ones, earlier merged mappings before
// later ones, as the merge key type says.
func (n *Node) Get(key string) *Node {
	m := n.deref()
	if v := m.own(key); v != nil {
		return v.deref()
	}
	for _, from := range m.merged() {
		if v := from.Get(key); v != nil {
			return v
		}
	}
	return nil
}

// merged returns the mappings that n merges, in order of precedence.
func (n *Node) merged() []*Node {
	if !n.isMapping() {
		return nil
	}
	var all []*Node
	for i := 1; i < len(n.kids); i += 2 {
		if !n.kids[i].isMerge() {
			continue
		}
		if v := n.kids[i].deref(); v.isSequence() {
			all = append(all, v.Items()...)
		} else {
			all = append(all, v)
		}
	}
	return all
}

// Find follows keys (string) and indices (int).
func (n *Node) Find(path ...any) *Node {
	for _, step := range path {
		switch s := step.(type) {
		case string:
			n = n.Get(s)
		case int:
			items := n.Items()
			if s < 0 || s >= len(items) {
				return nil
			}
			n = items[s]
		default:
			return nil
		}
	}
	return n.deref()
}

// Keys are the keys written in this mapping, in order, without merge keys.
func (n *Node) Keys() []string {
	m := n.deref()
	if !m.isMapping() {
		return nil
	}
	keys := make([]string, 0, len(m.kids)/2)
	for i := 0; i < len(m.kids); i += 2 {
		if !m.kids[i+1].isMerge() {
			keys = append(keys, m.kids[i].Text())
		}
	}
	return keys
}

// AllKeys are the own keys and then those that only merged mappings have.
func (n *Node) AllKeys() []string {
	keys := n.Keys()
	seen := map[string]bool{}
	for _, k := range keys {
		seen[k] = true
	}
	for _, from := range n.deref().merged() {
		for _, k := range from.AllKeys() {
			if !seen[k] {
				seen[k] = true
				keys = append(keys, k)
			}
		}
	}
	return keys
}

// Items are the items of a sequence, aliases followed.
func (n *Node) Items() []*Node {
	s := n.deref()
	if !s.isSequence() {
		return nil
	}
	items := make([]*Node, len(s.kids))
	for i, k := range s.kids {
		items[i] = k.deref()
	}
	return items
}

// Text is the decoded text of a scalar, "" for other nodes.
func (n *Node) Text() string {
	if s := n.deref(); s.isScalar() {
		return s.y.Value
	}
	return ""
}

// Bool reads a plain scalar as the YAML 1.1 readers of Kubernetes and compose do: yes and on are true.
func (n *Node) Bool() (value, ok bool) {
	s := n.deref()
	if s.Style() != Plain || s.isTagged() && s.y.ShortTag() != "!!bool" {
		return false, false
	}
	switch s.y.Value {
	case "true", "True", "TRUE", "yes", "Yes", "YES", "on", "On", "ON", "y", "Y":
		return true, true
	case "false", "False", "FALSE", "no", "No", "NO", "off", "Off", "OFF", "n", "N":
		return false, true
	}
	return false, false
}

// Int reads a plain scalar as an integer: decimal, 0x, 0o, 0b, and octal after a leading 0.
func (n *Node) Int() (int, bool) {
	s := n.deref()
	if s.Style() != Plain || s.y.ShortTag() != "!!int" {
		return 0, false
	}
	v, err := strconv.ParseInt(strings.ReplaceAll(s.y.Value, "_", ""), 0, 64)
	return int(v), err == nil
}

// IsNull reports whether the value is null, written or left out. It is false for nil.
func (n *Node) IsNull() bool {
	s := n.deref()
	return s.isScalar() && s.y.ShortTag() == "!!null"
}

// IsEmptyMap reports whether the value is {}.
func (n *Node) IsEmptyMap() bool {
	m := n.deref()
	return m.isMapping() && len(m.kids) == 0
}
