package shell

import "strings"

// droppers run a program as another user. The value lists the options that take a word.
var droppers = map[string]grammar{
	"gosu": {}, "su-exec": {}, "s6-setuidgid": {}, "setuidgid": {}, "setuser": {},
	"setpriv": {"reuid=", "regid=", "groups=", "inh-caps=", "ambient-caps=", "bounding-set=", "securebits=", "pdeathsig=", "selinux-label=", "apparmor-profile=", "reset-env", "init-groups", "clear-groups", "keep-groups", "nnp,no-new-privs"},
	"runuser": {"u,user=", "g,group=", "G,supp-group=", "c,command=", "s,shell=", "w,whitelist-environment=", "l,login", "m,p,preserve-environment", "f,fast"},
	"su":      {"c,command=", "s,shell=", "g,group=", "G,supp-group=", "w,whitelist-environment=", "l,login", "m,p,preserve-environment", "f,fast"},
	"sudo":    {"u,user=", "g,group=", "h,host=", "p,prompt=", "C=", "r=", "t=", "E,preserve-env", "H,set-home", "n", "i", "s", "b"},
	"chpst":   {"u=", "U=", "e=", "m=", "d=", "o=", "p=", "f=", "c=", "r=", "t=", "n=", "b=", "l=", "L=", "/=", "C="},
	"chroot":  {"userspec=", "groups=", "skip-chdir"},
	"capsh":   {"user=", "uid=", "gid=", "groups=", "drop=", "caps=", "keep="},

	"s6-applyuidgid":    {"u=", "g=", "G=", "U", "z"},
	"start-stop-daemon": {"c,chuid=", "u,user=", "x,exec=", "a,startas=", "p,pidfile=", "n,name=", "d,chdir=", "N,nicelevel=", "k,umask=", "g,group=", "r,chroot=", "S,start", "K,stop", "b,background", "m,make-pidfile"},
}

// Drops finds the first command that runs a program as another user than itself: gosu, su-exec, setpriv, runuser, su,
// chpst, s6-setuidgid and the like, also as arguments of "set --", which official entrypoints exec later. user is what the
// command names (a name, a number, or unexpanded text), without its group. A change to root is none.
func Drops(cmds []Command) (tool, user string) {
	for k := range cmds {
		tool, user, ok := drop(cmds[k])
		if ok && !isRoot(user) {
			return tool, user
		}
	}
	return "", ""
}

func isRoot(user string) bool { return user == "" || user == "root" || number(user) == 0 }

// drop reads one command. sudo is a dropper here, so wrappers are stepped over one at a time.
func drop(c Command) (tool, user string, ok bool) {
	args := c.Args
	if c.Name == "set" && len(args) > 2 && args[1].Text == "--" {
		args = args[2:]
	}
	for len(args) > 0 {
		name := args[0].Text[strings.LastIndexByte(args[0].Text, '/')+1:]
		if g, found := droppers[name]; found {
			return name, dropTarget(name, g, args[1:]), true
		}
		if name == "tini" || name == "dumb-init" || name == "catatonit" {
			_, n := initWords(name, texts(args[1:]))
			args = args[1+n:]
			continue
		}
		skip, wraps := wrapperWords(name, texts(args[1:]))
		if !wraps {
			return "", "", false
		}
		args = args[1+skip:]
	}
	return "", "", false
}

func texts(words []Word) []string {
	out := make([]string, len(words))
	for k, w := range words {
		out[k] = w.Text
	}
	return out
}

func dropTarget(name string, g grammar, args []Word) string {
	// Options end where the command to run begins; for su they may stand on both sides of the name.
	before := args
	if name != "su" && name != "start-stop-daemon" {
		before = optionsOnly(g, args)
	}
	o := g.parse(before)
	first := ""
	for _, w := range o.rest {
		if w.Text != "-" {
			first = w.Text
			break
		}
	}
	user := first
	switch name {
	case "gosu", "su-exec", "s6-setuidgid", "setuidgid", "setuser":
		if len(args) > 0 {
			user = args[0].Text
		}
	case "setpriv":
		user = o.values["reuid"]
	case "runuser":
		user = o.values["u"]
		if user == "" && len(args) > len(before) {
			user = args[len(before)].Text
		}
		if user == "-" && len(args) > len(before)+1 {
			user = args[len(before)+1].Text
		}
	case "sudo", "chpst", "s6-applyuidgid":
		user = o.values["u"]
	case "chroot":
		user = o.values["userspec"]
	case "capsh":
		user = o.values["user"] + o.values["uid"]
	case "start-stop-daemon":
		user = o.values["c"]
	}
	user, _, _ = strings.Cut(user, ":")
	return user
}

// optionsOnly are the words up to the first that is neither an option nor the value of one.
func optionsOnly(g grammar, args []Word) []Word {
	for k := 0; k < len(args); k++ {
		text := args[k].Text
		if len(text) < 2 || text[0] != '-' || text == "--" {
			return args[:k]
		}
		name, _, inline := strings.Cut(strings.TrimLeft(text, "-"), "=")
		if !strings.HasPrefix(text, "--") {
			name, inline = text[len(text)-1:], false
			if _, valued, _ := g.find(text[1:2]); valued && len(text) > 2 {
				inline = true
			}
		}
		if _, valued, _ := g.find(name); valued && !inline {
			k++
		}
	}
	return args
}
