package shell

import "strings"

// rootless are the programs that need no root whatever their arguments: they read, or they write below the directory that
// a build tool owns. The value lists the sub-commands for which this holds, "" for all.
var rootless = map[string]string{
	"true": "", "false": "", ":": "", "[": "", "test": "", "cd": "", "pwd": "", "set": "", "export": "", "local": "",
	"declare": "", "readonly": "", "unset": "", "shift": "", "return": "", "exit": "", "if": "", "read": "", "trap": "",
	"echo": "", "printf": "", "cat": "", "ls": "", "stat": "", "file": "", "head": "", "tail": "", "wc": "", "sort": "",
	"uniq": "", "grep": "", "egrep": "", "fgrep": "", "awk": "", "cut": "", "tr": "", "diff": "", "cmp": "",
	"basename": "", "dirname": "", "readlink": "", "realpath": "", "id": "", "whoami": "", "uname": "", "date": "",
	"env": "", "printenv": "", "which": "", "type": "", "command": "", "hash": "", "sleep": "", "getent": "",
	"sha256sum": "", "sha512sum": "", "md5sum": "", "arch": "", "nproc": "", "expr": "", "seq": "", "ldd": "",
	"npm": "ci install i run run-script test build exec", "yarn": "install build run", "pnpm": "install i run build",
	"node": "", "go": "build mod test vet generate fmt list version env", "cargo": "build test fetch check",
	"mvn": "", "mvnw": "", "gradle": "", "gradlew": "", "bundle": "install exec config", "composer": "install dump-autoload",
	"dotnet": "restore build publish test", "python": "", "python3": "", "java": "", "ruby": "", "php": "",
	"rustc": "", "gcc": "", "g++": "", "cc": "", "javac": "", "tsc": "", "rake": "", "rails": "",
}

// NeedsRoot reports whether commands need root, or cannot be read well enough to say that they do not: package managers,
// changes of owners, links and files outside of /tmp, global installations, unknown programs.
func NeedsRoot(cmds []Command) bool {
	for k := range cmds {
		c, ok := cmds[k].unwrapped()
		if !ok {
			if len(cmds[k].Args) == 0 && !writesOutside(cmds[k].Redirects) {
				continue // an assignment alone
			}
			return true
		}
		if writesOutside(cmds[k].Redirects) || commandNeedsRoot(c) {
			return true
		}
	}
	return false
}

func commandNeedsRoot(c Command) bool {
	switch c.Name {
	case "mkdir", "touch", "rm", "rmdir", "cp", "mv", "ln", "chmod", "tar", "unzip", "tee":
		return !onlyTemporary(c.Args[1:])
	case "sed":
		for _, w := range c.Args[1:] {
			if isCluster(w.Text) && strings.Contains(w.Text, "i") || strings.HasPrefix(w.Text, "--in-place") {
				return true
			}
		}
		return false
	case "curl", "wget":
		return fetchesOutside(c)
	case "sh", "bash", "ash", "dash":
		// The commands of a known text follow in the list; a script or standard input cannot be read.
		_, known := scriptWord(c)
		return !known
	case "pip", "pip3", "python", "python3":
		return installsPython(c)
	}
	subcommands, known := rootless[c.Name]
	if !known {
		return true
	}
	for k, w := range c.Args[1:] {
		switch w.Text {
		case "-g", "--global", "--system":
			return true
		case "-o", "--output":
			if k+2 < len(c.Args) && strings.HasPrefix(c.Args[k+2].Text, "/") && !temporary(c.Args[k+2].Text) {
				return true
			}
		}
	}
	return subcommands != "" && !runsOneOf(c, subcommands)
}

// runsOneOf looks at the first word that is no option.
func runsOneOf(c Command, subcommands string) bool {
	for _, w := range c.Args[1:] {
		if !strings.HasPrefix(w.Text, "-") {
			return hasWord(subcommands, w.Text)
		}
	}
	return len(c.Args) == 1 && (c.Name == "yarn" || c.Name == "bundle")
}

// installsPython is true for pip into the site-packages of the system.
func installsPython(c Command) bool {
	text := " " + strings.Join(c.Argv(), " ") + " "
	pip := strings.HasPrefix(c.Name, "pip") || strings.Contains(text, " -m pip ") || strings.Contains(text, "setup.py install")
	if !pip {
		return strings.Contains(text, " -m ensurepip ")
	}
	return !strings.Contains(text, " --user ")
}

// fetchesOutside is true if a download is written outside of /tmp, the working directory included.
func fetchesOutside(c Command) bool {
	toStdout := c.Name == "curl"
	for k, w := range c.Args[1:] {
		text := w.Text
		switch {
		case isCluster(text) && strings.ContainsAny(text, "oO") && c.Name == "curl",
			text == "--output" || text == "--remote-name" || text == "-O" || strings.HasPrefix(text, "-O"):
			toStdout = false
			if k+2 < len(c.Args) && temporary(c.Args[k+2].Text) {
				return false
			}
			if strings.HasSuffix(text, "O-") {
				return false
			}
		case text == "-" && c.Name == "wget":
			return false
		}
	}
	return !toStdout
}

// writesOutside is true for redirections into files outside of /tmp and /dev.
func writesOutside(redirects []Redirect) bool {
	for _, r := range redirects {
		if !strings.Contains(r.Op, ">") || strings.HasSuffix(r.Op, "&") {
			continue
		}
		if !temporary(r.Target.Text) && !strings.HasPrefix(r.Target.Text, "/dev/") {
			return true
		}
	}
	return false
}

func onlyTemporary(args []Word) bool {
	paths := 0
	for _, w := range args {
		if strings.HasPrefix(w.Text, "-") {
			continue
		}
		paths++
		if !strings.HasPrefix(w.Text, "/tmp/") && !temporary(w.Text) {
			return false
		}
	}
	return paths > 0
}

func temporary(p string) bool {
	return strings.HasPrefix(p, "/tmp/") || strings.HasPrefix(p, "/var/tmp/") || p == "/tmp"
}
