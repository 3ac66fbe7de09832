package shell

import "path"

// initOptions are the init programs that run their arguments, with the options that take a word.
var initOptions = map[string]string{
	"tini": "-p -e", "tini-static": "-p -e", "docker-init": "-p -e", "dumb-init": "-r --rewrite", "catatonit": "",
}

// initWords counts the words between an init program and what it runs.
func initWords(name string, args []string) (known bool, n int) {
	options, known := initOptions[name]
	for known && n < len(args) {
		arg := args[n]
		if arg == "--" {
			return true, n + 1
		}
		if len(arg) < 2 || arg[0] != '-' {
			return true, n
		}
		n++
		if hasWord(options, arg) {
			n++
		}
	}
	return known, n
}

// Program finds what a command line really starts: it looks through init programs, env, exec, nice and the like, and sh -c
// with one simple command. through names what it looked through, outermost first. It stops at what it does not understand,
// so that program[0] may be a shell with a script that is more than one command. The words of program may hold variables.
func Program(argv []string) (program, through []string) {
	for len(argv) > 0 {
		name := path.Base(argv[0])
		if known, n := initWords(name, argv[1:]); known && 1+n < len(argv) {
			through, argv = append(through, name), argv[1+n:]
			continue
		}
		if inner, ok := shellCommand(name, argv); ok {
			through, argv = append(through, name), inner
			continue
		}
		if n, wraps := wrapperWords(name, argv[1:]); wraps && name != "sudo" && name != "doas" && name != "env" && 1+n < len(argv) {
			through, argv = append(through, name), argv[1+n:]
			continue
		}
		if inner, ok := envCommand(name, argv); ok {
			through, argv = append(through, name), inner
			continue
		}
		break
	}
	return argv, through
}

// envCommand is what env runs. env -S, which splits a text, is not understood.
func envCommand(name string, argv []string) ([]string, bool) {
	n, _ := wrapperWords(name, argv[1:])
	if name != "env" || 1+n >= len(argv) {
		return nil, false
	}
	for _, arg := range argv[1 : 1+n] {
		if len(arg) > 1 && arg[0] == '-' && (arg[1] == 'S' || arg == "--split-string") {
			return nil, false
		}
	}
	return argv[1+n:], true
}

// shellCommand is the one simple command of sh -c "command", without assignments and redirections of its own.
func shellCommand(name string, argv []string) ([]string, bool) {
	if !isShell(name) {
		return nil, false
	}
	for k := 1; k+1 < len(argv); k++ {
		if !shellTakesText(argv[k]) {
			if len(argv[k]) < 2 || argv[k][0] != '-' && argv[k][0] != '+' {
				return nil, false
			}
			if argv[k][len(argv[k])-1] == 'o' {
				k++ // -o pipefail
			}
			continue
		}
		cmds, err := Parse(argv[k+1])
		if err != nil || len(cmds) == 0 {
			return nil, false
		}
		// A text of sh -c within is listed behind the command that runs it.
		only := cmds[0]
		for _, c := range cmds[1:] {
			if !c.Nested {
				return nil, false
			}
		}
		if only.Conditional || only.InSubshell || only.Function != "" || len(only.Args) == 0 {
			return nil, false
		}
		return only.Argv(), true
	}
	return nil, false
}
