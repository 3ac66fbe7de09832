package workspace

import (
	"fmt"
	"io/fs"
	"path"
	"sort"
	"strings"

	"github.com/offroot/offroot/rewrite/dockerfile"
	"github.com/offroot/offroot/rewrite/evidence"
	"github.com/offroot/offroot/rewrite/shell"
	"github.com/offroot/offroot/rewrite/source"
)

// A Write is a path that the process writes at run time, with the evidence for it.
type Write struct {
	Path    string // absolute in the image
	Because string // "server.js creates db/parcel.sqlite"
	Place   source.Place
	Certain bool   // read in the code or in image facts; not merely declared as a place for data
	Volume  string // name of the volume that compose mounts there, "" if none
	Bind    bool   // a host directory is mounted there
	Source  string // the host directory: below the root if it is in the repository, else as written
	File    bool   // it is a file and not a directory
	// Declared says that a VOLUME of the Dockerfile names it.
	Declared bool
	// Packaged says that a package brings it, unless it is Missing there. Tree says that it comes with files that are written.
	Packaged, Missing, Tree bool
}

// A Behaviour is what is known of the process of a build beyond its identity.
type Behaviour struct {
	Writes  []Write
	Unknown []Write // writes whose path could not be resolved; Path is the snippet
	Listens []evidence.Listen
	// Read reports that the source of the program was in sight and every write in it was resolved.
	Read         bool
	Files        int
	NeedsAccount bool // the code looks itself up in passwd
	UsesHome     []evidence.Finding
	RootOnly     []evidence.Finding
	envRead      []string
	// Compiled reports that what runs is a static program of this repository, which needs no account.
	Compiled bool
}

// Behaviour collects what the process of the build writes and where it listens, from the sources in the context, the
// command line, the Dockerfile and the compose files. It is evidence; what to do about it is decided elsewhere.
func (ws *Workspace) Behaviour(w *Workload) Behaviour {
	b := w.Build
	var v Behaviour
	report := ws.scan(b)
	v.Listens, v.NeedsAccount, v.RootOnly, v.Files = report.Listens, report.NeedsAccount, report.RootOnly, report.Files
	for _, p := range report.Writes {
		if p.Temp {
			continue
		}
		at := p.Path
		if !p.Absolute {
			at = path.Join(b.Workdir(nil), p.Path)
		}
		file := !p.Dir && sharedDir(path.Dir(at))
		if !p.Dir && !file {
			at = path.Dir(at)
		}
		v.Writes = append(v.Writes, Write{Path: at, File: file, Because: p.Place.String() + " " + p.What, Place: p.Place, Certain: p.Certain})
	}
	for _, p := range report.Unknown {
		v.Unknown = append(v.Unknown, Write{Path: p.Snippet, Because: p.What, Place: p.Place})
	}
	v.envRead, v.UsesHome = report.EnvRead, report.UsesHome
	v.Compiled = b.compiled()
	sources := 0
	for lang, n := range report.Languages {
		if lang != "properties" && lang != "shell" {
			sources += n
		}
	}
	v.Read = b.languages() != nil && sources > 0 && len(report.Unknown) == 0 && !report.Truncated
	v.Writes = append(v.Writes, b.declaredVolumes()...)
	v.Writes = append(v.Writes, b.logArguments()...)
	v.Writes = append(v.Writes, b.toolCaches()...)
	byConvention, homes := b.conventionalWrites()
	v.Writes, v.UsesHome = append(v.Writes, byConvention...), append(v.UsesHome, homes...)
	written, unknown := b.scriptWrites()
	v.Writes, v.Unknown = append(v.Writes, written...), append(v.Unknown, unknown...)
	for _, s := range w.Services {
		v.Writes = append(v.Writes, s.mountWrites()...)
	}
	for _, p := range w.Pods {
		v.Writes = append(v.Writes, p.mountWrites(b)...)
	}
	v.Writes = distinct(v.Writes)
	return v
}

// EnvRead are the environment variables that the sources read.
func (v Behaviour) EnvRead() []string { return v.envRead }

// scan reads the sources of the program that runs. The sources of a stage that only builds assets for a server are not
// what runs, so a server that is known by its configuration is not scanned for code.
func (ws *Workspace) scan(b *Build) evidence.Report {
	langs := b.languages()
	if langs != nil && len(langs) == 0 {
		return evidence.Report{}
	}
	env := b.Stage.Env(nil)
	entries := ws.entries(b)
	key := fmt.Sprint("scan ", b.Context.Dir, b.Workdir(nil), b.contextSources(), langs, env, entries)
	if known, ok := ws.memo[key].(evidence.Report); ok {
		return known
	}
	report := b.scanSources(langs, env, entries)
	if ws.memo != nil {
		ws.memo[key] = report
	}
	return report
}

// entries are the files that the start command runs. A service or a pod that overrides the command may run other ones, so
// then all files count.
func (ws *Workspace) entries(b *Build) []string {
	for _, s := range ws.Services {
		if s.Image.Build == b && (s.Get("command") != nil || s.Get("entrypoint") != nil) {
			return nil
		}
	}
	for _, p := range ws.Pods {
		for _, c := range p.Containers {
			if c.Image.Build == b && (c.Node.Get("command") != nil || c.Node.Get("args") != nil) {
				return nil
			}
		}
	}
	var entries []string
	for _, p := range b.Start.Programs {
		entries = append(entries, evidence.EntriesOf(p.Name, p.Args)...)
	}
	return entries
}

func (b *Build) scanSources(langs map[string]bool, env map[string]string, entries []string) evidence.Report {
	report := evidence.Scan(b.fs.fsys, b.Context.Dir, evidence.Options{
		Ignore:   func(name string) bool { return otherLanguage(name, langs) || b.fs.ignores(name) || !b.inImage(name) },
		Workdir:  b.Workdir(nil),
		Mapped:   b.ImagePath,
		Env:      env,
		Entries:  entries,
		MaxFiles: 4000,
		MaxBytes: 32 << 20,
	})
	if langs == nil {
		return report
	}
	keep := func(p source.Place) bool { return langs[path.Ext(p.Path)] }
	report.Writes = filter(report.Writes, func(p evidence.Path) bool { return keep(p.Place) })
	report.Unknown = filter(report.Unknown, func(p evidence.Path) bool { return keep(p.Place) })
	report.Listens = filter(report.Listens, func(l evidence.Listen) bool { return keep(l.Place) })
	report.RootOnly = filter(report.RootOnly, func(f evidence.Finding) bool { return keep(f.Place) })
	return report
}

// otherLanguage holds for sources in a language that the start command does not run.
func otherLanguage(name string, langs map[string]bool) bool {
	switch ext := path.Ext(name); ext {
	case ".js", ".mjs", ".cjs", ".ts", ".mts", ".cts", ".jsx", ".tsx", ".py", ".rb", ".ru", ".php", ".java", ".kt", ".cs", ".go":
		return langs != nil && !langs[ext]
	}
	return false
}

func filter[T any](all []T, keep func(T) bool) []T {
	var kept []T
	for _, x := range all {
		if keep(x) {
			kept = append(kept, x)
		}
	}
	return kept
}

// inImage reports whether a file of the context is copied into the image or into a stage that the image copies from.
func (b *Build) inImage(name string) bool {
	for _, list := range b.contextSources() {
		if list == "." || name == list || strings.HasPrefix(name, list+"/") || strings.HasPrefix(list, name+"/") {
			return true
		}
		if ok, _ := path.Match(list, name); ok {
			return true
		}
		if dir, pattern := path.Split(list); strings.ContainsAny(pattern, "*?[") && strings.HasPrefix(name, dir) {
			if ok, _ := path.Match(pattern, strings.SplitN(strings.TrimPrefix(name, dir), "/", 2)[0]); ok {
				return true
			}
		}
	}
	return false
}

func (b *Build) contextSources() []string {
	if b.sources == nil {
		b.sources = []string{}
		seen := map[*dockerfile.Stage]bool{}
		var visit func(stage *dockerfile.Stage)
		visit = func(stage *dockerfile.Stage) {
			if stage == nil || seen[stage] {
				return
			}
			seen[stage] = true
			for _, s := range stage.Chain() {
				for _, in := range s.All("COPY", "ADD") {
					b.sources = append(b.sources, copySources(in)...)
					visit(b.Doc.Stage(in.Flag("from")))
				}
				if s.Parent != nil {
					seen[s.Parent] = true
				}
			}
		}
		visit(b.Stage)
	}
	return b.sources
}

// languages are the extensions of the sources that the start command runs: nil if that is not known, empty if it runs none.
func (b *Build) languages() map[string]bool {
	sets := []struct {
		programs string
		exts     string
	}{
		{"node npm npx yarn pnpm bun deno tsx ts-node nodemon next pm2 pm2-runtime", ".js .mjs .cjs .ts .jsx .tsx .json .prisma"},
		{"python python3 gunicorn uvicorn hypercorn celery flask django-admin daphne streamlit uwsgi rq poetry pipenv uv fastapi", ".py"},
		{"ruby bundle puma rails rackup unicorn sidekiq foreman", ".rb .ru .yml"},
		{"php php-fpm apache2-foreground apache2 httpd", ".php"},
		{"java catalina.sh", ".java .kt .properties .yml .xml"},
		{"dotnet", ".cs .json"},
	}
	for _, set := range sets {
		if _, ok := b.Start.Has(strings.Fields(set.programs)...); ok {
			m := map[string]bool{}
			for _, ext := range strings.Fields(set.exts) {
				m[ext] = true
			}
			return m
		}
	}
	if b.compiled() {
		return map[string]bool{".go": true, ".rs": true}
	}
	if b.Start.FromBase && b.Base.Known {
		switch {
		case strings.Contains(b.Base.Ref, "php") || strings.Contains(b.Base.Ref, "wordpress"):
			return map[string]bool{".php": true}
		case b.Base.Facts.Kind == "server" || b.Base.Facts.Kind == "database":
			return map[string]bool{}
		}
	}
	if _, ok := b.Start.Has("nginx", "haproxy", "caddy", "traefik", "envoy"); ok {
		return map[string]bool{}
	}
	return nil
}

// compiled reports whether the program that runs is copied from a stage that builds Go or Rust.
func (b *Build) compiled() bool {
	if len(b.Start.Programs) == 0 {
		return false
	}
	for _, c := range b.Copies() {
		if c.From == nil {
			continue
		}
		root := c.From.Chain()[len(c.From.Chain())-1]
		ref, _ := root.RefWith(b.Args)
		if strings.Contains(ref, "golang") || strings.Contains(ref, "rust") || strings.Contains(ref, "/go:") || strings.HasPrefix(ref, "go:") {
			return true
		}
		for _, in := range c.From.All("RUN") {
			if text, _, ok := in.Script(); ok && (strings.Contains(text, "go build") || strings.Contains(text, "cargo build")) {
				return true
			}
		}
	}
	for _, run := range b.Runs {
		for _, cmd := range run.Commands {
			if cmd.Name == "go" && len(cmd.Args) > 1 && (cmd.Args[1].Text == "build" || cmd.Args[1].Text == "install") {
				return true
			}
		}
	}
	return false
}

// declaredVolumes are the VOLUMEs of the chain.
func (b *Build) declaredVolumes() []Write {
	var all []Write
	for _, stage := range b.Stage.Chain() {
		for _, in := range stage.All("VOLUME") {
			for _, w := range in.Words {
				if target, missing := stage.Expand(w.Text, in, b.environment()); len(missing) == 0 && target != "" {
					all = append(all, Write{Path: b.absolute(target, in), Because: "VOLUME declares it as a place for data", Place: in.Place(), Declared: true})
				}
			}
		}
	}
	return all
}

// logArguments are absolute paths below /var/log, /var/run and the like in the start command, and directories for data and
// logs that a RUN makes.
func (b *Build) logArguments() []Write {
	var all []Write
	for _, p := range b.Start.Programs {
		for _, arg := range p.Args {
			_, value, ok := strings.Cut(arg, "=")
			if !ok {
				value = arg
			}
			if strings.HasPrefix(value, "/var/log/") || strings.HasPrefix(value, "/run/") || strings.HasPrefix(value, "/var/run/") {
				w := Write{Path: path.Dir(value), Because: "the start command names " + value, Place: p.Place, Certain: true}
				if sharedDir(w.Path) {
					w.Path, w.File = value, true
				}
				all = append(all, w)
			}
		}
	}
	for _, run := range b.Runs {
		for _, dir := range shell.Made(run.Commands) {
			if strings.Contains(dir, "$") {
				continue
			}
			at := b.absolute(dir, run.At)
			if dataDir(at) {
				all = append(all, Write{Path: at, Because: "it is made for data at build", Place: run.At.Place()})
			}
		}
	}
	return all
}

// scriptWrites are what start scripts write by redirection and by sed -i.
func (b *Build) scriptWrites() (known, unknown []Write) {
	note := func(s Script, c shell.Command, target shell.Word, what string) {
		place := source.Place{Path: s.File, Line: 1 + strings.Count(s.Text[:min(c.Start, len(s.Text))], "\n")}
		because := place.String() + " " + what + " " + target.Text
		switch {
		case strings.HasPrefix(target.Text, "/dev/") || strings.HasPrefix(target.Text, "/proc/") || strings.HasPrefix(target.Text, "&"):
		case !target.Known:
			unknown = append(unknown, Write{Path: target.Text, Because: because, Place: place})
		default:
			at := b.absolute(target.Text, nil)
			w := Write{Path: path.Dir(at), Because: because, Place: place, Certain: true}
			if sharedDir(w.Path) && what != "edits" {
				w.Path, w.File = at, true
			}
			known = append(known, w)
		}
	}
	for _, s := range b.Start.Scripts {
		for _, c := range s.Commands {
			for _, r := range c.Redirects {
				if strings.HasPrefix(r.Op, ">") && !strings.Contains(r.Op, "&") {
					note(s, c, r.Target, "writes")
				}
			}
			if c.Name == "sed" && len(c.Args) > 2 && strings.HasPrefix(c.Args[1].Text, "-i") {
				note(s, c, c.Args[len(c.Args)-1], "edits")
			}
		}
	}
	return known, unknown
}

// toolCaches are directories below the working directory that tools write while they run: development servers fail without
// them (https://github.com/nodejs/docker-node/issues/971).
func (b *Build) toolCaches() []Write {
	var all []Write
	for _, p := range b.Start.Programs {
		command := p.Name + " " + strings.Join(p.Args, " ")
		for _, tool := range cachingTools {
			if !strings.HasPrefix(command, tool.command) {
				continue
			}
			for _, dir := range tool.dirs {
				all = append(all, Write{Path: path.Join(b.Workdir(nil), dir), Because: tool.command + " writes its cache there", Place: p.Place, Certain: true})
			}
		}
	}
	return all
}

var cachingTools = []struct {
	command string
	dirs    []string
}{
	{"react-scripts start", []string{"node_modules/.cache"}},
	{"vue-cli-service serve", []string{"node_modules/.cache"}},
	{"craco start", []string{"node_modules/.cache"}},
	{"vite", []string{"node_modules/.vite", "node_modules/.vite-temp"}},
	{"ng serve", []string{".angular"}},
	{"next dev", []string{".next"}},
	{"next start", []string{".next/cache"}},
	{"nuxt dev", []string{".nuxt"}},
	{"astro dev", []string{".astro", "node_modules/.vite"}},
	{"parcel serve", []string{".parcel-cache", "dist"}},
	{"gatsby develop", []string{".cache", "public"}},
}

// sharedDir holds for directories of the system that hold the files of many programs: one of them is given away, never the
// directory.
func sharedDir(dir string) bool {
	switch dir {
	case "/", "/var/log", "/run", "/var/run", "/etc", "/var/lib", "/var/cache", "/opt", "/srv", "/usr/local", "/usr/share", "/home", "/var", "/usr":
		return true
	}
	return false
}

// dataDir holds for directories which by convention are written at run time.
func dataDir(dir string) bool {
	for _, prefix := range []string{"/var/log/", "/var/lib/", "/var/cache/", "/var/run/", "/run/", "/var/spool/", "/data"} {
		if strings.HasPrefix(dir, prefix) && !strings.HasPrefix(dir, "/var/lib/apt") && !strings.HasPrefix(dir, "/var/cache/apt") && !strings.HasPrefix(dir, "/var/lib/dpkg") {
			return true
		}
	}
	switch path.Base(dir) {
	case "data", "uploads", "logs", "log", "cache", "storage", "media", "tmp":
		return true
	}
	return false
}

// mountWrites are the volumes of a service that are not read-only. Directories of the host keep the owner that they have.
func (s *Service) mountWrites() []Write {
	var all []Write
	for _, m := range s.Mounts() {
		if m.ReadOnly || m.Target == "" || !path.IsAbs(m.Target) || m.Kind == "tmpfs" || strings.HasSuffix(m.Target, ".sock") {
			continue
		}
		w := Write{Path: path.Clean(m.Target), Place: m.Node.Place(), Bind: m.Kind == "bind"}
		if !w.Bind {
			w.Volume = m.Source
			w.Because = "the volume " + m.Source + " takes its owner from the image"
			if m.Source == "" {
				w.Because = "a volume takes its owner from the image"
			}
		} else {
			w.Because = "the host directory " + m.Source + " is mounted there"
			w.Source = m.Source
			if strings.HasPrefix(m.Source, ".") {
				w.Source = joinDir(s, m.Source)
			}
		}
		all = append(all, w)
	}
	return all
}

// mountWrites are the claims that containers of the build mount; the owner of these comes from fsGroup and not from the image.
func (p *Pod) mountWrites(*Build) []Write { return nil }

func distinct(all []Write) []Write {
	sort.SliceStable(all, func(i, j int) bool { return all[i].Path < all[j].Path })
	var out []Write
	for _, w := range all {
		if n := len(out); n > 0 && out[n-1].Path == w.Path {
			out[n-1].merge(w)
			continue
		}
		out = append(out, w)
	}
	return out
}

// merge keeps the better evidence for one path.
func (w *Write) merge(other Write) {
	if other.Certain && !w.Certain {
		was := *w
		*w = other
		w.Volume, w.Bind, w.Declared, w.Source = was.Volume, was.Bind, was.Declared, was.Source
	}
	if w.Volume == "" {
		w.Volume = other.Volume
	}
	w.Bind = w.Bind || other.Bind
	if w.Source == "" {
		w.Source = other.Source
	}
	w.Declared = w.Declared || other.Declared
}

// exists in the image as a directory or file that a COPY from the context brings.
func (b *Build) Brings(at string) bool {
	for _, c := range b.Copies() {
		if c.From != nil || c.Foreign {
			continue
		}
		for _, src := range c.Sources {
			src = strings.TrimPrefix(src, "/")
			rel, ok := strings.CutPrefix(at, strings.TrimSuffix(c.Dest, "/")+"/")
			if ok && (src == "." || b.isDirSource(c, src)) {
				if full := path.Join(src, rel); b.fs.exists(full) || b.hasUnignored(full) {
					return true
				}
			}
			if lands, ok := b.lands(c, src, src); ok && lands == at && b.fs.exists(src) {
				return true
			}
		}
	}
	return false
}

// hasUnignored reports whether a directory holds a file that .dockerignore lets through; the directory then comes along.
func (b *Build) hasUnignored(dir string) bool {
	entries, err := fs.ReadDir(b.fs.fsys, path.Join(b.Context.Dir, dir))
	if err != nil {
		return false
	}
	for _, e := range entries {
		if !b.fs.ignores(path.Join(dir, e.Name())) {
			return true
		}
	}
	return false
}

// BringsData reports whether the context brings files into a directory, beyond the placeholders that keep it in git.
func (b *Build) BringsData(at string) bool {
	for _, c := range b.Copies() {
		if c.From != nil || c.Foreign {
			continue
		}
		for _, src := range c.Sources {
			src = strings.TrimPrefix(src, "/")
			dir := src
			if rel, ok := strings.CutPrefix(at, strings.TrimSuffix(c.Dest, "/")+"/"); ok {
				dir = path.Join(src, rel)
			} else if at != c.Dest {
				continue
			}
			if b.holdsFiles(dir) {
				return true
			}
		}
	}
	return false
}

func (b *Build) holdsFiles(dir string) bool {
	entries, err := fs.ReadDir(b.fs.fsys, path.Join(b.Context.Dir, dir))
	if err != nil {
		return false
	}
	for _, e := range entries {
		switch e.Name() {
		case ".gitkeep", ".keep", ".gitignore", "README.md":
		default:
			if !b.fs.ignores(path.Join(dir, e.Name())) {
				return true
			}
		}
	}
	return false
}

// MadeBy reports whether a RUN makes a directory.
func (b *Build) MadeBy(in *dockerfile.Instruction, name string) bool {
	run := b.Run(in)
	if run == nil {
		return false
	}
	for _, dir := range shell.Made(run.Commands) {
		if b.absolute(dir, in) == name {
			return true
		}
	}
	return false
}

// Run returns what a RUN instruction of the chain does, nil for others.
func (b *Build) Run(in *dockerfile.Instruction) *Run { return b.run(in) }

// Holds reports whether a path lies in the repository: a mount of sources or of configuration, and not of data.
func (ws *Workspace) Holds(name string) bool {
	if name == "" || path.IsAbs(name) || strings.HasPrefix(name, "..") || strings.ContainsAny(name, "$~") {
		return false
	}
	for _, p := range ws.paths {
		if p == name || strings.HasPrefix(p, name+"/") || name == "." {
			return true
		}
	}
	return false
}
