package yamldoc

import (
	"sort"
	"strings"
)

// A group is the additions of one mapping that go to one slot, in the order in which they are written.
type group struct {
	slot
	adds []*addition
}

// writeAdds writes the keys that an existing mapping gets.
func (l *lowering) writeAdds(m *Node, adds []*addition) error {
	sort.SliceStable(adds, func(i, j int) bool { return sortKey(adds[i].key) < sortKey(adds[j].key) })
	var groups []*group
	at := map[slot]*group{}
	for _, a := range adds {
		s := mapGeometry{m}.slot(a.key, a.place)
		if at[s] == nil {
			at[s] = &group{slot: s}
			groups = append(groups, at[s])
		}
		at[s].adds = append(at[s].adds, a)
	}
	for _, g := range groups {
		l.op = g.adds[0].op
		write := l.addBlock
		if m.isFlow() {
			write = l.addFlow
		}
		if err := write(m, g); err != nil {
			return err
		}
	}
	return nil
}

func (l *lowering) addBlock(m *Node, g *group) error {
	d := l.d
	if problem := d.problemOf(g.slot); problem != "" {
		return l.refuse("no line can be added by the entry at line %d: %s", g.by.KeyLine(), problem)
	}
	entry := g.by.entryStart()
	column := d.column(entry)
	style := l.styles.at(m, entry)
	var lines []string
	for _, a := range g.adds {
		lines = append(lines, style.blockEntry(a.key, a.value, column)...)
	}
	if !g.above {
		l.insertLines(d.tailEnd(g.by), lines, m.depth(), true)
		return nil
	}
	if dashed, _ := d.blockPrefix(g.by); dashed {
		text := strings.TrimLeft(strings.Join(lines, l.newline()), " ")
		l.edit(entry, entry, text+l.newline()+spaces(column))
		return nil
	}
	l.insertLines(d.headStart(entry), lines, m.depth(), false)
	return nil
}

// writeItems appends items to a sequence that has some.
func (l *lowering) writeItems(s *Node, items pending) error {
	if s.isTagged() {
		return l.refuse("the sequence at line %d has the tag %s", s.Line(), s.y.Tag)
	}
	if s.isFlow() {
		return l.appendFlow(s, items)
	}
	d := l.d
	last := s.kids[len(s.kids)-1]
	if problem := d.problemOf(slot{by: last}); problem != "" {
		return l.refuse("no line can be added below the item at line %d: %s", last.KeyLine(), problem)
	}
	column := d.column(last.mark)
	style := l.styles.at(s.nearestMapping(), last.mark)
	style.unnamed = s.namesLater()
	var lines []string
	for _, item := range items {
		lines = append(lines, style.blockItem(item, column)...)
	}
	l.insertLines(d.tailEnd(last), lines, s.depth(), true)
	return nil
}

// namesLater reports whether the items of a sequence have names, and none of them in front.
func (n *Node) namesLater() bool {
	named := false
	for _, item := range n.kids {
		if !item.isMapping() || item.own("name") == nil {
			continue
		}
		if item.kids[0].y.Value == "name" {
			return false
		}
		named = true
	}
	return named
}

// nearestMapping is the mapping that holds n, or n itself if there is none.
func (n *Node) nearestMapping() *Node {
	for m := n; m != nil; m = m.up {
		if m.isMapping() {
			return m
		}
	}
	return n
}
