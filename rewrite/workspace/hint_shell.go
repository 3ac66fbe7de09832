package workspace

import (
	"path"
	"regexp"
	"strings"

	"github.com/offroot/offroot/rewrite/shell"
	"github.com/offroot/offroot/rewrite/source"
)

// A script is shell text with what is known around it.
type script struct {
	text  string
	vars  map[string]string
	dirs  []string // where it may run, the likeliest first
	home  string   // where a command runs that names no directory, if not in the first of these
	place func(offset int) source.Place
}

// scriptHints reads the build commands of a shell script.
func (r *hintReader) scriptHints(name, text string) []Hint {
	s := script{text: text, place: lineOf(name, text)}
	dir := path.Dir(name)
	s.dirs, s.home = []string{dir, path.Dir(dir), "."}, r.scriptHome(dir)
	return r.shellHints(s)
}

// toolDirs hold scripts that are run from the directory above them.
var toolDirs = map[string]bool{"scripts": true, "script": true, "hack": true, "bin": true, "ci": true, "tools": true, "build": true, ".ci": true, "dev": true}

// scriptHome is where a script is most likely to be started: beside itself if there is a Dockerfile, else in the directory
// that its tools belong to.
func (r *hintReader) scriptHome(dir string) string {
	for _, d := range r.dockerfiles {
		if path.Dir(d) == dir {
			return dir
		}
	}
	switch {
	case strings.HasPrefix(dir, ".github"):
		return "."
	case toolDirs[path.Base(dir)]:
		return path.Dir(dir)
	}
	return dir
}

// lineOf tells the line of an offset in the text of a file.
func lineOf(name, text string) func(int) source.Place {
	return func(offset int) source.Place {
		return source.Place{Path: name, Line: 1 + strings.Count(text[:min(offset, len(text))], "\n")}
	}
}

// shellHints reads the build commands of shell text. Text that is no shell is read line by line.
func (r *hintReader) shellHints(s script) []Hint {
	if !mayBuild.MatchString(s.text) {
		return nil
	}
	text, expressions := maskExpressions(s.text)
	vars := scope(scope(literalVariables(text), s.vars), expressions)
	s.text = text
	cmds, err := shell.Parse(text)
	if err != nil {
		return r.shellLines(s, vars)
	}
	var hints []Hint
	for i := range cmds {
		hints = append(hints, r.commandHints(s, &cmds[i], vars, s.place(cmds[i].Start))...)
	}
	return hints
}

// shellLines reads each line as a script of its own.
func (r *hintReader) shellLines(s script, vars map[string]string) []Hint {
	var hints []Hint
	for _, l := range joinLines(s.text) {
		cmds, err := shell.Parse(strings.TrimSpace(l.text))
		if err != nil {
			continue
		}
		one := s
		one.text = strings.TrimSpace(l.text)
		for i := range cmds {
			hints = append(hints, r.commandHints(one, &cmds[i], vars, s.place(l.offset))...)
		}
	}
	return hints
}

func (r *hintReader) commandHints(s script, cmd *shell.Command, vars map[string]string, at source.Place) []Hint {
	call, ok := readCall(commandWords(cmd, vars))
	if !ok {
		return nil
	}
	call.place = at
	from, dir := s.dirs, cmd.Dir
	if dir == "?" {
		from, dir = s.entered(cmd, vars)
	}
	if dir == "" && call.bare() {
		from = from[:min(1, len(from))]
		if s.home != "" {
			from = []string{s.home}
		}
	}
	var dirs []string
	for _, d := range from {
		dirs = append(dirs, path.Join(d, dir))
	}
	return r.hints(call, dirs...)
}

var cdCommand = regexp.MustCompile(`\bcd\s+("(?:\$\([^)]*\)|[^"])*"|(?:\$\([^)]*\)|[^\s;&|])+)`)

// entered is where a command runs after a cd with variables in it: the directory, and what it may be relative to. Nobody
// knows after two of them.
func (s script) entered(cmd *shell.Command, vars map[string]string) (from []string, dir string) {
	all := cdCommand.FindAllStringSubmatch(s.text[:min(cmd.Start, len(s.text))], -1)
	if len(all) != 1 {
		return nil, ""
	}
	dir = substitute(tidy(all[0][1]), vars)
	at := rooted(dir)
	switch {
	case strings.HasPrefix(dir, "${here}"):
		return s.dirs[:1], at
	case at != dir:
		return []string{"."}, at
	}
	return s.dirs, dir
}

// wrappers may stand in front of a build command.
var wrappers = map[string]bool{"sudo": true, "env": true, "time": true, "exec": true, "command": true, "retry": true, "gcloud": true, "--": true}

// commandWords are the words of a build command with the variables that are known, from the program on. nil for all other
// commands.
func commandWords(cmd *shell.Command, vars map[string]string) []string {
	var words []string
	for _, w := range cmd.Args {
		text := w.Text
		if !w.Known {
			text = substitute(tidy(text), vars)
		}
		words = append(words, strings.Fields(text)...)
	}
	for i, w := range words {
		program := strings.ToLower(path.Base(w))
		switch {
		case isBuilder(program) || program == "executor" || program == "az" || program == "gcloud" && i == 0 && len(words) > 1 && words[1] == "builds":
			return words[i:]
		case !wrappers[program] && !strings.HasPrefix(w, "-") && !strings.Contains(w, "="):
			return nil
		}
	}
	return nil
}

// A line is one line of text with those that continue it.
type line struct {
	text   string
	offset int
}

func joinLines(text string) []line {
	var all []line
	offset := 0
	open := false
	for _, raw := range strings.SplitAfter(text, "\n") {
		part := strings.TrimRight(raw, "\r\n")
		more := strings.HasSuffix(part, "\\")
		part = strings.TrimSuffix(part, "\\")
		if open {
			last := &all[len(all)-1]
			last.text += " " + strings.TrimSpace(part)
		} else {
			all = append(all, line{part, offset})
		}
		open = more
		offset += len(raw)
	}
	return all
}

var inQuotes = regexp.MustCompile(`["']([^"']*\b(?:docker|podman)\s[^"']*\b(?:build|bud)\s[^"']*)["']`)

// lineHints reads files in which commands stand in lines of their own or in strings: justfile, Jenkinsfile, package.json.
func (r *hintReader) lineHints(name, text string) []Hint {
	if !mayBuild.MatchString(text) {
		return nil
	}
	var hints []Hint
	vars := literalVariables(text)
	place := lineOf(name, text)
	for _, l := range joinLines(text) {
		command := strings.TrimSpace(l.text)
		if m := inQuotes.FindStringSubmatch(command); m != nil {
			command = m[1]
		}
		if strings.HasPrefix(command, "//") || strings.HasPrefix(command, "#") {
			continue
		}
		command = strings.NewReplacer("{{", "${", "}}", "}").Replace(strings.TrimLeft(command, "@-"))
		s := script{text: command, vars: vars, dirs: []string{path.Dir(name), "."}}
		s.place = func(int) source.Place { return place(l.offset) }
		hints = append(hints, r.shellHints(s)...)
	}
	return hints
}
