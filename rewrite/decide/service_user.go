package decide

import (
	"fmt"
	"strings"

	"github.com/offroot/offroot/rewrite/workspace"
)

// rootName holds for every way to write root in user: of a compose file.
func rootName(text string) bool {
	name, _, _ := strings.Cut(text, ":")
	return name == "root" || name != "" && strings.Trim(name, "0") == ""
}

// rootUser decides about user: root. The line goes where the image is not root, or will not be, and nothing of the service
// asks for root; else the reason why it stays is kept.
func (d *decider) rootUser(t *Target, s *workspace.Service, st *ServiceTarget) {
	n := s.User()
	if n == nil || !rootName(s.UserText()) || !imageDecides(t, s) {
		return
	}
	keep := func(reason, next string) { st.KeptUser = &Kept{Node: n, Reason: reason, Next: next} }
	if strings.Contains(n.Text(), "$") {
		keep(fmt.Sprintf("user: %s is root unless its variable is set", n.Text()), "give it a default that is not root, or remove the line")
		return
	}
	if why, ok := d.justified(t, s, st.Privileged); ok {
		keep(why.reason, why.next)
		return
	}
	st.RootUser = n
	if t.Verdict != Change || t.Workload.Build == nil {
		st.Notes = volumeNotes(s, t.Identity)
	}
}

// imageDecides reports whether the service would not be root without its user:.
func imageDecides(t *Target, s *workspace.Service) bool {
	if t.Workload.Build != nil {
		return t.Verdict == Change || t.Verdict == Unprivileged
	}
	u := s.Image.Facts.DefaultUser
	return s.Image.Known && u.Known && !u.Root()
}

// justified finds what speaks for user: root beside the image: access to the host, an image that waits for root in order to
// drop it, or directories of the host that root may have filled.
func (d *decider) justified(t *Target, s *workspace.Service, p *Privileges) (need, bool) {
	if n, ok := socketNeed(s); ok {
		return n, true
	}
	if t.Verdict == Change && t.Workload.Build != nil {
		return need{}, false // the decision about the image has asked all else
	}
	if n, ok := hostNeed(t, s); ok {
		return n, true
	}
	switch {
	case p != nil && (p.Keep || len(p.Add)+len(p.Devices) > 0):
		return need{p.At, "it is privileged as well, and not for nothing", "decide about privileged first"}, true
	case s.Get("pid").Text() == "host":
		return need{s.Get("pid").Place(), "it looks at the processes of the host, which are not its own", ""}, true
	case s.Get("network_mode").Text() == "host" && t.Workload.Build == nil:
		return need{s.Get("network_mode").Place(), "it uses the network of the host, where ports below 1024 need root", ""}, true
	case s.Image.Known && dropsByTool(s.Image.Facts.Drops):
		return need{s.User().Place(), fmt.Sprintf("%s gives up root by itself if it is started as root", s.Image.Ref), ""}, true
	}
	for _, m := range s.Mounts() {
		if m.Kind == "bind" && !m.ReadOnly {
			return need{m.Node.Place(), fmt.Sprintf("it may write %s of the host, which belongs to whoever made it", m.Source),
				fmt.Sprintf("give %s to %s with chown, then remove user: %s", m.Source, identityText(t, s), s.User().Text())}, true
		}
	}
	return need{}, false
}

func identityText(t *Target, s *workspace.Service) string {
	if t.Workload.Build != nil {
		return t.Identity.User()
	}
	return imageIdentity(s).User()
}

// volumeNotes name the command that gives the named volumes of a service to another owner.
func volumeNotes(s *workspace.Service, id Identity) []string {
	var names, targets []string
	for _, m := range s.Mounts() {
		if m.Kind == "volume" && m.Source != "" && !m.ReadOnly {
			names, targets = append(names, m.Source), append(targets, m.Target)
		}
	}
	if len(names) == 0 || id.UID <= 0 {
		return nil
	}
	return []string{fmt.Sprintf("existing volume%s %s keep%s the old owner; once:\ndocker compose run --rm --no-deps --user 0 --entrypoint chown %s -R %s %s",
		plural(len(names), "", "s"), quoteAll(names), plural(len(names), "s", ""), s.Name, id.User(), strings.Join(targets, " "))}
}
