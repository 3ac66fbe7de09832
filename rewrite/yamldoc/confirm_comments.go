package yamldoc

import (
	"fmt"
	"strings"

	"gopkg.in/yaml.v3"
)

// A commentLedger counts what looks like a comment on each line of the original: everything from a # that begins a word.
// Some of it is text of scalars; that is no harm, for it must stay as well unless an op changes the scalar.
type commentLedger struct {
	lines  []string // as yaml.v3 counts them
	counts map[string]int
	until  map[*yaml.Node]int // line on which the node after a scalar begins
}

func newCommentLedger(content []byte) *commentLedger {
	c := &commentLedger{lines: yamlLines(string(content)), counts: map[string]int{}}
	for _, line := range c.lines {
		if text := commentText(line); text != "" {
			c.counts[text]++
		}
	}
	return c
}

// yamlLines splits at every break that yaml.v3 counts. A byte order mark is no part of the first line.
func yamlLines(s string) []string {
	s = strings.TrimPrefix(s, string(byteOrderMark))
	return strings.Split(strings.NewReplacer("\r\n", "\n", "\r", "\n", "\u0085", "\n", "\u2028", "\n", "\u2029", "\n").Replace(s), "\n")
}

// commentText is the part of a line from the first # that begins a word, "" if there is none.
func commentText(line string) string {
	for i := 0; i < len(line); i++ {
		if line[i] == '#' && (i == 0 || strings.IndexByte(" \t,[]{}", line[i-1]) >= 0) {
			return strings.TrimRight(line[i:], " \t")
		}
	}
	return ""
}

func isCommentOnly(line string) bool { return strings.HasPrefix(strings.TrimLeft(line, " \t"), "#") }

// missingFrom is an error if after lacks a comment that is still counted. New text before a comment may hold a # itself,
// so every # of a line is tried.
func (c *commentLedger) missingFrom(after []byte) error {
	have := map[string]int{}
	for _, line := range yamlLines(string(after)) {
		for text := commentText(line); text != ""; text = commentText(text[1:]) {
			have[text]++
		}
	}
	for text, n := range c.counts {
		if n > have[text] {
			return fmt.Errorf("the comment %q is lost", text)
		}
	}
	return nil
}

// forget takes lines (1-based, both included) off the account. A line is forgotten once.
func (c *commentLedger) forget(from, to int) {
	for i := max(from, 1); i <= to && i <= len(c.lines); i++ {
		if text := commentText(c.lines[i-1]); text != "" {
			c.counts[text]--
			c.lines[i-1] = ""
		}
	}
}

// forgetEntry takes the comments of a pair or item off the account: those within, the one behind its last line, and the
// block directly above unless that is kept.
func (c *commentLedger) forgetEntry(m *yaml.Node, i, count int, keepAbove bool) {
	first := m.Content[i].Line
	if first == 0 {
		return
	}
	last := first
	for _, n := range m.Content[i : i+count] {
		last = max(last, lastLine(n))
		c.forgetTexts(n)
	}
	if m.Kind == yaml.SequenceNode {
		first = c.dashLine(first)
	}
	for !keepAbove && first > 1 && first-1 <= len(c.lines) && isCommentOnly(c.lines[first-2]) {
		first--
	}
	c.forget(first, last)
}

// dashLine is the line of the dash of the block item that begins at line, if only comments stand between.
func (c *commentLedger) dashLine(line int) int {
	at := line
	for at > 1 && isCommentOnly(c.lines[at-2]) {
		at--
	}
	if at == 1 {
		return line
	}
	above := strings.TrimLeft(c.lines[at-2], " ")
	if rest := strings.TrimLeft(above, " -"); strings.HasPrefix(above, "-") && (rest == "" || rest[0] == '#') {
		return at - 1
	}
	return line
}

// lastLine is the last line on which something of n begins.
func lastLine(n *yaml.Node) int {
	last := n.Line
	for _, k := range n.Content {
		last = max(last, lastLine(k))
	}
	return last
}

// follow notes for every scalar where the next node begins: its text ends before.
func (c *commentLedger) follow(trees []*yaml.Node) {
	c.until = map[*yaml.Node]int{}
	var last *yaml.Node
	var visit func(n *yaml.Node)
	visit = func(n *yaml.Node) {
		if last != nil {
			c.until[last] = n.Line
		}
		last = n
		for _, k := range n.Content {
			visit(k)
		}
	}
	for _, t := range trees {
		visit(t)
	}
	if last != nil {
		c.until[last] = len(c.lines) + 1
	}
}

func (c *commentLedger) forgetTexts(n *yaml.Node) {
	c.forgetText(n)
	c.forgetBehind(n)
	for _, k := range n.Content {
		c.forgetTexts(k)
	}
}

// forgetBehind takes the comment behind the last line of a text of several lines off the account. Only there can one be.
func (c *commentLedger) forgetBehind(n *yaml.Node) {
	if n.Kind != yaml.ScalarNode || n.Line == 0 || n.Style&(yaml.LiteralStyle|yaml.FoldedStyle) != 0 {
		return
	}
	for i := n.Line + 1; i < c.until[n] && i <= len(c.lines) && strings.ContainsAny(n.Value, " \n"); i++ {
		if isCommentOnly(c.lines[i-1]) {
			return
		}
		if commentText(c.lines[i-1]) != "" {
			c.forget(i, i)
			return
		}
	}
}

// forgetText takes off the account what looks like a comment but is text of a scalar that changes.
func (c *commentLedger) forgetText(n *yaml.Node) {
	if n.Kind != yaml.ScalarNode || n.Line == 0 || !strings.Contains(n.Value, "#") {
		return
	}
	for i := n.Line; i <= len(c.lines) && (i == n.Line || i < c.until[n]); i++ {
		text := commentText(c.lines[i-1])
		if end := strings.IndexAny(text, " \t\"'\\,]}"); end > 0 {
			text = text[:end]
		}
		if text != "" && strings.Contains(n.Value, text) {
			c.forget(i, i)
		}
	}
}
