package decide

import (
	"fmt"
	"path"
	"strconv"
	"strings"

	"github.com/offroot/offroot/rewrite/shell"
	"github.com/offroot/offroot/rewrite/source"
	"github.com/offroot/offroot/rewrite/workspace"
)

// A Minimum is what a service keeps that starts as root and drops by itself: the capabilities that its start script uses
// before it drops. All others go, and no-new-privileges keeps setuid programs from handing these few to the dropped process.
type Minimum struct {
	Add           []string
	Capabilities  bool // cap_drop and cap_add are to be written
	NewPrivileges bool // security_opt is to be written
	Assumes       string
	Unread        string // why neither is, where the script is not understood; At is the place then
	At            source.Place
}

// minimum reads the start script of an image that is built here and drops root by itself.
func (d *decider) minimum(t *Target, s *workspace.Service, p *Privileges) *Minimum {
	b := t.Workload.Build
	if b == nil || t.Verdict != LeftAlone || s.User() != nil || s.Get("entrypoint") != nil {
		return nil
	}
	script, ok := b.Start.Drop()
	if !ok || p != nil && (p.Keep || len(p.Add) > 0) {
		return nil
	}
	m := &Minimum{Capabilities: len(s.All("cap_drop"))+len(s.All("cap_add")) == 0, NewPrivileges: !limitsPrivileges(s)}
	if !m.Capabilities && !m.NewPrivileges {
		return nil
	}
	root, why, at := asRoot(s, b, script)
	if why != "" {
		m.Unread, m.At = why, at
		return m
	}
	needs := scriptNeed{capabilities: map[string]bool{}}
	needs.readScript(root)
	if c := needs.unread; c != nil {
		m.Unread, m.At = "what it needs root for is not all in sight: it runs "+commandName(*c), scriptPlace(script, c.Start)
		return m
	}
	if at, why, ok := handsBack(b); ok {
		m.Unread, m.At = why, at
		return m
	}
	m.Add = needs.names()
	m.Assumes = "the entrypoint needs root only for its " + inAList(needs.does) + " (" + scriptPlaces(script, needs.offsets) + ")"
	return m
}

// asRoot are the commands of a script that run before it has dropped. It fails if the script may go on as root.
func asRoot(s *workspace.Service, b *workspace.Build, script workspace.Script) (root []shell.Command, why string, at source.Place) {
	for i, c := range script.Commands {
		if tool, _ := shell.Drops(script.Commands[i : i+1]); tool == "" {
			continue
		}
		at := scriptPlace(script, c.Start)
		switch {
		case len(c.Args) == 0 || c.Args[0].Text != "exec" && c.Args[0].Text != "set":
			return nil, "it goes on as root beside what it starts", at
		case c.Conditional && !comesTrue(c.Guard, s, b):
			return nil, "whether it drops depends on " + strings.TrimSpace(c.Guard), at
		case c.Args[0].Text == "set":
			return script.Commands, "", source.Place{}
		}
		return script.Commands[:i+1], "", source.Place{}
	}
	return nil, "it drops in a way that is not understood", source.Place{Path: script.File, Line: script.DropLine}
}

// comesTrue reports whether a condition on the user or on the first argument holds for the start that the image and the
// service describe.
func comesTrue(guard string, s *workspace.Service, b *workspace.Build) bool {
	first := ""
	if b.Start.Cmd != nil {
		if argv := b.Start.Cmd.Argv(); len(argv) > 0 {
			first = argv[0]
		}
	}
	if n := s.Get("command"); n != nil {
		if list := words(n); len(list) > 0 {
			first = list[0]
		}
	}
	if strings.Contains(guard, "$1") || strings.Contains(guard, "${1") {
		if first == "" || !strings.Contains(guard, path.Base(first)) {
			return false
		}
		return true
	}
	for _, user := range []string{"id -u", "$UID", "$EUID", "whoami", "USER"} {
		if strings.Contains(guard, user) {
			return true
		}
	}
	return false
}

// handsBack finds programs in the image that the dropped process may use to become root again, or that carry capabilities
// as files: both stop working.
func handsBack(b *workspace.Build) (source.Place, string, bool) {
	for _, run := range b.Runs {
		for _, c := range run.Commands {
			if c.Name == "setcap" {
				return run.At.Place(), "a program in the image carries capabilities, which it could not be started without", true
			}
		}
		for _, name := range shell.Installs(run.Commands) {
			if name == "sudo" || name == "doas" || name == "fixuid" {
				return run.At.Place(), name + " is installed, which no-new-privileges disables", true
			}
		}
	}
	if b.Base.Known && len(b.Base.Facts.FileCapabilities) > 0 {
		return b.Place(), "a program in the image carries capabilities, which it could not be started without", true
	}
	return source.Place{}, "", false
}

// limitsPrivileges reports whether security_opt says something about new privileges, either way.
func limitsPrivileges(s *workspace.Service) bool {
	for _, n := range s.All("security_opt") {
		if strings.HasPrefix(n.Text(), "no-new-privileges") {
			return true
		}
	}
	return false
}

func commandName(c shell.Command) string {
	if program, _ := shell.Program(c.Argv()); len(program) > 0 {
		return program[0]
	}
	return "a command whose name is a variable"
}

func scriptPlace(s workspace.Script, offset int) source.Place {
	return sourcePlace(s.File, 1+strings.Count(s.Text[:min(offset, len(s.Text))], "\n"))
}

// scriptPlaces names several lines of a script: "docker-entrypoint.sh:6,7".
func scriptPlaces(s workspace.Script, offsets []int) string {
	var lines []string
	for _, o := range offsets {
		line := strconv.Itoa(scriptPlace(s, o).Line)
		if len(lines) == 0 || lines[len(lines)-1] != line {
			lines = append(lines, line)
		}
	}
	return fmt.Sprintf("%s:%s", s.File, strings.Join(lines, ","))
}

// inAList joins words as a sentence does: "chown, chmod and gosu".
func inAList(words []string) string {
	if len(words) < 2 {
		return strings.Join(words, "")
	}
	last := len(words) - 1
	return strings.Join(words[:last], ", ") + " and " + words[last]
}
