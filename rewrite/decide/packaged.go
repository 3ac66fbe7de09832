package decide

import (
	"fmt"

	"github.com/offroot/offroot/rewrite/image"
	"github.com/offroot/offroot/rewrite/workspace"
)

// packaged refuses servers from packages of which no way without root is known: those that the table refuses, two servers
// in one container, and those whose configuration demands root.
func (d *decider) packaged(t *Target) bool {
	b := t.Workload.Build
	servers := b.Packaged()
	if len(servers) == 0 {
		return false
	}
	if other, ok := otherServer(b, servers); ok {
		t.refuse(servers[0].Program.Place, fmt.Sprintf("it starts %s and %s, which write to places of different owners", other, servers[len(servers)-1].Program.Name),
			"give each of them a container of its own")
		return true
	}
	s := servers[0]
	what := fmt.Sprintf("%s of the package %s (%s)", s.Program.Name, s.Package, s.Place)
	switch {
	case s.Refuse != "":
		t.refuse(s.Program.Place, what+" needs root: "+s.Refuse, s.Next)
		return true
	case s.Foreign:
		t.refuse(s.Place, what+" comes from a repository of its own, and what it writes there is not known", writableNext(t))
		return true
	}
	if file, ok := b.PrivateFile(s); ok {
		t.refuse(s.Program.Place, fmt.Sprintf("%s reads %s, which only root and the account of the package may read", what, file), "bring a configuration of your own with COPY")
		return true
	}
	if at, directive, ok := d.ws.RootDirective(t.Workload, s); ok {
		if directive == "" {
			directive = "its packaged configuration changes the root directory and the user"
		}
		t.refuse(at, fmt.Sprintf("%s: only root may follow %q", what, directive), "take chroot, user and group out of the configuration")
		return true
	}
	return false
}

// otherServer finds a second server beside a packaged one: another package, or what the base image is for.
func otherServer(b *workspace.Build, servers []workspace.PackagedServer) (string, bool) {
	if len(servers) > 1 {
		return servers[0].Program.Name, true
	}
	for _, p := range b.Start.Programs {
		if id := image.ServerProgram(p.Name); id != "" && id != servers[0].ID {
			return p.Name, true
		}
	}
	return "", false
}

func writableNext(t *Target) string {
	return fmt.Sprintf("give the paths in .offroot.yaml: workloads, %q, writable", t.Workload.Name)
}

// packagedUser is the account that a packaged server has. It reports false if the server has none with a fixed number.
func (d *decider) packagedUser(t *Target) bool {
	for _, s := range t.Workload.Build.Packaged() {
		if s.User != nil {
			t.Identity = Identity{UID: s.User.UID, GID: s.User.GID, Name: s.User.Name, Origin: FromImage}
			return true
		}
	}
	return false
}

// packagedRefuses refuses an identity that a packaged server cannot have, and names what was taken from a table that was
// not measured.
func (d *decider) packagedRefuses(t *Target) bool {
	for _, s := range t.Workload.Build.Packaged() {
		if s.UserOnly && t.Identity.UID != s.User.UID {
			t.refuse(s.Program.Place, fmt.Sprintf("%s of the package %s (%s) starts as %s only, and not as %s", s.Program.Name, s.Package, s.Place, s.User.Name, t.Identity.User()),
				fmt.Sprintf("let it run as %d:%d, or change the user in its configuration as well", s.User.UID, s.User.GID))
			return true
		}
		if s.Confidence != "measured" {
			t.assume("%s is like what the table knows of the package %s", s.Program.Name, s.Package)
		}
	}
	return false
}

// packagedWrites are the paths that packaged servers write.
func (d *decider) packagedWrites(t *Target) []workspace.Write {
	b := t.Workload.Build
	var all []workspace.Write
	for _, s := range b.Packaged() {
		configured, replaced := d.ws.ConfigWrites(t.Workload, s)
		because := s.Program.Name + " of the package " + s.Package + " writes there"
		for _, p := range s.Writes {
			if replaced {
				break
			}
			all = append(all, workspace.Write{Path: p.Path, Because: because, Place: s.Place, Certain: true, File: p.File, Packaged: true, Tree: p.Tree, Missing: p.Make})
		}
		for _, w := range configured {
			if !writtenAlready(all, w.Path) {
				all = append(all, w)
			}
		}
		if s.Workdir {
			all = append(all, workspace.Write{Path: b.Workdir(nil), Because: s.Program.Name + " writes into its working directory", Place: s.Place, Certain: true})
		}
	}
	return all
}

// homeless holds for servers that are known to look for nothing in HOME: those from packages, and the web servers whose
// images say where everything is.
func homeless(b *workspace.Build) bool {
	if len(b.Packaged()) > 0 {
		return true
	}
	switch b.Base.Facts.ID {
	case "nginx", "httpd", "caddy", "haproxy":
		return runsBaseServer(b)
	}
	return false
}

// writtenAlready reports whether a path lies below a directory that is written with all that is in it.
func writtenAlready(all []workspace.Write, name string) bool {
	for _, w := range all {
		if w.Path == name || (w.Tree || w.Missing) && !w.File && below(name, w.Path) {
			return true
		}
	}
	return false
}
