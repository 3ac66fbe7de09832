package workspace

import (
	"fmt"
	"io/fs"
	"path"
	"regexp"
	"strings"

	"github.com/offroot/offroot/rewrite/source"
)

// forwarded finds "kubectl port-forward" to the port of a pod in scripts. Forwarding to a Service names the Service's port,
// which stays.
func (c *portCollector) forwarded(p *Pod) {
	for _, line := range c.ws.forwardLines() {
		if strings.Contains(line.text, "svc/") || strings.Contains(line.text, "service/") || !p.namedIn(line.text+line.near) {
			continue
		}
		if regexp.MustCompile(`:` + itoa(c.port) + `\b`).MatchString(line.text) {
			c.add(PortPlace{Role: Consumer, Place: line.place, What: "kubectl port-forward", Blocked: fmt.Sprintf("%s forwards to the port of the pod", line.place)})
		}
	}
}

// namedIn reports whether a text names the pod, by its object or by the value of one of its labels.
func (p *Pod) namedIn(text string) bool {
	if strings.Contains(text, p.Object.Name) {
		return true
	}
	for _, value := range p.labels() {
		if len(value) > 3 && strings.Contains(text, value) {
			return true
		}
	}
	return false
}

// A scriptLine is a line of a script, with the lines above it, which may name what a variable in it stands for.
type scriptLine struct {
	place      source.Place
	text, near string
}

// forwardLines reads the lines with port-forward of every script, once.
func (ws *Workspace) forwardLines() []scriptLine {
	const key = "port-forward"
	if lines, ok := ws.memo[key].([]scriptLine); ok {
		return lines
	}
	var found []scriptLine
	for _, name := range ws.paths {
		if base := path.Base(name); path.Ext(name) != ".sh" && base != "Makefile" {
			continue
		}
		text, err := fs.ReadFile(ws.FS, name)
		if err != nil || !strings.Contains(string(text), key) {
			continue
		}
		lines := strings.Split(string(text), "\n")
		for i, l := range lines {
			if strings.Contains(l, key) {
				found = append(found, scriptLine{source.Place{Path: name, Line: i + 1}, l, strings.Join(lines[max(0, i-4):i], "\n")})
			}
		}
	}
	if ws.memo != nil {
		ws.memo[key] = found
	}
	return found
}
