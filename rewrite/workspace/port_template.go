package workspace

import (
	"strings"

	"github.com/offroot/offroot/rewrite/serverconf"
	"github.com/offroot/offroot/rewrite/source"
)

// template moves the listener of a template of nginx by the variable that it names, where an ENV or a service sets that to
// the port and nothing else.
func (c *portCollector) template(f configFile, l serverconf.Listen) bool {
	name := strings.Trim(l.Variable, "${}")
	place := PortPlace{Role: Listener, Place: source.Place{Path: f.file, Line: l.Line}, What: l.Raw}
	if !c.variable(name, &place) {
		return false
	}
	guard, reasons := f.doc.Guard(l)
	if guard == "" && len(reasons) > 0 {
		return false
	}
	place.Place = source.Place{Path: f.file, Line: l.Line}
	set := place.Ops
	place.Ops = func(to int) []source.Op {
		ops := set(to)
		if len(reasons) > 0 {
			ops = append(ops, &serverconf.AddDirective{Doc: f.doc, After: l, Text: guard})
		}
		return ops
	}
	c.add(place)
	return true
}
