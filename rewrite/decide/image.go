package decide

import (
	"fmt"
	"path"
	"strings"

	"github.com/offroot/offroot/rewrite/workspace"
)

// build decides for an image that is built in this repository.
func (d *decider) build(t *Target) {
	b := t.Workload.Build
	t.Level = Safe
	t.Behaviour = d.ws.Behaviour(t.Workload)
	if o := t.Override; o != nil && o.Skip != "" {
		t.leave(o.Place, "the configuration skips it: "+o.Skip)
		return
	}
	switch {
	case b.Base.Facts.Family == "windows" || windowsBase(b.Base.Ref):
		t.leave(b.Place(), "its base is Windows, where root does not exist")
		return
	case !b.User.Known:
		d.unknownUser(t)
		return
	case !b.User.Root():
		t.Verdict = Unprivileged
		t.Identity = Identity{UID: b.User.UID, GID: b.User.GID, Name: b.User.Name, Origin: FromImage, Text: b.User.Text}
		if b.User.From != nil {
			t.Identity.Origin = FromEarlier
		}
		return
	}
	if d.notAService(t) || d.startsAsRoot(t) || d.needsRoot(t) || d.usesSudo(t) || d.packaged(t) {
		return
	}
	t.Verdict = Change
	if !d.identity(t) || d.packagedRefuses(t) {
		return
	}
	if id := &t.Identity; id.Text == "" && b.InMoreGroups(id.UID, id.Name) {
		id.Text = fmt.Sprint(id.UID) // the group stays that of the account, and so do the other groups
	}
	d.ownership(t)
	if t.Verdict == Change {
		d.ports(t)
	}
	if t.Verdict == Change {
		d.evidence(t)
	}
}

func windowsBase(ref string) bool {
	for _, name := range []string{"windows/servercore", "windows/nanoserver", "nanoserver", "windowsservercore"} {
		if strings.Contains(ref, name) {
			return true
		}
	}
	return false
}

func (d *decider) unknownUser(t *Target) {
	b := t.Workload.Build
	next := "give the argument a default in the Dockerfile, or a value in build.args of the compose file"
	if b.Base.Unresolved == "" {
		next = "say who the image runs as: add USER with a number to the Dockerfile, or set it in .offroot.yaml: workloads, \"" + t.Workload.Name + "\", uid"
	}
	at := b.Place()
	if b.User.From != nil {
		at = b.User.From.Place()
	}
	t.refuse(at, "who it runs as is not known: "+b.User.Why, next)
}

// evidence lowers the level of a change for everything that was assumed and not read.
func (d *decider) evidence(t *Target) {
	b, v := t.Workload.Build, t.Behaviour
	switch {
	case len(v.Unknown) > 0:
		t.assume("the process writes nowhere else; not resolved: %s", v.Unknown[0].Place)
	case len(t.Owns) > 0:
		t.assume("no other path is written")
	case v.Read, harmlessOnly(b.Start.Programs):
	case b.Base.Known && b.Base.Facts.Kind == "server" && len(b.Start.Scripts) == 0:
		if b.Base.Facts.WorksAsNonRoot == "with-conditions" && b.Base.Facts.EntrypointNote != "" {
			t.assume("%s: %s", b.Base.Ref, b.Base.Facts.EntrypointNote)
		} else if b.Base.Facts.WorksAsNonRoot != "true" {
			t.assume("%s writes nothing but its own directories", b.Base.Ref)
		}
	case unpackedServer(b) != "":
		t.refuse(b.Place(), "what "+unpackedServer(b)+" writes below its own directory is not known", fmt.Sprintf("give the paths in .offroot.yaml: workloads, %q, writable", t.Workload.Name))
		return
	case b.Start.FromBase && (b.Base.Facts.Kind == "server" || b.Base.Facts.Kind == "database") && len(b.Base.Facts.Writable) == 0 && b.Base.Facts.Stock == nil && b.Base.Facts.WorksAsNonRoot != "true":
		t.refuse(b.Place(), "where "+b.Base.Ref+" keeps its data is not known here", fmt.Sprintf("give the paths in .offroot.yaml: workloads, %q, writable", t.Workload.Name))
		return
	default:
		t.assume("the process writes only below /tmp: its source is not read")
	}
	if b.Base.Local != nil {
		t.assume("%s is what %s builds", b.Base.Ref, b.Base.Local.Place().Path)
	} else if !b.Base.Known && b.Base.Ref != "scratch" && b.Base.RootFrom.Path != "" {
		t.assume("%s starts as root, as the package installation in %s shows", b.Base.Ref, b.Base.RootFrom)
	}
	if b.Base.Known && b.Base.Local == nil && b.Base.Facts.Confidence != "read" {
		t.assume("%s is like what the image table knows of its kind", b.Base.Ref)
	}
	if b.Base.Defaulted {
		t.assume("the base image is the default of its build argument, %s", b.Base.Ref)
	}
	if len(b.Start.Scripts) > 0 {
		t.assume("%s does nothing else that only root may do", b.Start.Scripts[0].File)
	}
	for _, s := range t.Workload.Services {
		if l, ok := s.Link(); ok && !l.Certain {
			t.assume("%s runs this image, because %s", s.Place(), l.Because)
		}
		if n := s.Get("secrets"); len(n.Items()) > 0 {
			t.assume("%s may read the files of secrets (%s): outside of swarm they keep the owner and mode that they have on the host", t.Identity.User(), n.Place())
		}
	}
	for _, run := range b.Runs {
		for _, c := range run.Commands {
			if !ownsFrom(t, run.At.Place()) && (c.Name == "ssh-keygen" || c.Name == "openssl" && strings.Contains(strings.Join(c.Argv(), " "), "-keyout")) {
				t.assume("%s may read the keys that %s makes", t.Identity.User(), run.At.Place())
			}
		}
	}
	if b.Start.FromBase && (b.Base.Facts.Kind == "base" || !b.Base.Known) {
		t.assume("what is started by hand, or by a manifest elsewhere, needs no root either")
	}
}

// unpackedServer is a program that starts from a directory of its own, which a RUN has filled from the network: servers
// that come so keep their data, logs and caches below it.
func unpackedServer(b *workspace.Build) string {
	if len(b.Start.Argv) == 0 || b.Base.Ref == "scratch" {
		return ""
	}
	fetched := false
	for _, run := range b.Runs {
		for _, c := range run.Commands {
			switch c.Name {
			case "curl", "wget", "tar", "unzip":
				fetched = true
			}
		}
	}
	for _, word := range b.Start.Argv {
		for _, dir := range []string{"/opt/", "/usr/local/", "/usr/share/", "/srv/"} {
			if !strings.HasPrefix(word, dir) || !fetched || strings.HasPrefix(word, "/usr/local/bin/") || strings.HasPrefix(word, "/usr/local/sbin/") {
				continue
			}
			if _, ok := b.ContextFile(word); !ok && strings.Contains(word, "/bin/") {
				return word
			}
		}
	}
	return ""
}

// harmlessOnly reports whether all that runs are small tools which write nothing.
func harmlessOnly(programs []workspace.Program) bool {
	for _, p := range programs {
		switch p.Name {
		case "cat", "echo", "sleep", "tail", "ps", "true", "false", "env", "printenv", "ls", "date", "id", "whoami", "hostname", "uname", "head", "wc", "sha256sum":
		default:
			return false
		}
	}
	return len(programs) > 0
}

// notAService finds images that are not run as a service: a GitHub action, a development container, a builder, a base for
// other images.
func (d *decider) notAService(t *Target) bool {
	b := t.Workload.Build
	file := b.Doc.File().Path
	if at, ok := d.ws.DockerAction(file); ok {
		t.leave(at, "it is a GitHub action, and GitHub demands that those run as root")
		return true
	}
	for dir := path.Dir(file); dir != "." && dir != "/"; dir = path.Dir(dir) {
		if base := path.Base(dir); base == ".devcontainer" {
			t.leave(b.Place(), "it is a development container; its user is remoteUser in devcontainer.json")
			return true
		}
	}
	for _, in := range b.Stage.Instructions {
		if in.Name == "ONBUILD" {
			t.refuse(in.Place(), "ONBUILD runs in the images that are built from this one, as whoever USER says", "switch the user in these images")
			return true
		}
	}
	if b.Dev {
		t.leave(b.Place(), "stage "+b.Stage.Name+" is one to develop or to test with; another stage is what is run")
		return true
	}
	runs := len(t.Workload.Services)+len(t.Workload.Pods) > 0
	for _, use := range b.UsedBy {
		if use.NeedsRoot && !runs {
			t.leave(b.Place(), fmt.Sprintf("nothing here runs it: it is the base of %s, which goes on installing as root: a user belongs at the end of that", use.Place))
			return true
		}
		if use.NeedsRoot {
			t.refuse(use.Place, fmt.Sprintf("it is the base of %s, which goes on installing as root", use.Place), "set USER root there first, and a user at the end")
			return true
		}
	}
	if runs {
		return false
	}
	if b.Start.FromBase && b.Base.Known && startsNothing(b.Base.Facts.Kind) {
		t.leave(b.Place(), fmt.Sprintf("it starts nothing, and nothing here runs it: an image to build with or to build on (%s)", b.Base.Ref))
		return true
	}
	if name, ok := builderName(file); ok {
		t.leave(b.Place(), "by its name ("+name+") it is an image to build or to test with")
		return true
	}
	return false
}

// startsNothing holds for kinds of images whose own start is a shell or the prompt of an interpreter.
func startsNothing(kind string) bool { return kind == "builder" || kind == "base" || kind == "runtime" }

// builderName holds for Dockerfiles that by their name are for building or testing.
func builderName(file string) (string, bool) {
	base := strings.ToLower(path.Base(file))
	for _, suffix := range []string{"build", "builder", "test", "tests", "ci", "dev", "lint", "devcontainer"} {
		if strings.HasSuffix(base, "."+suffix) || strings.HasSuffix(base, "-"+suffix) || strings.HasPrefix(base, suffix+".dockerfile") {
			return path.Base(file), true
		}
	}
	for dir := path.Dir(file); dir != "." && dir != "/"; dir = path.Dir(dir) {
		switch path.Base(dir) {
		case ".github", ".ci", ".circleci", ".buildkite", ".gitlab", ".gitpod":
			return dir, true
		}
	}
	return "", false
}

// startsAsRoot finds images whose start gives up root by itself.
func (d *decider) startsAsRoot(t *Target) bool {
	b := t.Workload.Build
	if script, ok := b.Start.Drop(); ok {
		who := script.DropUser
		if who == "" {
			who = "another user"
		}
		if uid, gid := b.Account(who); uid > 0 {
			who = fmt.Sprintf("%s (%d:%d)", who, uid, gid)
		}
		t.leave(sourcePlace(script.File, script.DropLine), fmt.Sprintf("%s starts as root and drops to %s by itself (%s)", script.File, who, script.DropTool))
		return true
	}
	for _, p := range b.Start.Programs {
		if who, ok := toldToDrop(p); ok {
			t.leave(p.Place, fmt.Sprintf("%s starts as root and drops to %s by itself", p.Name, who))
			return true
		}
	}
	f := b.Base.Facts
	if !b.Base.Known {
		return false
	}
	if f.MustBeRoot != "" {
		t.leave(b.Place(), b.Base.Ref+" must start as root: "+f.MustBeRoot)
		return true
	}
	if b.Start.Entrypoint == nil && dropsByTool(f.Drops) {
		who := "its own user"
		if f.DropsTo != nil {
			who = fmt.Sprint(f.DropsTo.UID)
		}
		t.leave(b.Place(), fmt.Sprintf("%s starts as root and drops to %s by itself", b.Base.Ref, who))
		return true
	}
	return false
}

// toldToDrop reads the user that a server is told to become: named -u bind.
func toldToDrop(p workspace.Program) (string, bool) {
	switch p.Name {
	case "named", "ntpd", "chronyd", "dnsmasq", "memcached", "mysqld", "mariadbd", "squid", "varnishd", "unbound", "stunnel", "tor":
	default:
		return "", false
	}
	for i, a := range p.Args {
		if user, ok := strings.CutPrefix(a, "--user="); ok {
			return user, true
		}
		if (a == "-u" || a == "--user") && i+1 < len(p.Args) {
			return p.Args[i+1], true
		}
	}
	return "", false
}

// dropsByTool holds for entrypoints that repair ownership as root and then exec as another user. A server that changes user
// on its own (nginx, httpd) is another matter: its master stays root.
func dropsByTool(drops string) bool {
	switch drops {
	case "", "none", "itself":
		return false
	}
	return true
}
