package workspace

import (
	"path"
	"strings"

	"github.com/offroot/offroot/rewrite/source"
)

// OpenShift reports whether a pod is meant for OpenShift, which gives each namespace a range of users of its own, and
// where that can be seen: an object of OpenShift's in the same directory, or the name of the directory.
func (ws *Workspace) OpenShift(p *Pod) (source.Place, bool) {
	file := p.Object.Node.Document().File().Path
	for _, o := range ws.Objects {
		if strings.HasSuffix(o.Group(), ".openshift.io") && path.Dir(o.Node.Document().File().Path) == path.Dir(file) {
			return o.Place(), true
		}
	}
	for _, dir := range strings.Split(strings.ToLower(path.Dir(file)), "/") {
		if strings.Contains(dir, "openshift") {
			return source.Place{Path: file}, true
		}
	}
	return source.Place{}, false
}
