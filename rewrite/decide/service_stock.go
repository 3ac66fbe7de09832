package decide

import (
	"fmt"
	"strings"

	"github.com/offroot/offroot/rewrite/workspace"
)

// stockService judges a service that runs an image from elsewhere, by what is known of that image.
func (d *decider) stockService(t *Target, s *workspace.Service) {
	if s.Build != nil {
		d.unbuildable(t, s)
		return
	}
	f := s.Image.Facts
	u := s.User()
	switch {
	case s.Image.Ref == "":
		t.Verdict = Unknown
	case u != nil && !rootName(s.UserText()):
		t.Verdict = Unprivileged
		t.Identity = Identity{Origin: FromPolicy, Text: u.Text(), Name: u.Text()}
	case u == nil && s.Image.Known && f.DefaultUser.Known && !f.DefaultUser.Root():
		t.Verdict, t.Identity = Unprivileged, imageIdentity(s)
	case isSocket(s):
		m, _ := s.Socket()
		t.refuse(m.Node.Place(), "mounts "+m.Source+"; its group differs from host to host, and access to it is root on the host",
			"put a socket proxy in front, or give the group with group_add")
	case !s.Image.Known || !f.DefaultUser.Known:
		d.unknownImage(t, s)
	case f.MustBeRoot != "":
		t.leave(s.Image.Place, fmt.Sprintf("%s must start as root: %s", s.Image.Ref, f.MustBeRoot))
	case !f.DefaultUser.Root():
		t.Verdict, t.Identity = Change, imageIdentity(s) // user: root, which goes if nothing asks for it
	case dropsByTool(f.Drops) || f.Drops == "itself" && !f.WorkersOnly && f.DropsTo != nil:
		t.leave(s.Image.Place, fmt.Sprintf("%s starts as root and drops to %s by itself", s.Image.Ref, droppedTo(s)))
	default:
		d.rootImage(t, s)
	}
}

// unknownImage says what can be done about an image of which the table knows nothing.
func (d *decider) unknownImage(t *Target, s *workspace.Service) {
	ref := s.Image.Ref
	switch {
	case s.User() != nil:
		t.refuse(s.User().Place(), fmt.Sprintf("user: %s makes it root, and who the image %s runs as without it is not known here", s.User().Text(), ref),
			"docker inspect says whom the image names; remove the line if it is not root and the volumes allow it")
	case strings.Contains(ref, "$"):
		t.refuse(s.Image.Place, fmt.Sprintf("the image is a variable without a default: %s", ref), "give it a default")
	default:
		if env, ok := takesUser(s); ok {
			t.leave(s.Place(), "it takes its user from "+env+" and drops by itself")
			return
		}
		t.refuse(s.Image.Place, fmt.Sprintf("who the image %s runs as is not known here", ref), "add user: with the numbers that its documentation or docker inspect gives, if its volumes allow it")
	}
}

// takesUser names the variables by which images of a well-known kind are told whom to become.
func takesUser(s *workspace.Service) (string, bool) {
	env := s.Environment()
	for _, name := range []string{"PUID", "USERMAP_UID", "USER_UID", "UID"} {
		if _, ok := env[name]; ok {
			return name, true
		}
	}
	return "", false
}

func droppedTo(s *workspace.Service) string {
	if to := s.Image.Facts.DropsTo; to != nil {
		return fmt.Sprint(to.UID)
	}
	return "its own user"
}

func imageIdentity(s *workspace.Service) Identity {
	u := s.Image.Facts.DefaultUser
	return Identity{UID: u.UID, GID: u.GID, Name: u.Value, Origin: FromImage, Text: imageUserText(u.Value, u.UID, u.GID)}
}

// imageUserText is how the user of an image is written: by its numbers if they are known.
func imageUserText(value string, uid, gid int) string {
	switch {
	case uid < 0:
		return value
	case gid < 0:
		return fmt.Sprint(uid)
	}
	return fmt.Sprintf("%d:%d", uid, gid)
}

// rootImage judges an image that starts as root and stays it: some can be told to run as somebody else.
func (d *decider) rootImage(t *Target, s *workspace.Service) {
	if why, ok := d.tellUser(t, s); !ok {
		next := "add user: by hand, with a volume or tmpfs for everything that it writes"
		if alternative := s.Image.Facts.NonRootAlternative; alternative != "" {
			next = "consider " + alternative
		}
		t.refuse(s.Image.Place, fmt.Sprintf("the image %s starts as root%s", s.Image.Ref, why), next)
	}
}

func isSocket(s *workspace.Service) bool { _, ok := s.Socket(); return ok }

// unbuildable says why the Dockerfile of a service could not be followed.
func (d *decider) unbuildable(t *Target, s *workspace.Service) {
	b := s.Build
	switch {
	case b.Inline:
		t.refuse(b.Place, "its Dockerfile is written inside of the compose file", "move dockerfile_inline to a file of its own")
	case b.Remote != "":
		t.refuse(b.Place, "its build context "+b.Remote+" is not in this repository", "run offroot there")
	default:
		t.refuse(b.Place, fmt.Sprintf("its Dockerfile %s is not here, or has no such target", b.Dockerfile), "")
	}
}
