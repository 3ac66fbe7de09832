package yamldoc

// entries is the number of pairs or items of a collection.
func (n *Node) entries() int {
	if n.isMapping() {
		return len(n.kids) / 2
	}
	return len(n.kids)
}

// settle extends deletions to collections that they would leave empty, and refuses ops that contradict a deletion.
func (l *lowering) settle() error {
	count := map[*Node]int{}
	for i := 0; i < len(l.gone.order); i++ {
		w := l.gone.order[i]
		m := w.node.up
		count[m]++
		if count[m] < m.entries() || l.adds.get(m) != nil || l.items.get(m) != nil {
			continue
		}
		if m.up == nil {
			l.empty[m] = true
			continue
		}
		if l.gone.get(m) == nil {
			l.op = w.op
			if err := l.checkEntry(m); err != nil {
				return err
			}
			l.gone.put(m, w.what, w.op)
		}
	}
	if err := l.checkUses(); err != nil {
		return err
	}
	return l.checkSurvivors()
}

// goneAbove reports whether n or a collection that holds it is deleted, or a root that loses its content.
func (l *lowering) goneAbove(n *Node) bool {
	for ; n != nil; n = n.up {
		if l.gone.get(n) != nil {
			return true
		}
	}
	return false
}

// checkUses refuses to delete or replace an anchor that is still used.
func (l *lowering) checkUses() error {
	for _, w := range l.gone.order {
		l.op = w.op
		if err := l.checkUsesBelow(w.node, w.node); err != nil {
			return err
		}
		if k := w.node.key(); k != nil {
			if err := l.checkUsesBelow(k, k); err != nil {
				return err
			}
		}
	}
	for _, w := range l.swaps.order {
		l.op = w.op
		if err := l.checkUsesBelow(w.node, w.node); err != nil {
			return err
		}
	}
	for _, w := range l.values.order {
		l.op = w.op
		for _, k := range w.node.kids {
			if err := l.checkUsesBelow(k, w.node); err != nil {
				return err
			}
		}
	}
	return nil
}

func (l *lowering) checkUsesBelow(n, top *Node) error {
	for _, alias := range n.uses {
		if !alias.within(top) && !l.goneAbove(alias) {
			return l.refuse("line %d holds the anchor &%s, used at line %d", n.Line(), n.Anchor(), alias.Line())
		}
	}
	for _, k := range n.kids {
		if err := l.checkUsesBelow(k, top); err != nil {
			return err
		}
	}
	return nil
}

func (n *Node) within(top *Node) bool {
	for ; n != nil; n = n.up {
		if n == top {
			return true
		}
	}
	return false
}

// checkSurvivors refuses an op on something that another op removes or overwrites.
func (l *lowering) checkSurvivors() error {
	if err := survivors(l, l.adds, true); err != nil {
		return err
	}
	if err := survivors(l, l.items, true); err != nil {
		return err
	}
	if err := survivors(l, l.texts, true); err != nil {
		return err
	}
	if err := survivors(l, l.values, false); err != nil {
		return err
	}
	return survivors(l, l.swaps, false)
}

// survivors checks that nothing above the nodes of w goes or is overwritten. self says that the nodes themselves must not
// be overwritten either.
func survivors[T any](l *lowering, w wishes[T], self bool) error {
	for _, one := range w.order {
		l.op = one.op
		if l.goneAbove(one.node) {
			return l.refuse("another op deletes what it changes")
		}
		if l.swaps.get(one.node) != nil && l.values.get(one.node) != nil {
			return l.refuse("another op sets what it replaces")
		}
		n := one.node
		if !self {
			n = n.up
		}
		for ; n != nil; n = n.up {
			if l.swaps.get(n) != nil || l.values.get(n) != nil {
				return l.refuse("another op overwrites what it changes")
			}
		}
	}
	return nil
}
