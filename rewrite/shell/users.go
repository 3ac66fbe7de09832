package shell

import (
	"strconv"
	"strings"
)

// A User is an account that a command creates or changes.
type User struct {
	Name string
	// UID and GID are -1 where they are not known.
	UID, GID int
	// Group is the name of the primary group, "" if only its number is known.
	Group       string
	Home, Shell string
	System      bool
	// Chosen is true if the tool picks the UID: it is the first free one of a base image that has no user in that range.
	Chosen bool
	// NoLogInit is true if useradd is told not to write lastlog and faillog.
	NoLogInit bool
	Command   *Command
}

// A Group is a group that a command creates.
type Group struct {
	Name string
	// GID is -1 where it is not known.
	GID     int
	System  bool
	Command *Command
}

// number is an id as the tools read it, -1 for anything else.
func number(s string) int {
	n, err := strconv.Atoi(s)
	if err != nil || n < 0 {
		return -1
	}
	return n
}

var useraddOptions = grammar{
	"u,uid=", "g,gid=", "G,groups=", "d,home-dir,home=", "s,shell=", "c,comment=", "b,base-dir=", "e,expiredate=",
	"f,inactive=", "k,skel=", "K,key=", "p,password=", "R,root=", "P,prefix=", "Z,selinux-user=",
	"m,create-home", "M,no-create-home", "r,system", "N,no-user-group", "U,user-group", "l,no-log-init", "o,non-unique",
}

// adduserDebian are the options of Debian's adduser and addgroup, which have long names only.
var adduserDebian = grammar{
	"u,uid=", "g,gid=", "h,home=", "s,shell=", "c,gecos,comment=", "G,ingroup=", "firstuid=", "lastuid=", "firstgid=",
	"lastgid=", "conf=", "S,system", "group", "disabled-password", "disabled-login", "H,no-create-home", "quiet",
	"force-badname", "allow-badname", "add_extra_groups",
}

// adduserBusybox are the options of busybox's adduser.
var adduserBusybox = grammar{
	"h,home=", "g,gecos=", "s,shell=", "G,ingroup=", "u,uid=", "k,skel=", "S,system", "D,disabled-password",
	"H,no-create-home",
}

var addgroupBusybox = grammar{"g,gid=", "S,system"}

var groupaddOptions = grammar{
	"g,gid=", "K,key=", "p,password=", "R,root=", "P,prefix=", "U,users=", "r,system", "f,force", "o,non-unique",
}

// accounts reads commands in order, because later accounts use earlier groups.
type accounts struct {
	busybox bool
	redhat  bool // adduser is useradd
	unsure  bool // the family is not given
	users   []User
	groups  []Group
	nextUID map[bool]int // by System: the next that busybox picks
	nextGID map[bool]int
}

// Users are the accounts that the commands create: by useradd, by adduser of Debian and of busybox, and by lines that are
// appended to /etc/passwd. family names the distribution: "alpine" and "busybox" mean busybox's tools, "rhel", "fedora" and
// their kin have adduser as another name of useradd. With "" the options tell.
func Users(cmds []Command, family string) []User { return readAccounts(cmds, family).users }

// Groups are the groups that the commands create, without those that come with a user of the same name.
func Groups(cmds []Command) []Group { return readAccounts(cmds, "").groups }

func readAccounts(cmds []Command, family string) *accounts {
	a := &accounts{
		busybox: hasWord("alpine busybox wolfi chainguard", family),
		redhat:  hasWord("rhel fedora centos rocky alma almalinux oracle ubi redhat amazon amazonlinux azurelinux mariner suse", family),
		unsure:  family == "",
		nextUID: map[bool]int{false: 1000, true: 100},
		// Group 100 of Alpine is "users".
		nextGID: map[bool]int{false: 1000, true: 101},
	}
	for k := range cmds {
		c, ok := cmds[k].unwrapped()
		if !ok {
			continue
		}
		switch c.Name {
		case "useradd":
			a.useradd(&cmds[k], c.Args[1:])
		case "adduser":
			a.adduser(&cmds[k], c.Args[1:], family)
		case "groupadd":
			a.groupadd(&cmds[k], groupaddOptions.parse(c.Args[1:]))
		case "addgroup":
			a.addgroup(&cmds[k], c.Args[1:])
		case "echo", "printf":
			a.line(&cmds[k], c)
		}
	}
	return a
}

func (a *accounts) groupID(name string) int {
	if n := number(name); n >= 0 {
		return n
	}
	for k := len(a.groups) - 1; k >= 0; k-- {
		if a.groups[k].Name == name {
			return a.groups[k].GID
		}
	}
	for k := len(a.users) - 1; k >= 0; k-- {
		if a.users[k].Group == name {
			return a.users[k].GID
		}
	}
	if name == "root" {
		return 0
	}
	return -1
}

func (a *accounts) groupName(group string) string {
	n := number(group)
	if n < 0 {
		return group
	}
	for _, g := range a.groups {
		if g.GID == n {
			return g.Name
		}
	}
	return ""
}

func (a *accounts) useradd(c *Command, args []Word) {
	o := useraddOptions.parse(args)
	if len(o.rest) == 0 || o.has("D") {
		return
	}
	u := User{
		Name: o.rest[len(o.rest)-1].Text, UID: number(o.values["u"]), GID: -1, Home: o.values["d"], Shell: o.values["s"],
		System: o.has("r"), NoLogInit: o.has("l"), Command: c,
	}
	if u.Home == "" {
		u.Home = "/home/" + u.Name
	}
	switch {
	case o.has("g"):
		u.GID, u.Group = a.groupID(o.values["g"]), a.groupName(o.values["g"])
	case o.has("N"):
		u.GID, u.Group = 100, "users"
	default:
		// A group of the user's name gets the user's number only within the range for its kind.
		u.Group = u.Name
		if inRange := u.UID >= 1000 && u.UID <= 60000; inRange != u.System && u.UID >= 100 {
			u.GID = u.UID
		}
	}
	a.users = append(a.users, u)
}

func (a *accounts) adduser(c *Command, args []Word, family string) {
	if a.redhat {
		a.useradd(c, args)
		return
	}
	if a.busybox || family == "" && looksLikeBusybox(args) {
		a.adduserOfBusybox(c, adduserBusybox.parse(args))
		return
	}
	if family == "" && looksLikeUseradd(args) {
		a.useradd(c, args)
		return
	}
	a.adduserOfDebian(c, adduserDebian.parse(args))
}

// looksLikeBusybox is true if short options are used that only busybox's adduser has.
func looksLikeBusybox(args []Word) bool {
	for _, w := range args {
		if isCluster(w.Text) && strings.ContainsAny(w.Text, "DHSh") {
			return true
		}
	}
	return false
}

func looksLikeUseradd(args []Word) bool {
	for _, w := range args {
		if isCluster(w.Text) {
			return true
		}
	}
	return false
}

func isCluster(option string) bool {
	return len(option) > 1 && option[0] == '-' && option[1] != '-'
}

func (a *accounts) adduserOfBusybox(c *Command, o options) {
	if len(o.rest) != 1 {
		return // "adduser USER GROUP" adds to a group
	}
	u := User{
		Name: o.rest[0].Text, UID: number(o.values["u"]), GID: -1, Home: o.values["h"], Shell: o.values["s"],
		System: o.has("S"), NoLogInit: true, Command: c,
	}
	if u.Home == "" {
		u.Home = "/home/" + u.Name
	}
	if !o.has("u") {
		u.UID, u.Chosen = a.nextUID[u.System], true
		a.nextUID[u.System]++
	}
	switch {
	case o.has("G"):
		u.GID, u.Group = a.groupID(o.values["G"]), a.groupName(o.values["G"])
	case u.System:
		u.GID, u.Group = 65533, "nogroup"
	default:
		u.GID, u.Group = u.UID, u.Name
	}
	a.users = append(a.users, u)
}

func (a *accounts) adduserOfDebian(c *Command, o options) {
	if len(o.rest) != 1 {
		return
	}
	name := o.rest[0].Text
	if o.has("group") && !o.has("S") {
		a.groupadd(c, o)
		return
	}
	u := User{
		Name: name, UID: number(o.values["u"]), GID: -1, Home: o.values["h"], Shell: o.values["s"], System: o.has("S"),
		Command: c,
	}
	if u.Home == "" && !u.System {
		u.Home = "/home/" + name
	}
	switch {
	case o.has("G"):
		u.GID, u.Group = a.groupID(o.values["G"]), a.groupName(o.values["G"])
	case o.has("g"):
		u.GID, u.Group = number(o.values["g"]), a.groupName(o.values["g"])
	case u.System && !o.has("group"):
		u.GID, u.Group = 65534, "nogroup"
		if a.unsure {
			u.GID = -1 // busybox takes these options too, and its nogroup is 65533
		}
	default:
		u.GID, u.Group = u.UID, name
	}
	a.users = append(a.users, u)
}

func (a *accounts) groupadd(c *Command, o options) {
	if len(o.rest) == 0 {
		return
	}
	gid := -1
	if o.has("g") {
		gid = number(o.values["g"])
	}
	system := o.has("r") || o.has("S")
	a.groups = append(a.groups, Group{Name: o.rest[len(o.rest)-1].Text, GID: gid, System: system, Command: c})
}

// addgroup is busybox's or Debian's; both take --gid and --system, only busybox has short options.
func (a *accounts) addgroup(c *Command, args []Word) {
	g := adduserDebian
	short := a.busybox
	for _, w := range args {
		short = short || isCluster(w.Text)
	}
	if short {
		g = addgroupBusybox
	}
	o := g.parse(args)
	if len(o.rest) != 1 {
		return // "addgroup USER GROUP" adds to a group
	}
	a.groupadd(c, o)
	if made := &a.groups[len(a.groups)-1]; short && !o.has("g") {
		made.GID = a.nextGID[made.System]
		a.nextGID[made.System]++
	}
}

// line reads what echo and printf append to /etc/passwd and /etc/group.
func (a *accounts) line(c *Command, inner Command) {
	file := ""
	for _, r := range inner.Redirects {
		if r.Op == ">>" || r.Op == ">" {
			file = r.Target.Text
		}
	}
	if file != "/etc/passwd" && file != "/etc/group" {
		return
	}
	for _, w := range inner.Args[1:] {
		for _, text := range strings.FieldsFunc(strings.ReplaceAll(w.Text, `\n`, "\n"), func(r rune) bool { return r == '\n' }) {
			fields := strings.Split(strings.TrimSpace(text), ":")
			switch {
			case file == "/etc/passwd" && len(fields) >= 4:
				a.passwdLine(c, fields)
			case file == "/etc/group" && len(fields) >= 3:
				a.groups = append(a.groups, Group{Name: fields[0], GID: number(fields[2]), Command: c})
			}
		}
	}
}

func (a *accounts) passwdLine(c *Command, fields []string) {
	u := User{
		Name: fields[0], UID: number(fields[2]), GID: number(fields[3]), Group: a.groupName(fields[3]),
		NoLogInit: true, Command: c,
	}
	if len(fields) >= 7 {
		u.Home, u.Shell = fields[5], fields[6]
	}
	a.users = append(a.users, u)
}
