package dockerfile

import (
	"bytes"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/moby/buildkit/frontend/dockerfile/parser"
)

// facts are what must not differ between the file that the ops describe and the file that was made.
type facts struct {
	content  []byte
	escape   rune
	nodes    []*parser.Node
	items    []item
	comments map[string]int
	blank    int // blank lines outside of instructions, -1 if they are no matter
}

// An item is one instruction as data.
type item struct {
	joined  string // the whole text, "" if only the parsed form counts
	name    string
	flags   []string
	args    []string
	exec    bool
	bodies  []string
	trigger *item // what ONBUILD holds
}

func readFacts(content []byte) (*facts, error) {
	tree, err := syntaxTree(content)
	if err != nil {
		return nil, err
	}
	f := &facts{content: content, escape: tree.EscapeToken, nodes: tree.AST.Children, comments: map[string]int{}}
	lines := strings.Split(string(content), "\n")
	next := 0
	for _, n := range f.nodes {
		f.count(lines[next:n.StartLine-1], true)
		head := n.EndLine
		for _, h := range n.Heredocs {
			head -= strings.Count(h.Content, "\n") + 1
		}
		f.count(lines[n.StartLine:head], false)
		next = n.EndLine
		f.items = append(f.items, newItem(n))
	}
	if next < len(lines) {
		f.count(lines[next:len(lines)-1], true)
		if last := lines[len(lines)-1]; last != "" {
			f.count([]string{last}, true)
		}
	}
	return f, nil
}

// count takes in the lines of a gap, or of a continuation, where blank lines are no matter.
func (f *facts) count(lines []string, gap bool) {
	for _, line := range lines {
		text := strings.TrimSpace(strings.TrimPrefix(line, "\ufeff"))
		switch {
		case strings.HasPrefix(text, "#"):
			f.comments[text]++
		case text == "" && gap:
			f.blank++
		}
	}
}

func newItem(n *parser.Node) item {
	it := item{joined: n.Original, name: strings.ToUpper(n.Value), flags: n.Flags, exec: n.Attributes["json"]}
	for arg := n.Next; arg != nil; arg = arg.Next {
		it.args = append(it.args, arg.Value)
		for _, child := range arg.Children {
			inner := newItem(child)
			it.trigger = &inner
		}
	}
	for _, h := range n.Heredocs {
		it.bodies = append(it.bodies, strings.ReplaceAll(h.Content, "\r\n", "\n"))
	}
	return it
}

// equal compares what the ops say with what the changed file holds.
func (f *facts) equal(got *facts) error {
	if len(f.items) != len(got.items) {
		return fmt.Errorf("%d instructions instead of %d", len(got.items), len(f.items))
	}
	for k := range f.items {
		if !f.items[k].same(got.items[k]) {
			return fmt.Errorf("instruction %d is %q instead of %+v", k+1, got.items[k].joined, f.items[k])
		}
	}
	if !maps.Equal(f.comments, got.comments) {
		return fmt.Errorf("the comments differ")
	}
	if f.blank >= 0 && f.blank != got.blank {
		return fmt.Errorf("%d blank lines instead of %d", got.blank, f.blank)
	}
	return sameEndings(f.content, got.content)
}

func (it item) same(other item) bool {
	if it.joined != "" {
		return it.joined == other.joined && slices.Equal(it.bodies, other.bodies)
	}
	if (it.trigger == nil) != (other.trigger == nil) || it.trigger != nil && !it.trigger.same(*other.trigger) {
		return false
	}
	return it.name == other.name && it.exec == other.exec && slices.Equal(it.flags, other.flags) &&
		slices.Equal(fields(it.args), fields(other.args)) && slices.Equal(it.bodies, other.bodies)
}

// fields evens out the blanks that continuations leave within an argument.
func fields(args []string) []string {
	out := make([]string, len(args))
	for k, arg := range args {
		out[k] = strings.Join(strings.Fields(arg), " ")
	}
	return out
}

// sameEndings compares the byte order mark, the final newline and the kind of line ending.
func sameEndings(before, after []byte) error {
	bom := []byte("\xef\xbb\xbf")
	if bytes.HasPrefix(before, bom) != bytes.HasPrefix(after, bom) {
		return fmt.Errorf("the byte order mark differs")
	}
	if bytes.HasSuffix(before, []byte("\n")) != bytes.HasSuffix(after, []byte("\n")) {
		return fmt.Errorf("the final newline differs")
	}
	crlf := func(b []byte) bool {
		n := bytes.Count(b, []byte("\n"))
		return n > 0 && n == bytes.Count(b, []byte("\r\n"))
	}
	if bytes.Contains(before, []byte("\n")) && crlf(before) && bytes.Contains(after, []byte("\n")) && !crlf(after) {
		return fmt.Errorf("a line does not end in CRLF as the others do")
	}
	if !bytes.Contains(before, []byte("\r")) && bytes.Contains(after, []byte("\r")) {
		return fmt.Errorf("a line ends in CRLF unlike the others")
	}
	return nil
}
