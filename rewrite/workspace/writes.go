package workspace

import (
	"path"
	"sort"
	"strings"

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
	// The owner of a claim that a pod mounts comes from fsGroup and not from the image.
	v.Writes = distinct(v.Writes)
	return v
}

// EnvRead are the environment variables that the sources read.
func (v Behaviour) EnvRead() []string { return v.envRead }

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
