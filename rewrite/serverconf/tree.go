package serverconf

import (
	"fmt"
	"sort"
	"strings"

	"github.com/offroot/offroot/rewrite/source"
)

// A word is one argument as it stands in the file. Text is without its quotes, Raw with them.
type word struct {
	source.Span
	Raw  string
	Text string
}

// inner is the offset of Text within the file.
func (w word) inner() int {
	if len(w.Raw) > len(w.Text) && len(w.Raw) >= 2 && strings.ContainsRune("\"'`", rune(w.Raw[0])) {
		return w.Start + 1
	}
	return w.Start
}

// A directive is a name, its arguments and, if it is a block, what stands in it. Span reaches from the name to the end of
// what ends it: the semicolon, the opening brace, the last word of the line.
type directive struct {
	source.Span
	Name   word
	Args   []word
	Parent *directive
	Body   []*directive
	Block  bool
}

// up returns the nearest directive of one of the names, the directive itself included.
func (d *directive) up(names ...string) *directive {
	for at := d; at != nil; at = at.Parent {
		for _, n := range names {
			if strings.EqualFold(at.Name.Text, n) {
				return at
			}
		}
	}
	return nil
}

// child returns the first directive of a block with that name, or nil.
func (d *directive) child(name string) *directive {
	if d == nil {
		return nil
	}
	for _, c := range d.Body {
		if strings.EqualFold(c.Name.Text, name) {
			return c
		}
	}
	return nil
}

// arg returns the text of an argument, or "".
func (d *directive) arg(i int) string {
	if i < len(d.Args) {
		return d.Args[i].Text
	}
	return ""
}

// has reports whether an argument is exactly text.
func (d *directive) has(text string) bool {
	for _, a := range d.Args {
		if a.Text == text {
			return true
		}
	}
	return false
}

// A token is a piece of the flat view of a file: a word, a structural sign, or a line end where that is structure.
type token struct {
	source.Span
	Text string
}

// A tree is a scanned text: directives, comments, and the flat list of tokens.
type tree struct {
	text     string
	kind     Kind
	top      []*directive
	flat     []token
	comments []token
	breaks   []int // offsets of the line feeds
}

// walk visits every directive in the order of the file.
func (t *tree) walk(visit func(*directive)) {
	var each func([]*directive)
	each = func(list []*directive) {
		for _, d := range list {
			visit(d)
			each(d.Body)
		}
	}
	each(t.top)
}

// line returns the 1-based line of an offset.
func (t *tree) line(offset int) int {
	return sort.Search(len(t.breaks), func(i int) bool { return t.breaks[i] >= offset }) + 1
}

// raw returns the text of a directive up to where its block begins, on one line.
func (t *tree) raw(d *directive) string {
	return strings.Join(strings.Fields(t.text[d.Start:d.End]), " ")
}

// A builder grows a tree while a scanner reads.
type builder struct {
	tree
	open []*directive
}

func (b *builder) parent() *directive {
	if len(b.open) == 0 {
		return nil
	}
	return b.open[len(b.open)-1]
}

// add appends a directive to the block that is open.
func (b *builder) add(words []word, end int) *directive {
	if len(words) == 0 {
		return nil
	}
	d := &directive{Span: source.Span{Start: words[0].Start, End: end}, Name: words[0], Args: words[1:], Parent: b.parent()}
	if d.Parent == nil {
		b.top = append(b.top, d)
	} else {
		d.Parent.Body = append(d.Parent.Body, d)
	}
	return d
}

// begin adds a directive and opens its block. A block without a name (the global options of Caddy) has an empty name.
func (b *builder) begin(words []word, at, end int) {
	if len(words) == 0 {
		words = []word{{Span: source.Span{Start: at, End: at}}}
	}
	d := b.add(words, end)
	d.Block = true
	b.open = append(b.open, d)
}

// close ends the innermost block and reports whether there was one.
func (b *builder) close() bool {
	if len(b.open) == 0 {
		return false
	}
	b.open = b.open[:len(b.open)-1]
	return true
}

func (b *builder) sign(start, end int) {
	b.flat = append(b.flat, token{source.Span{Start: start, End: end}, b.text[start:end]})
}

func (b *builder) comment(start, end int) {
	end = start + len(strings.TrimRight(b.text[start:end], " \t\r\n"))
	b.comments = append(b.comments, token{source.Span{Start: start, End: end}, b.text[start:end]})
}

// word records the bytes from start to end as a word.
func (b *builder) word(start, end int) word {
	b.sign(start, end)
	raw := b.text[start:end]
	return word{source.Span{Start: start, End: end}, raw, unquote(raw)}
}

func unquote(raw string) string {
	if len(raw) >= 2 && strings.ContainsRune("\"'`", rune(raw[0])) && raw[len(raw)-1] == raw[0] {
		return raw[1 : len(raw)-1]
	}
	return raw
}

// A scanError is what a scanner cannot step over.
type scanError struct {
	offset int
	msg    string
}

func (e *scanError) Error() string { return fmt.Sprintf("byte %d: %s", e.offset, e.msg) }

// scan reads a text as a kind of configuration.
func scan(text string, kind Kind) (*tree, error) {
	if i := strings.IndexByte(text, 0); i >= 0 {
		return nil, &scanError{i, "not a text file (NUL byte)"}
	}
	b := &builder{tree: tree{text: text, kind: kind}}
	for i := range len(text) {
		if text[i] == '\n' {
			b.breaks = append(b.breaks, i)
		}
	}
	start := 0
	if strings.HasPrefix(text, "\ufeff") {
		start = len("\ufeff")
	}
	var err error
	switch kind {
	case Nginx:
		err = scanNginx(b, start)
	case Apache:
		err = scanApache(b, start)
	case HAProxy:
		err = scanHAProxy(b, start)
	case Caddy:
		err = scanCaddy(b, start)
	case Lighttpd:
		err = scanLighttpd(b, start)
	case Tomcat:
		err = scanTomcat(b, start)
	default:
		err = &scanError{0, fmt.Sprintf("unknown kind of server %q", kind)}
	}
	if err == nil && len(b.open) > 0 && kind != HAProxy {
		err = &scanError{b.parent().Start, fmt.Sprintf("block %q is not closed", b.raw(b.parent()))}
	}
	if err != nil {
		return nil, err
	}
	return &b.tree, nil
}
