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
	prisma     = &language{name: "prisma", line: []string{"//"}}
	logging    = &language{name: "logging"}
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
	case base == "schema.prisma":
		return prisma
	case strings.HasSuffix(base, ".xml") && (strings.HasPrefix(base, "logback") || strings.HasPrefix(base, "log4j2")) && !strings.Contains(base, "test"):
		return logging
	case strings.HasSuffix(base, ".d.ts") || strings.HasSuffix(base, ".min.js"):
		return nil
	}
	return extensions[path.Ext(base)]
}
