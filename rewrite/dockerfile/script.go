package dockerfile

import (
	"path"
	"strings"

	"github.com/moby/buildkit/frontend/dockerfile/parser"
)

// Script returns the shell text of RUN, CMD, ENTRYPOINT or HEALTHCHECK CMD. It is as long as the bytes of the file that
// start at offset, and every byte of it stands where it stands in the file: continuations, comments and blank lines inside
// them have become blanks, so that a shell parser reads what the builder would hand to a shell.
//
// A RUN heredoc gives its body if the body is the script (no command, or a POSIX shell), else the whole command with its
// bodies. An exec form gives the text of sh -c "text" if nothing in it is escaped. ok is false where a shell other than
// POSIX's reads the text, and where there is no shell at all.
func (i *Instruction) Script() (text string, offset int, ok bool) {
	args, ok := i.command()
	if !ok || args.text == "" {
		return "", 0, false
	}
	if i.Exec {
		return i.execScript()
	}
	if len(i.Heredocs) > 0 {
		return i.heredocScript(args)
	}
	if !i.posixShell() {
		return "", 0, false
	}
	return string(laidOut(args)), args.at[0], true
}

// command is what is run: the arguments without the type word of HEALTHCHECK.
func (i *Instruction) command() (logical, bool) {
	switch i.Name {
	case "RUN", "CMD", "ENTRYPOINT":
		return i.args, true
	case "HEALTHCHECK":
		cut := splitBlanks(i.args.text, 2)
		if len(cut) == 2 && strings.EqualFold(i.args.text[cut[0].from:cut[0].to], "CMD") {
			return i.args.slice(cut[1].from, cut[1].to), true
		}
	}
	return logical{}, false
}

// laidOut writes each byte to its place in the file relative to the first. What lies between two lines becomes blanks, or
// continuations where a word goes on: blanks would cut it.
func laidOut(l logical) []byte {
	base := l.at[0]
	out := make([]byte, l.at[len(l.at)-1]+1-base)
	for k := 0; k < len(l.text); k++ {
		pos := l.at[k] - base
		out[pos] = l.text[k]
		if k == 0 || l.at[k] == l.at[k-1]+1 {
			continue
		}
		gap := out[l.at[k-1]+1-base : pos]
		if isBlank(l.text[k-1]) || isBlank(l.text[k]) {
			fillBlank(gap)
		} else {
			fillContinued(gap)
		}
	}
	return out
}

func fillBlank(gap []byte) {
	for k := range gap {
		gap[k] = ' '
	}
}

// fillContinued makes gap vanish for a shell: pairs of backslash and newline, with one carriage return if it is odd.
func fillContinued(gap []byte) {
	k := 0
	if len(gap)%2 == 1 && len(gap) >= 3 {
		k = copy(gap, "\\\r\n")
	}
	for ; k+1 < len(gap); k += 2 {
		gap[k], gap[k+1] = '\\', '\n'
	}
}

func (i *Instruction) heredocScript(args logical) (string, int, bool) {
	first := i.Heredocs[0]
	if len(i.Heredocs) == 1 && i.bodyIsScript(args.text) {
		if interpreter, found := shebang(first.Content); found && !isPOSIXShell(interpreter) {
			return "", 0, false
		}
		return first.Content, first.Span.Start, true
	}
	if !i.posixShell() {
		return "", 0, false
	}
	end := i.Span.End
	head := laidOut(args)
	tail := i.doc.file.Content[args.at[len(args.at)-1]+1 : end]
	return string(head) + strings.TrimRight(string(tail), "\r\n"), args.at[0], true
}

// bodyIsScript is true for "<<EOF" alone and for "sh <<EOF" with options.
func (i *Instruction) bodyIsScript(args string) bool {
	words := strings.Fields(args)
	if h, err := parser.ParseHeredoc(args); err == nil && h != nil {
		return i.posixShell() || strings.HasPrefix(i.Heredocs[0].Content, "#!")
	}
	if len(words) < 2 || !isPOSIXShell(words[0]) {
		return false
	}
	for _, w := range words[1 : len(words)-1] {
		if !strings.HasPrefix(w, "-") || strings.HasSuffix(w, "c") {
			return false
		}
	}
	h, err := parser.ParseHeredoc(words[len(words)-1])
	return err == nil && h != nil
}

// shebang is the interpreter that a text names in its first line.
func shebang(text string) (interpreter string, found bool) {
	line, _, _ := strings.Cut(text, "\n")
	rest, found := strings.CutPrefix(line, "#!")
	words := strings.Fields(rest)
	if !found || len(words) == 0 {
		return "", false
	}
	if path.Base(words[0]) == "env" && len(words) > 1 {
		return words[len(words)-1], true
	}
	return words[0], true
}

// execScript finds the text of ["sh", "-c", "text"].
func (i *Instruction) execScript() (string, int, bool) {
	words := i.commandWords()
	if len(words) < 3 || !isPOSIXShell(words[0].Text) {
		return "", 0, false
	}
	for k := 1; k+1 < len(words); k++ {
		option := words[k].Text
		if len(option) < 2 || option[0] != '-' {
			break
		}
		switch option[len(option)-1] {
		case 'o':
			k++ // -o pipefail
		case 'c':
			text := words[k+1]
			if text.Raw != `"`+text.Text+`"` || text.Span.Len() != len(text.Raw) {
				return "", 0, false
			}
			return text.Text, text.Span.Start + 1, true
		}
	}
	return "", 0, false
}

func (i *Instruction) commandWords() []Word {
	if i.Name == "HEALTHCHECK" && len(i.Words) > 0 {
		return i.Words[1:]
	}
	return i.Words
}

// Argv is what is started: the words of an exec form, or the shell with the joined text as its last word. It is nil for
// instructions that start nothing.
func (i *Instruction) Argv() []string {
	args, ok := i.command()
	if !ok || args.text == "" {
		return nil
	}
	if i.Exec {
		var out []string
		for _, w := range i.commandWords() {
			out = append(out, w.Text)
		}
		return out
	}
	shell := []string{"/bin/sh", "-c"}
	if set := i.shell(); set != nil {
		shell = set
	}
	return append(append([]string(nil), shell...), args.text)
}

func (i *Instruction) shell() []string {
	if i.Stage == nil {
		return nil
	}
	return i.Stage.ShellAt(i)
}

func (i *Instruction) posixShell() bool {
	set := i.shell()
	return set == nil || len(set) > 0 && isPOSIXShell(set[0])
}

// isPOSIXShell knows a shell by the name of its program.
func isPOSIXShell(program string) bool {
	switch path.Base(strings.Trim(program, `"'`)) {
	case "sh", "bash", "dash", "ash", "ksh", "mksh", "zsh":
		return true
	}
	return false
}
