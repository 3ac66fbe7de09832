package decide

import (
	"path"
	"regexp"
	"strings"

	"github.com/offroot/offroot/rewrite/shell"
)

// A launch is what can be seen of a command line that a manifest gives: whether it needs root, what it writes, and which
// programs run that are not known here.
type launch struct {
	root    string   // why it needs root, "" if nothing says so
	writes  []string // absolute paths, cleaned
	unknown string   // the first thing that cannot be judged
	servers []string // programs of servers that the caller may know
}

func (l *launch) cannotTell(what string) {
	if l.unknown == "" {
		l.unknown = what
	}
}

func (l *launch) needsRoot(why string) {
	if l.root == "" {
		l.root = why
	}
}

// readLaunch judges a command line. Kubernetes replaces $(VAR) before anything runs, so what holds one is not known.
func readLaunch(argv []string) launch {
	var l launch
	if len(argv) == 0 {
		return l
	}
	cmds, ok := commandsOf(argv)
	if !ok {
		l.cannotTell("the script of " + argv[0] + " cannot be read")
		return l
	}
	for _, c := range cmds {
		l.command(c)
	}
	return l
}

// commandsOf are the commands that a command line runs: those of the text of sh -c, else the one that it is itself.
func commandsOf(argv []string) ([]shell.Command, bool) {
	if text, ok := scriptText(argv); ok {
		cmds, err := shell.Parse(text)
		return cmds, err == nil
	}
	program, _ := shell.Program(argv)
	if len(program) == 0 {
		return nil, false
	}
	c := shell.Command{Name: path.Base(program[0])}
	for _, w := range program {
		c.Args = append(c.Args, shell.Word{Text: w, Known: !strings.Contains(w, "$(")})
	}
	return []shell.Command{c}, true
}

var shellFlag = regexp.MustCompile(`^-[a-z]*c[a-z]*$`)

// scriptText is the text of sh -c, also where -c is one of several flags or stands behind -o pipefail.
func scriptText(argv []string) (string, bool) {
	switch path.Base(argv[0]) {
	case "sh", "bash", "ash", "dash", "zsh":
	case "busybox":
		if len(argv) > 1 && argv[1] == "sh" {
			return scriptText(argv[1:])
		}
		return "", false
	default:
		return "", false
	}
	for i := 1; i+1 < len(argv); i++ {
		if shellFlag.MatchString(argv[i]) {
			return argv[i+1], true
		}
	}
	return "", false
}

func (l *launch) command(c shell.Command) {
	for _, r := range c.Redirects {
		if strings.Contains(r.Op, ">") && r.Op != ">&" {
			l.write(c, r.Target)
		}
	}
	if len(c.Args) == 0 {
		return
	}
	name := c.Name
	args := c.Args[1:]
	if n := wrapped(name, args); n >= 0 && n < len(args) {
		inner := c
		inner.Args, inner.Redirects = args[n:], nil
		inner.Name = path.Base(args[n].Text)
		l.command(inner)
		return
	}
	switch {
	case name == "" || !c.Args[0].Known:
		l.cannotTell("it runs a program whose name is not known here")
	case plainTools[name]:
	case fileTools[name]:
		l.writesOf(c, args)
	case rootTools[name] != "":
		l.needsRoot(name + " " + rootTools[name])
	case interpreters[name]:
		l.interpreter(name, args)
	case name == "curl" || name == "wget":
		l.download(c, args)
	case name == "sed":
		l.sed(c, args)
	case shellNames[name]:
		if !c.Nested && len(args) > 0 && !shellFlag.MatchString(args[0].Text) {
			l.cannotTell("what " + args[0].Text + " does is not known here")
		}
	default:
		l.servers = append(l.servers, name)
	}
}

// wrapped is the number of words in front of the command that a wrapper runs, -1 if the program is none.
func wrapped(name string, args []shell.Word) int {
	n := 0
	switch name {
	case "exec", "command", "nohup", "time", "tini", "dumb-init", "setsid", "!":
	case "timeout":
		n = 1
	default:
		return -1
	}
	for n < len(args) && strings.HasPrefix(args[n].Text, "-") {
		n++
	}
	return n
}

// write notes a file that is written. /tmp and the devices may be written by everybody.
func (l *launch) write(c shell.Command, w shell.Word) {
	text := w.Text
	if !w.Known || text == "" {
		l.cannotTell("it writes to a file whose name is not known here")
		return
	}
	if !path.IsAbs(text) {
		if c.Dir == "" || c.Dir == "?" {
			l.cannotTell("it writes " + text + " into its working directory")
			return
		}
		text = path.Join(c.Dir, text)
	}
	if text = path.Clean(text); everybodyWrites(text) {
		return
	}
	l.writes = append(l.writes, text)
}

func everybodyWrites(file string) bool {
	for _, dir := range []string{"/tmp", "/var/tmp", "/dev/shm"} {
		if file == dir || strings.HasPrefix(file, dir+"/") {
			return true
		}
	}
	switch file {
	case "/dev/null", "/dev/stdout", "/dev/stderr", "/proc/self/fd/1", "/proc/self/fd/2", "/proc/1/fd/1", "/dev/termination-log":
		return true
	}
	return false
}

// writesOf notes what a tool that changes files writes: the last word of cp and mv, every path of the others.
func (l *launch) writesOf(c shell.Command, args []shell.Word) {
	var paths []shell.Word
	for _, w := range args {
		if !strings.HasPrefix(w.Text, "-") {
			paths = append(paths, w)
		}
	}
	switch c.Name {
	case "cp", "ln":
		if len(paths) < 2 {
			l.cannotTell("it writes " + c.Name + "'s target, which is not known here")
			return
		}
		paths = paths[len(paths)-1:]
	case "chmod":
		if len(paths) > 0 {
			paths = paths[1:]
		}
	case "tar", "unzip", "gunzip", "dd":
		l.archive(c, args)
		return
	}
	for _, w := range paths {
		l.write(c, w)
	}
}

// archive is about programs that unpack: their directory must be said.
func (l *launch) archive(c shell.Command, args []shell.Word) {
	for i, w := range args {
		if (w.Text == "-C" || w.Text == "-d" || w.Text == "--directory") && i+1 < len(args) {
			l.write(c, args[i+1])
			return
		}
		if to, ok := strings.CutPrefix(w.Text, "of="); ok {
			w.Text = to
			l.write(c, w)
			return
		}
	}
	l.cannotTell("where " + c.Name + " writes is not known here")
}

func (l *launch) download(c shell.Command, args []shell.Word) {
	stdout := c.Name == "curl"
	for i, w := range args {
		text := w.Text
		next := i+1 < len(args)
		switch {
		case c.Name == "curl" && (text == "-O" || text == "--remote-name" || cluster(text, 'O')):
			l.cannotTell("curl -O writes into its working directory")
		case c.Name == "curl" && (text == "-o" || text == "--output" || cluster(text, 'o')) && next, c.Name == "wget" && (text == "-O" || cluster(text, 'O')) && next:
			stdout = true
			if args[i+1].Text != "-" {
				l.write(c, args[i+1])
			}
		case c.Name == "wget" && (text == "-O-" || text == "-qO-" || text == "--spider" || text == "-O/dev/null"):
			stdout = true
		}
	}
	if !stdout {
		l.cannotTell("wget writes into its working directory")
	}
}

// cluster reports whether the last letter of a cluster of flags is this one.
func cluster(flag string, letter byte) bool {
	return len(flag) > 2 && flag[0] == '-' && flag[1] != '-' && flag[len(flag)-1] == letter
}

func (l *launch) sed(c shell.Command, args []shell.Word) {
	inPlace := false
	for _, w := range args {
		inPlace = inPlace || strings.HasPrefix(w.Text, "-i") || strings.HasPrefix(w.Text, "--in-place")
	}
	if inPlace && len(args) > 0 {
		l.write(c, args[len(args)-1])
	}
}

// reaching is code in a text of an interpreter that may do more than compute.
var reaching = regexp.MustCompile("open|system|exec|spawn|listen|bind|serve|socket|subprocess|`|unlink|mkdir|write|require|import|pip|eval")

// interpreter accepts the text of -c or -e that only computes; what a file does is not known.
func (l *launch) interpreter(name string, args []shell.Word) {
	for i, w := range args {
		if len(w.Text) > 1 && w.Text[0] == '-' && strings.ContainsAny(w.Text[len(w.Text)-1:], "ceE") && i+1 < len(args) && w.Text != "-E" {
			if reaching.MatchString(args[i+1].Text) {
				l.cannotTell("what the text of " + name + " " + w.Text + " does is not known here")
			}
			return
		}
		if w.Text == "--version" || w.Text == "-V" {
			return
		}
	}
	l.servers = append(l.servers, name)
}
