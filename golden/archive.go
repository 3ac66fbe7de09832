package golden

import (
	"bytes"
	"fmt"
	"os"
	"path/filepath"
	"sort"
	"strconv"
	"strings"

	"golang.org/x/tools/txtar"
)

const (
	wantPrefix = "want/"
	outPrefix  = "out/"
)

// An Archive is one case: a repository, the commands that are run in it and what they must make of it.
type Archive struct {
	Path    string
	Pending string            // why the outcome is not reached yet, "" if it is
	Except  map[string]string // free checks that do not hold here, with the reason
	Script  []Run

	Files map[string][]byte // the repository
	Want  map[string][]byte // the files that change, as they must be afterwards
	Out   map[string][]byte // stdout and stderr, exact, of the last run
	Exec  map[string]bool

	raw   *txtar.Archive
	forms map[string][]form
}

// A Run is one command of the script with what is expected of it.
type Run struct {
	Args    []string
	Stdin   string // a file of the repository, or ""
	Exit    int
	ExitSet bool
	Expect  []Expectation
}

// An Expectation is a regular expression that must, or must not, match a stream.
type Expectation struct {
	Stream string // stdout or stderr
	Regexp string
	Not    bool
}

// Load reads an archive.
func Load(path string) (*Archive, error) {
	data, err := os.ReadFile(path)
	if err != nil {
		return nil, err
	}
	a, err := Parse(path, data)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", path, err)
	}
	return a, nil
}

// Find returns the paths of all archives below a directory, sorted.
func Find(dir string) ([]string, error) {
	paths, err := filepath.Glob(filepath.Join(dir, "*", "*.txtar"))
	sort.Strings(paths)
	return paths, err
}

// Parse reads an archive from memory.
func Parse(path string, data []byte) (*Archive, error) {
	a := &Archive{
		Path: path, Except: map[string]string{}, Exec: map[string]bool{}, forms: map[string][]form{},
		Files: map[string][]byte{}, Want: map[string][]byte{}, Out: map[string][]byte{},
		raw: txtar.Parse(data),
	}
	for n, line := range strings.Split(string(a.raw.Comment), "\n") {
		if err := a.command(strings.TrimSpace(line)); err != nil {
			return nil, fmt.Errorf("line %d: %w", n+1, err)
		}
	}
	if len(a.Script) == 0 {
		a.Script = []Run{{}}
	}
	return a, a.fill()
}

// fill sorts the files of the archive into inputs and wants and gives them their form.
func (a *Archive) fill() error {
	for _, f := range a.raw.Files {
		name, list := f.Name, a.Files
		if rest, ok := strings.CutPrefix(name, wantPrefix); ok {
			name, list = rest, a.Want
		} else if rest, ok := strings.CutPrefix(name, outPrefix); ok {
			name, list = rest, a.Out
		}
		if _, twice := list[name]; twice {
			return fmt.Errorf("file %q is there twice", f.Name)
		}
		list[name] = apply(f.Data, a.forms[name])
	}
	for name, content := range a.Want {
		before, ok := a.Files[name]
		if !ok {
			return fmt.Errorf("want/%s has no input: offroot makes no new files", name)
		}
		if bytes.Equal(before, content) {
			return fmt.Errorf("want/%s equals its input: leave it out", name)
		}
	}
	for name := range a.forms {
		if _, ok := a.Files[name]; !ok {
			return fmt.Errorf("directive for %q, which is not in the archive", name)
		}
	}
	return nil
}

// command reads one line of the comment.
func (a *Archive) command(line string) error {
	verb, rest, _ := strings.Cut(line, " ")
	rest = strings.TrimSpace(rest)
	switch verb {
	case "", "#":
		return nil
	case "crlf", "bom", "chop":
		a.forms[rest] = append(a.forms[rest], form(verb))
		return nil
	case "exec":
		a.Exec[rest] = true
		return nil
	case "pending":
		a.Pending = rest
		return needs(rest, "a reason")
	case "except":
		check, reason, _ := strings.Cut(rest, " ")
		a.Except[check] = reason
		return needs(reason, "a check and a reason")
	case "stdin":
		a.Script = append(a.Script, Run{Stdin: rest})
		return needs(rest, "a file")
	case "offroot":
		return a.run(rest)
	}
	return a.expect(verb, rest)
}

func needs(s, what string) error {
	if s == "" {
		return fmt.Errorf("%s is missing", what)
	}
	return nil
}

func (a *Archive) run(args string) error {
	last := len(a.Script) - 1
	if last >= 0 && a.Script[last].Args == nil && a.Script[last].Stdin != "" {
		a.Script[last].Args = strings.Fields(args)
		return nil
	}
	a.Script = append(a.Script, Run{Args: strings.Fields(args)})
	return nil
}

// expect reads a line that says something about the run above it.
func (a *Archive) expect(verb, rest string) error {
	if len(a.Script) == 0 {
		a.Script = []Run{{}}
	}
	run := &a.Script[len(a.Script)-1]
	not := verb == "!"
	if not {
		verb, rest, _ = strings.Cut(rest, " ")
	}
	switch verb {
	case "exit":
		code, err := strconv.Atoi(rest)
		run.Exit, run.ExitSet = code, true
		return err
	case "stdout", "stderr":
		run.Expect = append(run.Expect, Expectation{Stream: verb, Regexp: strings.TrimSpace(rest), Not: not})
		return needs(rest, "a regular expression")
	}
	return fmt.Errorf("unknown line %q: prose starts with #", verb)
}

// Names returns the paths of the repository, sorted.
func (a *Archive) Names() []string {
	names := make([]string, 0, len(a.Files))
	for name := range a.Files {
		names = append(names, name)
	}
	sort.Strings(names)
	return names
}

// After returns the whole repository as it must be afterwards.
func (a *Archive) After() map[string][]byte {
	after := map[string][]byte{}
	for name, content := range a.Files {
		after[name] = content
	}
	for name, content := range a.Want {
		after[name] = content
	}
	return after
}

// SetWant replaces the want/ files, and those of out/ that are there already. It keeps comment and inputs as they are.
func (a *Archive) SetWant(want, out map[string][]byte) {
	var files []txtar.File
	for _, f := range a.raw.Files {
		if !strings.HasPrefix(f.Name, wantPrefix) && !strings.HasPrefix(f.Name, outPrefix) {
			files = append(files, f)
		}
	}
	for _, name := range a.Names() {
		if content, ok := want[name]; ok {
			files = append(files, txtar.File{Name: wantPrefix + name, Data: strip(content, a.forms[name])})
		}
	}
	for _, stream := range []string{"stdout", "stderr"} {
		if _, ok := a.Out[stream]; ok {
			files = append(files, txtar.File{Name: outPrefix + stream, Data: out[stream]})
		}
	}
	a.raw.Files = files
}

// Format returns the archive as text.
func (a *Archive) Format() []byte { return txtar.Format(a.raw) }
