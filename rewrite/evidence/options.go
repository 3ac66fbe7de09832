package evidence

import "strings"

// An option is one that the program declares for its command line.
type option struct {
	flag     string // "--dir"
	holder   string // the name that holds the parsed options, if known
	fallback *node
}

// readOptions finds the options of argparse.
func (s *script) readOptions() {
	if s.lang != python {
		return
	}
	for i := range s.toks {
		if !s.toks[i].is("add_argument") || !s.tok(i+1).is("(") {
			continue
		}
		p := &reader{toks: s.toks, i: i, lang: s.lang}
		call := p.expr()
		if call.kind != nCall {
			continue
		}
		flag, name := "", ""
		for _, a := range call.args {
			if a.name == "" && a.node.kind == nString && len(a.node.pieces) == 1 && strings.HasPrefix(a.node.pieces[0].text, "--") {
				flag = a.node.pieces[0].text
			}
		}
		if flag == "" {
			continue
		}
		name = strings.ReplaceAll(strings.TrimLeft(flag, "-"), "-", "_")
		if dest := call.key("dest"); dest != nil && dest.kind == nString {
			name = dest.pieces[0].text
		}
		if s.options == nil {
			s.options = map[string]option{}
		}
		fallback := call.key("default")
		s.options[strings.ToLower(name)] = option{flag: flag, fallback: fallback}
	}
}
