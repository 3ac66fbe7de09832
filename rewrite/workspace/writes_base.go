package workspace

import (
	"path"
	"strings"

	"github.com/offroot/offroot/rewrite/image"
)

// Holds reports whether the case in which the server of the base writes a path is seen to hold: an archive that Tomcat
// unpacks beside itself, or templates that nginx renders into its configuration at start.
func (b *Build) Holds(p image.Path) bool {
	if b.Renders(p.Path) {
		return true
	}
	if path.Base(p.Path) != "webapps" {
		return false
	}
	for _, c := range b.Copies() {
		for _, name := range append([]string{c.Dest}, c.Sources...) {
			if strings.HasSuffix(name, ".war") && (c.Dest == p.Path || strings.HasPrefix(c.Dest, p.Path+"/")) {
				return true
			}
		}
	}
	return false
}

// Renders reports whether a directory is where the entrypoint of nginx writes what it makes of the templates that the
// Dockerfile brings. Files of that name are in it already.
func (b *Build) Renders(dir string) bool {
	if dir != "/etc/nginx/conf.d" {
		return false
	}
	for _, c := range b.Copies() {
		if c.Dest == templateDir || strings.HasPrefix(c.Dest, templateDir+"/") {
			return true
		}
	}
	return false
}

const templateDir = "/etc/nginx/templates"

// rendered is the file that nginx makes of a template, "" for other files.
func rendered(target string) string {
	name, ok := strings.CutPrefix(target, templateDir+"/")
	if !ok || !strings.HasSuffix(name, ".template") {
		return ""
	}
	return "/etc/nginx/conf.d/" + strings.TrimSuffix(name, ".template")
}
