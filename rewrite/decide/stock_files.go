package decide

import (
	"fmt"
	"path"
	"slices"
	"strconv"
	"strings"

	"github.com/offroot/offroot/rewrite/image"
	"github.com/offroot/offroot/rewrite/workspace"
	"github.com/offroot/offroot/rewrite/yamldoc"
)

// scratch gives each directory that the process writes to it: by the image itself, by the volume that is mounted there, or
// by a new emptyDir. It returns what stands against it.
func (d *decider) scratch(t *PodTarget, c *workspace.Container, id Identity) (blocker string) {
	f := c.Image.Facts
	var dirs []string
	if f.Stock != nil {
		dirs = append(dirs, f.Stock.Tmpfs...)
	}
	for _, p := range f.Writable {
		if p.When != "" {
			continue
		}
		mount, mounted := mountAt(c, p.Path)
		switch {
		case mounted && mount.Persistent() && !mount.ReadOnly:
			if blocker := d.claim(t, c, mount, id.GID); blocker != "" {
				return blocker
			}
		case mounted, p.WritableBy(image.Identity{UID: id.UID, GID: id.GID}), covered(dirs, p.Path):
		case slices.Contains(f.Volumes, p.Path) && !p.File:
			dirs = append(dirs, p.Path)
		default:
			return "it writes " + p.Path + ", which belongs to root"
		}
	}
	for _, dir := range dirs {
		if _, mounted := mountAt(c, dir); !mounted {
			t.Scratch = append(t.Scratch, Scratch{c, dir, volumeName(t, c, dir)})
		}
	}
	return ""
}

// mountAt is what is mounted at a path, /var/run and /run being the same place.
func mountAt(c *workspace.Container, file string) (workspace.Mount, bool) {
	if m, ok := c.MountAt(file); ok {
		return m, true
	}
	if rest, ok := strings.CutPrefix(file, "/var/run"); ok {
		return c.MountAt("/run" + rest)
	}
	if rest, ok := strings.CutPrefix(file, "/run"); ok {
		return c.MountAt("/var/run" + rest)
	}
	return workspace.Mount{}, false
}

func covered(dirs []string, file string) bool {
	file = strings.TrimPrefix(file, "/var")
	for _, dir := range dirs {
		dir = strings.TrimPrefix(dir, "/var")
		if file == dir || strings.HasPrefix(file, dir+"/") {
			return true
		}
	}
	return false
}

// volumeName is a free name for the volume of a directory: its path in words, with the container's where both need one.
func volumeName(t *PodTarget, c *workspace.Container, dir string) string {
	name := strings.ToLower(strings.ReplaceAll(strings.Trim(path.Clean(dir), "/"), "/", "-"))
	name = strings.Trim(strings.Map(func(r rune) rune {
		if r >= 'a' && r <= 'z' || r >= '0' && r <= '9' || r == '-' {
			return r
		}
		return '-'
	}, name), "-")
	taken := t.Pod.Volumes()
	used := func(n string) bool {
		_, ok := taken[n]
		return ok || slices.ContainsFunc(t.Scratch, func(s Scratch) bool { return s.Volume == n })
	}
	if used(name) {
		name = c.Name + "-" + name
	}
	for i, base := 2, name; used(name); i++ {
		name = base + "-" + strconv.Itoa(i)
	}
	return name
}

// claim lets fsGroup own a volume that the process writes. It returns why that cannot be done.
func (d *decider) claim(t *PodTarget, c *workspace.Container, m workspace.Mount, gid int) (blocker string) {
	if ownerKept[m.Kind] {
		return fmt.Sprintf("it writes %s, and the files of a volume of kind %s keep their owner", m.Target, m.Kind)
	}
	if t.Pod.Spec.Get("securityContext").Get("fsGroup") != nil {
		return ""
	}
	if t.FSGroup != 0 && t.FSGroup != gid {
		return fmt.Sprintf("its containers need volumes of different groups (%d and %d)", t.FSGroup, gid)
	}
	if c.Image.Known && !c.Image.Facts.FSGroup && c.Image.Facts.ID != "postgres" && c.Image.Build == nil {
		return c.Image.Facts.FSGroupNote
	}
	t.FSGroup = gid
	t.assume("the storage class honours fsGroup (NFS and fsGroupPolicy None do not)")
	return ""
}

// ownerKept are the kinds of volumes that fsGroup does not reach.
var ownerKept = set("nfs", "glusterfs", "cephfs", "azureFile", "quobyte", "flexVolume", "hostPath")

// dataDirectory judges what a server demands of the directory that holds its data.
func (d *decider) dataDirectory(t *PodTarget, c *workspace.Container, id Identity) (blocker, next string) {
	if c.Image.Facts.ID != "postgres" {
		return "", ""
	}
	data := "/var/lib/postgresql/data"
	if value, set, literal := c.Env("PGDATA"); set && literal {
		data = path.Clean(value)
	} else if set {
		return "PGDATA comes from elsewhere", "give PGDATA here, below the mount point, then run offroot again"
	}
	m, mounted := c.MountAt(data)
	switch {
	case !mounted:
		return "", ""
	case path.Clean(m.Target) != data && !hasSubPath(c, m):
		return "", ""
	case m.Kind == "emptyDir" && path.Clean(m.Target) == data:
		t.Env = append(t.Env, Variable{c, "PGDATA", path.Join(data, "pgdata")})
		return "", ""
	}
	return "PGDATA is the mount point", fmt.Sprintf("PGDATA is the mount point; initdb as %d cannot chmod a root-owned mount point. "+
		"Move PGDATA to a directory below it (the data with it), then run offroot again", id.UID)
}

func hasSubPath(c *workspace.Container, m workspace.Mount) bool {
	for _, n := range c.Node.Get("volumeMounts").Items() {
		if n.Get("mountPath").Text() == m.Target && (n.Get("subPath") != nil || n.Get("subPathExpr") != nil) {
			return true
		}
	}
	return false
}

// secretModes refuses a container that would lose the right to read a file which is mounted for root alone.
func (d *decider) secretModes(t *PodTarget, c *workspace.Container) {
	if _, stated := t.States[c]; !stated && (c.Image.Build == nil || t.runs[c].UID == 0) {
		return
	}
	if t.Pod.Spec.Get("securityContext").Get("fsGroup") != nil {
		return
	}
	for _, m := range c.Mounts() {
		mode := m.Node.Get(m.Kind).Get("defaultMode")
		if mode != nil && !readableByAll(mode.Text()) {
			t.refuse(mode.Place(), fmt.Sprintf("the files at %s are mounted for root alone (mode %s)", m.Target, mode.Text()),
				"allow them to be read by the group or by others, or set fsGroup by hand")
			return
		}
	}
}

// readableByAll reads a mode as people write it: octal with a leading zero, else the decimal number that JSON demands.
func readableByAll(mode string) bool {
	base := 10
	if strings.HasPrefix(mode, "0") {
		base = 8
	}
	bits, err := strconv.ParseUint(strings.TrimPrefix(mode, "0o"), base, 32)
	return err != nil || bits&0o4 != 0
}

// lowPorts lets a process that is not root listen below 1024: on a port that the image is known for, or that the manifest
// declares.
func (d *decider) lowContainerPorts(t *PodTarget, c *workspace.Container) {
	low := false
	for _, p := range c.Image.Facts.Ports {
		low = low || p.Number > 0 && p.Number < 1024 && !strings.HasPrefix(p.Note, "only when")
	}
	for port := range c.Ports() {
		low = low || port < 1024
	}
	t.OpenPorts = t.OpenPorts || low && !opened(t.Pod)
}

// opened reports whether the pod lets everybody listen below 1024 already.
func opened(p *workspace.Pod) bool {
	return slices.ContainsFunc(p.Spec.Get("securityContext").Get("sysctls").Items(), func(n *yamldoc.Node) bool {
		return n.Get("name").Text() == "net.ipv4.ip_unprivileged_port_start"
	})
}
