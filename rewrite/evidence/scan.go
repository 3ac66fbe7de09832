package evidence

import (
	"bytes"
	"io/fs"
	"path"
	"sort"
	"strings"
	"unicode/utf8"

	"github.com/offroot/offroot/rewrite/source"
)

const (
	defaultFiles = 4000
	defaultBytes = 32 << 20
	fileBytes    = 1 << 20 // a larger source file was written by a tool
	maxSteps     = 5_000_000
)

// A scanner collects the files of a context and what they say.
type scanner struct {
	fsys          fs.FS
	dir           string
	opts          Options
	report        Report
	collectstatic bool // a shell script runs Django\'s collectstatic
	envRead       map[string]bool
	steps         int
	total         int64               // bytes read
	full          bool                // MaxBytes is reached
	paths         []string            // source files that may run
	quiet         []string            // source files that by their place do not, unless something that runs names them
	lifted        map[string]bool     // directories that are called like examples, but are the program
	markers       map[string][]string // files that tell a framework, by base name
	units         map[string]*unit    // what was read so far
	reach         *reach              // nil if no entry is known
	scripts       []*script
	goFiles       map[string][]*unit // by directory
	constants     map[string][]*bound
	statics       map[string][]*script // scripts that give a value to Class.member
}

// A unit is one source file.
type unit struct {
	*scanner
	path string
	text string
	file *source.File
	toks []tok // see tokens
}

func newScanner(fsys fs.FS, dir string, opts Options) *scanner {
	if opts.MaxFiles == 0 {
		opts.MaxFiles = defaultFiles
	}
	if opts.MaxBytes == 0 {
		opts.MaxBytes = defaultBytes
	}
	return &scanner{
		fsys: fsys, dir: path.Clean(dir), opts: opts, envRead: map[string]bool{},
		lifted: map[string]bool{}, markers: map[string][]string{}, units: map[string]*unit{},
		goFiles: map[string][]*unit{}, constants: map[string][]*bound{}, statics: map[string][]*script{}, report: Report{Languages: map[string]int{}},
	}
}

// under returns a path of fsys as a path of the context.
func (s *scanner) under(name string) string {
	if s.dir == "." {
		return name
	}
	return strings.TrimPrefix(strings.TrimPrefix(name, s.dir), "/")
}

func (u *unit) relative() string { return u.under(u.path) }

func (s *scanner) exists(name string) bool {
	_, err := fs.Stat(s.fsys, name)
	return err == nil
}

// walk lists the source files. A directory that cannot be read is left out.
func (s *scanner) walk() {
	fs.WalkDir(s.fsys, s.dir, func(name string, d fs.DirEntry, err error) error {
		if err != nil {
			return nil
		}
		rel := s.under(name)
		if d.IsDir() {
			if name != s.dir && (dead(path.Base(name)) || s.closed(rel) || s.ignored(rel)) {
				return fs.SkipDir
			}
			return nil
		}
		mark := markerNames[path.Base(name)]
		if !d.Type().IsRegular() || languageOf(name) == nil && !mark || s.ignored(rel) {
			return nil
		}
		if mark && s.idleDir(rel) == "" {
			s.markers[path.Base(name)] = append(s.markers[path.Base(name)], name)
		}
		return s.list(name, rel)
	})
	s.lift()
	sort.Strings(s.paths)
}

// closed reports whether a directory of tests needs no look, because no entry can lead there.
func (s *scanner) closed(rel string) bool {
	return len(s.opts.Entries) == 0 && testDirs[strings.ToLower(path.Base(rel))] && len(s.markers["manage.py"]) == 0
}

// list sorts a file into those that run and those that do not.
func (s *scanner) list(name, rel string) error {
	switch {
	case languageOf(name) == nil:
	case s.idleDir(rel) != "" || idleName(rel):
		if len(s.quiet) < s.opts.MaxFiles {
			s.quiet = append(s.quiet, name)
		}
	case len(s.paths) >= s.opts.MaxFiles:
		s.report.Truncated = true
		return fs.SkipAll
	default:
		s.paths = append(s.paths, name)
	}
	return nil
}

func (s *scanner) ignored(rel string) bool {
	return s.opts.Ignore != nil && rel != "" && rel != "." && s.opts.Ignore(rel)
}

// load reads a source file once; it is nil if it is none that can be read, or if a limit is reached.
func (s *scanner) load(name string) *unit {
	if u, ok := s.units[name]; ok || s.full {
		return u
	}
	content, err := fs.ReadFile(s.fsys, name)
	if err != nil || len(content) > fileBytes || !utf8.Valid(content) || bytes.IndexByte(content, 0) >= 0 {
		s.units[name] = nil
		return nil
	}
	if s.total += int64(len(content)); s.total > s.opts.MaxBytes {
		s.report.Truncated, s.full = true, true
		return nil
	}
	u := &unit{scanner: s, path: name, text: string(content), file: source.NewFile(name, content)}
	s.units[name] = u
	return u
}

// tokens cuts the file into tokens once.
func (u *unit) tokens(lang *language) []tok {
	if u.toks == nil {
		u.toks = lex(lang, u.text, 0)
	}
	return u.toks
}

// read reads the files and looks at each in its language.
func (s *scanner) read() {
	s.follow()
	for _, name := range s.counted() {
		u := s.load(name)
		if s.full {
			break
		}
		if u == nil {
			continue
		}
		lang := languageOf(name)
		s.report.Files++
		s.report.Languages[lang.name]++
		s.take(u, lang)
	}
	s.scripted()
	s.goPackages()
	s.nextServers()
	s.conventions()
}

// take sorts a file by its language. Scripts and Go wait until all files are known, for constants of other files.
func (s *scanner) take(u *unit, lang *language) {
	u.patterns(lang)
	u.home(lang)
	switch lang {
	case golang:
		dir := path.Dir(u.path)
		s.goFiles[dir] = append(s.goFiles[dir], u)
	case shell:
		u.shellScript()
	case properties:
		u.properties()
	case prisma:
		u.prisma()
	case logging:
		u.logging()
	default:
		s.scripts = append(s.scripts, newScript(u, lang))
	}
}

// scripted looks at the scripts once their shared constants are known.
func (s *scanner) scripted() {
	for _, sc := range s.scripts {
		sc.readOptions()
		for name, list := range sc.bindings {
			last := name[strings.LastIndexByte(name, '.')+1:]
			if len(last) < len(name) && name[0] >= 'A' && name[0] <= 'Z' {
				s.statics[sc.lang.name+" "+name] = append(s.statics[sc.lang.name+" "+name], sc)
			}
			if last == strings.ToUpper(last) && len(list) == 1 && len(last) > 2 {
				key := sc.lang.name + " " + last
				s.constants[key] = append(s.constants[key], &bound{sc, list[0]})
			}
		}
	}
	for _, sc := range s.scripts {
		sc.shared = func(name string) *bound {
			if list := s.constants[sc.lang.name+" "+name]; len(list) == 1 && list[0].in != sc {
				return list[0]
			}
			return nil
		}
		from := s.marks()
		sc.readMains()
		sc.effects()
		sc.listens()
		sc.dropMains(from)
	}
}

// step counts the folding of expressions. Constants that refer to each other could make it endless.
func (s *scanner) step() bool {
	s.steps++
	if s.steps > maxSteps {
		s.report.Truncated = true
	}
	return s.steps <= maxSteps
}

// place is the line of an offset.
func (u *unit) place(at int) source.Place { return u.file.PlaceAt(max(at, 0)) }

// snippet is the line of an offset without its indentation, at most 160 bytes of it.
func (u *unit) snippet(at int) string {
	line := strings.TrimSpace(u.file.LineText(u.place(at).Line))
	if len(line) > 160 {
		line = strings.ToValidUTF8(line[:157], "") + "..."
	}
	return line
}

// finish sorts the report and drops repetitions.
func (s *scanner) finish() Report {
	r := s.report
	r.Writes, r.Unknown = tidy(r.Writes), tidy(r.Unknown)
	sort.SliceStable(r.Listens, func(i, j int) bool { return before(r.Listens[i].Place, r.Listens[j].Place) })
	r.Listens = dedupe(r.Listens)
	sort.SliceStable(r.RootOnly, func(i, j int) bool { return before(r.RootOnly[i].Place, r.RootOnly[j].Place) })
	sort.SliceStable(r.Account, func(i, j int) bool { return before(r.Account[i].Place, r.Account[j].Place) })
	sort.SliceStable(r.UsesHome, func(i, j int) bool { return before(r.UsesHome[i].Place, r.UsesHome[j].Place) })
	r.UsesHome = dedupe(r.UsesHome)
	r.NeedsAccount = len(r.Account) > 0
	for name := range s.envRead {
		r.EnvRead = append(r.EnvRead, name)
	}
	sort.Strings(r.EnvRead)
	return r
}

func before(a, b source.Place) bool {
	if a.Path != b.Path {
		return a.Path < b.Path
	}
	return a.Line < b.Line
}

func tidy(list []Path) []Path {
	sort.SliceStable(list, func(i, j int) bool { return before(list[i].Place, list[j].Place) })
	return dedupe(list)
}

// dedupe drops equal values and keeps the order.
func dedupe[T comparable](list []T) []T {
	seen := map[T]bool{}
	var out []T
	for _, v := range list {
		if !seen[v] {
			seen[v] = true
			out = append(out, v)
		}
	}
	return out
}
