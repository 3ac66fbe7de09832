// Package workspace joins documents into workloads: an image and everything that runs it. It collects facts, each with the
// place where it was read, and decides nothing.
package workspace

import (
	"io/fs"
	"sort"

	"github.com/offroot/offroot/rewrite/image"
	"github.com/offroot/offroot/rewrite/parse"
	"github.com/offroot/offroot/rewrite/serverconf"
	"github.com/offroot/offroot/rewrite/source"
)

// A Workspace is a repository as offroot understands it.
type Workspace struct {
	FS        fs.FS
	Builds    []*Build   // stages that are shipped
	Services  []*Service // of every compose file
	Objects   []*Object  // Kubernetes objects, workloads and others
	Pods      []*Pod
	Workloads []*Workload
	Skips     []parse.Skip
	InScope   map[string]bool   // files that may be changed
	Frozen    map[string]string // files that must not change, with the reason

	paths   []string
	memo    map[string]any                  // reports of sources, see parse.Documents
	configs map[string]*serverconf.Document // parsed once, nil for files that are none
}

// A Workload is one thing that runs: an image, built here or not, with the compose services and pod templates that run it.
type Workload struct {
	Name     string
	Build    *Build // nil for an image that is not built in this repository
	Services []*Service
	Pods     []*Pod
	Links    []Link
	Launches []RunLine // of a script or another file that starts containers
	Daemon   *Daemon   // of a daemon.json
}

// A Link says why one place belongs to another. Certain links are exact build commands or two independent hints.
type Link struct {
	From, To source.Place
	Because  string
	Certain  bool
}

// Place is the first place of the workload: its Dockerfile, else its first service, else its first pod.
func (w *Workload) Place() source.Place {
	switch {
	case w.Build != nil:
		return w.Build.Stage.From.Place()
	case len(w.Services) > 0:
		return w.Services[0].Place()
	case len(w.Pods) > 0:
		return w.Pods[0].Place()
	case len(w.Launches) > 0:
		return w.Launches[0].Place
	case w.Daemon != nil:
		return w.Daemon.Node.Place()
	}
	return source.Place{}
}

// Certain reports whether all links of the workload are.
func (w *Workload) Certain() bool {
	for _, l := range w.Links {
		if !l.Certain {
			return false
		}
	}
	return true
}

// Join reads the facts of all documents and joins them.
func Join(docs *parse.Documents) *Workspace {
	ws := &Workspace{FS: docs.FS, Skips: docs.Skips, InScope: docs.InScope, Frozen: docs.Frozen, paths: docs.Paths, memo: docs.Memo}
	ws.Services = services(docs)
	ws.Objects = objects(docs.Kubernetes)
	ws.Pods = pods(ws.Objects)
	ws.markPatches(docs.Kustomizations)
	ws.charts(docs.HelmValues)
	hints := ws.buildHints(docs)
	ws.Builds = ws.builds(docs.Dockerfiles, hints)
	ws.joinBases(docs.Dockerfiles, hints)
	l := newLinker(ws, hints, docs)
	ws.linkServices(l)
	ws.linkPods(l)
	ws.Workloads = ws.group()
	ws.nameWorkloads()
	ws.Workloads = append(append(ws.Workloads, ws.daemons(docs)...), ws.launches(docs)...)
	sort.SliceStable(ws.Workloads, func(i, j int) bool {
		return less(ws.Workloads[i].Place(), ws.Workloads[j].Place())
	})
	return ws
}

func less(a, b source.Place) bool {
	if a.Path != b.Path {
		return a.Path < b.Path
	}
	return a.Line < b.Line
}

// An Image is what a container runs: a stage of this repository or a reference to an image from elsewhere.
type Image struct {
	Ref   string // as written, "" if absent
	Place source.Place
	Build *Build      // the stage it is built from, if that is known
	Facts image.Facts // what the table says of a reference that is not built here
	Known bool        // Facts are set
	// Ambiguous names the Dockerfiles that the image may equally well be built from, each with its evidence. Then Build is nil.
	Ambiguous []string

	link Link
}
