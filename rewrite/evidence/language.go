package evidence

import (
	"path"
	"strings"
)

// A language says how its tokens look.
type language struct {
	name       string
	line       []string // starts of a comment that ends with the line
	open, end  string   // block comment
	triple     bool     // """ and '''
	backtick   bool     // `template ${x}`
	interp     string   // what opens an expression in a double-quoted string: "#{" in Ruby, "$" in PHP
	regex      bool     // /literals/
	concat     string   // the operator that joins strings, next to +
	indent     bool     // a line end ends a statement
	php        bool     // code stands between <?php and ?>
	charQuotes bool     // 'c' is a character
}

var (
	javascript = &language{name: "javascript", line: []string{"//"}, open: "/*", end: "*/", backtick: true, regex: true}
	python     = &language{name: "python", line: []string{"#"}, triple: true, indent: true}
	ruby       = &language{name: "ruby", line: []string{"#"}, interp: "#{", regex: true, indent: true}
	php        = &language{name: "php", line: []string{"//", "#"}, open: "/*", end: "*/", interp: "$", concat: ".", php: true}
	java       = &language{name: "java", line: []string{"//"}, open: "/*", end: "*/", charQuotes: true}
	csharp     = &language{name: "csharp", line: []string{"//"}, open: "/*", end: "*/", charQuotes: true}
	golang     = &language{name: "go"}
	shell      = &language{name: "shell"}
	properties = &language{name: "properties"}
)

var extensions = map[string]*language{
	".js": javascript, ".mjs": javascript, ".cjs": javascript, ".ts": javascript, ".mts": javascript, ".cts": javascript,
	".jsx": javascript, ".tsx": javascript, ".py": python, ".rb": ruby, ".ru": ruby, ".php": php, ".java": java, ".kt": java, ".cs": csharp,
	".go": golang, ".sh": shell, ".bash": shell,
}

// languageOf tells how a file is read, or nil.
func languageOf(name string) *language {
	base := path.Base(name)
	switch {
	case strings.HasPrefix(base, "application") && (strings.HasSuffix(base, ".properties") || strings.HasSuffix(base, ".yml") || strings.HasSuffix(base, ".yaml")),
		strings.HasPrefix(base, "appsettings") && strings.HasSuffix(base, ".json"):
		return properties
	case strings.HasSuffix(base, ".d.ts") || strings.HasSuffix(base, ".min.js"):
		return nil
	}
	return extensions[path.Ext(base)]
}

// idleDirs hold what does not run in the container: tests, examples, tools of the build, other people's code.
var idleDirs = map[string]bool{
	"test": true, "tests": true, "__tests__": true, "__mocks__": true, "spec": true, "specs": true, "testdata": true, "fixtures": true,
	"e2e": true, "cypress": true, "example": true, "examples": true, "samples": true, "node_modules": true, "vendor": true,
	"bower_components": true, "site-packages": true, "venv": true, "docs": true, "doc": true, "benchmark": true,
	"benchmarks": true, "storybook": true, "hack": true, "third_party": true, "benches": true, "dev": true, "magefiles": true, "playwright": true, "obj": true, "__pycache__": true, "migrations": true,
}

// toolDirs hold tools of the developers, unless it is a shell script, which an image may start.
var toolDirs = map[string]bool{"scripts": true, "script": true, "tools": true, "ci": true, "mocks": true, "mock": true}

// idleNames are files of tools.
var idleNames = map[string]bool{
	"gulpfile.js": true, "gruntfile.js": true, "setup.py": true, "conftest.py": true, "noxfile.py": true, "fabfile.py": true,
	"rakefile.rb": true, "karma.conf.js": true, "build.rs": true, "gradlew.sh": true,
}

// idle reports whether a file is no evidence of what the process does.
func idle(name string) bool {
	for _, dir := range strings.Split(path.Dir(name), "/") {
		if toolDirs[dir] && languageOf(name) != shell {
			return true
		}
		if idleDirs[strings.ToLower(dir)] || strings.HasPrefix(dir, ".") && dir != "." {
			return true
		}
	}
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
