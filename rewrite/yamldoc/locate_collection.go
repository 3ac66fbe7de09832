package yamldoc

import "gopkg.in/yaml.v3"

func (l *locator) mapping(n *Node) {
	braces := n.y.Style&yaml.FlowStyle != 0 && l.peek() == '{' && !isImplicitPair(n.y)
	if braces {
		l.pos++
	}
	n.kids = make([]*Node, 0, len(n.y.Content))
	for i := 0; i+1 < len(n.y.Content); i += 2 {
		l.pair(n, i)
	}
	n.bare = !braces && n.y.Style&yaml.FlowStyle != 0
	if braces {
		l.close('}')
	}
	n.indexKeys()
}

// isImplicitPair recognises [a: b], a flow mapping without braces: it begins where its key begins.
func isImplicitPair(y *yaml.Node) bool {
	if len(y.Content) != 2 {
		return false
	}
	key := y.Content[0]
	return key.Line == y.Line && key.Column == y.Column
}

func (l *locator) pair(n *Node, i int) {
	l.separator(n)
	question := -1
	if l.peek() == '?' && isBlankOrEnd(l.src, l.pos+1) {
		question = l.pos
		l.pos++
	}
	key := l.node(n.y.Content[i], n, i)
	n.kids = append(n.kids, key)
	after := l.pos
	l.trivia()
	colon := -1
	if l.peek() == ':' {
		colon = l.pos
		l.pos++
	} else {
		l.pos = after
	}
	value := l.node(n.y.Content[i+1], n, i+1)
	value.mark, value.question = colon, question
	n.kids = append(n.kids, value)
}

// separator consumes the comma before an entry of a flow collection.
func (l *locator) separator(n *Node) {
	l.trivia()
	if n.y.Style&yaml.FlowStyle != 0 && len(n.kids) > 0 {
		l.eat(',')
		l.trivia()
	}
}

func (l *locator) close(c byte) {
	l.trivia()
	if l.peek() == ',' {
		l.pos++
		l.trivia()
	}
	l.eat(c)
}

func (l *locator) sequence(n *Node) {
	flow := n.y.Style&yaml.FlowStyle != 0
	if flow {
		l.eat('[')
	}
	n.kids = make([]*Node, 0, len(n.y.Content))
	for i, y := range n.y.Content {
		l.separator(n)
		dash := -1
		if !flow {
			dash = l.pos
			l.eat('-')
		}
		item := l.node(y, n, i)
		item.mark = dash
		n.kids = append(n.kids, item)
	}
	if flow {
		l.close(']')
	}
}
