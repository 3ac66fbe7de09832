package image

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
)

// Unknown is the number of a user or group of which only the name is known.
const Unknown = -1

// An Identity is who a process runs as. Name is empty where no account has the number.
type Identity struct {
	UID, GID int
	Name     string
}

// String is "uid:gid", as USER and user: are written.
func (i Identity) String() string { return fmt.Sprintf("%d:%d", i.UID, i.GID) }

// A User is USER of an image configuration. UID and GID are Unknown where the image names a user whose number is not
// known; GID is the one of the account where the value gives no group.
type User struct {
	Known    bool
	Value    string // as the configuration has it; "" is root
	UID, GID int
	ByName   bool // the user is a name: kubelet refuses it under runAsNonRoot
}

// Root reports whether the image is known to start as root.
func (u User) Root() bool { return u.Known && u.UID == 0 }

// Numeric reports whether the image is known to start as a number, which kubelet can compare with root.
func (u User) Numeric() bool { return u.Known && !u.ByName }

// An Account is a user that the image holds. UID and GID may be Unknown. ForRunning is false for users that are shared by
// many things, such as nobody, or www-data of a plain distribution.
type Account struct {
	Name       string
	UID, GID   int
	Home       string
	ForRunning bool
}

// A Path is a file or directory that the process writes.
type Path struct {
	Path  string
	File  bool   // a file, not a directory
	Owner string // uid:gid in the image; "-" where it depends
	Mode  string // octal, only where it matters
	What  string
	When  string // "" = always, else only in that case
}

// WritableBy reports whether the image itself lets the identity write there: everybody may, by the mode, or it is the
// owner. False means that nothing is known of it.
func (p Path) WritableBy(id Identity) bool {
	if len(p.Mode) == 4 && strings.ContainsRune("2367", rune(p.Mode[3])) {
		return true
	}
	uid, _, ok := strings.Cut(p.Owner, ":")
	return ok && uid == strconv.Itoa(id.UID)
}

// A Recipe is what a manifest adds to run a stock image without root, beside the identity and the volumes' ownership.
type Recipe struct {
	Tmpfs []string          // directories that need an emptyDir or a tmpfs that the identity may write
	Env   map[string]string // variables to set
	Note  string
}

// Facts are what is known of an image. Lists are shared: nobody may change them.
type Facts struct {
	ID  string // of the entry in the table
	Ref Ref    // as it was asked for

	// Family is debian, ubuntu, alpine, busybox, wolfi, rhel, rhel-slim, fedora, amazon, ubi-minimal, ubi-micro, suse,
	// arch, photon, azurelinux, scratch, distroless or windows; "" where it is not one for all.
	Family         string
	Kind           string // base, runtime, builder, server or tool
	Shell          bool
	PackageManager string // "" or none, apt-get, apk, dnf, yum, microdnf, zypper, tdnf, pacman

	DefaultUser User
	RunAs       *Identity // who to be when not root; nil = make a user
	Users       []Account
	Taken       map[int]bool // uids: of the family, of the image, of its users
	TakenGroups map[int]bool
	TakenNames  map[string]bool // of users and groups

	Drops          string    // what gives up root at start: gosu, su-exec, setpriv, s6, itself; "" = nothing does
	DropsTo        *Identity // nil where nothing drops or the number is not known
	WorkersOnly    bool      // the first process stays root, only its workers become DropsTo
	WorksAsNonRoot string    // true, false, with-conditions (EntrypointNote names them)
	EntrypointNote string

	Capabilities     []string // beside drop ALL, what a start as root needs until it has dropped
	FileCapabilities []string // "FILE capability=flags"
	GroupZero        bool     // made for gid 0: a uid alone must stay in group 0
	FSGroup          bool     // a Kubernetes fsGroup on its volumes is tolerated
	FSGroupNote      string
	MustBeRoot       string // the reason, "" if it need not

	Ports    []Port
	Writable []Path
	Volumes  []string
	Workdir  string
	Stock    *Recipe // nil where nothing is known to be needed

	NonRootAlternative string // "IMAGE: how it differs"
	Note               string
	Confidence         string // measured, read, derived, unverified
	Weak               map[string]string
	Sources            []string
	Checked            string
}

// Account returns the account with that number.
func (f Facts) Account(uid int) (Account, bool) {
	i := slices.IndexFunc(f.Users, func(a Account) bool { return a.UID == uid })
	if i < 0 || uid == Unknown {
		return Account{}, false
	}
	return f.Users[i], true
}

// AccountNamed returns the account with that name. Its number may be Unknown.
func (f Facts) AccountNamed(name string) (Account, bool) {
	i := slices.IndexFunc(f.Users, func(a Account) bool { return a.Name == name })
	if i < 0 {
		return Account{}, false
	}
	return f.Users[i], true
}

// FileCapabilityNames are the capabilities that must stay in the bounding set for the files to be executable at all, as
// manifests write them: NET_BIND_SERVICE.
func (f Facts) FileCapabilityNames() []string {
	var names []string
	for _, c := range f.FileCapabilities {
		_, list, _ := strings.Cut(c, " ")
		list = list[:strings.IndexAny(list, "=+")]
		for name := range strings.SplitSeq(list, ",") {
			name = strings.ToUpper(strings.TrimPrefix(name, "cap_"))
			if !slices.Contains(names, name) {
				names = append(names, name)
			}
		}
	}
	slices.Sort(names)
	return names
}

// LevelOf is the certainty of one field, by its key in the table: "default_user", "run_as", "users", "ports". It is that
// of the entry unless the field, or the field above it ("users" for "users.home"), is said to be weaker.
func (f Facts) LevelOf(field string) string {
	level := f.Confidence
	for key := field; key != ""; {
		weak, _, _ := strings.Cut(f.Weak[key], ":")
		level = weaker(level, weak)
		i := strings.LastIndexByte(key, '.')
		key = key[:max(i, 0)]
	}
	return level
}

// Trusted reports whether the field stands in the sources of the entry (or was measured): a safe fix may rest on it.
func (f Facts) Trusted(field string) bool {
	level := f.LevelOf(field)
	return level == "read" || level == "measured"
}

var levels = []string{"measured", "read", "derived", "unverified"}

// weaker returns the less certain of two levels; "" is no level.
func weaker(a, b string) string {
	if slices.Index(levels, b) > slices.Index(levels, a) {
		return b
	}
	return a
}
