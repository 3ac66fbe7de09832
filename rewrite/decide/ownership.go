package decide

import (
	"fmt"
	"path"
	"sort"
	"strings"

	"github.com/offroot/offroot/rewrite/image"
	"github.com/offroot/offroot/rewrite/shell"
	"github.com/offroot/offroot/rewrite/workspace"
)

// ownership decides which paths the process must own: those that it is seen to write, and those where a volume takes its
// owner from the image. Code is not among them.
func (d *decider) ownership(t *Target) {
	b := t.Workload.Build
	var volumes []string
	for _, w := range d.withImageFacts(t) {
		if w.Bind {
			d.bindMount(t, w)
			if t.Verdict != Change {
				return
			}
			continue
		}
		if temporary(w.Path) || d.owned(t, w.Path) || onHost(t, w.Path) {
			continue
		}
		if base := path.Base(w.Path); base == "node_modules" || base == ".venv" {
			continue // masks a directory of the host; the process only reads it
		}
		if systemDir(w.Path) || w.File && !fileToMake(w) {
			t.refuse(w.Place, fmt.Sprintf("the process writes %s (%s), which belongs to the system", w.Path, w.Because), "let it write below a directory of its own")
			return
		}
		own := Own{Write: w, Make: !d.inImage(b, w.Path)}
		own.Recursive = !own.Make && d.holdsData(b, w.Path)
		if w.Packaged {
			own.Make, own.Recursive = w.Missing, w.Tree
		}
		t.Owns = append(t.Owns, own)
		if w.Volume != "" {
			volumes = append(volumes, w.Volume)
		}
	}
	t.Owns = append(t.Owns, d.ownerOnly(t)...)
	t.Owns = append(t.Owns, d.keyFiles(t)...)
	t.Owns = append(t.Owns, d.unresolved(t)...)
	t.Owns = withoutChildren(t.Owns)
	d.repair(t, volumes)
}

// unresolved gives the working directory to a process whose writes could not all be resolved: programs keep what they make
// below it. The directory itself is given, not the files in it.
func (d *decider) unresolved(t *Target) []Own {
	b := t.Workload.Build
	dir := b.Workdir(nil)
	if len(t.Behaviour.Unknown) == 0 || dir == "" || systemDir(dir) || temporary(dir) || onHost(t, dir) || d.owned(t, dir) {
		return nil
	}
	u := t.Behaviour.Unknown[0]
	return []Own{{Write: workspace.Write{Path: dir, Because: u.Place.String() + " writes where it was not resolved", Place: u.Place}}}
}

// fileToMake holds for files that may be there before the process starts: a log, a pid file, and what is known of a server.
// A file that something tests for must not be made at build.
func fileToMake(w workspace.Write) bool {
	switch path.Ext(w.Path) {
	case ".log", ".pid":
		return true
	}
	return path.Dir(w.Path) == "/var/log" || strings.HasSuffix(w.Because, "writes there")
}

// ownerOnly finds programs that only their owner may run: a chmod u+x or 0744 of something that is started.
func (d *decider) ownerOnly(t *Target) []Own {
	b := t.Workload.Build
	var owns []Own
	for _, run := range b.Runs {
		for _, c := range run.Commands {
			if c.Name != "chmod" || len(c.Args) < 3 || !ownerMode(c.Args[1].Text) {
				continue
			}
			for _, w := range c.Args[2:] {
				at := w.Text
				if !path.IsAbs(at) {
					at = path.Join(b.Workdir(run.At), at)
				}
				if startsFile(b, at) {
					owns = append(owns, Own{Execute: true, Write: workspace.Write{Path: at, File: true, Because: "only its owner may run it", Place: run.At.Place()}})
				}
			}
		}
	}
	return owns
}

// ownerMode holds for modes that let the owner alone execute.
func ownerMode(mode string) bool {
	switch strings.TrimLeft(mode, "0") {
	case "u+x", "u+rx", "u+rwx", "700", "744", "740", "500", "754", "750":
		return true
	}
	return false
}

// startsFile reports whether a path is what starts, or a script on the way.
func startsFile(b *workspace.Build, at string) bool {
	for _, word := range b.Start.Argv {
		if word == at || !strings.Contains(word, "/") && word != "" && path.Base(at) == word || path.IsAbs(at) && path.Join(b.Workdir(nil), word) == at {
			return true
		}
		if strings.Contains(word, at) {
			return true
		}
	}
	return false
}

// withImageFacts adds what the server in the base is known to write.
func (d *decider) withImageFacts(t *Target) []workspace.Write {
	b := t.Workload.Build
	writes := append(append([]workspace.Write{}, t.Behaviour.Writes...), d.packagedWrites(t)...)
	if o := t.Override; o != nil {
		for _, name := range o.Writable {
			writes = append(writes, workspace.Write{Path: name, Because: "the configuration says so", Place: o.Place, Certain: true})
		}
	}
	if !b.Base.Known || !runsBaseServer(b) {
		return writes
	}
	for _, p := range b.Base.Facts.Writable {
		if p.When != "" && !b.Holds(p) || strings.ContainsAny(p.Path, "$*<") || p.WritableBy(image.Identity{UID: t.Identity.UID, GID: t.Identity.GID}) {
			continue
		}
		writes = append(writes, workspace.Write{Path: p.Path, Because: b.Base.Ref + " writes there", Place: b.Place(), Certain: true, File: p.File,
			Packaged: b.Renders(p.Path), Tree: b.Renders(p.Path)})
	}
	sort.SliceStable(writes, func(i, j int) bool { return writes[i].Path < writes[j].Path })
	return writes
}

// runsBaseServer reports whether what the base image is for is what runs.
func runsBaseServer(b *workspace.Build) bool {
	if b.Start.FromBase {
		return true
	}
	if _, ok := b.Start.Has("nginx", "httpd", "apache2", "apache2-foreground", "haproxy", "catalina.sh", "php-fpm", "redis-server", "memcached", "caddy"); ok {
		return true
	}
	return false
}

func temporary(name string) bool {
	for _, dir := range []string{"/tmp", "/var/tmp", "/dev", "/proc", "/run/lock"} {
		if below(name, dir) {
			return true
		}
	}
	return false
}

func systemDir(name string) bool {
	switch name {
	case "/", "/etc", "/usr", "/bin", "/sbin", "/lib", "/lib64", "/var", "/boot", "/root", "/home", "/opt", "/srv", "/usr/local",
		"/usr/bin", "/usr/lib", "/usr/local/bin", "/usr/local/lib", "/usr/share", "/run", "/var/run", "/var/lib", "/var/cache":
		return true
	}
	return below(name, "/etc") && name != "/etc/nginx/conf.d"
}

// owned reports whether the identity owns a path already, by a chown or a --chown of the Dockerfile.
func (d *decider) owned(t *Target, name string) bool {
	b := t.Workload.Build
	for _, run := range b.Runs {
		for _, o := range shell.Chowns(run.Commands) {
			if !d.isIdentity(t, o.Owner) {
				continue
			}
			for _, p := range o.Paths {
				at := p
				if !path.IsAbs(at) {
					at = path.Join(b.Workdir(run.At), p)
				}
				if path.Clean(at) == name || o.Recursive && below(name, path.Clean(at)) {
					return true
				}
			}
		}
	}
	for _, c := range b.Copies() {
		owner, _, _ := strings.Cut(c.At.Flag("chown"), ":")
		if owner != "" && d.isIdentity(t, owner) && c.Dest != "" && c.Dest == name {
			return true
		}
	}
	return false
}

func (d *decider) isIdentity(t *Target, owner string) bool {
	return owner != "" && (owner == t.Identity.Name || owner == fmt.Sprint(t.Identity.UID))
}

// inImage reports whether a path exists in the image before anything of ours runs.
func (d *decider) inImage(b *workspace.Build, name string) bool {
	if b.Brings(name) {
		return true
	}
	for _, run := range b.Runs {
		for _, dir := range shell.Made(run.Commands) {
			at := dir
			if !path.IsAbs(at) {
				at = path.Join(b.Workdir(run.At), dir)
			}
			if below(path.Clean(at), name) {
				return true
			}
		}
	}
	for _, stage := range b.Stage.Chain() {
		for _, in := range stage.All("WORKDIR") {
			if below(b.WorkdirAfter(in), name) {
				return true
			}
		}
	}
	for _, c := range b.Copies() {
		if c.Dest != "" && (c.Dest == name && c.DestDir || below(c.Dest, name) && c.Dest != name) {
			return true
		}
	}
	if b.Base.Known {
		for _, p := range b.Base.Facts.Writable {
			if p.Path == name {
				return !p.File
			}
		}
		for _, v := range b.Base.Facts.Volumes {
			if v == name {
				return true
			}
		}
	}
	return false
}

// holdsData reports whether the context brings files into a directory, beyond the placeholders that keep it in git.
func (d *decider) holdsData(b *workspace.Build, name string) bool {
	return b.BringsData(name)
}

// withoutChildren drops paths below one that is owned with everything in it.
func withoutChildren(owns []Own) []Own {
	var kept []Own
	for _, o := range owns {
		covered := false
		for _, k := range kept {
			// What the image lacks below a path that the process owns, the process makes by itself.
			covered = covered || (k.Recursive || o.Make && o.Volume == "") && below(o.Path, k.Path) || k.Path == o.Path
		}
		if !covered {
			kept = append(kept, o)
		}
	}
	return kept
}

// bindMount judges a directory of the host. It keeps the owner that it has, so a process that is seen to write there would
// stop working on somebody's machine.
func (d *decider) bindMount(t *Target, w workspace.Write) {
	for _, other := range t.Behaviour.Writes {
		if other.Certain && !other.Bind && other.Path != w.Path && mountOf(t, other.Path) == w.Path {
			t.refuse(w.Place, fmt.Sprintf("it writes %s, where a directory of the host is mounted with the owner that it has there", other.Path),
				fmt.Sprintf("give it the number of that owner: workloads, %q, uid in .offroot.yaml, or --uid", t.Workload.Name))
			return
		}
	}
	if w.Certain {
		t.refuse(w.Place, fmt.Sprintf("it writes %s, where a directory of the host is mounted with the owner that it has there", w.Path),
			fmt.Sprintf("give it the number of that owner: workloads, %q, uid in .offroot.yaml, or --uid", t.Workload.Name))
		return
	}
	if !t.Behaviour.Read && !d.ws.Holds(w.Source) {
		t.refuse(w.Place, fmt.Sprintf("a directory of the host, %s, is mounted at %s with the owner that it has there, and whether the process writes there is not known", w.Source, w.Path),
			fmt.Sprintf("give it the number of that owner: workloads, %q, uid in .offroot.yaml, or --uid", t.Workload.Name))
		return
	}
	t.assume("%s may read %s of the host, which is mounted at %s, and writes nothing there", t.Identity.User(), w.Source, w.Path)
}

// onHost reports whether a path lies on a directory of the host, where an owner in the image means nothing.
func onHost(t *Target, name string) bool {
	at := mountOf(t, name)
	for _, w := range t.Behaviour.Writes {
		if w.Bind && w.Path == at && at != "" {
			return true
		}
	}
	return false
}

// mountOf is the mount point that holds a path: the longest one of the services, "" if none does.
func mountOf(t *Target, name string) string {
	longest := ""
	for _, s := range t.Workload.Services {
		for _, m := range s.Mounts() {
			if target := path.Clean(m.Target); below(name, target) && len(target) > len(longest) {
				longest = target
			}
		}
	}
	return longest
}

// repair names the one command that gives volumes which are filled already to the new owner.
func (d *decider) repair(t *Target, volumes []string) {
	id := t.Identity.User()
	var paths, declared []string
	for _, o := range t.Owns {
		switch {
		case o.Volume != "":
			paths = append(paths, o.Path)
		case o.Declared:
			declared = append(declared, o.Path)
		}
	}
	b := t.Workload.Build
	switch {
	case len(paths) > 0 && len(t.Workload.Services) > 0:
		note := fmt.Sprintf("existing volume%s %s keep%s the old owner; once:\n", plural(len(volumes), "", "s"), quoteAll(volumes), plural(len(volumes), "s", ""))
		if b.Base.Facts.Shell || !b.Base.Known {
			note += fmt.Sprintf("docker compose run --rm --no-deps --user 0 --entrypoint chown %s -R %s %s", t.Workload.Services[0].Name, id, strings.Join(paths, " "))
		} else {
			note += fmt.Sprintf("docker run --rm -v PROJECT_%s:/v busybox chown -R %s /v", volumes[0], id)
		}
		t.Notes = append(t.Notes, note)
	case len(declared) > 0:
		t.Notes = append(t.Notes, fmt.Sprintf("existing volumes at %s keep the old owner; once for each:\ndocker run --rm -v VOLUME:/v busybox chown -R %s /v", strings.Join(declared, ", "), id))
	}
}

func plural(n int, one, more string) string {
	if n == 1 {
		return one
	}
	return more
}

func quoteAll(names []string) string {
	var quoted []string
	for _, n := range names {
		quoted = append(quoted, `"`+n+`"`)
	}
	return strings.Join(quoted, " and ")
}
