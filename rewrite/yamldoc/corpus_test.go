package yamldoc

import (
	"bytes"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"unicode/utf8"

	"gopkg.in/yaml.v3"

	"github.com/offroot/offroot/rewrite/source"
)

// corpus calls check with every YAML file that parses below the directory that OFFROOT_CORPUS names: as it stands, and with
// CRLF, a byte order mark and no final newline.
func corpus(t *testing.T, check func(t *testing.T, d *Document)) {
	t.Helper()
	root := os.Getenv("OFFROOT_CORPUS")
	if root == "" {
		t.Skip("OFFROOT_CORPUS names no directory of YAML files")
	}
	files, parsed := 0, 0
	err := filepath.WalkDir(root, func(path string, e fs.DirEntry, err error) error {
		ext := filepath.Ext(path)
		if err != nil || !e.Type().IsRegular() || ext != ".yaml" && ext != ".yml" && ext != ".json" {
			return nil
		}
		content, err := os.ReadFile(path)
		if err != nil || len(content) > 4<<20 {
			return nil
		}
		files++
		crlf := append([]byte("\xef\xbb\xbf"), bytes.ReplaceAll(content, []byte("\n"), []byte("\r\n"))...)
		for _, variant := range [][]byte{content, bytes.TrimSuffix(crlf, []byte("\r\n"))} {
			d, err := Parse(source.NewFile(path, variant))
			if err != nil {
				continue
			}
			parsed++
			check(t, d)
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	t.Logf("%d files, %d parsed", files, parsed)
}

func walk(n *Node, visit func(*Node)) {
	visit(n)
	for _, k := range n.kids {
		walk(k, visit)
	}
}

// TestCorpusSpans: for each scalar, the bytes of its span decode to its text, and every node starts where the parser says.
func TestCorpusSpans(t *testing.T) {
	nodes := 0
	corpus(t, func(t *testing.T, d *Document) {
		if d.lost > 0 {
			t.Errorf("%s: lost from line %d on", d.file.Path, d.lost)
			return
		}
		pos := newPositions(d.file.Content)
		for _, r := range d.roots {
			walk(r, func(n *Node) {
				nodes++
				checkSpan(t, n)
				checkStart(t, n, pos)
			})
		}
	})
	t.Logf("%d nodes", nodes)
}

func checkSpan(t *testing.T, n *Node) {
	t.Helper()
	if !n.isScalar() || isEmptyPlain(n.y) {
		return
	}
	raw := n.doc.file.Text(n.span)
	if b := n.Style(); b == Literal || b == Folded {
		block, _ := scanBlock(n.doc.file.Content, n.span.Start, n.y.Value)
		if block.digit {
			return
		}
		raw += "\n"
		if n.span.End == len(n.doc.file.Content) {
			raw = strings.TrimSuffix(raw, "\n")
		}
	}
	raw = "k: " + raw
	if n.up.isFlow() {
		raw = "[" + raw[3:] + "]"
	}
	var y yaml.Node
	if err := yaml.Unmarshal([]byte(raw), &y); err != nil {
		if n.Style() == Plain { // a multi-line key or the like needs its own context
			return
		}
		t.Errorf("%s: %q: %v", n.Place(), raw, err)
		return
	}
	v := y.Content[0].Content[len(y.Content[0].Content)-1]
	if v.Value != n.y.Value {
		t.Errorf("%s: span reads %q, want %q", n.Place(), v.Value, n.y.Value)
	}
	if _, ok := n.textMap(); !ok {
		t.Errorf("%s: text map of %q differs from %q", n.Place(), raw, n.y.Value)
	}
}

// positions turns the line and column of the parser into offsets.
type positions struct {
	src   []byte
	lines []int
}

func newPositions(src []byte) positions {
	p := positions{src: src, lines: []int{0}}
	if bytes.HasPrefix(src, byteOrderMark) {
		p.lines[0] = 3
	}
	for i := 0; i < len(src); i++ {
		if n := breakLen(src, i); n > 0 {
			i += n - 1
			p.lines = append(p.lines, i+1)
		}
	}
	return p
}

func (p positions) offset(line, column int) int {
	at := p.lines[line-1]
	for ; column > 1 && at < len(p.src); column-- {
		_, n := utf8.DecodeRune(p.src[at:])
		at += n
	}
	return at
}

func checkStart(t *testing.T, n *Node, p positions) {
	t.Helper()
	if isEmptyPlain(n.y) {
		return
	}
	if want := p.offset(n.y.Line, n.y.Column); n.start != want {
		t.Errorf("%s: node starts at byte %d, parser says %d:%d, byte %d", n.Place(), n.start, n.y.Line, n.y.Column, want)
	}
}
