package image

import (
	"strconv"
	"strings"

	"github.com/offroot/offroot/templates"
)

// FamilyOf names the family of a base image of which only the package manager is known, because a RUN uses it. It is ""
// for a package manager that says nothing.
func FamilyOf(packageManager string) string {
	switch packageManager {
	case "apt", "apt-get", "aptitude":
		return "debian"
	case "apk":
		return "alpine"
	case "dnf", "yum":
		return "rhel"
	case "microdnf":
		return "ubi-minimal"
	case "zypper":
		return "suse"
	case "tdnf":
		return "azurelinux"
	case "pacman":
		return "arch"
	}
	return ""
}

// FamilyLevel is the certainty of the commands of a family: measured, read, derived or unverified; "" for none.
func FamilyLevel(family string) string {
	if f := templates.Families().Families[family]; f != nil {
		return f.Confidence
	}
	return ""
}

// DefaultIdentity is the user that is made where an image has none.
func DefaultIdentity() Identity {
	d := templates.Families().Default
	return Identity{UID: d.UID, GID: d.GID, Name: d.Name}
}

// CreateUser returns the commands of one RUN, to be joined with &&, that make the group and the user with exactly these
// numbers, with or without a home directory. It makes no group for gid 0. It is false where the family has no way (scratch,
// distroless, ubi-micro, windows, unknown), or where the tools refuse the number: then a bare number is written.
func CreateUser(family string, id Identity, home bool) (commands []string, ok bool) {
	f := templates.Families().Families[family]
	if f == nil || f.User == "" || id.Name == "" {
		return nil, false
	}
	if strings.HasPrefix(f.User, "adduser ") && max(id.UID, id.GID) > busyboxLimit {
		return nil, false
	}
	group, user := id.Name, f.User
	if id.GID == 0 {
		group = "root"
	}
	if home {
		user = f.UserWithHome
	}
	commands = append(commands, f.Before...)
	if id.GID != 0 {
		commands = append(commands, f.Group)
	}
	commands = append(append(commands, user), f.After...)
	return filled(commands, "{uid}", strconv.Itoa(id.UID), "{gid}", strconv.Itoa(id.GID), "{name}", id.Name, "{group}", group), true
}

// BusyBox adduser and addgroup take numbers up to here.
const busyboxLimit = 256000

// InstallSetcap returns the commands of one RUN that let binary bind ports below 1024 without root, and that leave no tool
// behind where that is possible. It is false where the family has no way.
func InstallSetcap(family, binary string) (commands []string, ok bool) {
	f := templates.Families().Families[family]
	if f == nil || len(f.Setcap) == 0 {
		return nil, false
	}
	return filled(f.Setcap, "{binary}", binary), true
}

// PackageCapabilities are the files with capabilities that a package of the family brings, as in Facts.FileCapabilities.
func PackageCapabilities(family, name string) []string {
	if f := templates.Families().Families[family]; f != nil {
		return f.Packages[name]
	}
	return nil
}

func filled(commands []string, pairs ...string) []string {
	r := strings.NewReplacer(pairs...)
	out := make([]string, len(commands))
	for i, c := range commands {
		out[i] = r.Replace(c)
	}
	return out
}
