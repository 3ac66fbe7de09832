package decide

import (
	"fmt"
	"strings"

	"github.com/offroot/offroot/rewrite/image"
	"github.com/offroot/offroot/rewrite/shell"
	"github.com/offroot/offroot/rewrite/workspace"
)

// identity decides who the process runs as: whoever the policy names, the user that the stage or the base had before it
// went back to root, the image's own unprivileged user, one that the Dockerfile creates and never uses, and else a new one.
// It reports false if there is none, and has refused then.
func (d *decider) identity(t *Target) bool {
	b := t.Workload.Build
	if t.Policy.UID != 0 {
		return d.chosen(t)
	}
	if u, ok := earlierUser(b); ok {
		t.Identity = Identity{UID: u.UID, GID: u.GID, Name: u.Name, Origin: FromEarlier, Text: u.Text}
		if u.UID > 0 && u.GID >= 0 {
			t.Identity.Text = ""
		}
		return true
	}
	base := b.BaseUser()
	if base.Known && !base.Root() {
		return d.restored(t, base)
	}
	if !base.Known && b.User.From != nil && len(b.Accounts) == 0 {
		t.refuse(b.User.From.Place(), fmt.Sprintf("it switches to root, and who %s runs as before that is not known", b.Base.Ref), "write USER with the number of the base's user at the end of the stage")
		return false
	}
	if a, ok := unusedAccount(b); ok {
		return d.account(t, a)
	}
	if d.packagedUser(t) {
		return true
	}
	if id, ok := ownerInFile(b); ok {
		t.Identity = id
		return true
	}
	if id, ok := manifestUser(t); ok {
		return d.createdAs(t, image.Identity{UID: id, GID: id, Name: image.DefaultIdentity().Name})
	}
	if r := b.Base.Facts.RunAs; b.Base.Known && r != nil && r.UID > 0 && !forPeople(b.Base.Facts) {
		t.Identity = Identity{UID: r.UID, GID: r.GID, Name: r.Name, Origin: FromImage}
		if t.Identity.Name == "" {
			t.Identity.Name = "of the table"
		}
		if !b.Base.Facts.Trusted("run_as") {
			t.assume("%s has the user %d:%d", b.Base.Ref, r.UID, r.GID)
		}
		return true
	}
	return d.created(t, image.DefaultIdentity())
}

// chosen takes the numbers of the policy. An account that the base has under that number is used as it is.
func (d *decider) chosen(t *Target) bool {
	b := t.Workload.Build
	id := image.Identity{UID: t.Policy.UID, GID: t.Policy.GID, Name: t.Policy.UserName}
	if id.GID == 0 {
		id.GID = id.UID
	}
	if id.Name == "" {
		id.Name = image.DefaultIdentity().Name
	}
	for _, a := range b.Base.Facts.Users {
		if a.UID == id.UID {
			t.Identity = Identity{UID: a.UID, GID: id.GID, Name: a.Name, Origin: FromImage}
			return true
		}
	}
	for i := range b.Accounts {
		if b.Accounts[i].UID == id.UID {
			t.Identity = Identity{UID: id.UID, GID: id.GID, Name: b.Accounts[i].Name, Origin: FromAccount, Account: &b.Accounts[i]}
			return true
		}
	}
	return d.created(t, id)
}

// earlierUser finds a USER of the stage that was not root, before the last one went back to it.
func earlierUser(b *workspace.Build) (workspace.User, bool) {
	users := b.Stage.All("USER")
	if len(users) < 2 {
		return workspace.User{}, false
	}
	for i := len(users) - 2; i >= 0; i-- {
		if u := b.ReadUser(users[i]); u.Known && !u.Root() {
			return u, true
		}
	}
	return workspace.User{}, false
}

// restored goes back to the user of the base, which the stage left to install something.
func (d *decider) restored(t *Target, base workspace.User) bool {
	t.Identity = Identity{UID: base.UID, GID: base.GID, Name: base.Name, Origin: FromBase}
	if base.UID < 0 {
		t.Identity.Text = base.Text
	} else if base.GID < 0 {
		t.Identity.Text = fmt.Sprint(base.UID)
	}
	if f := t.Workload.Build.Base.Facts; f.Confidence != "read" || !f.Trusted("default_user") {
		t.assume("%s starts as %s", t.Workload.Build.Base.Ref, t.Identity.User())
	}
	return true
}

// unusedAccount finds the one account that the Dockerfile creates. Two accounts mean that the author has a plan that is not
// ours to guess, unless one of them is named like the program that runs.
func unusedAccount(b *workspace.Build) (*workspace.Account, bool) {
	var found *workspace.Account
	for i := range b.Accounts {
		a := &b.Accounts[i]
		if a.UID == 0 || a.Name == "" || a.Name == "root" || a.Group == "docker" || administers(b, a.Name) {
			continue
		}
		if found != nil && found.Name != a.Name {
			return nil, false
		}
		found = a
	}
	return found, found != nil
}

// administers reports whether a user is put into a group that makes it root again: an account for people, not for a process.
func administers(b *workspace.Build, name string) bool {
	for _, run := range b.Runs {
		for _, g := range shell.Memberships(run.Commands)[name] {
			switch g {
			case "sudo", "wheel", "docker", "admin", "root":
				return true
			}
		}
	}
	return false
}

// ownerInFile is the account of the base that the Dockerfile gives files to: the author meant it to run.
func ownerInFile(b *workspace.Build) (Identity, bool) {
	owner := ""
	note := func(name string) bool {
		name, _, _ = strings.Cut(name, ":")
		if name == "" || name == "root" || name == "0" {
			return true
		}
		if owner != "" && owner != name {
			return false
		}
		owner = name
		return true
	}
	for _, c := range b.Copies() {
		if !note(c.At.Flag("chown")) {
			return Identity{}, false
		}
	}
	for _, run := range b.Runs {
		for _, o := range shell.Chowns(run.Commands) {
			if !note(o.Owner) {
				return Identity{}, false
			}
		}
	}
	uid, gid := b.Account(owner)
	if owner == "" || uid <= 0 {
		return Identity{}, false
	}
	if gid < 0 {
		gid = uid
	}
	return Identity{UID: uid, GID: gid, Name: owner, Origin: FromOwner}, true
}

// manifestUser is the number that the pods which run the image state already: one decision, so the image takes it too.
func manifestUser(t *Target) (uid int, found bool) {
	for _, p := range t.Workload.Pods {
		for _, c := range p.Containers {
			if c.Image.Build != t.Workload.Build {
				continue
			}
			n, ok := statedUser(c)
			if !ok || n <= 0 || found && n != uid {
				return 0, false
			}
			uid, found = n, true
		}
	}
	return uid, found
}

// forPeople holds for bases whose own account is meant for somebody who logs in: the user ubuntu is in groups for
// administrators.
func forPeople(f image.Facts) bool { return f.Kind == "base" && f.Family == "ubuntu" }

// account takes the user that the Dockerfile creates. Numbers that its commands leave to the system are written down: what
// the system picks today is nobody's promise, and a manifest cannot verify a name.
func (d *decider) account(t *Target, a *workspace.Account) bool {
	b := t.Workload.Build
	id := Identity{UID: a.UID, GID: a.GID, Name: a.Name, Origin: FromAccount, Account: a}
	if id.UID <= 0 {
		id.UID = d.freeNumber(t, a.System)
	}
	if !a.Fixed {
		id.Numbers = append(id.Numbers, Number{At: a.At, Command: a.Command, Flag: "-u", Name: a.Name, Value: id.UID})
	}
	if g := groupOf(b, a); g != nil && !g.Fixed {
		if id.GID <= 0 {
			id.GID = id.UID
		}
		id.Numbers = append(id.Numbers, Number{At: g.At, Command: g.Command, Flag: "-g", Name: g.Name, Value: id.GID})
	} else if g != nil && id.GID < 0 {
		id.GID = g.GID
	}
	if id.GID < 0 {
		id.GID = id.UID // a group of its own, with the number of the user
	}
	t.Identity = id
	if len(id.Numbers) > 0 {
		t.assume("the number %d, which the system is left to pick for %s, is written down", id.UID, a.Name)
	}
	return true
}

// groupOf is the command that creates the group of an account, nil if the group comes with the account or with the base.
func groupOf(b *workspace.Build, a *workspace.Account) *workspace.Group {
	for i := range b.Groups {
		if g := &b.Groups[i]; g.Name == a.Group || a.Group == "" && g.Name == a.Name {
			return g
		}
	}
	return nil
}

// freeNumber is what the system would give to an ordinary account on a fresh base, or the default where that is taken.
func (d *decider) freeNumber(t *Target, system bool) int {
	taken := t.Workload.Build.Base.Facts.Taken
	if !system && !taken[1000] {
		return 1000
	}
	n := image.DefaultIdentity().UID
	for taken[n] {
		n++
	}
	return n
}

// createdAs makes the user that a manifest states, unless the base has it under that number.
func (d *decider) createdAs(t *Target, id image.Identity) bool {
	b := t.Workload.Build
	for _, a := range b.Base.Facts.Users {
		if a.UID == id.UID {
			t.Identity = Identity{UID: a.UID, GID: a.GID, Name: a.Name, Origin: FromImage}
			return true
		}
	}
	if b.Base.Facts.Taken[id.UID] {
		return d.created(t, image.DefaultIdentity())
	}
	return d.created(t, id)
}

// created makes a new user, under the first number from the default on that nobody has.
func (d *decider) created(t *Target, id image.Identity) bool {
	b := t.Workload.Build
	f := b.Base.Facts
	if b.Base.Family == "distroless" && t.Policy.UID == 0 {
		t.Identity = Identity{UID: 65532, GID: 65532, Name: "nonroot", Origin: FromImage}
		return true
	}
	for f.Taken[id.UID] || f.TakenGroups[id.GID] {
		if t.Policy.UID != 0 {
			t.refuse(b.Place(), fmt.Sprintf("the number %d is taken in %s", id.UID, b.Base.Ref), "choose another one with --uid")
			return false
		}
		id.UID, id.GID = id.UID+1, id.GID+1
	}
	for f.TakenNames[id.Name] {
		id.Name += "user"
	}
	t.Identity = Identity{UID: id.UID, GID: id.GID, Name: id.Name, Origin: FromNumber}
	if t.Behaviour.Compiled && t.Behaviour.Read && !t.Behaviour.NeedsAccount && t.Policy.UserName == "" {
		return true // nothing looks the number up: all code is in sight
	}
	t.Identity.Chosen = t.Policy.UID != 0
	commands, ok := image.CreateUser(b.Base.Family, id, needsHome(t))
	if !ok || !f.Shell && b.Base.Known {
		return true
	}
	if !posixShell(b.Stage.Shell()) {
		t.refuse(b.Place(), "the SHELL of the stage is not a POSIX shell", "add the user by hand")
		return false
	}
	t.Identity.Origin, t.Identity.Create = FromCreation, asInstalled(b, commands)
	return true
}

// asInstalled leaves out the installation of useradd where the Dockerfile has it already, and else uses the package manager
// that the file's own RUN calls.
func asInstalled(b *workspace.Build, commands []string) []string {
	manager, present := "", false
	for _, run := range b.Runs {
		for _, name := range shell.Installs(run.Commands) {
			present = present || name == "shadow-utils" || name == "shadow"
		}
		if pm := shell.PackageManager(run.Commands); pm != "" {
			manager = pm
		}
	}
	var kept []string
	for _, c := range commands {
		first, rest, _ := strings.Cut(c, " ")
		switch first {
		case "yum", "dnf", "microdnf", "tdnf", "zypper":
			if present {
				continue
			}
			if (first == "yum" || first == "dnf") && (manager == "yum" || manager == "dnf") {
				c = manager + " " + rest
			}
		}
		kept = append(kept, c)
	}
	return kept
}

// needsHome reports whether something that was not read may look for its files in HOME.
func needsHome(t *Target) bool {
	for _, s := range t.Workload.Build.Start.Scripts {
		if s.PassesArgs {
			return true
		}
	}
	return len(t.Behaviour.UsesHome) > 0 || !t.Behaviour.Read && !t.Behaviour.Compiled && !homeless(t.Workload.Build)
}

func posixShell(shell []string) bool {
	if len(shell) == 0 {
		return true
	}
	switch shell[0] {
	case "/bin/sh", "/bin/bash", "/bin/ash", "/bin/dash", "sh", "bash", "/usr/bin/bash", "/usr/bin/env":
		return true
	}
	return false
}
