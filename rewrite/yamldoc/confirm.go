package yamldoc

import (
	"fmt"

	"gopkg.in/yaml.v3"

	"github.com/offroot/offroot/rewrite/source"
)

// Confirm checks on a second road, which shares no code with Lower, that after is the file with ops done to it. It decodes
// the original once more, changes the decoded data, and compares it with what after decodes to: values and their types,
// anchors, the order of the keys that were there. No comment may be missing but those of what ops remove.
func (d *Document) Confirm(ops []source.Op, after []byte) error {
	want, err := decodeAll(d.file.Content)
	if err != nil {
		return fmt.Errorf("confirm %s: decode the original: %w", d.file.Path, err)
	}
	got, err := decodeAll(after)
	if err != nil {
		return fmt.Errorf("confirm %s: decode the result: %w", d.file.Path, err)
	}
	e := newExpectation(d.file.Content, want)
	if err := e.apply(ops); err != nil {
		return fmt.Errorf("confirm %s: %w", d.file.Path, err)
	}
	if len(got) != len(want) {
		return fmt.Errorf("confirm %s: %d documents became %d", d.file.Path, len(want), len(got))
	}
	for i := range want {
		if err := e.compare(want[i], got[i], ""); err != nil {
			return fmt.Errorf("confirm %s: document %d: %w", d.file.Path, i+1, err)
		}
	}
	if err := e.comments.missingFrom(after); err != nil {
		return fmt.Errorf("confirm %s: %w", d.file.Path, err)
	}
	return nil
}

// An expectation is the decoded original, changed step by step to what the result must be.
type expectation struct {
	trees    []*yaml.Node
	up       map[*yaml.Node]*yaml.Node
	fresh    map[*yaml.Node]bool // keys and collections that ops create: their order is free
	removed  map[*yaml.Node]bool
	comments *commentLedger
}

func newExpectation(content []byte, trees []*yaml.Node) *expectation {
	e := &expectation{trees: trees, up: map[*yaml.Node]*yaml.Node{}, fresh: map[*yaml.Node]bool{},
		removed: map[*yaml.Node]bool{}, comments: newCommentLedger(content)}
	e.comments.follow(trees)
	for _, t := range trees {
		e.adopt(t)
	}
	return e
}

func (e *expectation) adopt(n *yaml.Node) {
	for _, k := range n.Content {
		e.up[k] = n
		e.adopt(k)
	}
}

// find returns the node of the fresh tree that stands where n stands.
func (e *expectation) find(n *Node) *yaml.Node {
	if n.up == nil {
		return e.trees[n.tree].Content[0]
	}
	return e.find(n.up).Content[n.index]
}

// apply makes the changes in data. All nodes are looked up before anything moves, and removals come last.
func (e *expectation) apply(ops []source.Op) error {
	at := make([]*yaml.Node, len(ops))
	for i, op := range ops {
		n := nodeOf(op)
		if n == nil {
			return fmt.Errorf("%s names no node", op)
		}
		at[i] = e.find(n)
	}
	for i, op := range ops {
		switch o := op.(type) {
		case *Set:
			e.set(at[i], o.Path, o.Value)
		case *SetText:
			e.retext(at[i], o.Text)
		}
	}
	seen := map[string]bool{}
	for i, op := range ops {
		if o, ok := op.(*Append); ok {
			list := e.reach(at[i], o.Path)
			id := fmt.Sprintf("%p %#v", list, o.Value)
			if !seen[id] {
				e.appendItem(list, o.Value)
			}
			seen[id] = true
		}
	}
	for i, op := range ops {
		if o, ok := op.(*Replace); ok && !e.removed[at[i]] {
			e.exchange(at[i], o.With)
		}
	}
	for i, op := range ops {
		if o, ok := op.(*Delete); ok {
			e.remove(at[i], o.KeepComments)
		}
	}
	return nil
}

func nodeOf(op source.Op) *Node {
	switch o := op.(type) {
	case *Set:
		return o.In
	case *Append:
		return o.In
	case *Delete:
		return o.Node
	case *SetText:
		return o.Node
	case *Replace:
		return o.Node
	}
	return nil
}
