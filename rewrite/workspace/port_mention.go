package workspace

import (
	"fmt"
	"io/fs"
	"path"
	"strings"

	"github.com/offroot/offroot/rewrite/source"
)

// mentions are places in files that nothing above reads, sources and configurations of neighbours, which name a service
// with the port: they cannot be edited, so they forbid the move.
func (c *portCollector) mentions() {
	seen := map[string]bool{}
	for _, p := range c.places {
		seen[p.Place.Path] = true
	}
	for _, s := range c.w.Services {
		dir := path.Dir(s.Doc.File().Path)
		hosts := s.hostNames()
		for _, name := range c.ws.paths {
			if seen[name] || dir != "." && !strings.HasPrefix(name, dir+"/") || !mayConnect(name) {
				continue
			}
			if line := c.ws.mention(name, hosts, c.port); line > 0 {
				seen[name] = true
				at := source.Place{Path: name, Line: line}
				c.add(PortPlace{Role: Consumer, Place: at, What: "a neighbour's file", Blocked: fmt.Sprintf("%s connects to %s on port %d", at, s.Name, c.port)})
			}
		}
	}
}

// mayConnect holds for files that a container may read an address from: not for words to people, tests, and what a build
// made.
func mayConnect(name string) bool {
	for _, part := range strings.Split(path.Dir(name), "/") {
		switch part {
		case "node_modules", "vendor", "docs", "doc", ".git", "testdata", "dist", ".github":
			return false
		}
	}
	switch path.Ext(name) {
	case ".conf", ".cfg", ".ini", ".toml", ".env", ".sh", ".py", ".js", ".ts", ".mjs", ".go", ".rb", ".php", ".java", ".kt", ".cs", ".properties", ".template", ".tmpl", ".json":
		return true
	}
	return strings.HasPrefix(path.Base(name), ".env") || path.Base(name) == "Caddyfile"
}

// mention is the first line of a file that names one of the hosts with the port, 0 if none does.
func (ws *Workspace) mention(name string, hosts []string, port int) int {
	text, err := fs.ReadFile(ws.FS, name)
	if err != nil || len(text) > 256<<10 {
		return 0
	}
	for _, h := range hosts {
		if !strings.Contains(string(text), h) {
			continue
		}
		for i, line := range strings.Split(string(text), "\n") {
			trimmed := strings.TrimSpace(line)
			if strings.HasPrefix(trimmed, "#") || strings.HasPrefix(trimmed, "//") || !strings.Contains(line, h) {
				continue
			}
			for _, s := range portsInText(line, []string{h}, port) {
				if s.Len() > 0 || strings.Contains(line, "http") {
					return i + 1
				}
			}
		}
	}
	return 0
}
