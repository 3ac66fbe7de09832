package workspace

import (
	"path"
	"strings"

	"github.com/offroot/offroot/rewrite/dockerfile"
	"github.com/offroot/offroot/rewrite/image"
	"github.com/offroot/offroot/rewrite/source"
)

// A Use is a FROM of the repository that builds on a stage of another Dockerfile of it.
type Use struct {
	Place source.Place
	// NeedsRoot says that the stage runs commands before it sets a user of its own.
	NeedsRoot bool
}

// joinBases ties every FROM that names an image of this repository to the build of that image: what is built on it inherits
// its user and its environment, and what is built on must not change under the others.
func (ws *Workspace) joinBases(docs []*dockerfile.Document, hints []Hint) {
	for _, doc := range docs {
		for _, stage := range doc.Stages {
			if stage.Parent != nil {
				continue
			}
			ref, unresolved := stage.Ref, stage.Unresolved
			if unresolved != "" {
				ref = stage.Base // the name may still be literal at its end
			}
			if base := ws.builtHere(ref, stage, hints); base != nil {
				base.UsedBy = append(base.UsedBy, Use{Place: stage.From.Place(), NeedsRoot: runsBeforeUser(stage)})
			}
		}
	}
	done := map[*Build]bool{}
	for _, b := range ws.Builds {
		ws.inherit(b, hints, done, 0)
	}
}

func runsBeforeUser(stage *dockerfile.Stage) bool {
	for _, in := range stage.Instructions {
		switch in.Name {
		case "USER":
			return false
		case "RUN":
			return true
		}
	}
	return false
}

// builtHere finds the build of an image by the build commands of the repository, by a tag that is the name of a stage, or by
// the name of the Dockerfile's directory. Images of the table are not looked for.
func (ws *Workspace) builtHere(ref string, from *dockerfile.Stage, hints []Hint) *Build {
	name, tag := imageName(ref), ""
	if name == "" {
		return nil
	}
	known := false
	if parsed, ok := image.ParseRef(ref); ok {
		tag = parsed.Tag
		_, known = image.Lookup(parsed)
	}
	other := func(b *Build) bool { return b.Doc != from.Doc || b.Stage.Index < from.Index }
	for _, h := range hints {
		if h.Image != name {
			continue
		}
		for _, b := range ws.Builds {
			if other(b) && b.Doc.File().Path == h.Dockerfile && ws.targets(b, h) && (h.Target == "" || tag == "" || h.Target == tag || tag == "latest") {
				return b
			}
		}
	}
	if known {
		return nil // a name of the table needs an exact build command
	}
	var found *Build
	last := strings.ToLower(path.Base(name))
	for _, b := range ws.Builds {
		if !other(b) || b.Stage != b.Doc.Stages[len(b.Doc.Stages)-1] || !namedLike(b, last, tag) {
			continue
		}
		if found != nil && found.Doc != b.Doc {
			if closer(from.Doc.File().Path, b, found) {
				found = b
			}
			continue
		}
		found = b
	}
	return found
}

// namedLike compares the end of an image name with the directory of a Dockerfile: "x-build-base:alpine" is
// build-base/alpine/Dockerfile, "docker-stacks-foundation" is docker-stacks-foundation/Dockerfile.
func namedLike(b *Build, last, tag string) bool {
	dir := strings.ToLower(path.Base(b.Dir()))
	parent := strings.ToLower(path.Base(path.Dir(b.Dir())))
	if len(dir) > 3 && dir == last {
		return true
	}
	if dir == tag && last == parent {
		return true
	}
	return len(parent) > 3 && (last == parent || strings.HasSuffix(last, "-"+parent)) && strings.HasPrefix(tag, dir)
}

func closer(from string, a, b *Build) bool {
	dir := path.Dir(from)
	return sharedDirs(dir, a.Dir()) > sharedDirs(dir, b.Dir())
}

// inherit gives a build whose base is built here what that base ends with.
func (ws *Workspace) inherit(b *Build, hints []Hint, done map[*Build]bool, depth int) {
	if done[b] || depth > 12 || b.Base.Known {
		return
	}
	done[b] = true
	chain := b.Stage.Chain()
	root := chain[len(chain)-1]
	ref := b.Base.Ref
	if b.Base.Unresolved != "" {
		ref = root.Base
	}
	local := ws.builtHere(ref, root, hints)
	if local == nil || local == b {
		return
	}
	ws.inherit(local, hints, done, depth+1)
	b.Base.Local = local
	b.Base.Unresolved = ""
	if b.Base.Ref == "" {
		b.Base.Ref = root.Base
	}
	b.Base.Family = local.Base.Family
	b.Base.Facts = local.Base.Facts
	b.Base.Facts.Users = append(accountsOf(local), local.Base.Facts.Users...)
	u := local.User
	b.Base.Facts.DefaultUser = image.User{Known: u.Known, Value: u.Text, UID: u.UID, GID: u.GID, ByName: u.Name != ""}
	if u.Known && u.UID > 0 {
		b.Base.Facts.RunAs = &image.Identity{UID: u.UID, GID: u.GID, Name: u.Name}
	}
	b.Base.Known = u.Known
	b.inheritStart(local)
	b.readAccounts()
	b.User = b.userOf(chain)
}

// inheritStart adds what the base starts where the build has no ENTRYPOINT of its own: the entrypoint of the base then runs
// before the command, and both of them if there is no command either.
func (b *Build) inheritStart(base *Build) {
	own := &b.Start
	if own.Entrypoint != nil || base.Start.FromBase {
		return
	}
	if own.FromBase {
		own.FromBase, own.Argv, own.Programs = false, base.Start.Argv, base.Start.Programs
	} else if base.Start.Entrypoint == nil {
		return // its command is replaced by that of the build
	}
	own.Scripts = append(append([]Script{}, base.Start.Scripts...), own.Scripts...)
	if own.Unread == "" {
		own.Unread = base.Start.Unread
	}
}

func accountsOf(b *Build) []image.Account {
	var all []image.Account
	for _, a := range b.Accounts {
		all = append(all, image.Account{Name: a.Name, UID: a.UID, GID: a.GID, Home: a.Home, ForRunning: true})
	}
	return all
}
