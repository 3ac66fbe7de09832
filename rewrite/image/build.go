package image

import (
	"maps"
	"strconv"
	"strings"

	"github.com/offroot/offroot/templates"
)

// newFacts turns the keys of an entry, its variants applied, into facts.
func newFacts(t templates.ImageFields) Facts {
	f := Facts{
		Family: t.Family, Kind: t.Kind, Shell: *t.Shell, PackageManager: t.PackageManager,
		DefaultUser:  newUser(*t.DefaultUser),
		Capabilities: t.Capabilities, FileCapabilities: t.FileCapabilities,
		GroupZero:  t.GroupZero != nil && *t.GroupZero,
		FSGroup:    t.FSGroup == nil || t.FSGroup.OK,
		MustBeRoot: t.MustBeRoot, Volumes: t.Volumes, Workdir: t.Workdir, Note: t.Note,
		Confidence: t.Confidence, Weak: maps.Clone(t.Weak), Sources: t.Source, Checked: t.Checked,
	}
	for _, u := range t.Users {
		f.Users = append(f.Users, Account{u.Name, number(u.UID), number(u.GID), u.Home, u.ForRunning})
	}
	for _, p := range t.Ports {
		f.Ports = append(f.Ports, newPort(p))
	}
	for _, p := range t.Writable {
		f.Writable = append(f.Writable, Path(p))
	}
	if t.FSGroup != nil {
		f.FSGroupNote = t.FSGroup.Note
	}
	if s := t.Stock; s != nil {
		f.Stock = &Recipe{s.Tmpfs, s.Env, s.Note}
	}
	if len(t.NonRootAlternative) > 0 {
		f.NonRootAlternative = t.NonRootAlternative[0].Image + ": " + t.NonRootAlternative[0].Differs
	}
	if t.RunAs != "" {
		f.RunAs = f.identity(t.RunAs)
	}
	f.setEntrypoint(*t.Entrypoint)
	f.setTaken(t.TakenUIDs)
	return f
}

func newUser(t templates.ImageUser) User {
	name, _, _ := strings.Cut(t.Value, ":")
	_, err := strconv.Atoi(name)
	return User{Known: true, Value: t.Value, UID: number(t.UID), GID: number(t.GID), ByName: name != "" && err != nil}
}

func number(n *int) int {
	if n == nil {
		return Unknown
	}
	return *n
}

// identity reads "uid:gid", whose form the table has checked.
func (f *Facts) identity(s string) *Identity {
	uid, gid, _ := strings.Cut(s, ":")
	var id Identity
	id.UID, _ = strconv.Atoi(uid)
	id.GID, _ = strconv.Atoi(gid)
	if a, ok := f.Account(id.UID); ok {
		id.Name = a.Name
	}
	return &id
}

func (f *Facts) setEntrypoint(e templates.Entrypoint) {
	f.WorksAsNonRoot, f.EntrypointNote = e.WorksAsNonRoot, e.Note
	if e.Drops == "none" {
		return
	}
	f.Drops, f.WorkersOnly = e.Drops, e.WorkersOnly
	if f.RunAs != nil {
		to := *f.RunAs
		f.DropsTo = &to
	}
}

// setTaken joins what the family, the entry and the accounts hold.
func (f *Facts) setTaken(uids []int) {
	f.Taken, f.TakenGroups, f.TakenNames = map[int]bool{}, map[int]bool{}, map[string]bool{}
	if fam := templates.Families().Families[f.Family]; fam != nil {
		add(f.Taken, fam.TakenUIDs...)
		add(f.TakenGroups, fam.TakenGIDs...)
		add(f.TakenNames, fam.TakenNames...)
	}
	add(f.Taken, uids...)
	add(f.Taken, f.DefaultUser.UID)
	add(f.TakenGroups, f.DefaultUser.GID)
	for _, a := range f.Users {
		add(f.Taken, a.UID)
		add(f.TakenGroups, a.GID)
		add(f.TakenNames, a.Name)
	}
	delete(f.Taken, Unknown)
	delete(f.TakenGroups, Unknown)
}

func add[K comparable](set map[K]bool, keys ...K) {
	for _, k := range keys {
		set[k] = true
	}
}
