package yamldoc

import (
	"fmt"

	"gopkg.in/yaml.v3"
)

// reach returns the value at path below n, creating what is absent: as null, to be filled by the caller.
func (e *expectation) reach(n *yaml.Node, path []string) *yaml.Node {
	for _, key := range path {
		if n.Kind != yaml.MappingNode {
			e.become(n, yaml.Node{Kind: yaml.MappingNode, Tag: "!!map"})
		}
		next := valueOf(n, key)
		if next == nil {
			k := &yaml.Node{Kind: yaml.ScalarNode, Tag: "!!str", Value: key}
			next = &yaml.Node{Kind: yaml.ScalarNode, Tag: "!!null"}
			e.fresh[k] = true
			e.up[k], e.up[next] = n, n
			n.Content = append(n.Content, k, next)
		}
		n = next
	}
	return n
}

func valueOf(m *yaml.Node, key string) *yaml.Node {
	var found *yaml.Node
	for i := 0; i+1 < len(m.Content); i += 2 {
		if k := m.Content[i]; k.Value == key && k.Kind == yaml.ScalarNode && k.Tag != "!!merge" {
			found = m.Content[i+1]
		}
	}
	return found
}

// become changes what n is; its anchor stays.
func (e *expectation) become(n *yaml.Node, will yaml.Node) {
	e.comments.forgetTexts(n)
	will.Anchor, will.Line = n.Anchor, n.Line
	*n = will
	for _, k := range n.Content {
		e.up[k] = n
	}
}

func (e *expectation) set(in *yaml.Node, path []string, v any) {
	n := e.reach(in, path)
	will := e.build(v)
	quoted := n.Style&(yaml.DoubleQuotedStyle|yaml.SingleQuotedStyle|yaml.LiteralStyle|yaml.FoldedStyle) != 0
	if n.Kind == yaml.ScalarNode && will.Kind == yaml.ScalarNode && quoted && v != nil {
		will.Tag = "!!str"
		will.Style = n.Style
	}
	if will.Kind == yaml.MappingNode && n.Kind == yaml.MappingNode && e.onlyFresh(n) {
		for _, p := range v.(Map) {
			e.set(n, []string{p.Key}, p.Value)
		}
		return
	}
	e.become(n, *will)
}

// onlyFresh reports whether all keys of a mapping come from ops: then ops share it.
func (e *expectation) onlyFresh(m *yaml.Node) bool {
	for i := 0; i < len(m.Content); i += 2 {
		if !e.fresh[m.Content[i]] {
			return false
		}
	}
	return true
}

// build makes a node of a new value.
func (e *expectation) build(v any) *yaml.Node {
	switch v := v.(type) {
	case Map:
		n := &yaml.Node{Kind: yaml.MappingNode, Tag: "!!map"}
		for _, p := range v {
			k := &yaml.Node{Kind: yaml.ScalarNode, Tag: "!!str", Value: p.Key}
			e.fresh[k] = true
			n.Content = append(n.Content, k, e.build(p.Value))
		}
		e.adopt(n)
		return n
	case List:
		return e.buildList(v)
	case Inline:
		return e.buildList(v)
	case nil:
		return &yaml.Node{Kind: yaml.ScalarNode, Tag: "!!null"}
	case bool:
		return &yaml.Node{Kind: yaml.ScalarNode, Tag: "!!bool", Value: fmt.Sprint(v)}
	case int:
		return &yaml.Node{Kind: yaml.ScalarNode, Tag: "!!int", Value: fmt.Sprint(v)}
	}
	return &yaml.Node{Kind: yaml.ScalarNode, Tag: "!!str", Value: fmt.Sprint(v)}
}

func (e *expectation) buildList(items []any) *yaml.Node {
	n := &yaml.Node{Kind: yaml.SequenceNode, Tag: "!!seq"}
	for _, item := range items {
		n.Content = append(n.Content, e.build(item))
	}
	e.adopt(n)
	return n
}

func (e *expectation) appendItem(list *yaml.Node, v any) {
	if list.Kind != yaml.SequenceNode {
		e.become(list, yaml.Node{Kind: yaml.SequenceNode, Tag: "!!seq"})
	}
	item := e.build(v)
	e.up[item] = list
	list.Content = append(list.Content, item)
}

// retext gives a scalar another text. Text stays text; a plain number or null is read anew.
func (e *expectation) retext(n *yaml.Node, text string) {
	if n.Value == text {
		return
	}
	tag := "!!str"
	if n.Style == 0 && n.Tag != "!!str" && text != "" {
		probe := yaml.Node{Kind: yaml.ScalarNode, Value: text}
		tag = probe.ShortTag()
	}
	e.become(n, yaml.Node{Kind: yaml.ScalarNode, Tag: tag, Value: text, Style: n.Style})
}

// exchange puts the pairs of with in the place of the pair of value.
func (e *expectation) exchange(value *yaml.Node, with Map) {
	m := e.up[value]
	i := indexOf(m, value) - 1
	e.comments.forgetEntry(m, i, 2, true)
	e.removed[value] = true
	rest := append([]*yaml.Node(nil), m.Content[i+2:]...)
	m.Content = append(m.Content[:i:i], e.build(with).Content...)
	m.Content = append(m.Content, rest...)
	for _, k := range m.Content {
		e.up[k] = m
	}
}

func indexOf(m, child *yaml.Node) int {
	for i, k := range m.Content {
		if k == child {
			return i
		}
	}
	return -1
}

// remove takes out the pair or item of n, and what holds it if that is left empty.
func (e *expectation) remove(n *yaml.Node, keepComments bool) {
	m := e.up[n]
	if e.removed[n] || m == nil || m.Kind == yaml.DocumentNode {
		return
	}
	e.removed[n] = true
	i, count := indexOf(m, n), 1
	if m.Kind == yaml.MappingNode {
		i, count = i-1, 2
	}
	if i < 0 {
		return
	}
	e.comments.forgetEntry(m, i, count, keepComments)
	m.Content = append(m.Content[:i:i], m.Content[i+count:]...)
	if len(m.Content) == 0 {
		e.remove(m, keepComments)
	}
}
