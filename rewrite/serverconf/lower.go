package serverconf

import (
	"fmt"
	"strconv"
	"strings"

	"github.com/offroot/offroot/rewrite/source"
)

// Lower turns ops into edits of the file. It refuses a port that stands in a variable, in a range, or nowhere (the server's
// default without any listen directive), and a line that has no block to go to.
func (d *Document) Lower(ops []source.Op) ([]source.Edit, error) {
	var edits []source.Edit
	added := map[string]bool{}
	for _, op := range ops {
		var e *source.Edit
		var why string
		switch o := op.(type) {
		case *SetPort:
			e, why = d.tree.setPort(o.Listen, o.Port)
		case *SetUpstream:
			e, why = d.tree.setUpstream(o.Upstream, o.Port)
		case *AddDirective:
			e, why = d.tree.addDirective(o.After, o.Text, d.file.Newline())
			key := ""
			if e != nil {
				key = fmt.Sprint(e.Start, " ", e.New)
			}
			if e != nil && added[key] {
				continue
			}
			added[key] = true
		default:
			why = fmt.Sprintf("%T is not an op of a server configuration", op)
		}
		if why != "" {
			return nil, &source.Refusal{Op: op, Reason: why}
		}
		edits = append(edits, *e)
	}
	return edits, nil
}

func (t *tree) setPort(l Listen, port int) (*source.Edit, string) {
	switch {
	case port < 1 || port > 65535:
		return nil, fmt.Sprintf("%d is not a port", port)
	case l.Span.End > len(t.text) || l.of == nil:
		return nil, fmt.Sprintf("%s has no place in the file that can be changed", l.Raw)
	case l.fixed != "":
		return nil, l.fixed
	case l.Range:
		return nil, "the port is a range: " + l.Raw
	case l.Port == 0:
		return nil, "the port is decided by the variable " + l.Variable
	case l.Implicit && l.Span.Start == l.of.End:
		return nil, "the server block has no listen directive to change"
	case l.Implicit && t.kind == Caddy:
		return nil, "the site address has no port: Caddy listens on 80 and 443 and manages certificates; set http_port and https_port by hand"
	case l.Implicit:
		return &source.Edit{Span: l.Span, New: ":" + strconv.Itoa(port)}, ""
	}
	return &source.Edit{Span: l.Span, New: strconv.Itoa(port)}, ""
}

func (t *tree) setUpstream(u Upstream, port int) (*source.Edit, string) {
	switch {
	case port < 1 || port > 65535:
		return nil, fmt.Sprintf("%d is not a port", port)
	case !u.known || u.number.End > len(t.text):
		return nil, "the port of " + u.Host + " is not a plain number here: " + u.Raw
	case u.number.Len() == 0:
		return &source.Edit{Span: u.number, New: ":" + strconv.Itoa(port)}, ""
	}
	return &source.Edit{Span: u.number, New: strconv.Itoa(port)}, ""
}

// addDirective finds the line below the last listen directive of the block, or the first line of a virtual host.
func (t *tree) addDirective(after Listen, text, newline string) (*source.Edit, string) {
	if strings.ContainsAny(text, "\r\n") || strings.TrimSpace(text) == "" {
		return nil, "a directive is one line"
	}
	last := after.of
	if last == nil {
		return nil, "the listener has no directive of its own"
	}
	if last.Block && t.kind != Apache {
		return nil, "the block has no listen directive to follow"
	}
	if t.kind != Nginx && t.kind != Apache && t.kind != HAProxy {
		return nil, "lines are added to nginx, Apache and HAProxy only"
	}
	if last.Parent != nil && !last.Block {
		for _, c := range last.Parent.Body {
			if strings.EqualFold(c.Name.Text, last.Name.Text) {
				last = c
			}
		}
	}
	end := lineEnd(t.text, last.End)
	if t.kind == Apache {
		end = logicalEnd(t.text, last.End)
	}
	rest := strings.TrimSpace(t.text[last.End:end])
	if rest != "" && !strings.HasPrefix(rest, "#") {
		if t.kind != Nginx {
			return nil, "the directive is not alone on its line"
		}
		return &source.Edit{Span: source.Span{Start: last.End, End: last.End}, New: " " + text}, ""
	}
	indent := t.indentation(last)
	if end == len(t.text) {
		return &source.Edit{Span: source.Span{Start: end, End: end}, New: newline + indent + text}, ""
	}
	return &source.Edit{Span: source.Span{Start: end + 1, End: end + 1}, New: indent + text + newline}, ""
}

// indentation is that of the directive, or of the first line within it if it is a block.
func (t *tree) indentation(d *directive) string {
	own := t.leading(d.Start)
	if !d.Block {
		return own
	}
	if len(d.Body) > 0 {
		return t.leading(d.Body[0].Start)
	}
	return own + "\t"
}

// leading returns the blanks before an offset, from the start of its line. A section starts at its `<`.
func (t *tree) leading(offset int) string {
	start := strings.LastIndexByte(t.text[:offset], '\n') + 1
	line := t.text[start:offset]
	return line[:len(line)-len(strings.TrimLeft(line, " \t"))]
}
