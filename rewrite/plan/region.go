package plan

import (
	"fmt"
	"strings"

	"github.com/offroot/offroot/rewrite/rule"
	"github.com/offroot/offroot/rewrite/source"
	"github.com/offroot/offroot/rewrite/workspace"
)

// A region is a part of a file about which a person left a note: a service, an object, or a whole file. The note holds for
// what is written there, and for the image that runs there.
type region struct {
	workload     *workspace.Workload
	place        source.Place // where the note holds from
	last         int          // line
	what         string       // "service web"
	group        string       // of the rules that look at what is written there
	list, reason string       // of the note
}

func (r *region) String() string { return r.what + " (" + r.place.String() + ")" }

// regionsOfService reads the comment lines directly above a service, and the notes for its file.
func regionsOfService(w *workspace.Workload, s *workspace.Service) []region {
	f := s.Doc.File()
	one := region{workload: w, place: s.Place(), last: s.Node.EndLine(), what: "service " + s.Name, group: "service"}
	var all []region
	for line := s.Place().Line - 1; line >= 1; line-- {
		text := strings.TrimSpace(f.LineText(line))
		if !strings.HasPrefix(text, "#") {
			break
		}
		if m := ignoreHere.FindStringSubmatch(text); m != nil {
			one.list, one.reason = m[1], m[2]
			all = append(all, one)
		}
	}
	return append(all, regionsOfFile(w, f, "service")...)
}

// regionsOfPod reads our annotation of an object, and the notes for its file.
func regionsOfPod(w *workspace.Workload, p *workspace.Pod) []region {
	all := regionsOfFile(w, p.Object.Node.Document().File(), "pod")
	note, ok := workspace.Annotations(p.Object)["offroot.dev/ignore"]
	if !ok {
		return all
	}
	list, reason, _ := strings.Cut(note, ":")
	return append(all, region{workload: w, place: p.Place(), last: p.Object.Node.EndLine(), what: p.Object.Kind + " " + p.Name(), group: "pod",
		list: list, reason: reason})
}

func regionsOfFile(w *workspace.Workload, f *source.File, group string) []region {
	var all []region
	for i := 1; i <= f.Lines(); i++ {
		if m := ignoreFile.FindStringSubmatch(f.LineText(i)); m != nil {
			all = append(all, region{workload: w, place: source.Place{Path: f.Path, Line: 1}, last: f.Lines(), what: "the file " + f.Path, group: group,
				list: m[1], reason: m[2]})
		}
	}
	return all
}

func (r *region) holds(at source.Place) bool {
	return at.Path == r.place.Path && r.place.Line <= at.Line && at.Line <= r.last
}

// touched reports whether a fix writes there.
func (r *region) touched(fix *rule.Fix) bool {
	if fix == nil {
		return false
	}
	for _, op := range fix.Ops {
		if r.holds(op.Place()) {
			return true
		}
	}
	return false
}

// around finds a region whose note names the rule of a finding that is about what is written there, would change it, or is
// about the image that runs there.
func (n *notes) around(it *Item) (string, bool) {
	for i := range n.regions {
		r := &n.regions[i]
		runs := it.Rule.Group == "image" && it.Workload == r.workload
		if names(r.list, it.Rule) && (runs || r.holds(it.Place) || r.touched(it.Fix)) {
			return fmt.Sprintf("ignored by a note at %s: %s", r, orNone(r.reason)), true
		}
	}
	return "", false
}

// protected finds a region that a fix for something else would write into, and whose note says that it stays as it is.
func (n *notes) protected(it *Item) *region {
	for i := range n.regions {
		r := &n.regions[i]
		if !r.holds(it.Place) && r.touched(it.Fix) && names(r.list, &rule.Rule{Group: r.group}) {
			return r
		}
	}
	return nil
}
