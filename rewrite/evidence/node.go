package evidence

import "strings"

type nodeKind int

const (
	nUnknown nodeKind = iota
	nString
	nNumber
	nName   // a.b.c, with :: and -> written as a dot
	nCall   // base(args)
	nMember // base.name where base is no plain name
	nIndex  // base[args[0]]
	nBinary // name is the operator, args the sides
	nList   // (a, b), [a, b], {k: v}
)

// A node is an expression.
type node struct {
	kind   nodeKind
	name   string
	pieces []piece // of a string
	base   *node
	args   []arg
	at     int
}

type arg struct {
	name string // of a keyword argument or a key
	node *node
}

// arg returns a positional argument, or nil.
func (n *node) arg(i int) *node {
	for _, a := range n.args {
		if a.name != "" {
			continue
		}
		if i == 0 {
			return a.node
		}
		i--
	}
	return nil
}

// key returns a keyword argument, or the value of a key in an object among the arguments.
func (n *node) key(name string) *node {
	for _, a := range n.args {
		if a.name == name {
			return a.node
		}
	}
	for _, a := range n.args {
		if a.name == "" && a.node.kind == nList {
			for _, in := range a.node.args {
				if in.name == name {
					return in.node
				}
			}
		}
	}
	return nil
}

// callee is the dotted name of a call: its last two parts decide in the tables.
func (n *node) callee() string {
	switch {
	case n == nil || n.base == nil:
		return ""
	case n.base.kind == nName:
		return n.base.name
	case n.base.kind == nMember:
		return required(n.base.base) + "." + n.base.name
	}
	return ""
}

// required is the name of the module of require("fs") and require("node:fs/promises"), or "?".
func required(n *node) string {
	if n.kind != nCall || n.base.kind != nName || n.base.name != "require" || n.arg(0) == nil || n.arg(0).kind != nString {
		return "?"
	}
	module := n.arg(0).pieces[0].text
	return strings.TrimPrefix(module[strings.LastIndexByte(module, '/')+1:], "node:")
}
