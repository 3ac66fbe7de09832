package workspace

import (
	"io/fs"
	"path"
	"strings"

	"github.com/offroot/offroot/rewrite/source"
)

// DockerAction finds the action.yml that runs a Dockerfile as a GitHub action. Those must run as root:
// https://docs.github.com/en/actions/reference/dockerfile-support-for-github-actions.
func (ws *Workspace) DockerAction(dockerfile string) (source.Place, bool) {
	for _, name := range ws.paths {
		if base := path.Base(name); base != "action.yml" && base != "action.yaml" {
			continue
		}
		text, err := fs.ReadFile(ws.FS, name)
		if err != nil || !strings.Contains(string(text), "docker") {
			continue
		}
		for i, line := range strings.Split(string(text), "\n") {
			key, value, ok := strings.Cut(strings.TrimSpace(line), ":")
			if !ok || key != "image" {
				continue
			}
			image := strings.Trim(strings.TrimSpace(value), `"'`)
			if path.Join(path.Dir(name), image) == dockerfile {
				return source.Place{Path: name, Line: i + 1}, true
			}
		}
	}
	return source.Place{}, false
}
