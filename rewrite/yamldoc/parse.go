package yamldoc

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"strings"

	"gopkg.in/yaml.v3"

	"github.com/offroot/offroot/rewrite/source"
)

// A Document is a parsed stream of YAML documents, or a JSON file. It is immutable.
type Document struct {
	file     *source.File
	trees    []*yaml.Node
	roots    []*Node
	comments []source.Span // in order of the file, each from its # to the end of its line
	lost     int           // line from which on the bytes could not be matched with the tree; 0 if all were
	json     bool
}

// Parse reads a whole stream. What is not YAML is a *source.Error with its place, and so are aliases that contain
// themselves or multiply the file beyond reason.
func Parse(f *source.File) (*Document, error) {
	if bytes.HasPrefix(f.Content, []byte("\xff\xfe")) || bytes.HasPrefix(f.Content, []byte("\xfe\xff")) {
		return nil, &source.Error{Place: source.Place{Path: f.Path, Line: 1}, Column: 1,
			Msg: "parse YAML: the file is UTF-16; convert it to UTF-8"}
	}
	trees, err := decodeAll(f.Content)
	if err != nil {
		return nil, parseError(f, err)
	}
	if at, msg := checkAliases(trees); at != nil {
		return nil, &source.Error{Place: source.Place{Path: f.Path, Line: at.Line}, Column: at.Column, Msg: "parse YAML: " + msg}
	}
	d := &Document{file: f, trees: trees, json: strings.HasSuffix(f.Path, ".json")}
	locate(d)
	return d, nil
}

// decodeAll returns the document node of each document of the stream. The parser panics on some malformed input; that is
// an error of the input as well.
func decodeAll(content []byte) (trees []*yaml.Node, err error) {
	defer func() {
		if r := recover(); r != nil {
			trees, err = nil, fmt.Errorf("%v", r)
		}
	}()
	dec := yaml.NewDecoder(bytes.NewReader(content))
	for {
		tree := new(yaml.Node)
		err := dec.Decode(tree)
		if errors.Is(err, io.EOF) {
			return trees, nil
		}
		if err != nil {
			return nil, err
		}
		trees = append(trees, tree)
	}
}

// aliasAllowance is how many nodes a file may stand for beyond ten times those that it writes.
const aliasAllowance = 400_000

type aliasCheck struct {
	size map[*yaml.Node]int
	busy map[*yaml.Node]bool
	bad  *yaml.Node
	msg  string
}

// checkAliases returns the first alias that is part of itself, or a document whose aliases stand for too many nodes.
func checkAliases(trees []*yaml.Node) (*yaml.Node, string) {
	c := aliasCheck{size: map[*yaml.Node]int{}, busy: map[*yaml.Node]bool{}}
	for _, tree := range trees {
		written := countNodes(tree)
		if c.expand(tree) > 10*written+aliasAllowance && c.bad == nil {
			c.bad, c.msg = tree.Content[0], "aliases stand for too many values"
		}
	}
	return c.bad, c.msg
}

func countNodes(n *yaml.Node) int {
	sum := 1
	for _, k := range n.Content {
		sum += countNodes(k)
	}
	return sum
}

// expand is the number of nodes that n stands for, aliases followed, capped to stay far from overflow.
func (c *aliasCheck) expand(n *yaml.Node) int {
	if n.Kind == yaml.AliasNode {
		if c.busy[n.Alias] {
			c.bad, c.msg = n, fmt.Sprintf("anchor %q contains itself", n.Value)
			return 1
		}
		return 1 + c.expand(n.Alias)
	}
	if n.Anchor == "" {
		return c.children(n)
	}
	if size, ok := c.size[n]; ok {
		return size
	}
	c.busy[n] = true
	size := c.children(n)
	c.busy[n] = false
	c.size[n] = size
	return size
}

func (c *aliasCheck) children(n *yaml.Node) int {
	sum := 1
	for _, k := range n.Content {
		sum = min(sum+c.expand(k), 1<<40)
	}
	return sum
}
