package evidence

import (
	"path"
	"strings"
)

// A reach is what the entries lead to: the files that are imported, directly or by way of others.
type reach struct {
	*scanner
	known   map[string]bool     // source files of the context
	bases   map[string][]string // by base name
	files   map[string]bool
	queue   []string
	direct  map[string]bool     // Python files that the interpreter runs
	served  map[string][]string // Python files that a server imports, with the name that it takes from them
	shell   bool                // a shell script is an entry
	golang  bool                // a Go package is an entry
	open    bool                // something is loaded that cannot be told
	scripts bool                // an entry in JavaScript, Python, Ruby or PHP is resolved
	aliases []alias             // of imports, from tsconfig.json
	named   map[string]string   // directories of packages of the same repository, by their name
}

// follow computes what the entries lead to.
func (s *scanner) follow() {
	if len(s.opts.Entries) == 0 {
		return
	}
	r := &reach{scanner: s, known: map[string]bool{}, bases: map[string][]string{}, files: map[string]bool{}, direct: map[string]bool{}, served: map[string][]string{}}
	for _, list := range [][]string{s.paths, s.quiet} {
		for _, name := range list {
			r.known[name] = true
			r.bases[path.Base(name)] = append(r.bases[path.Base(name)], name)
		}
	}
	r.readAliases()
	for _, entry := range s.opts.Entries {
		r.entry(entry)
	}
	for len(r.queue) > 0 && !r.open {
		name := r.queue[0]
		r.queue = r.queue[1:]
		r.expand(name)
	}
	s.reach = r
	if r.computed() {
		s.report.Reachable = len(r.files)
	}
}

// computed reports whether the files that count are exactly those that were reached.
func (r *reach) computed() bool {
	return r != nil && !r.open && !r.full && (r.scripts || r.golang)
}

// add takes a file into the reach.
func (r *reach) add(name string) {
	if name == "" || r.files[name] {
		return
	}
	r.files[name] = true
	r.queue = append(r.queue, name)
}

// addTree takes every file below a directory.
func (r *reach) addTree(dir string, lang *language) {
	for name := range r.known {
		if languageOf(name) == lang && (dir == "." || strings.HasPrefix(name, dir+"/")) && !idleName(name) {
			r.add(name)
		}
	}
}

// expand adds what one file leads to.
func (r *reach) expand(name string) {
	u := r.load(name)
	if u == nil {
		return
	}
	switch lang := languageOf(name); lang {
	case javascript:
		r.javascriptImports(u)
	case python:
		r.pythonImports(u)
	case ruby:
		r.rubyRequires(u)
	case php:
		r.phpIncludes(u)
	case golang:
		r.goImports(u)
		return
	case shell:
		r.shellMentions(u)
		return
	default:
		return
	}
	r.literals(u)
}

// literals adds files that are named in a string: workers, child processes, lists of jobs.
func (r *reach) literals(u *unit) {
	lang := languageOf(u.path)
	for _, t := range u.tokens(lang) {
		if t.kind != tString {
			continue
		}
		for _, p := range t.pieces {
			if ext := path.Ext(p.text); extensions[ext] != nil && len(p.text) < 200 && !strings.ContainsAny(p.text, " *\n") {
				r.mention(u, p.text)
			} else if lang == javascript && strings.Contains(p.text, "*") && (strings.HasSuffix(p.text, ".js") || strings.HasSuffix(p.text, ".ts") || strings.HasSuffix(p.text, "}")) && strings.ContainsAny(p.text, "/.") {
				r.globbed(u, p.text)
			}
		}
		if lang == python && strings.ContainsAny(t.text, ".:") {
			r.dottedName(u, t.text)
		}
	}
}

// mention adds a file by its name as it stands in a string of another.
func (r *reach) mention(u *unit, text string) {
	text = strings.TrimPrefix(text, "/")
	for _, base := range []string{path.Dir(u.path), r.dir} {
		if name := path.Join(base, text); r.known[name] {
			r.add(name)
			return
		}
		if name := r.javascriptFile(path.Join(base, text)); name != "" {
			r.add(name)
			return
		}
	}
	for _, name := range r.bases[path.Base(text)] {
		if strings.HasSuffix(name, "/"+strings.TrimLeft(text, "./")) {
			r.add(name)
		}
	}
}

// shellMentions adds the files that a start script names.
func (r *reach) shellMentions(u *unit) {
	for base, names := range r.bases {
		if len(base) > 4 && strings.Contains(u.text, base) {
			for _, name := range names {
				rel := u.under(name)
				if strings.Contains(u.text, rel) || len(names) == 1 && languageOf(name) == shell {
					r.add(name)
				}
			}
		}
	}
}

// counted are the files that are evidence.
func (s *scanner) counted() []string {
	r := s.reach
	if !r.computed() {
		return s.paths
	}
	var list []string
	for _, name := range s.paths {
		switch languageOf(name) {
		case shell:
			if !r.shell || r.files[name] {
				list = append(list, name)
			}
		case prisma:
			list = append(list, name)
		default:
			if r.files[name] {
				list = append(list, name)
			}
		}
	}
	for _, name := range s.quiet {
		if r.files[name] {
			list = append(list, name)
		}
	}
	return list
}
