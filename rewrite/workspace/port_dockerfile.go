package workspace

import (
	"fmt"
	"strings"

	"github.com/offroot/offroot/rewrite/dockerfile"
	"github.com/offroot/offroot/rewrite/shell"
	"github.com/offroot/offroot/rewrite/source"
)

// arguments finds listeners on the command line: of the Dockerfile and of the services.
func (c *portCollector) arguments() {
	for _, in := range []*dockerfile.Instruction{c.b.Start.Entrypoint, c.b.Start.Cmd} {
		if in == nil {
			continue
		}
		spans := c.argumentSpans(in)
		if len(spans) == 0 {
			continue
		}
		c.add(PortPlace{Role: Listener, Place: in.Place(), What: "an argument of " + in.Name, Ops: func(to int) []source.Op {
			var ops []source.Op
			for _, s := range spans {
				ops = append(ops, &dockerfile.ReplaceText{At: in, Span: s, New: itoa(to)})
			}
			return ops
		}})
	}
}

func (c *portCollector) argumentSpans(in *dockerfile.Instruction) []source.Span {
	var spans []source.Span
	before := ""
	if in.Exec {
		for _, w := range in.Words {
			if at, ok := flagPort(w.Text, before, c.port); ok {
				if raw := strings.LastIndex(w.Raw, w.Text[at:]); raw >= 0 {
					start := w.Span.Start + raw
					spans = append(spans, source.Span{Start: start, End: start + len(itoa(c.port))})
				}
			}
			before = w.Text
		}
		return spans
	}
	text, offset, ok := in.Script()
	if !ok {
		return nil
	}
	cmds, err := shell.Parse(text)
	if err != nil {
		return nil
	}
	for _, cmd := range cmds {
		for _, w := range cmd.Args {
			if at, ok := flagPort(w.Text, before, c.port); ok && w.Known {
				if raw := strings.LastIndex(text[w.Start:w.End], w.Text[at:]); raw >= 0 {
					start := offset + w.Start + raw
					spans = append(spans, source.Span{Start: start, End: start + len(itoa(c.port))})
				}
			}
			before = w.Text
		}
	}
	return spans
}

// dockerfile finds EXPOSE and HEALTHCHECK.
func (c *portCollector) dockerfile() {
	for _, stage := range c.b.Stage.Chain() {
		for _, in := range stage.All("EXPOSE") {
			c.expose(in)
		}
		for _, in := range stage.All("HEALTHCHECK") {
			c.healthcheck(in)
		}
	}
	for _, s := range c.b.Start.Scripts {
		for i, line := range strings.Split(s.Text, "\n") {
			if len(portsInText(line, localHosts, c.port)) > 0 {
				c.add(PortPlace{Role: Probe, Place: source.Place{Path: s.File, Line: i + 1}, What: "a start script asks it", Blocked: fmt.Sprintf("%s:%d names the port", s.File, i+1)})
			}
		}
	}
}

func (c *portCollector) expose(in *dockerfile.Instruction) {
	number := itoa(c.port)
	for _, w := range in.Words {
		text, proto, _ := strings.Cut(w.Text, "/")
		place := PortPlace{Role: Declaration, Place: in.Place(), What: "EXPOSE"}
		switch {
		case text == number:
			span := source.Span{Start: w.Span.Start, End: w.Span.Start + len(number)}
			place.Ops = func(to int) []source.Op {
				return []source.Op{&dockerfile.ReplaceText{At: in, Span: span, New: itoa(to)}}
			}
			if strings.EqualFold(proto, "udp") {
				place.What = "EXPOSE udp"
			}
		case strings.Contains(text, "$"):
			expanded, missing := in.Stage.Expand(text, in, c.b.environment())
			if len(missing) > 0 || expanded != number {
				continue
			}
			place.Ops = func(int) []source.Op { return nil } // follows its variable
		default:
			continue
		}
		c.add(place)
	}
}

func (c *portCollector) healthcheck(in *dockerfile.Instruction) {
	text := c.b.Doc.File().Text(in.Span)
	spans := portsInText(text, localHosts, c.port)
	if len(spans) == 0 {
		return
	}
	c.add(PortPlace{Role: Probe, Place: in.Place(), What: "HEALTHCHECK", Ops: func(to int) []source.Op {
		var ops []source.Op
		for _, s := range spans {
			at := source.Span{Start: in.Span.Start + s.Start, End: in.Span.Start + s.End}
			ops = append(ops, &dockerfile.ReplaceText{At: in, Span: at, New: portText(s, to)})
		}
		return ops
	}})
}
