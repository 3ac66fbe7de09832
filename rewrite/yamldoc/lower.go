package yamldoc

import (
	"errors"
	"fmt"

	"github.com/offroot/offroot/rewrite/source"
)

// A wish is what ops want of one node, and the op to blame if it cannot be had.
type wish[T any] struct {
	node *Node
	what T
	op   source.Op
}

// wishes keep the order in which nodes were first named, so that the same ops give the same edits.
type wishes[T any] struct {
	order []*wish[T]
	at    map[*Node]*wish[T]
}

func (w *wishes[T]) get(n *Node) *wish[T] { return w.at[n] }

func (w *wishes[T]) put(n *Node, what T, op source.Op) {
	if known := w.at[n]; known != nil {
		known.what = what
		return
	}
	if w.at == nil {
		w.at = map[*Node]*wish[T]{}
	}
	w.at[n] = &wish[T]{n, what, op}
	w.order = append(w.order, w.at[n])
}

// An addition is a key that an existing mapping gets.
type addition struct {
	key   string
	value any
	place Place
	op    source.Op
}

// lowering is the state of one call of Lower: first all ops are gathered by the node that they change, then each node is
// changed once.
type lowering struct {
	d      *Document
	op     source.Op
	adds   wishes[[]*addition] // by mapping
	items  wishes[pending]     // by sequence, appended
	values wishes[any]         // by value, which is replaced or filled
	texts  wishes[string]      // by scalar
	swaps  wishes[Map]         // by value of the entry that is replaced
	gone   wishes[*Delete]     // by value of the entry, or item
	empty  map[*Node]bool      // roots that lose all their content
	sound  map[*Node]bool      // mappings that passed checkMapping
	inline *inlineHabits
	styles styles
	out    []change
}

// Lower turns ops into edits of the file as it was read. It returns a *source.Refusal for an op that cannot be done
// without guessing or that contradicts another; then nothing of the file may be edited.
func (d *Document) Lower(ops []source.Op) ([]source.Edit, error) {
	l := &lowering{d: d, empty: map[*Node]bool{}, sound: map[*Node]bool{}, styles: newStyles()}
	for _, op := range ops {
		l.op = op
		if err := l.gather(op); err != nil {
			return nil, err
		}
	}
	if err := l.settle(); err != nil {
		return nil, err
	}
	if err := l.write(); err != nil {
		return nil, err
	}
	return l.finish()
}

func (l *lowering) refuse(format string, args ...any) error {
	return &source.Refusal{Op: l.op, Reason: fmt.Sprintf(format, args...)}
}

func (l *lowering) gather(op source.Op) error {
	switch o := op.(type) {
	case *Set:
		if err := l.accept(o.In, o.Value); err != nil {
			return err
		}
		return l.set(o.In, o.Path, o.Value, o.At)
	case *Append:
		if err := l.accept(o.In, o.Value); err != nil {
			return err
		}
		return l.set(o.In, o.Path, pending{o.Value}, o.At)
	case *Delete:
		if err := l.accept(o.Node, nil); err != nil {
			return err
		}
		return l.remove(o)
	case *SetText:
		if err := l.accept(o.Node, nil); err != nil {
			return err
		}
		return l.setText(o)
	case *Replace:
		if err := l.accept(o.Node, o.With); err != nil {
			return err
		}
		return l.replace(o)
	}
	return fmt.Errorf("lower %s: an op of type %T is not one of YAML", l.d.file.Path, op)
}

func (l *lowering) accept(n *Node, value any) error {
	switch {
	case n == nil:
		return errors.New("lower " + l.d.file.Path + ": an op names no node")
	case n.doc != l.d:
		return fmt.Errorf("lower %s: an op names a node of %s", l.d.file.Path, n.doc.file.Path)
	case l.d.lost > 0:
		return l.refuse("from line %d on it is not certain which bytes belong to which value", l.d.lost)
	case n.inKey():
		return l.refuse("line %d is part of a complex key", n.Line())
	}
	if err := checkValue(value); err != nil {
		return fmt.Errorf("lower %s: %w", l.d.file.Path, err)
	}
	return nil
}

// set walks from in along keys that are written there, and notes what is to be done where the walk ends.
func (l *lowering) set(in *Node, path []string, value any, place Place) error {
	n := in
	for i, key := range path {
		if !validKey(key) {
			return l.refuse("%.40q cannot be a key", key)
		}
		if err := l.checkStep(n, i > 0); err != nil {
			return err
		}
		if n.IsNull() || n.IsEmptyMap() {
			return l.setValue(n, nest(path[i:], value))
		}
		if !n.isMapping() || key == "<<" {
			return l.refuse("the value at line %d is not a mapping that can have the key %s", n.Line(), key)
		}
		if err := l.checkMapping(n, key); err != nil {
			return err
		}
		next := n.own(key)
		if next == nil {
			return l.add(n, path[i:], value, place)
		}
		n = next
	}
	if err := l.checkStep(n, len(path) > 0); err != nil {
		return err
	}
	if item, ok := value.(pending); ok {
		return l.appendTo(n, item)
	}
	return l.setValue(n, value)
}

// nest wraps value into a mapping for each key of path.
func nest(path []string, value any) any {
	for i := len(path) - 1; i >= 0; i-- {
		value = Map{{path[i], value}}
	}
	return value
}

func (l *lowering) add(m *Node, path []string, value any, place Place) error {
	key := path[0]
	if from := m.Get(key); from != nil && (len(path) > 1 || !from.isScalar()) {
		return l.refuse("%s is merged into the mapping at line %d from line %d; writing it here would hide that",
			key, m.Line(), from.KeyLine())
	}
	value = nest(path[1:], value)
	var known []*addition
	if w := l.adds.get(m); w != nil {
		known = w.what
	}
	for _, a := range known {
		if a.key != key {
			continue
		}
		both, ok := merge(a.value, value)
		if !ok {
			return l.refuse("it contradicts %q", a.op)
		}
		a.value = both
		return nil
	}
	l.adds.put(m, append(known, &addition{key, value, place, l.op}), l.op)
	return nil
}

func (l *lowering) appendTo(n *Node, item pending) error {
	if n.IsNull() || n.isSequence() && len(n.kids) == 0 {
		return l.setValue(n, item)
	}
	if !n.isSequence() {
		return l.refuse("the value at line %d is not a sequence", n.Line())
	}
	var known pending
	if w := l.items.get(n); w != nil {
		known = w.what
	}
	l.items.put(n, appendNew(known, item), l.op)
	return nil
}

func (l *lowering) setValue(n *Node, value any) error {
	if err := l.checkValue(n); err != nil {
		return err
	}
	if w := l.values.get(n); w != nil {
		both, ok := merge(w.what, value)
		if !ok {
			return l.refuse("it contradicts %q", w.op)
		}
		value = both
	}
	l.values.put(n, value, l.op)
	return nil
}

func (l *lowering) setText(o *SetText) error {
	if !o.Node.isScalar() {
		return l.refuse("the value at line %d is not a scalar", o.Node.Line())
	}
	if err := l.checkValue(o.Node); err != nil {
		return err
	}
	if w := l.texts.get(o.Node); w != nil && w.what != o.Text {
		return l.refuse("it contradicts %q", w.op)
	}
	l.texts.put(o.Node, o.Text, o)
	return nil
}

func (l *lowering) remove(o *Delete) error {
	if o.Node.up == nil {
		return l.refuse("the content of a document cannot be deleted")
	}
	if err := l.checkEntry(o.Node); err != nil {
		return err
	}
	if w := l.gone.get(o.Node); w != nil && w.what.KeepComments {
		return nil
	}
	l.gone.put(o.Node, o, o)
	return nil
}

func (l *lowering) replace(o *Replace) error {
	m := o.Node.up
	if o.Node.key() == nil {
		return l.refuse("the value at line %d has no key", o.Node.Line())
	}
	if err := l.checkEntry(o.Node); err != nil {
		return err
	}
	if err := l.checkMapping(m, o.Node.Key()); err != nil {
		return err
	}
	if len(o.With) == 0 {
		return l.refuse("there is nothing to replace it by")
	}
	for _, p := range o.With {
		if v := m.own(p.Key); v != nil && v != o.Node {
			return l.refuse("the mapping at line %d has the key %s already", m.Line(), p.Key)
		}
	}
	if w := l.swaps.get(o.Node); w != nil && printValue(w.what) != printValue(o.With) {
		return l.refuse("it contradicts %q", w.op)
	}
	l.swaps.put(o.Node, o.With, o)
	return nil
}
