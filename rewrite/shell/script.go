package shell

import (
	"path"
	"strings"
)

// A Script is a script file.
type Script struct {
	// Interpreter is the base name of the program in the first line, "sh" without one.
	Interpreter string
	Commands    []Command
	// Exec are the commands that exec starts, without the word exec, in order.
	Exec []Command
	// PassesArgs is true if the script execs what it was given: exec "$@", also behind gosu and the like.
	PassesArgs bool
}

// ReadScript reads a script file. An interpreter that is no POSIX shell is an error.
func ReadScript(content string) (*Script, error) {
	s := &Script{Interpreter: "sh"}
	content = strings.TrimPrefix(content, "\ufeff")
	if line, _, _ := strings.Cut(content, "\n"); strings.HasPrefix(line, "#!") {
		words := strings.Fields(line[2:])
		for _, w := range words {
			s.Interpreter = path.Base(w)
			if s.Interpreter != "env" && !strings.HasPrefix(w, "-") {
				break
			}
		}
	}
	if !isShell(s.Interpreter) && !hasWord("busybox with-contenv execlineb", s.Interpreter) || s.Interpreter == "execlineb" {
		return s, &interpreterError{s.Interpreter}
	}
	var err error
	if s.Commands, err = Parse(content); err != nil {
		return s, err
	}
	for _, c := range s.Commands {
		if c.Name != "exec" || len(c.Args) < 2 {
			continue
		}
		run, ok := withoutExec(c)
		if !ok {
			continue
		}
		s.Exec = append(s.Exec, run)
		s.PassesArgs = s.PassesArgs || passesArgs(run)
	}
	return s, nil
}

type interpreterError struct{ name string }

func (e *interpreterError) Error() string {
	return "read script: interpreter \"" + e.name + "\" is no POSIX shell"
}

func withoutExec(c Command) (Command, bool) {
	n, _ := wrapperWords("exec", texts(c.Args[1:]))
	if 1+n >= len(c.Args) {
		return c, false
	}
	c.Args = c.Args[1+n:]
	c.Name = ""
	if c.Args[0].Known {
		c.Name = path.Base(c.Args[0].Text)
	}
	return c, true
}

// passesArgs is true if the last words are all arguments of the script.
func passesArgs(c Command) bool {
	for _, w := range c.Args {
		switch w.Text {
		case `"$@"`, `$@`, `"${@}"`, `${@}`, `$*`, `"$*"`:
			return true
		}
	}
	return false
}
