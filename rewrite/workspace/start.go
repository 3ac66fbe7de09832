package workspace

import (
	"path"
	"strings"

	"github.com/offroot/offroot/rewrite/dockerfile"
	"github.com/offroot/offroot/rewrite/evidence"
	"github.com/offroot/offroot/rewrite/shell"
	"github.com/offroot/offroot/rewrite/source"
)

// A Start is what a container of the image runs, as far as the Dockerfile and its context say it.
type Start struct {
	Entrypoint, Cmd *dockerfile.Instruction
	FromBase        bool     // the chain has neither: the base image decides
	Argv            []string // what is executed
	Programs        []Program
	Scripts         []Script // shell scripts of the context that run on the way
	Unread          string   // a script or program that could not be followed, "" if everything was
}

// A Program is one program that runs, seen through sh -c, exec, tini, npm start and start scripts.
type Program struct {
	Name  string // base name
	Args  []string
	Place source.Place
}

// A Script is a start script in the build context.
type Script struct {
	File     string // path below the root
	Commands []shell.Command
	Text     string
	// DropTool and DropUser are set where the script gives up root by itself.
	DropTool, DropUser string
	DropLine           int
	PassesArgs         bool
	Inline             bool // not a file of its own: the command line of the Dockerfile
}

// Has reports whether one of the programs that run has one of these names.
func (s Start) Has(names ...string) (Program, bool) {
	for _, p := range s.Programs {
		for _, n := range names {
			if p.Name == n || versioned(p.Name, n) {
				return p, true
			}
		}
	}
	return Program{}, false
}

// versioned reports whether a program is one of the names with a version behind it: python3.11, php8.2.
func versioned(program, name string) bool {
	rest, ok := strings.CutPrefix(program, name)
	return ok && rest != "" && strings.Trim(rest, "0123456789.") == ""
}

// Drop returns the script that gives up root by itself, if one does.
func (s Start) Drop() (Script, bool) {
	for _, script := range s.Scripts {
		if script.DropTool != "" {
			return script, true
		}
	}
	return Script{}, false
}

func (b *Build) readStart() {
	s := &b.Start
	for _, stage := range b.Stage.Chain() {
		entry, cmd := stage.Last("ENTRYPOINT"), stage.Last("CMD")
		if s.Entrypoint == nil && s.Cmd == nil {
			s.Cmd = cmd
		}
		if entry != nil {
			s.Entrypoint = entry
			break
		}
		if s.Cmd == nil {
			s.Cmd = cmd
		}
	}
	if s.Entrypoint == nil && s.Cmd == nil {
		s.FromBase = true
		return
	}
	place := source.Place{}
	if s.Cmd != nil {
		s.Argv, place = s.Cmd.Argv(), s.Cmd.Place()
	}
	if s.Entrypoint != nil {
		argv := s.Entrypoint.Argv()
		if s.Entrypoint.Exec {
			argv = append(argv, s.Argv...)
		}
		s.Argv, place = argv, s.Entrypoint.Place()
	}
	if cmds, err := shell.Parse(quoteAll(s.Argv)); err == nil {
		program, _ := shell.Program(s.Argv)
		if tool, user := shell.Drops(cmds); tool != "" && len(program) > 0 && (path.Base(program[0]) == tool || cmds[0].Name == tool) {
			s.Scripts = append(s.Scripts, Script{File: place.Path, Commands: cmds, DropTool: tool, DropUser: user, DropLine: place.Line, Inline: true})
		}
	}
	b.follow(s.Argv, place, 0)
}

// quoteAll writes words as a shell would read them back.
func quoteAll(argv []string) string {
	var words []string
	for _, w := range argv {
		words = append(words, "'"+strings.ReplaceAll(w, "'", `'\''`)+"'")
	}
	return strings.Join(words, " ")
}

// follow resolves a command line to the programs that run. It stops at what it cannot read and says so in Unread.
func (b *Build) follow(argv []string, place source.Place, depth int) {
	if len(argv) == 0 || depth > 4 {
		return
	}
	program, _ := shell.Program(argv)
	if len(program) == 0 {
		return
	}
	name := path.Base(program[0])
	switch {
	case isShell(name) && len(program) >= 3 && strings.HasPrefix(program[1], "-") && strings.Contains(program[1], "c"):
		b.followScript(program[2], place, depth)
		return
	case isShell(name) && len(program) >= 2 && !strings.HasPrefix(program[1], "-"):
		program = program[1:]
		name = path.Base(program[0])
	}
	if b.followPackageScript(program, place, depth) {
		return
	}
	file, ok := b.ContextFile(program[0])
	if !ok {
		if !b.baseHas(name) && (looksLikeScript(name) && strings.Contains(program[0], "/") || strings.HasSuffix(name, ".sh")) {
			b.Start.Unread = program[0]
		}
		b.Start.Programs = append(b.Start.Programs, Program{name, program[1:], place})
		return
	}
	text, _ := b.fs.read(file)
	script, err := shell.ReadScript(string(text))
	if err != nil || !strings.HasPrefix(string(text), "#!") {
		if strings.HasSuffix(name, ".sh") && err != nil {
			b.Start.Unread = program[0]
		}
		b.Start.Programs = append(b.Start.Programs, Program{name, program[1:], place})
		return
	}
	b.followFile(file, string(text), script, depth)
	if script.PassesArgs && len(program) > 1 {
		b.follow(program[1:], source.Place{Path: path.Join(b.Context.Dir, file), Line: 1}, depth+1)
	}
}

// baseHas holds for the start scripts of known base images, which the image table speaks of.
func (b *Build) baseHas(name string) bool {
	if !b.Base.Known {
		return false
	}
	switch name {
	case "catalina.sh", "docker-entrypoint.sh", "docker-php-entrypoint", "kc.sh", "standalone.sh":
		return true
	}
	return false
}

// followFile reads a start script of the context: what it runs, and whether it gives up root by itself.
func (b *Build) followFile(file, text string, script *shell.Script, depth int) {
	s := Script{File: path.Join(b.Context.Dir, file), Commands: script.Commands, Text: text, PassesArgs: script.PassesArgs}
	s.DropTool, s.DropUser = shell.Drops(script.Commands)
	if s.DropTool != "" {
		s.DropLine = 1 + strings.Count(text[:max(0, strings.Index(text, s.DropTool))], "\n")
		for _, c := range script.Commands {
			if c.Name == s.DropTool || c.Name == "exec" && len(c.Args) > 1 && path.Base(c.Args[1].Text) == s.DropTool {
				s.DropLine = 1 + strings.Count(text[:c.Start], "\n")
			}
		}
	}
	b.Start.Scripts = append(b.Start.Scripts, s)
	for _, c := range script.Commands {
		place := source.Place{Path: s.File, Line: 1 + strings.Count(text[:c.Start], "\n")}
		b.followCommand(c, place, depth+1)
	}
}

// followCommand takes the commands of a script that keep running or are worth knowing; the small tools of every script are
// left out.
func (b *Build) followCommand(c shell.Command, place source.Place, depth int) {
	if c.Name == "" || smallTools[c.Name] {
		return
	}
	var argv []string
	for _, w := range c.Args {
		argv = append(argv, w.Text)
	}
	if len(argv) > 0 && strings.Contains(argv[0], "$") {
		return
	}
	b.follow(argv, place, depth)
}

func (b *Build) followScript(text string, place source.Place, depth int) {
	cmds, err := shell.Parse(text)
	if err != nil {
		b.Start.Unread = text
		return
	}
	if tool, user := shell.Drops(cmds); tool != "" {
		b.Start.Scripts = append(b.Start.Scripts, Script{File: place.Path, Commands: cmds, Text: text, DropTool: tool, DropUser: user, DropLine: place.Line, Inline: true})
	}
	for _, c := range cmds {
		b.followCommand(c, place, depth+1)
	}
}

// followPackageScript resolves npm start, npm run X, yarn X and the like by package.json.
func (b *Build) followPackageScript(program []string, place source.Place, depth int) bool {
	name := path.Base(program[0])
	if name != "npm" && name != "yarn" && name != "pnpm" && name != "bun" || len(program) < 2 {
		return false
	}
	script := program[1]
	if script == "run" || script == "run-script" {
		if len(program) < 3 {
			return false
		}
		script = program[2]
	}
	b.Start.Programs = append(b.Start.Programs, Program{name, program[1:], place})
	command, at, ok := evidence.PackageScript(b.fs.fsys, b.packageDir(), script)
	if ok {
		b.followScript(command, at, depth)
	}
	return true
}

// packageDir is the directory of the context that holds the package.json which ends up in the working directory.
func (b *Build) packageDir() string {
	if file, ok := b.ContextFile(path.Join(b.Workdir(nil), "package.json")); ok {
		return path.Join(b.Context.Dir, path.Dir(file))
	}
	return b.Context.Dir
}

func isShell(name string) bool {
	switch name {
	case "sh", "bash", "ash", "dash", "busybox", "zsh":
		return true
	}
	return false
}

func looksLikeScript(name string) bool {
	return strings.HasSuffix(name, ".sh") || strings.Contains(name, "entrypoint") || strings.HasSuffix(name, ".bash")
}

// smallTools are run by scripts on their way and do not decide who the process is.
var smallTools = map[string]bool{
	"set": true, "echo": true, "test": true, "[": true, "[[": true, "exit": true, "export": true, "cd": true, "true": true, "false": true,
	"printf": true, "sleep": true, "shift": true, "trap": true, "wait": true, "read": true, "local": true, "return": true, "grep": true,
	"sed": true, "awk": true, "cat": true, "cut": true, "tr": true, "head": true, "tail": true, "ls": true, "env": true, "id": true,
	"mkdir": true, "rm": true, "cp": true, "mv": true, "touch": true, "ln": true, "date": true, "basename": true, "dirname": true,
	"unset": true, "source": true, ".": true, "eval": true, "declare": true, "readonly": true, "hostname": true, "uname": true,
	"find": true, "xargs": true, "wc": true, "sort": true, "umask": true, "ulimit": true, "command": true, "which": true, "type": true,
	"break": true, "continue": true, "kill": true, "ps": true, "nc": true, "curl": true, "wget": true, "jq": true, "let": true, ":": true,
	"chown": true, "chmod": true, "chgrp": true, "install": true, "envsubst": true, "getopts": true, "pwd": true, "tee": true, "expr": true,
}
