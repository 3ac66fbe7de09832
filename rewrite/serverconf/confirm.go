package serverconf

import (
	"fmt"
	"sort"
	"strconv"
	"strings"

	"github.com/offroot/offroot/rewrite/source"
)

// Confirm checks after by its tokens: the words of the original with the ops applied to them have to be the words of after,
// the comments have to be equal, and after has to listen where the ops say. It does not look at the edits.
func (d *Document) Confirm(ops []source.Op, after []byte) error {
	return d.tree.confirm(ops, string(after))
}

func (t *tree) confirm(ops []source.Op, after string) error {
	got, err := scan(after, t.kind)
	if err != nil {
		return fmt.Errorf("patched file cannot be read: %w", err)
	}
	want, err := t.expected(ops)
	if err != nil {
		return err
	}
	if err := sameTokens(want, got.flat, "token"); err != nil {
		return err
	}
	if err := sameTokens(t.comments, got.comments, "comment"); err != nil {
		return err
	}
	return t.confirmListens(ops, got)
}

// A change is what happens to one token: pieces of it that are replaced, tokens that follow it.
type change struct {
	pieces map[source.Span]string
	follow []token
}

// expected applies the ops to the flat list of tokens.
func (t *tree) expected(ops []source.Op) ([]token, error) {
	changes := map[int]*change{}
	at := func(offset int) (*change, error) {
		i := sort.Search(len(t.flat), func(i int) bool { return t.flat[i].End >= offset })
		// An offset at a border belongs to the word that ends there, unless a word starts there.
		if i+1 < len(t.flat) && t.flat[i].End == offset && t.flat[i+1].Start == offset && t.flat[i+1].Len() > 0 && t.flat[i].Text != "\n" && isDigit(t.text[offset]) {
			i++
		}
		if i >= len(t.flat) || offset < t.flat[i].Start {
			return nil, fmt.Errorf("no word at byte %d", offset)
		}
		if changes[i] == nil {
			changes[i] = &change{pieces: map[source.Span]string{}}
		}
		return changes[i], nil
	}
	for _, op := range ops {
		var err error
		switch o := op.(type) {
		case *SetPort:
			err = replacePiece(at, o.Listen.Span, o.Port)
		case *SetUpstream:
			err = replacePiece(at, o.Upstream.number, o.Port)
		case *AddDirective:
			err = t.follow(changes, o)
		default:
			err = fmt.Errorf("unknown op %T", op)
		}
		if err != nil {
			return nil, err
		}
	}
	var out []token
	for i, tok := range t.flat {
		c := changes[i]
		if c == nil {
			out = append(out, tok)
			continue
		}
		out = append(out, token{Text: rebuild(tok, c.pieces)})
		out = append(out, c.follow...)
	}
	return out, nil
}

func isDigit(b byte) bool { return b >= '0' && b <= '9' }

func replacePiece(at func(int) (*change, error), span source.Span, port int) error {
	c, err := at(span.Start)
	if err != nil {
		return err
	}
	text := strconv.Itoa(port)
	if span.Len() == 0 {
		text = ":" + text
	}
	c.pieces[span] = text
	return nil
}

// rebuild writes a token anew, one byte after the other, with its pieces replaced.
func rebuild(tok token, pieces map[source.Span]string) string {
	var b strings.Builder
	for i := tok.Start; i <= tok.End; {
		next := i + 1
		for s, text := range pieces {
			if s.Start == i {
				b.WriteString(text)
				if s.Len() > 0 {
					next = s.End
				}
			}
		}
		skipped := false
		for s := range pieces {
			skipped = skipped || s.Start == i && s.Len() > 0
		}
		if !skipped && i < tok.End {
			b.WriteByte(tok.Text[i-tok.Start])
		}
		i = next
	}
	return b.String()
}

// follow scans the new directive on its own and puts its tokens behind the end of the directive that it follows.
func (t *tree) follow(changes map[int]*change, o *AddDirective) error {
	added, err := scan(o.Text+"\n", t.kind)
	if err != nil {
		return fmt.Errorf("new directive cannot be read: %w", err)
	}
	anchor := o.After.of
	if anchor != nil && anchor.Parent != nil && !anchor.Block {
		for i := len(anchor.Parent.Body) - 1; i >= 0; i-- {
			if strings.EqualFold(anchor.Parent.Body[i].Name.Text, anchor.Name.Text) {
				anchor = anchor.Parent.Body[i]
				break
			}
		}
	}
	if anchor == nil {
		return fmt.Errorf("no directive to follow")
	}
	last := -1
	for i, tok := range t.flat {
		if tok.End <= anchor.End {
			last = i
		}
	}
	if t.kind != Nginx {
		last++ // the end of the line
	}
	if last < 0 || last >= len(t.flat) {
		return fmt.Errorf("no token to follow")
	}
	if changes[last] == nil {
		changes[last] = &change{pieces: map[source.Span]string{}}
	}
	for _, tok := range changes[last].follow {
		if tok.Text == added.flat[0].Text {
			return nil
		}
	}
	changes[last].follow = append(changes[last].follow, added.flat...)
	return nil
}

// sameTokens compares texts. A line end at the end of the file counts as a line end.
func sameTokens(want, got []token, what string) error {
	text := func(t token) string {
		if t.Text == "" {
			return "\n"
		}
		return t.Text
	}
	for i := 0; i < len(want) || i < len(got); i++ {
		switch {
		case i >= len(want):
			return fmt.Errorf("patched file has one more %s %q", what, got[i].Text)
		case i >= len(got):
			return fmt.Errorf("patched file lacks the %s %q", what, want[i].Text)
		case text(want[i]) != text(got[i]):
			return fmt.Errorf("patched file has the %s %q where %q is expected", what, got[i].Text, want[i].Text)
		}
	}
	return nil
}

// confirmListens compares the ports that are listened on.
func (t *tree) confirmListens(ops []source.Op, got *tree) error {
	moved := map[source.Span]int{}
	for _, op := range ops {
		if o, ok := op.(*SetPort); ok {
			moved[o.Listen.Span] = o.Port
		}
	}
	before, after := t.listens(), got.listens()
	if len(before) != len(after) {
		return fmt.Errorf("patched file has %d listeners, %d are expected", len(after), len(before))
	}
	for i, l := range before {
		want := l.Port
		if p, ok := moved[l.Span]; ok {
			want = p
		}
		if after[i].Port != want {
			return fmt.Errorf("patched file listens on %d, %d is expected: %s", after[i].Port, want, after[i].Raw)
		}
	}
	return nil
}
