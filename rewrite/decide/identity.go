package decide

import (
	"fmt"

	"github.com/offroot/offroot/rewrite/image"
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
	if base := b.BaseUser(); base.Known && !base.Root() {
		return d.restored(t, base)
	}
	if a, ok := unusedAccount(b); ok {
		return d.account(t, a)
	}
	if r := b.Base.Facts.RunAs; b.Base.Known && r != nil && r.UID > 0 {
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
		if a.UID == 0 || a.Name == "" || a.Name == "root" {
			continue
		}
		if found != nil && found.Name != a.Name {
			return nil, false
		}
		found = a
	}
	return found, found != nil
}

// account takes the user that the Dockerfile creates. A number that the command leaves to the system is written down.
func (d *decider) account(t *Target, a *workspace.Account) bool {
	t.Identity = Identity{UID: a.UID, GID: a.GID, Name: a.Name, Origin: FromAccount, Account: a}
	if a.UID > 0 && a.GID >= 0 && a.Fixed {
		return true
	}
	if a.UID <= 0 || a.GID < 0 {
		t.Identity.Text = a.Name
		t.assume("the user %s gets its number at build time: a manifest that demands non-root cannot verify a name", a.Name)
		return true
	}
	t.assume("the number %d, which the system picks for %s today, is written down", a.UID, a.Name)
	return true
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
	commands, ok := image.CreateUser(b.Base.Family, id, false)
	if !ok || !f.Shell && b.Base.Known {
		return true
	}
	if !posixShell(b.Stage.Shell()) {
		t.refuse(b.Place(), "the SHELL of the stage is not a POSIX shell", "add the user by hand")
		return false
	}
	t.Identity.Origin, t.Identity.Create = FromCreation, commands
	return true
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
