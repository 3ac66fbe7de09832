package evidence

import (
	"regexp"
	"strings"

	"github.com/offroot/offroot/rewrite/source"
)

var (
	mainGuard  = regexp.MustCompile(`(?m)^if\s+\(?__name__\s*==\s*['"]__main__['"]\)?\s*:`)
	calledName = regexp.MustCompile(`\b([A-Za-z_][A-Za-z0-9_]*)\(`)
)

// readMains finds what of a Python file runs only if the file is started itself: the block under its guard, and the
// functions that nothing but that block calls.
func (s *script) readMains() {
	if s.lang != python || !strings.Contains(s.text, "__main__") {
		return
	}
	for _, m := range mainGuard.FindAllStringIndex(s.text, -1) {
		s.mains = append(s.mains, source.Span{Start: m[0], End: s.blockEnd(m[1])})
	}
	for k := 0; k < len(s.mains) && k < 20; k++ {
		for _, m := range calledName.FindAllStringSubmatch(s.text[s.mains[k].Start:s.mains[k].End], -1) {
			s.onlyMain(m[1])
		}
	}
}

// blockEnd is where the block ends that the line of an offset opens: at the next line that starts in the first column.
func (s *script) blockEnd(at int) int {
	for {
		nl := strings.IndexByte(s.text[at:], '\n')
		if nl < 0 || at+nl+1 >= len(s.text) {
			return len(s.text)
		}
		at += nl + 1
		switch s.text[at] {
		case ' ', '\t', '\r', '\n', '#', ')', ']', '}':
			continue
		}
		return at
	}
}

// onlyMain adds a function of the file that is mentioned nowhere but where the file is started, and that no server takes.
func (s *script) onlyMain(name string) {
	if s.reach != nil && contains(s.reach.served[s.path], name) {
		return
	}
	re := regexp.MustCompile(`\b` + regexp.QuoteMeta(name) + `\b`)
	def := source.Span{Start: -1}
	for _, m := range re.FindAllStringIndex(s.text, -1) {
		line := s.text[strings.LastIndexByte(s.text[:m[0]], '\n')+1:]
		switch {
		case (strings.HasPrefix(line, "def "+name) || strings.HasPrefix(line, "async def "+name)) && def.Start < 0:
			def = source.Span{Start: m[0], End: s.blockEnd(m[1])}
		case m[0] > 0 && s.text[m[0]-1] == '.': // a member of something else
		case !s.inMain(m[0]):
			return
		}
	}
	if def.Start >= 0 && !s.inMain(def.Start) {
		s.mains = append(s.mains, def)
	}
}

// inMain reports whether an offset stands where only a file that is started itself comes by.
func (s *script) inMain(at int) bool {
	for _, span := range s.mains {
		if span.Start <= at && at < span.End {
			return true
		}
	}
	return false
}

// dropMains takes out what a file would do if it were started itself, where it is known that it is not.
func (s *script) dropMains(from marks) {
	if len(s.mains) == 0 {
		return
	}
	r := s.report
	lines := func(line int) bool { return s.inMain(s.file.LineSpan(line).Start) }
	drop := s.reach != nil && s.reach.scripts && !s.reach.direct[s.path] && (len(s.reach.direct)+len(s.reach.served) > 0)
	for i := from.listens; i < len(r.Listens); i++ {
		r.Listens[i].Main = lines(r.Listens[i].Place.Line)
	}
	if !drop {
		return
	}
	s.report.Listens = cut(r.Listens, from.listens, func(l Listen) bool { return l.Main })
	s.report.Writes = cut(r.Writes, from.writes, func(p Path) bool { return lines(p.Place.Line) })
	s.report.Unknown = cut(r.Unknown, from.unknown, func(p Path) bool { return lines(p.Place.Line) })
}

// marks say how far the lists of the report went before a file.
type marks struct{ listens, writes, unknown int }

func (s *scanner) marks() marks {
	return marks{len(s.report.Listens), len(s.report.Writes), len(s.report.Unknown)}
}

func cut[T any](list []T, from int, drop func(T) bool) []T {
	kept := list[:from]
	for _, x := range list[from:] {
		if !drop(x) {
			kept = append(kept, x)
		}
	}
	return kept
}
