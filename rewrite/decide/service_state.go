package decide

import (
	"fmt"

	"github.com/offroot/offroot/rewrite/image"
	"github.com/offroot/offroot/rewrite/workspace"
)

// tellUser gives an image that starts as root a user: where all that it writes is writable for that user in the image
// itself. It reports false, with what stands in the way, where a volume, a port or a capability would be lost: a fresh
// clone must start as it did before.
func (d *decider) tellUser(t *Target, s *workspace.Service) (why string, ok bool) {
	f := s.Image.Facts
	switch {
	case f.Kind != "server" || f.WorksAsNonRoot != "true" || f.Confidence != "read":
		return "", false
	case s.User() != nil || s.Get("entrypoint") != nil:
		return "", false
	}
	id := image.DefaultIdentity()
	if f.RunAs != nil {
		id = *f.RunAs
	} else {
		for f.Taken[id.UID] {
			id.UID, id.GID = id.UID+1, id.GID+1
		}
	}
	if why := d.obstacle(t, s, id); why != "" {
		return ", and " + why, false
	}
	t.Verdict, t.Level = Change, Review
	t.Identity = Identity{UID: id.UID, GID: id.GID, Name: id.Name, Origin: FromNumber}
	if f.RunAs != nil {
		t.Identity.Origin = FromImage
	}
	t.assume("%s does what the image table says: it runs as any user, and nothing is set here that makes it write elsewhere", s.Image.Ref)
	return "", true
}

// obstacle says what a process of that identity could not do any more.
func (d *decider) obstacle(t *Target, s *workspace.Service, id image.Identity) string {
	f := s.Image.Facts
	if n, ok := hostNeed(t, s); ok {
		return n.reason
	}
	if s.Flag("privileged").On {
		return "it is privileged"
	}
	writable := map[string]bool{}
	for _, p := range f.Writable {
		writable[p.Path] = p.WritableBy(id)
		if !p.WritableBy(id) {
			return fmt.Sprintf("it writes %s, which is root's in the image", p.Path)
		}
	}
	for _, m := range s.Mounts() {
		if !m.ReadOnly && m.Kind != "tmpfs" && !writable[m.Target] {
			return fmt.Sprintf("what is mounted at %s belongs to root", m.Target)
		}
	}
	if len(s.All("tmpfs")) > 0 || s.Get("tmpfs").Text() != "" {
		return "its tmpfs belongs to root"
	}
	for _, p := range f.Ports {
		if p.Number > 0 && p.Number < 1024 {
			return fmt.Sprintf("it listens on port %d", p.Number)
		}
	}
	return ""
}
