package evidence

import (
	"path"
	"strings"
)

// pythonServers import the application that their first argument names.
var pythonServers = map[string]bool{
	"gunicorn": true, "uvicorn": true, "hypercorn": true, "daphne": true, "waitress-serve": true, "granian": true, "uwsgi": true,
}

// valueOptions are options of interpreters and servers that take the next word as their value.
var valueOptions = map[string]bool{
	"-b": true, "--bind": true, "-w": true, "--workers": true, "-k": true, "--worker-class": true, "-t": true, "--timeout": true,
	"-c": true, "--config": true, "--host": true, "--port": true, "-p": true, "--threads": true, "--log-level": true, "-r": true,
	"--require": true, "--import": true, "--loader": true, "--env-file": true, "-W": true, "-X": true, "--access-logfile": true,
	"--error-logfile": true, "--chdir": true, "-e": true, "--watch": true, "--ext": true, "--exec": true, "--interface": true,
	"-u": false, "--log-config": true, "--root-path": true, "--uds": true, "-n": true, "--name": true, "-l": true, "--loglevel": true,
	"--project": true, "-P": true, "--max-requests": true, "--keep-alive": true, "--http": true, "--socket": true, "--worker-tmp-dir": true,
}

// EntriesOf returns the entries that a program names with its arguments, for Options.Entries: nil if it names none, or if
// the program is not known.
func EntriesOf(program string, args []string) []string {
	name := path.Base(program)
	switch {
	case strings.HasPrefix(name, "python") || name == "pypy3":
		return pythonEntry(args)
	case pythonServers[name]:
		return serverEntry(name, args)
	case name == "flask":
		return flaskEntry(args)
	case name == "fastapi":
		if words := words(args); len(words) > 1 && strings.HasSuffix(words[1], ".py") {
			return []string{words[1] + ":app"}
		}
	case name == "celery":
		if app := argValue(args, "-A", "--app"); app != "" {
			return []string{app + ":app"}
		}
	case name == "streamlit" || name == "chainlit":
		if words := words(args); len(words) > 1 && words[0] == "run" {
			return words[1:2]
		}
	case name == "node" || name == "nodejs" || name == "nodemon" || name == "ts-node" || name == "tsx" || name == "pm2-runtime" || name == "pm2" || name == "ruby" || name == "php" || name == "rackup":
		return interpreted(name, args)
	case name == "bun" || name == "deno" || name == "go":
		if words := words(args); len(words) > 1 && words[0] == "run" {
			return words[1:2]
		} else if len(words) > 0 && name == "bun" && languageOf(words[0]) != nil {
			return words[:1]
		}
	case languageOf(program) != nil:
		return []string{program}
	}
	return nil
}

// words are the arguments that are neither options nor values of options.
func words(args []string) []string {
	var plain []string
	for i := 0; i < len(args); i++ {
		switch {
		case valueOptions[args[i]]:
			i++
		case !strings.HasPrefix(args[i], "-"):
			plain = append(plain, args[i])
		}
	}
	return plain
}

func argValue(args []string, names ...string) string {
	for i, arg := range args {
		for _, name := range names {
			if arg == name && i+1 < len(args) {
				return args[i+1]
			}
			if value, ok := strings.CutPrefix(arg, name+"="); ok {
				return value
			}
		}
	}
	return ""
}

func interpreted(name string, args []string) []string {
	plain := words(args)
	if len(plain) > 0 && (name == "pm2" || name == "pm2-runtime") && plain[0] == "start" {
		plain = plain[1:]
	}
	if len(plain) == 0 || contains(args, "-e") && name == "node" {
		return nil
	}
	return plain[:1]
}

func pythonEntry(args []string) []string {
	for i := 0; i < len(args); i++ {
		switch arg := args[i]; {
		case arg == "-c":
			return nil
		case arg == "-m":
			return moduleEntry(args[i+1:])
		case strings.HasPrefix(arg, "-m") && len(arg) > 2:
			return moduleEntry(append([]string{arg[2:]}, args[i+1:]...))
		case arg == "-W" || arg == "-X":
			i++
		case !strings.HasPrefix(arg, "-"):
			return []string{arg}
		}
	}
	return nil
}

// moduleEntry is what `python -m` starts: a server, which imports another module, or the module itself.
func moduleEntry(args []string) []string {
	if len(args) == 0 {
		return nil
	}
	if pythonServers[args[0]] || args[0] == "flask" || args[0] == "celery" || args[0] == "streamlit" || args[0] == "fastapi" {
		return EntriesOf(args[0], args[1:])
	}
	return []string{"-m " + args[0]}
}

func serverEntry(name string, args []string) []string {
	if name == "uwsgi" {
		if module := argValue(args, "--module", "-w"); module != "" {
			return []string{served(module)}
		}
		if file := argValue(args, "--wsgi-file"); file != "" {
			return []string{file + ":application"}
		}
		return nil
	}
	for _, word := range words(args) {
		return []string{served(word)}
	}
	return nil
}

// served writes a module so that it is taken for one that a server imports.
func served(module string) string {
	if strings.Contains(module, ":") {
		return module
	}
	return module + ":application"
}

func flaskEntry(args []string) []string {
	app := argValue(args, "--app", "-A")
	if app == "" {
		return []string{"wsgi.py:app", "app.py:app"}
	}
	if strings.Contains(app, ":") {
		return []string{app}
	}
	return []string{app + ":app"}
}
