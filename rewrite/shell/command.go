package shell

import "path"

// A Word is one word of a command.
type Word struct {
	// Text is the value after quote removal; patterns stay as they are written. If Known is false it is the source.
	Text  string
	Known bool
	// Start and End are byte offsets into the script.
	Start, End int
}

// A Redirect is one redirection: >, >>, <, <<, >&, and so on.
type Redirect struct {
	Op     string
	Target Word
	// Body is the text of a here-document that has no expansions, "" otherwise.
	Body string
}

// A Command is one simple command of a script.
type Command struct {
	// Name is the base name of the program, "" if it is not known.
	Name string
	// Args are all words; Args[0] is the program.
	Args      []Word
	Assigns   map[string]string
	Redirects []Redirect
	// Chain numbers the lists that ";" and line ends separate. Commands that "&&", "||" and "|" join share one.
	Chain int
	// Joined is the operator before the command within its chain: "", "&&", "||" or "|".
	Joined     string
	Start, End int
	InSubshell bool
	// Conditional is true for what may not run: bodies of if, case and loops, the right side of "||", and of "&&" after a
	// test.
	Conditional bool
	// InCondition is true for the commands of an if or while condition itself.
	InCondition bool
	// Guard is the source of the innermost condition that the command depends on, "" if there is none.
	Guard string
	// Function names the function whose body holds the command.
	Function string
	// Nested is true for what stands in the text of sh -c or su -c. Its offsets are those of that text's word.
	Nested bool
	// Dir is the directory that cd has set before, relative to the start of the script if it is not absolute, "" if none,
	// and "?" if it is not known.
	Dir string
}

// Argv are the texts of all words.
func (c *Command) Argv() []string {
	out := make([]string, len(c.Args))
	for k, w := range c.Args {
		out[k] = w.Text
	}
	return out
}

// unwrapped drops what only starts the program: sudo, env, exec, nice and the like. ok is false if nothing is left.
func (c *Command) unwrapped() (Command, bool) {
	inner := *c
	for len(inner.Args) > 0 && inner.Args[0].Known {
		name := path.Base(inner.Args[0].Text)
		skip, wraps := wrapperWords(name, inner.Argv()[1:])
		if !wraps || 1+skip >= len(inner.Args) {
			inner.Name = name
			return inner, true
		}
		inner.Args = inner.Args[1+skip:]
	}
	inner.Name = ""
	return inner, len(inner.Args) > 0
}

// wrapperOptions are the programs that run their arguments, with the options that take a word of their own.
var wrapperOptions = map[string]string{
	"exec": "-a", "command": "", "builtin": "", "nohup": "", "time": "-f -o", "setsid": "", "eatmydata": "",
	"nice": "-n", "ionice": "-c -n -p", "stdbuf": "-i -o -e", "sudo": "-u -g -h -p -C -r -t -U -D -R -T",
	"doas": "-u -C", "env": "-u -C -S", "timeout": "-s -k", "retry": "", "chronic": "", "unbuffer": "",
}

// wrapperWords counts the words between a wrapper and the command that it runs.
func wrapperWords(name string, args []string) (n int, wraps bool) {
	options, wraps := wrapperOptions[name]
	if !wraps {
		return 0, false
	}
	for n < len(args) {
		arg := args[n]
		switch {
		case arg == "--":
			return n + 1, true
		case len(arg) > 1 && arg[0] == '-':
			n++
			if hasWord(options, arg) {
				n++
			}
		case (name == "env" || name == "sudo") && isAssignment(arg):
			n++
		case name == "timeout":
			return n + 1, true
		default:
			return n, true
		}
	}
	return n, true
}
