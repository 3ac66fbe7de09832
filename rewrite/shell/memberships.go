package shell

import "strings"

// Memberships are the supplementary groups that commands give to users, by user: usermod -aG, adduser USER GROUP, gpasswd
// -a, useradd -G.
func Memberships(cmds []Command) map[string][]string {
	out := map[string][]string{}
	add := func(user, groups string) {
		for _, g := range strings.Split(groups, ",") {
			if g != "" && user != "" {
				out[user] = append(out[user], g)
			}
		}
	}
	for k := range cmds {
		c, ok := cmds[k].unwrapped()
		if !ok || len(c.Args) < 2 {
			continue
		}
		switch c.Name {
		case "useradd", "usermod":
			o := append(grammar{"a,append", "l,login=", "L,lock"}, useraddOptions...).parse(c.Args[1:])
			if c.Name == "useradd" {
				o = useraddOptions.parse(c.Args[1:])
			}
			if n := len(o.rest); n > 0 && o.has("G") {
				add(o.rest[n-1].Text, o.values["G"])
			}
		case "adduser", "addgroup":
			if o := adduserDebian.parse(c.Args[1:]); len(o.rest) == 2 {
				add(o.rest[0].Text, o.rest[1].Text)
			}
		case "gpasswd":
			if o := (grammar{"a,add=", "d,delete=", "M,members="}).parse(c.Args[1:]); o.has("a") && len(o.rest) == 1 {
				add(o.values["a"], o.rest[0].Text)
			}
		}
	}
	return out
}

// Renumbered are the accounts whose number usermod -u or -g changes; fields that stay are -1 or "".
func Renumbered(cmds []Command) []User {
	var out []User
	options := append(grammar{"a,append", "l,login=", "L,lock"}, useraddOptions...)
	for k := range cmds {
		c, ok := cmds[k].unwrapped()
		if !ok || c.Name != "usermod" {
			continue
		}
		o := options.parse(c.Args[1:])
		if len(o.rest) == 0 || !o.has("u") && !o.has("g") {
			continue
		}
		out = append(out, User{
			Name: o.rest[len(o.rest)-1].Text, UID: number(o.values["u"]), GID: number(o.values["g"]), Command: &cmds[k],
		})
	}
	return out
}
