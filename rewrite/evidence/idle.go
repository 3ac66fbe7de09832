package evidence

import (
	"path"
	"regexp"
	"strings"
)

// deadDirs hold what is never the program: other people's code and what tools leave behind. They are not entered.
var deadDirs = map[string]bool{
	"node_modules": true, "vendor": true, "bower_components": true, "site-packages": true, "venv": true, "third_party": true,
	"obj": true, "__pycache__": true, "testdata": true,
}

// testDirs hold tests and what belongs to them. They are the program only if it starts or imports them.
var testDirs = map[string]bool{
	"test": true, "tests": true, "__tests__": true, "__mocks__": true, "spec": true, "specs": true, "fixtures": true, "e2e": true,
	"cypress": true, "storybook": true, "playwright": true, "benchmark": true, "benchmarks": true, "benches": true, "migrations": true,
	"magefiles": true, "hack": true,
}

// exampleDirs hold examples, unless there is no other program.
var exampleDirs = map[string]bool{
	"example": true, "examples": true, "samples": true, "docs": true, "doc": true, "dev": true,
}

// toolDirs hold tools of the developers, unless it is a shell script, which an image may start.
var toolDirs = map[string]bool{"scripts": true, "script": true, "tools": true, "ci": true, "mocks": true, "mock": true, "heroku": true, "setup-scripts": true}

// idleNames are files of tools.
var idleNames = map[string]bool{
	"gulpfile.js": true, "gruntfile.js": true, "setup.py": true, "conftest.py": true, "noxfile.py": true, "fabfile.py": true,
	"rakefile.rb": true, "karma.conf.js": true, "build.rs": true, "gradlew.sh": true,
}

// dead reports whether a directory is not entered at all.
func dead(base string) bool {
	return deadDirs[strings.ToLower(base)] || strings.HasPrefix(base, ".") && base != "."
}

// idleDir returns the first directory on the way to a file that says that it does not run, or "".
func (s *scanner) idleDir(name string) string {
	dir := path.Dir(name)
	at := 0
	for _, base := range strings.Split(dir, "/") {
		prefix := dir[:at+len(base)]
		at += len(base) + 1
		lower := strings.ToLower(base)
		if (testDirs[lower] || exampleDirs[lower] || toolDirs[base] && languageOf(name) != shell) && !s.lifted[prefix] {
			return prefix
		}
	}
	return ""
}

// idleName reports whether the name of a file says that it is a test or a tool.
func idleName(name string) bool {
	base := strings.ToLower(path.Base(name))
	stem := strings.TrimSuffix(base, path.Ext(base))
	switch {
	case idleNames[base]:
		return true
	case strings.HasSuffix(stem, ".test") || strings.HasSuffix(stem, ".spec") || strings.HasSuffix(stem, "_test") || strings.HasSuffix(stem, "_spec") || strings.HasSuffix(stem, ".stories") || strings.HasPrefix(stem, "mock_") || strings.HasSuffix(stem, "_mock") || stem == "mock":
		return true
	case strings.HasPrefix(base, "test_") && strings.HasSuffix(base, ".py"):
		return true
	case strings.HasSuffix(stem, ".config") && languageOf(base) == javascript:
		return true
	case strings.HasSuffix(path.Base(name), "Test.java") || strings.HasSuffix(path.Base(name), "Tests.java") || strings.HasSuffix(path.Base(name), "Tests.cs"):
		return true
	}
	return false
}

// programNames are files that make a directory a program.
var programNames = map[string]bool{"settings.py": true, "wsgi.py": true, "asgi.py": true, "manage.py": true}

var settingsModule = regexp.MustCompile(`DJANGO_SETTINGS_MODULE['"]\s*[,\]]?\s*=?\s*['"]([A-Za-z_][A-Za-z0-9_.]*)['"]`)

// lift takes the directories that are called like examples but hold the program itself out of the idle ones.
func (s *scanner) lift() {
	s.liftSettings()
	program := map[string]bool{}
	for _, name := range s.paths {
		program[path.Base(name)] = true
	}
	goMain := len(s.quiet) == 0
	for i := 0; i < len(s.paths) && !goMain; i++ {
		goMain = languageOf(s.paths[i]) == golang && s.isMain(s.paths[i])
	}
	for _, name := range s.quiet {
		base := path.Base(name)
		switch {
		case idleName(name):
		case programNames[base] && !program["manage.py"] && !program["settings.py"] && !program["wsgi.py"] && !program["asgi.py"],
			languageOf(name) == golang && !goMain && s.isMain(name):
			s.liftExamples(s.under(name))
		}
	}
	var quiet []string
	for _, name := range s.quiet {
		if s.idleDir(s.under(name)) == "" && !idleName(s.under(name)) {
			s.paths = append(s.paths, name)
			continue
		}
		quiet = append(quiet, name)
	}
	s.quiet = quiet
}

// liftSettings lifts the package that manage.py names.
func (s *scanner) liftSettings() {
	for _, name := range append(append([]string{}, s.paths...), s.quiet...) {
		if path.Base(name) != "manage.py" {
			continue
		}
		u := s.load(name)
		if u == nil {
			continue
		}
		if m := settingsModule.FindStringSubmatch(u.text); m != nil {
			s.liftAll(path.Join(path.Dir(u.relative()), strings.ReplaceAll(m[1], ".", "/")))
		}
	}
}

// liftAll lifts every directory on the way to a file.
func (s *scanner) liftAll(rel string) {
	for dir := path.Dir(rel); dir != "." && dir != "/"; dir = path.Dir(dir) {
		s.lifted[dir] = true
	}
}

// liftExamples lifts the directories of examples on the way to a file, if nothing else there is idle.
func (s *scanner) liftExamples(rel string) {
	for dir := path.Dir(rel); dir != "."; dir = path.Dir(dir) {
		base := strings.ToLower(path.Base(dir))
		if testDirs[base] || toolDirs[base] {
			return
		}
	}
	s.liftAll(rel)
}

// isMain reports whether a Go file belongs to a program.
func (s *scanner) isMain(name string) bool {
	if strings.HasSuffix(name, "_test.go") {
		return false
	}
	u := s.load(name)
	return u != nil && (strings.HasPrefix(u.text, "package main\n") || strings.Contains(u.text, "\npackage main\n") || strings.Contains(u.text, "\npackage main\r\n"))
}
