package serverconf

import (
	"errors"
	"fmt"

	"github.com/offroot/offroot/rewrite/source"
)

// A Text is a configuration within another document: a value of a ConfigMap, the body of a heredoc. Its spans are offsets
// into the text that was given.
type Text struct {
	doc *Document
	// Problem is why the text could not be read, or nil. Such a text has no listeners and cannot be moved.
	Problem error
}

// ParseText reads a text as the configuration of a server.
func ParseText(text string, kind Kind) *Text {
	f := source.NewFile("", []byte(text))
	doc, err := Parse(f, kind)
	if err != nil {
		return &Text{&Document{f, &tree{text: text, kind: kind}}, err}
	}
	return &Text{doc, nil}
}

// Listens returns the listeners, with offsets into the text.
func (t *Text) Listens() []Listen { return t.doc.Listens() }

// Upstreams returns the servers that are connected to, with offsets into the text.
func (t *Text) Upstreams() []Upstream { return t.doc.Upstreams() }

// Redirects returns why a redirect would name the new port after a move.
func (t *Text) Redirects() []string { return t.doc.Redirects() }

// Writes, Users and Includes are as those of a Document.
func (t *Text) Writes() []string   { return t.doc.Writes() }
func (t *Text) Users() []string    { return t.doc.Users() }
func (t *Text) Includes() []string { return t.doc.Includes() }

// Moved returns the text with every listener of a port in ports moved, and with the line that keeps the new port out of
// redirects where one is needed. ok is false, and why says so, if a listener cannot be moved, if none has such a port, or if
// the port of a listener is not known.
func (t *Text) Moved(ports map[int]int) (newText string, ok bool, why string) {
	if t.Problem != nil {
		return "", false, t.Problem.Error()
	}
	var ops []source.Op
	for _, l := range t.Listens() {
		to, move := ports[l.Port]
		if l.Port == 0 {
			return "", false, fmt.Sprintf("line %d: the port is decided by the variable %s", l.Line, l.Variable)
		}
		if !move {
			continue
		}
		ops = append(ops, &SetPort{t.doc, l, to})
		text, reasons := t.doc.Guard(l)
		if len(reasons) > 0 && text == "" {
			return "", false, reasons[0]
		}
		if text != "" {
			ops = append(ops, &AddDirective{t.doc, l, text})
		}
	}
	if len(ops) == 0 {
		return "", false, "no listener has one of these ports"
	}
	return t.apply(ops)
}

// apply lowers and confirms ops.
func (t *Text) apply(ops []source.Op) (string, bool, string) {
	edits, err := t.doc.Lower(ops)
	var refused *source.Refusal
	if errors.As(err, &refused) {
		return "", false, fmt.Sprintf("line %d: %s", refused.Op.Place().Line, refused.Reason)
	}
	if err != nil {
		return "", false, err.Error()
	}
	after, err := source.Apply(t.doc.file.Content, edits)
	if err != nil {
		return "", false, err.Error()
	}
	if err := t.doc.Confirm(ops, after); err != nil {
		return "", false, err.Error()
	}
	return string(after), true, ""
}
