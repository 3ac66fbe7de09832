package shell

import "strings"

// A packager is a package manager: how its install command is called and which of its options take a word.
type packager struct {
	name    string
	install string
	valued  grammar
}

var packagers = map[string]packager{
	"apt-get":  {"apt", "install", grammar{"t,target-release,default-release=", "o,option=", "c,config-file="}},
	"apt":      {"apt", "install", grammar{"t,target-release,default-release=", "o,option=", "c,config-file="}},
	"aptitude": {"apt", "install", grammar{"t,target-release=", "o="}},
	"apk":      {"apk", "add", grammar{"t,virtual=", "X,repository=", "p,root=", "keys-dir=", "repositories-file=", "arch=", "wait=", "cache-dir="}},
	"dnf":      {"dnf", "install", dnfOptions},
	"dnf5":     {"dnf", "install", dnfOptions},
	"microdnf": {"microdnf", "install", dnfOptions},
	"yum":      {"yum", "install", dnfOptions},
	"tdnf":     {"tdnf", "install", dnfOptions},
	"zypper":   {"zypper", "install in", grammar{"r,repo=", "t,type=", "root=", "from=", "R="}},
	"pacman":   {"pacman", "-S -Sy -Syu -Syyu -Su", grammar{"r,root=", "b,dbpath=", "config="}},
}

var dnfOptions = grammar{
	"setopt=", "enablerepo=", "disablerepo=", "repo,repoid=", "releasever=", "installroot=", "x,exclude,excludepkgs=",
	"c,config=", "repofrompath=", "forcearch=", "comment=", "d,debuglevel=", "e,errorlevel=",
}

// PackageManager names the first package manager that the commands use: apt, apk, dnf, microdnf, yum, zypper, tdnf,
// pacman, or "" if they use none.
func PackageManager(cmds []Command) string {
	for k := range cmds {
		if c, ok := cmds[k].unwrapped(); ok {
			if p, known := packagers[c.Name]; known {
				return p.name
			}
		}
	}
	return ""
}

// Installs are the packages that the commands install, without versions. Names that are not known are left out.
func Installs(cmds []Command) []string {
	var out []string
	for k := range cmds {
		c, ok := cmds[k].unwrapped()
		if !ok {
			continue
		}
		p, known := packagers[c.Name]
		if !known {
			continue
		}
		out = append(out, p.installed(c.Args[1:])...)
	}
	return out
}

func (p packager) installed(args []Word) []string {
	if p.name == "pacman" {
		if len(args) == 0 || !strings.HasPrefix(args[0].Text, "-S") && args[0].Text != "--sync" {
			return nil
		}
		return names(p.valued.parse(args[1:]).rest)
	}
	words := p.valued.parse(args).rest
	if len(words) == 0 || !hasWord(p.install, words[0].Text) {
		return nil
	}
	return names(words[1:])
}

// names drops versions: pkg=1.2, pkg~1.2, pkg/stable, pkg:arm64, pkg>1. Files and addresses stay.
func names(words []Word) []string {
	var out []string
	for _, w := range words {
		if !w.Known || w.Text == "" {
			continue
		}
		name := w.Text
		if !strings.Contains(name, "://") && !strings.HasPrefix(name, ".") && !strings.HasPrefix(name, "/") {
			if k := strings.IndexAny(name, "=~<>/:@"); k > 0 {
				name = name[:k]
			}
		}
		out = append(out, name)
	}
	return out
}
