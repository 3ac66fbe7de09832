package shell

import (
	"path"
	"strings"
)

// An Ownership is a command that gives files to someone.
type Ownership struct {
	// Paths are as the command sees them: relative ones are joined to a directory that cd has set, else they are relative
	// to the working directory. Patterns stay as they are written.
	Paths []string
	// Owner and Group are names, numbers or unexpanded text; "" stays as it was.
	Owner, Group string
	Recursive    bool
	Command      *Command
}

var chownOptions = grammar{
	"R,recursive", "f,silent,quiet", "v,verbose", "c,changes", "h,no-dereference", "from=", "reference=", "H", "L", "P",
}

var installOptions = grammar{
	"o,owner=", "g,group=", "m,mode=", "t,target-directory=", "S,suffix=", "d,directory", "D", "T", "p", "v", "b", "C", "c", "s",
}

var mkdirOptions = grammar{"m,mode=", "p,parents", "v,verbose", "Z"}

// Chowns are the ownerships that the commands set: chown, chgrp, install -o and -g, and find -exec of the first two.
func Chowns(cmds []Command) []Ownership {
	var out []Ownership
	for k := range cmds {
		c, ok := cmds[k].unwrapped()
		if !ok {
			continue
		}
		own, ok := ownership(c)
		if ok {
			own.Command = &cmds[k]
			out = append(out, own)
		}
	}
	return out
}

func ownership(c Command) (Ownership, bool) {
	switch c.Name {
	case "chown", "chgrp":
		o := chownOptions.parse(c.Args[1:])
		if o.has("reference") || len(o.rest) < 2 {
			return Ownership{}, false
		}
		own := Ownership{Recursive: o.has("R"), Paths: c.paths(o.rest[1:])}
		own.Owner, own.Group = splitOwner(o.rest[0].Text)
		if c.Name == "chgrp" {
			own.Owner, own.Group = "", o.rest[0].Text
		}
		return own, len(own.Paths) > 0
	case "install":
		o := installOptions.parse(c.Args[1:])
		if !o.has("o") && !o.has("g") {
			return Ownership{}, false
		}
		own := Ownership{Owner: o.values["o"], Group: o.values["g"], Paths: c.installed(o)}
		return own, len(own.Paths) > 0
	case "find":
		return foundOwnership(c)
	}
	return Ownership{}, false
}

// splitOwner reads owner, owner:group, owner: (its own group) and the old owner.group. An owner alone leaves the group.
func splitOwner(text string) (owner, group string) {
	owner, group, colon := strings.Cut(text, ":")
	if !colon && !strings.ContainsAny(text, "${") {
		owner, group, colon = strings.Cut(text, ".")
	}
	if colon && group == "" {
		group = owner
	}
	return owner, group
}

// foundOwnership reads find PATH... -exec chown OWNER {} +.
func foundOwnership(c Command) (Ownership, bool) {
	argv := c.Argv()
	for k, arg := range argv {
		if (arg != "-exec" && arg != "-execdir") || k+2 >= len(argv) {
			continue
		}
		inner := c
		inner.Name = path.Base(argv[k+1])
		inner.Args = nil
		for _, w := range c.Args[k+1:] {
			if w.Text == ";" || w.Text == "+" {
				break
			}
			inner.Args = append(inner.Args, w)
		}
		own, ok := ownership(inner)
		if !ok || inner.Name == "find" {
			return own, false
		}
		var roots []Word
		for _, w := range c.Args[1:] {
			if strings.HasPrefix(w.Text, "-") || w.Text == "(" || w.Text == "!" {
				break
			}
			roots = append(roots, w)
		}
		own.Paths, own.Recursive = c.paths(roots), true
		return own, len(own.Paths) > 0
	}
	return Ownership{}, false
}

// paths joins words to the directory of the command. What is not known is left out.
func (c *Command) paths(words []Word) []string {
	var out []string
	for _, w := range words {
		switch {
		case !w.Known || w.Text == "":
		case path.IsAbs(w.Text) || c.Dir == "":
			out = append(out, path.Clean(w.Text))
		case c.Dir != "?":
			out = append(out, path.Join(c.Dir, w.Text))
		}
	}
	return out
}

// Made are the directories that mkdir and install -d make, with paths as in Ownership.
func Made(cmds []Command) []string {
	var out []string
	for k := range cmds {
		c, ok := cmds[k].unwrapped()
		if !ok {
			continue
		}
		switch c.Name {
		case "mkdir":
			out = append(out, c.paths(mkdirOptions.parse(c.Args[1:]).rest)...)
		case "install":
			if o := installOptions.parse(c.Args[1:]); o.has("d") {
				out = append(out, c.installed(o)...)
			}
		}
	}
	return out
}

// installed are the paths that install makes: directories with -d, else the target.
func (c *Command) installed(o options) []string {
	switch {
	case o.has("d"):
		return c.paths(o.rest)
	case o.has("t"):
		return c.paths([]Word{{Text: o.values["t"], Known: true}})
	case len(o.rest) >= 2:
		return c.paths(o.rest[len(o.rest)-1:])
	}
	return nil
}

// A Setcap is a command that grants file capabilities.
type Setcap struct {
	// Capabilities is the text as it is given, "cap_net_bind_service=+ep".
	Capabilities string
	Paths        []string
	Command      *Command
}

// Setcaps are the file capabilities that the commands grant. Removals (-r) are none.
func Setcaps(cmds []Command) []Setcap {
	var out []Setcap
	for k := range cmds {
		c, ok := cmds[k].unwrapped()
		if !ok || c.Name != "setcap" {
			continue
		}
		o := grammar{"q", "v", "r", "f", "n="}.parse(c.Args[1:])
		if o.has("r") || len(o.rest) < 2 {
			continue
		}
		for j := 0; j+1 < len(o.rest); j += 2 {
			// A file that command -v finds is not known here, but the grant is.
			out = append(out, Setcap{o.rest[j].Text, c.paths(o.rest[j+1 : j+2]), &cmds[k]})
		}
	}
	return out
}
