package decide

import (
	"path"
	"strings"

	"github.com/offroot/offroot/rewrite/shell"
	"github.com/offroot/offroot/rewrite/source"
	"github.com/offroot/offroot/rewrite/workspace"
)

// keyFiles are files that a RUN of root makes readable for their owner alone: keys of ssh-keygen and openssl, and what
// chmod closes. A process that is not root could not read them, so they are given to it. What the system keeps in /etc
// for its own daemons is named and not given away.
func (d *decider) keyFiles(t *Target) []Own {
	b := t.Workload.Build
	var owns []Own
	add := func(at string, place source.Place) {
		switch {
		case temporary(at) || below(at, "/root") || below(at, "/var/lib/apt") || d.owned(t, at) || given(b, at) || startsFile(b, at) || removed(b, at):
		case strings.HasPrefix(at, "/etc/ssh/") || strings.HasPrefix(at, "/etc/sudoers") || strings.HasPrefix(at, "/etc/cron"):
		default:
			owns = append(owns, Own{Write: workspace.Write{Path: at, File: true, Because: "only its owner may read it", Place: place}})
		}
	}
	for _, run := range b.Runs {
		for _, at := range closedBy(b, run) {
			add(at, run.At.Place())
		}
	}
	for _, c := range b.Copies() {
		if c.From == nil || c.Dest == "" || c.At.Flag("chown") != "" || c.At.Flag("chmod") != "" {
			continue
		}
		for _, run := range workspace.RunsOf(c.From) {
			for _, at := range closedBy(b, run) {
				if dest, ok := c.Brings(at); ok {
					add(dest, c.At.Place())
				}
			}
		}
	}
	return owns
}

// closedBy are the absolute paths of the files that a RUN of root leaves readable for root alone.
func closedBy(b *workspace.Build, run workspace.Run) []string {
	if !rootRuns(run) {
		return nil
	}
	var all []string
	for _, c := range run.Commands {
		for _, name := range closedFiles(c) {
			if strings.ContainsAny(name, "$*?[{`") {
				continue
			}
			if !path.IsAbs(name) {
				name = path.Join(b.Workdir(run.At), name)
			}
			all = append(all, path.Clean(name))
		}
	}
	return all
}

// closedFiles are the files that a command leaves readable for their owner alone.
func closedFiles(c shell.Command) []string {
	var texts []string
	for _, w := range c.Args {
		texts = append(texts, w.Text)
	}
	behind := func(flags ...string) []string {
		for i, text := range texts {
			for _, f := range flags {
				if text == f && i+1 < len(texts) {
					return texts[i+1 : i+2]
				}
			}
		}
		return nil
	}
	switch {
	case len(texts) < 2:
		return nil
	case c.Name == "ssh-keygen":
		return behind("-f")
	case c.Name == "openssl" && texts[1] == "req":
		return behind("-keyout")
	case c.Name == "openssl" && (texts[1] == "genrsa" || texts[1] == "genpkey" || texts[1] == "ecparam"):
		return behind("-out")
	case c.Name == "chmod" && closedMode(texts[1]) && len(texts) > 2:
		return texts[2:]
	}
	return nil
}

// closedMode holds for modes of files that let nobody but the owner read. A mode with an execute bit is one of a program or
// of a directory.
func closedMode(mode string) bool {
	switch strings.TrimLeft(mode, "0") {
	case "600", "400", "go-rwx", "og-rwx", "go-r", "u=rw,go=", "u=r,go=":
		return true
	}
	return false
}

// removed reports whether a RUN takes a path away again.
func removed(b *workspace.Build, at string) bool {
	for _, run := range b.Runs {
		for _, c := range run.Commands {
			if c.Name != "rm" {
				continue
			}
			for _, w := range c.Args[1:] {
				if w.Text == at || below(at, w.Text) && path.IsAbs(w.Text) {
					return true
				}
			}
		}
	}
	return false
}

// rootRuns reports whether no USER of the stage stands above a RUN.
func rootRuns(run workspace.Run) bool {
	for _, in := range run.At.Stage.All("USER") {
		if in.Span.Start < run.At.Span.Start {
			return false
		}
	}
	return true
}

// given reports whether a RUN gives a file to somebody by name: then the author knows who reads it.
func given(b *workspace.Build, at string) bool {
	for _, run := range b.Runs {
		for _, o := range shell.Chowns(run.Commands) {
			for _, p := range o.Paths {
				if p == at || path.Join(b.Workdir(run.At), p) == at || o.Recursive && path.IsAbs(p) && below(at, p) {
					return true
				}
			}
		}
	}
	return false
}

// ownsFrom reports whether the process gets what an instruction makes.
func ownsFrom(t *Target, at source.Place) bool {
	for _, o := range t.Owns {
		if o.Place == at {
			return true
		}
	}
	return false
}
