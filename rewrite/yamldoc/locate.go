package yamldoc

import (
	"bytes"

	"gopkg.in/yaml.v3"

	"github.com/offroot/offroot/rewrite/source"
)

// A locator walks the bytes of a file along its tree. At every step the tree says what must come next, so only white
// space, comments and indicators are left to recognise. If the bytes say something else, the file is lost from there on:
// it can be read, but not edited.
type locator struct {
	d     *Document
	src   []byte
	pos   int
	nodes map[*yaml.Node]*Node
}

func locate(d *Document) {
	l := &locator{d: d, src: d.file.Content, nodes: map[*yaml.Node]*Node{}}
	if bytes.HasPrefix(l.src, byteOrderMark) {
		l.pos = len(byteOrderMark)
	}
	for i, tree := range d.trees {
		l.documentStart(true)
		root := l.node(tree.Content[0], nil, 0)
		root.tree = i
		if !root.IsNull() {
			d.roots = append(d.roots, root)
		}
	}
	l.documentStart(false)
	if l.pos != len(l.src) {
		l.lose()
	}
	l.linkAliases()
}

func (l *locator) linkAliases() {
	for _, tree := range l.d.trees {
		l.link(tree.Content[0])
	}
}

// link walks in the order of the file, so that the uses of an anchor are in that order, too.
func (l *locator) link(y *yaml.Node) {
	if y.Kind == yaml.AliasNode {
		n, target := l.nodes[y], l.nodes[y.Alias]
		n.target = target
		target.uses = append(target.uses, n)
		return
	}
	for _, k := range y.Content {
		l.link(k)
	}
}

func (l *locator) lose() {
	if l.d.lost == 0 {
		l.d.lost = l.d.file.Line(l.pos)
	}
}

func (l *locator) peek() byte {
	if l.pos < len(l.src) {
		return l.src[l.pos]
	}
	return 0
}

// eat consumes c, or loses the file.
func (l *locator) eat(c byte) {
	if l.peek() == c && l.pos < len(l.src) {
		l.pos++
		return
	}
	l.lose()
}

// trivia skips white space and comments, and notes the comments.
func (l *locator) trivia() {
	for l.pos < len(l.src) {
		switch n := breakLen(l.src, l.pos); {
		case n > 0:
			l.pos += n
		case isBlank(l.src, l.pos):
			l.pos++
		case l.src[l.pos] == '#':
			l.comment()
		case bytes.HasPrefix(l.src[l.pos:], byteOrderMark):
			l.pos += len(byteOrderMark)
		default:
			return
		}
	}
}

func (l *locator) comment() {
	end := lineEnd(l.src, l.pos)
	known := l.d.comments
	if len(known) == 0 || known[len(known)-1].Start < l.pos {
		l.d.comments = append(known, source.Span{Start: l.pos, End: end})
	}
	l.pos = end
}

// documentStart skips what stands between documents. If opening, one --- is consumed at most: the next one opens the
// document after this.
func (l *locator) documentStart(opening bool) {
	for {
		l.trivia()
		switch {
		case l.peek() == '%' && l.atLineStart():
			l.pos = lineEnd(l.src, l.pos)
		case l.marker("..."):
			l.pos += 3
		case l.marker("---") && opening:
			l.pos += 3
			return
		default:
			return
		}
	}
}

func (l *locator) marker(text string) bool {
	return bytes.HasPrefix(l.src[l.pos:], []byte(text)) && isBlankOrEnd(l.src, l.pos+3) && l.atLineStart()
}

func (l *locator) atLineStart() bool {
	if l.pos == 0 || l.pos == len(byteOrderMark) && bytes.HasPrefix(l.src, byteOrderMark) {
		return true
	}
	for _, n := range []int{1, 2, 3} {
		if l.pos >= n && breakLen(l.src, l.pos-n) == n {
			return true
		}
	}
	return l.src[l.pos-1] == '\n'
}

func isEmptyPlain(y *yaml.Node) bool {
	return y.Kind == yaml.ScalarNode && y.Value == "" && y.Style&^yaml.TaggedStyle == 0
}

func hasProps(y *yaml.Node) bool {
	return y.Kind != yaml.AliasNode && (y.Anchor != "" || y.Style&yaml.TaggedStyle != 0)
}

func (l *locator) node(y *yaml.Node, up *Node, index int) *Node {
	n := &Node{doc: l.d, y: y, up: up, index: index, mark: -1, question: -1}
	if up != nil {
		n.tree = up.tree
	}
	l.nodes[y] = n
	if isEmptyPlain(y) && !hasProps(y) {
		l.loneTag()
		n.start, n.end, n.span = l.pos, l.pos, source.Span{Start: l.pos, End: l.pos}
		return n
	}
	l.trivia()
	n.start = l.pos
	l.props(y)
	if !isEmptyPlain(y) {
		l.trivia()
	}
	n.span.Start = l.pos
	l.content(n)
	n.end, n.span.End = l.pos, l.pos
	return n
}

// loneTag loses the file at a ! without a name or a value: the parser does not tell that it was there.
func (l *locator) loneTag() {
	if at := skipBlanks(l.src, l.pos); at < len(l.src) && l.src[at] == '!' {
		l.lose()
	}
}

// props consumes the anchor and the tag that belong to y, in either order.
func (l *locator) props(y *yaml.Node) {
	if y.Kind == yaml.AliasNode {
		return
	}
	anchor, tag := y.Anchor != "", y.Style&yaml.TaggedStyle != 0 || y.Kind == yaml.ScalarNode
	for anchor || tag {
		end := l.pos
		switch {
		case l.peek() == '&' && anchor:
			end, anchor = l.pos+1+len(y.Anchor), false
		case l.peek() == '!' && tag:
			for tag = false; !isBlankOrEnd(l.src, end); end++ {
			}
		default:
			return
		}
		l.pos = min(end, len(l.src))
		if anchor || tag && y.Style&yaml.TaggedStyle != 0 || !isEmptyPlain(y) {
			l.trivia()
		}
	}
}

func (l *locator) content(n *Node) {
	switch n.y.Kind {
	case yaml.AliasNode:
		l.eat('*')
		l.pos = min(l.pos+len(n.y.Value), len(l.src))
	case yaml.ScalarNode:
		l.scalar(n)
	case yaml.MappingNode:
		l.mapping(n)
	case yaml.SequenceNode:
		l.sequence(n)
	}
}

func (l *locator) scalar(n *Node) {
	end, ok := l.pos, true
	switch c := l.peek(); {
	case n.y.Style&yaml.DoubleQuotedStyle != 0:
		if ok = c == '"'; ok {
			end, ok = quotedEnd(l.src, l.pos)
		}
	case n.y.Style&yaml.SingleQuotedStyle != 0:
		if ok = c == '\''; ok {
			end, ok = quotedEnd(l.src, l.pos)
		}
	case n.y.Style&(yaml.LiteralStyle|yaml.FoldedStyle) != 0:
		if ok = c == '|' || c == '>'; ok {
			var b blockScalar
			b, ok = scanBlock(l.src, l.pos, n.y.Value)
			end = b.end
			l.headerComment(b)
		}
	default:
		end, ok = plainEnd(l.src, l.pos, n.y.Value)
	}
	if !ok {
		l.lose()
		return
	}
	l.pos = end
}

func (l *locator) headerComment(b blockScalar) {
	at := skipBlanks(l.src, b.header.End)
	if at < len(l.src) && l.src[at] == '#' {
		l.pos = at
		l.comment()
	}
}
