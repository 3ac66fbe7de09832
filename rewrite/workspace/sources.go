package workspace

import (
	"fmt"
	"path"
	"strings"

	"github.com/offroot/offroot/rewrite/dockerfile"
	"github.com/offroot/offroot/rewrite/evidence"
	"github.com/offroot/offroot/rewrite/source"
)

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
