package decide

import (
	"path"
	"regexp"
	"sort"
	"strings"

	"github.com/offroot/offroot/rewrite/shell"
)

// A scriptNeed is what a script asks of the kernel while it is root.
type scriptNeed struct {
	capabilities map[string]bool
	does         []string // "chown", "setpriv": what needs them, in order
	offsets      []int    // where it does that, in the text of the script
	unread       *shell.Command
}

// harmless commands need no capability of root: they compute, or they read and write what belongs to root anyway.
var harmless = commandSet(`set echo printf test [ [[ exit export true false : shift read local return declare readonly unset
	trap umask ulimit cd pwd env id whoami date sleep basename dirname realpath readlink uname hostname arch nproc expr seq let break continue
	command which type hash getent stat wc sort uniq cut tr head tail grep egrep fgrep awk cat ls getopts wait nohup`)

// writers create and change files. Root does that in directories of others by DAC_OVERRIDE.
var writers = commandSet(`mkdir rm rmdir touch cp mv ln tee sed find xargs envsubst install mktemp dd truncate`)

// changers take a user or an owner to somebody else.
var changers = map[string][]string{
	"chown": {"CHOWN", "DAC_OVERRIDE"}, "chgrp": {"CHOWN", "DAC_OVERRIDE"}, "chmod": {"DAC_OVERRIDE", "FOWNER"},
	"gosu": {"SETGID", "SETUID"}, "su-exec": {"SETGID", "SETUID"}, "setpriv": {"SETGID", "SETUID"}, "s6-setuidgid": {"SETGID", "SETUID"},
	"setuidgid": {"SETGID", "SETUID"}, "chpst": {"SETGID", "SETUID"},
}

func commandSet(names string) map[string]bool {
	set := map[string]bool{}
	for _, n := range strings.Fields(names) {
		set[n] = true
	}
	return set
}

// readScript adds up what the commands of a script need. The first command that is not understood is noted and ends it.
func (n *scriptNeed) readScript(commands []shell.Command) {
	for i := range commands {
		if n.unread != nil {
			return
		}
		c := &commands[i]
		argv := c.Argv()
		if c.Name == "set" && len(argv) > 2 && argv[1] == "--" {
			argv = argv[2:]
		}
		n.command(c, argv)
	}
}

func (n *scriptNeed) command(c *shell.Command, argv []string) {
	program, _ := shell.Program(argv)
	if len(program) == 0 {
		return
	}
	name := path.Base(program[0])
	switch needs, known := changers[name]; {
	case known:
		n.add(c, name, needs...)
		if name == "setpriv" && hasPrefix(program, "--bounding-set") {
			n.add(c, name, "SETPCAP")
		}
		if name == "chmod" && setsGroupBit(program) {
			n.add(c, name, "FSETID")
		}
	case writers[name]:
		n.writer(c, name, program)
	case harmless[name], c.Name == "set", strings.HasPrefix(program[0], "$") && strings.Contains(program[0], "@"), name == c.Function:
	case c.Name == "":
		n.unread = c
	default:
		n.unread = c
	}
}

// writer looks at what find and xargs run, and at options that keep or set the owner.
func (n *scriptNeed) writer(c *shell.Command, name string, program []string) {
	n.capabilities["DAC_OVERRIDE"] = n.capabilities["DAC_OVERRIDE"] || !onlyReads(name, program)
	for i, word := range program[1:] {
		switch {
		case word == "-exec" || word == "-execdir" || word == "-ok" || name == "xargs" && !strings.HasPrefix(word, "-"):
			if inner := program[i+1:]; word[0] == '-' {
				n.command(c, inner[1:])
			} else {
				n.command(c, inner)
			}
			return
		case (name == "cp" || name == "install") && keepsOwner.MatchString(word), name == "mv":
			n.add(c, name, "CHOWN", "FOWNER")
		}
	}
}

var keepsOwner = regexp.MustCompile(`^(-[a-zA-Z]*[apo]|--preserve.*|--archive|--owner.*|--group.*)$`)

func onlyReads(name string, program []string) bool {
	switch name {
	case "sed":
		return !hasPrefix(program, "-i") && !hasPrefix(program, "--in-place")
	case "find":
		return !hasPrefix(program, "-delete")
	case "xargs", "envsubst", "mktemp":
		return true
	}
	return false
}

func hasPrefix(words []string, prefix string) bool {
	for _, w := range words {
		if strings.HasPrefix(w, prefix) {
			return true
		}
	}
	return false
}

var groupBit = regexp.MustCompile(`^0?[2-7][0-7]{3}$|[gu]\+[rwxX]*s`)

func setsGroupBit(program []string) bool {
	for _, w := range program[1:] {
		if groupBit.MatchString(w) {
			return true
		}
	}
	return false
}

func (n *scriptNeed) add(c *shell.Command, what string, capabilities ...string) {
	for _, name := range capabilities {
		n.capabilities[name] = true
	}
	for _, have := range n.does {
		if have == what {
			return
		}
	}
	n.does, n.offsets = append(n.does, what), append(n.offsets, c.Start)
}

// names are the capabilities in alphabetical order.
func (n *scriptNeed) names() []string {
	var list []string
	for name, needed := range n.capabilities {
		if needed {
			list = append(list, name)
		}
	}
	sort.Strings(list)
	return list
}
