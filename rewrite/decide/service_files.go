package decide

import (
	"fmt"
	"io/fs"
	"path"
	"strings"

	"github.com/offroot/offroot/rewrite/workspace"
	"github.com/offroot/offroot/rewrite/yamldoc"
)

// A TmpfsOwner is a tmpfs of a service that hides a directory of the image: it belongs to root unless its options say whom.
type TmpfsOwner struct {
	Node *yamldoc.Node
	Text string // what the entry becomes
}

// mountedFiles looks at what compose puts over the files of an image that will not be root any more: tmpfs, and secrets and
// configs, which compose mounts with the owner and the mode that their files have on the host.
func (d *decider) mountedFiles(t *Target, s *workspace.Service, st *ServiceTarget) {
	if t.Verdict != Change || t.Workload.Build == nil {
		return
	}
	for _, n := range tmpfsEntries(s) {
		target, options, _ := strings.Cut(n.Text(), ":")
		if strings.Contains(options, "uid=") || strings.Contains(options, "mode=1777") || strings.Contains(target, "$") || !d.hides(t, target) {
			continue
		}
		owner := fmt.Sprintf("uid=%d,gid=%d,mode=0700", t.Identity.UID, t.Identity.GID)
		if t.Identity.UID <= 0 || t.Identity.GID < 0 {
			t.assume("the tmpfs at %s is writable for %s", target, t.Identity.User())
			continue
		}
		if options != "" {
			owner = options + "," + owner
		}
		st.Tmpfs = append(st.Tmpfs, TmpfsOwner{n, target + ":" + owner})
	}
	for _, kind := range []string{"secrets", "configs"} {
		d.hostFiles(t, s, kind)
	}
}

// tmpfsEntries are the entries of tmpfs, which may be one text or a list.
func tmpfsEntries(s *workspace.Service) []*yamldoc.Node {
	if n := s.Get("tmpfs"); n.Kind() == yamldoc.Scalar {
		return []*yamldoc.Node{n}
	}
	return s.All("tmpfs")
}

// hides reports whether a tmpfs at dir lies over a directory that the process writes and that the image has, or will have:
// over one that it lacks, a tmpfs is writable for everybody.
func (d *decider) hides(t *Target, dir string) bool {
	for _, o := range t.Owns {
		if below(o.Path, dir) {
			return true
		}
	}
	if !d.inImage(t.Workload.Build, dir) {
		return false
	}
	for _, w := range t.Behaviour.Writes {
		if w.Certain && below(w.Path, dir) {
			return true
		}
	}
	return false
}

// hostFiles names the files of secrets or configs that are not in the repository: who may read them is not to be seen here.
func (d *decider) hostFiles(t *Target, s *workspace.Service, kind string) {
	for _, n := range s.All(kind) {
		name := n.Text()
		if n.Kind() == yamldoc.Mapping {
			name = n.Get("source").Text()
		}
		for _, root := range n.Document().Roots() {
			file := root.Get(kind).Get(name).Get("file").Text()
			if file == "" {
				continue
			}
			at := path.Join(path.Dir(n.Document().File().Path), file)
			if _, err := fs.Stat(d.ws.FS, at); err != nil || path.IsAbs(file) {
				t.assume("%s may read %s, the file of %s on the host, which compose mounts as it is", t.Identity.User(), file, name)
			}
		}
	}
}
