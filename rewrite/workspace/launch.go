package workspace

import (
	"io/fs"
	"path"
	"regexp"
	"sort"
	"strings"

	"github.com/offroot/offroot/rewrite/parse"
	"github.com/offroot/offroot/rewrite/shell"
	"github.com/offroot/offroot/rewrite/source"
)

// A RunLine is a place outside of compose files and manifests that starts a container: a docker run in a script, a unit, a
// task definition, a development container. Only what it says about root is read; nothing is ever written there.
type RunLine struct {
	Place      source.Place
	How        string // "docker run", "ECS task definition"
	Image      string // "" if it is not stated or a variable
	Privileged bool
	User       string   // as written, "" if the image decides
	Adds       []string // capabilities
}

// launches reads every file that may start a container, and returns one workload for each in which something says root.
func (ws *Workspace) launches(docs *parse.Documents) []*Workload {
	var all []*Workload
	for _, name := range docs.Paths {
		read := launchReader(name)
		if read == nil {
			continue
		}
		text, err := fs.ReadFile(ws.FS, name)
		if err != nil || len(text) > 1<<20 {
			continue
		}
		if list := read(name, string(text)); len(list) > 0 {
			sort.SliceStable(list, func(i, j int) bool { return list[i].Place.Line < list[j].Place.Line })
			all = append(all, &Workload{Name: name, Launches: list})
		}
	}
	return all
}

// launchReader says how a file that may start a container is read.
func launchReader(name string) func(name, text string) []RunLine {
	base := strings.ToLower(path.Base(name))
	ext := path.Ext(base)
	switch {
	case base == "devcontainer.json" || base == ".devcontainer.json":
		return devContainer
	case ext == ".container":
		return quadlet
	case ext == ".json" && strings.Contains(strings.ReplaceAll(base, "-", ""), "task"):
		return taskDefinition
	case ext == ".sh" || ext == ".bash" || ext == ".service" || ext == ".mk" || base == "makefile" || base == "gnumakefile" || base == "justfile" || base == "jenkinsfile",
		strings.HasPrefix(name, ".github/workflows/"), base == ".gitlab-ci.yml", strings.HasPrefix(base, "azure-pipelines"), base == "taskfile.yml":
		return runCommands
	}
	return nil
}

var runCommand = regexp.MustCompile(`\b(docker|podman|nerdctl)\s+(?:container\s+)?(run|create)\s`)

// runCommands reads docker run and its kin out of text. Continued lines are joined; variables stay as they are written.
func runCommands(name, text string) []RunLine {
	if !runCommand.MatchString(text) {
		return nil
	}
	var list []RunLine
	lines := strings.Split(text, "\n")
	for i := 0; i < len(lines); i++ {
		start := i
		line := strings.TrimRight(lines[i], "\r")
		for strings.HasSuffix(line, "\\") && i+1 < len(lines) {
			i++
			line = strings.TrimSuffix(line, "\\") + " " + strings.TrimSpace(strings.TrimRight(lines[i], "\r"))
		}
		at := runCommand.FindStringIndex(line)
		if at == nil || strings.HasPrefix(strings.TrimSpace(line), "#") || quotedAway(line[:at[0]]) {
			continue
		}
		l, ok := readRun(line[at[0]:])
		if ok && l.saysRoot() {
			l.Place = source.Place{Path: name, Line: start + 1}
			list = append(list, l)
		}
	}
	return list
}

// quotedAway reports whether a command stands in a text that is printed.
func quotedAway(before string) bool {
	for _, word := range []string{"echo", "printf", "log", "die", "warn", "error", "info"} {
		if strings.HasPrefix(strings.TrimLeft(before, " \t@-"), word+" ") {
			return true
		}
	}
	return false
}

// readRun reads the options of docker run up to the image.
func readRun(command string) (RunLine, bool) {
	cmds, err := shell.Parse(strings.ReplaceAll(command, "$(", "$$("))
	if err != nil || len(cmds) == 0 {
		cmds, err = shell.Parse(strings.Trim(command, `"'`+"`"))
	}
	if err != nil || len(cmds) == 0 {
		return RunLine{}, false
	}
	args := cmds[0].Argv()
	l := RunLine{How: args[0] + " run"}
	for i := 1; i < len(args); i++ {
		word := args[i]
		if word == "run" || word == "create" || word == "container" {
			continue
		}
		if !strings.HasPrefix(word, "-") {
			if !strings.Contains(word, "$") {
				l.Image = word
			}
			return l, !emulator.MatchString(word)
		}
		flag, value, joined := strings.Cut(word, "=")
		if !joined && i+1 < len(args) && runTakesValue(flag) {
			value = args[i+1]
			i++
		}
		l.option(flag, value, joined)
	}
	return l, true
}

func (l *RunLine) option(flag, value string, joined bool) {
	switch flag {
	case "--privileged":
		l.Privileged = !joined || value == "true"
	case "-u", "--user":
		l.User = value
	case "--cap-add":
		l.Adds = append(l.Adds, strings.TrimPrefix(strings.ToUpper(value), "CAP_"))
	}
}

// runSwitches are the long options of docker run that take no value.
var runSwitches = map[string]bool{"--privileged": true, "--rm": true, "--detach": true, "--interactive": true, "--tty": true, "--init": true,
	"--read-only": true, "--publish-all": true, "--oom-kill-disable": true, "--no-healthcheck": true, "--quiet": true, "--sig-proxy": true, "--disable-content-trust": true, "--replace": true, "--rmi": true}

func runTakesValue(flag string) bool {
	if strings.HasPrefix(flag, "--") {
		return !runSwitches[flag]
	}
	return strings.ContainsAny(flag[len(flag)-1:], "uvepwmlhcaf")
}

// saysRoot reports whether the launch says anything about root.
func (l RunLine) saysRoot() bool {
	all := false
	for _, c := range l.Adds {
		all = all || c == "ALL"
	}
	return l.Privileged || all || RootUser(l.User)
}

// emulator matches images that register interpreters in the kernel once, and end.
var emulator = regexp.MustCompile(`(^|/)(binfmt|qemu-user-static|qus)(:|@|$)`)

// RootUser holds for every way to write root as the user of a container.
func RootUser(text string) bool {
	name, _, _ := strings.Cut(text, ":")
	return name == "root" || name != "" && strings.Trim(name, "0") == ""
}
