package evidence

import (
	"io/fs"
	"path"
	"regexp"
	"sort"
	"strings"
)

// markerNames are files by which frameworks are known, and files that say how modules are found.
var markerNames = map[string]bool{
	"package.json": true, "tsconfig.json": true, "tsconfig.base.json": true, "jsconfig.json": true, "go.mod": true, "manage.py": true,
	"artisan": true, "bundles.php": true, "config.ru": true, "database.yml": true, "storage.yml": true, "wp-load.php": true,
	"wp-config.php": true, "wp-config-docker.php": true, "next.config.js": true, "next.config.mjs": true, "next.config.ts": true,
	"nuxt.config.ts": true, "nuxt.config.js": true, "mix.exs": true, "database.php": true,
}

// conventions reports what frameworks write by their own rules, which no line of the program says.
func (s *scanner) conventions() {
	names := make([]string, 0, len(s.markers))
	for base := range s.markers {
		names = append(names, base)
	}
	sort.Strings(names)
	for _, base := range names {
		for _, name := range s.markers[base] {
			s.convention(base, name)
		}
	}
}

func (s *scanner) convention(base, name string) {
	switch base {
	case "artisan":
		s.laravel(path.Dir(name))
	case "bundles.php":
		root := path.Dir(path.Dir(name))
		if s.exists(path.Join(root, "bin/console")) {
			s.conventional(name, path.Join(root, "var"), "Symfony keeps its cache and logs in")
		}
	case "config.ru":
		s.rails(path.Dir(name))
	case "wp-load.php", "wp-config.php", "wp-config-docker.php":
		s.conventional(name, path.Join(path.Dir(name), "wp-content/uploads"), "WordPress stores uploads in")
	case "next.config.js", "next.config.mjs", "next.config.ts":
		s.nextCache(name)
	case "mix.exs":
		s.phoenix(name)
	}
}

// conventional records a directory that lies at a path of the context.
func (s *scanner) conventional(marker, dir, what string) {
	u := s.marker(marker)
	if u == nil {
		return
	}
	target := &unit{scanner: s, path: path.Join(dir, "x")}
	v := target.here().parent()
	if s.opts.Mapped != nil {
		// The directory need not exist in the context.
		rel := s.under(dir)
		if p, ok := s.opts.Mapped(rel); ok {
			v = literal(p)
		} else if p, ok := s.opts.Mapped(path.Dir(rel)); ok {
			v = literal(path.Join(p, path.Base(rel)))
		}
	}
	if !v.ok {
		root := s.under(path.Dir(marker))
		rel := strings.TrimPrefix(strings.TrimPrefix(s.under(dir), root), "/")
		if root == "." || strings.HasSuffix(what, "caches in") {
			v = literal(rel)
		}
	}
	u.write(write{at: 0, kind: aDir, verb: what}, v)
}

// marker reads a file that need not be a source.
func (s *scanner) marker(name string) *unit {
	if u := s.units[name]; u != nil {
		return u
	}
	return s.load(name)
}

// laravel knows by its start file what Laravel writes: everything below storage, and the cache of its own start.
func (s *scanner) laravel(root string) {
	place := path.Join(root, "bootstrap/app.php")
	if !s.exists(place) {
		return
	}
	s.conventional(place, path.Join(root, "storage"), "Laravel keeps logs, sessions, caches and uploads in")
	s.conventional(place, path.Join(root, "bootstrap/cache"), "Laravel caches its services in")
	config := path.Join(root, "config/database.php")
	if u := s.marker(config); s.exists(config) && u != nil {
		used, set := s.opts.Env["DB_CONNECTION"]
		if set && used == "sqlite" || !set && laravelSQLite.MatchString(u.text) {
			if file, set := s.opts.Env["DB_DATABASE"]; set && path.IsAbs(file) {
				u.write(write{kind: aDatabase, verb: "creates"}, literal(file))
			} else {
				s.conventional(config, path.Join(root, "database"), "Laravel keeps its SQLite database in")
			}
		}
	}
}

var laravelSQLite = regexp.MustCompile(`'default'\s*=>\s*env\(\s*'DB_CONNECTION'\s*,\s*'sqlite'\s*\)`)

var (
	railsSQLite = regexp.MustCompile(`(?m)^\s*database:\s*["']?([A-Za-z0-9_./-]+\.(?:sqlite3?|db))\b`)
	railsStdout = regexp.MustCompile(`(?m)^\s*config\.logger\s*=.*STDOUT`)
)

// rails knows what Rails writes: tmp, log unless it logs to standard output, storage and its SQLite databases.
func (s *scanner) rails(root string) {
	place := path.Join(root, "config/application.rb")
	if !s.exists(place) {
		return
	}
	s.conventional(place, path.Join(root, "tmp"), "Rails keeps caches and process files in")
	production, _ := fs.ReadFile(s.fsys, path.Join(root, "config/environments/production.rb"))
	if s.opts.Env["RAILS_LOG_TO_STDOUT"] == "" && !railsStdout.Match(production) {
		s.conventional(place, path.Join(root, "log"), "Rails logs to")
	}
	storage := path.Join(root, "config/storage.yml")
	if content, err := fs.ReadFile(s.fsys, storage); err == nil && strings.Contains(string(content), "service: Disk") && !strings.Contains(string(production), "active_storage.service = :amazon") {
		s.conventional(place, path.Join(root, "storage"), "Rails stores uploads in")
	}
	database := path.Join(root, "config/database.yml")
	if u := s.marker(database); s.exists(database) && u != nil && strings.Contains(u.text, "sqlite3") {
		for _, m := range railsSQLite.FindAllStringSubmatchIndex(u.text, -1) {
			file := u.text[m[2]:m[3]]
			if strings.Contains(file, "test") || strings.Contains(file, "development") {
				continue
			}
			if path.IsAbs(file) {
				u.write(write{at: m[0], kind: aDatabase, verb: "creates"}, literal(file))
				continue
			}
			at := &unit{scanner: s, path: path.Join(root, "x")}
			u.write(write{at: m[0], kind: aDatabase, verb: "creates"}, join([]value{at.here().parent(), literal(file)}, false))
		}
	}
}

var (
	nextExport = regexp.MustCompile(`\boutput\s*:\s*['"]export['"]`)
	nextDir    = regexp.MustCompile(`\bdistDir\s*:\s*['"]([A-Za-z0-9_./-]+)['"]`)
)

// nextCache knows where a server of Next.js keeps pages and images that it made.
func (s *scanner) nextCache(name string) {
	content, err := fs.ReadFile(s.fsys, name)
	if err != nil || nextExport.Match(content) || s.reach.computed() && s.reach.scripts {
		return
	}
	dir := ".next"
	if m := nextDir.FindSubmatch(content); m != nil {
		dir = string(m[1])
	}
	s.conventional(name, path.Join(path.Dir(name), dir, "cache"), "Next.js caches in")
}

// phoenix knows the two ways in which a release of Elixir writes: a copy of its settings, and a SQLite database.
func (s *scanner) phoenix(name string) {
	u := s.marker(name)
	if u == nil {
		return
	}
	if strings.Contains(u.text, "reboot_system_after_config: true") || strings.Contains(u.text, "config_providers:") {
		u.write(write{kind: aDir, verb: "writes its settings to"}, literal("tmp"))
	}
	if strings.Contains(u.text, ":ecto_sqlite3") {
		u.write(write{at: strings.Index(u.text, ":ecto_sqlite3"), kind: aDatabase, verb: "creates"}, u.env("DATABASE_PATH"))
	}
}
