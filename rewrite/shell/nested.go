package shell

import "strings"

// nested reads the text of sh -c, su -c and eval where it is known.
func (w *walker) nested(outer Command) {
	text, ok := scriptWord(outer)
	if !ok || w.depth > 3 {
		return
	}
	inner := &walker{src: text.Text, env: w.env, own: w.own, depth: w.depth + 1, dir: outer.Dir, chains: w.chains}
	file, err := parseFile(text.Text)
	if err != nil {
		return
	}
	inner.stmts(file.Stmts, frame{
		subshell: true, conditional: outer.Conditional, guard: outer.Guard, function: outer.Function,
	})
	w.chains = inner.chains
	for _, c := range inner.out {
		c.Start, c.End, c.Nested = text.Start, text.End, true
		for k := range c.Args {
			c.Args[k].Start, c.Args[k].End = text.Start, text.End
		}
		w.out = append(w.out, c)
	}
}

// scriptWord finds the word that a shell runs as a script.
func scriptWord(c Command) (Word, bool) {
	inner, ok := c.unwrapped()
	if !ok || !isShell(inner.Name) && !hasWord("su runuser", inner.Name) {
		return Word{}, false
	}
	for k, a := range inner.Args[1:] {
		c := isShell(inner.Name) && shellTakesText(a.Text) || a.Text == "-c" || a.Text == "--command"
		if c && k+2 < len(inner.Args) {
			text := inner.Args[k+2]
			return text, text.Known
		}
		if text, found := strings.CutPrefix(a.Text, "--command="); found && a.Known {
			a.Text = text
			return a, true
		}
	}
	return Word{}, false
}

// shellTakesText is true for -c, -ec, -lc and the like.
func shellTakesText(option string) bool {
	return len(option) > 1 && option[0] == '-' && option[1] != '-' && strings.HasSuffix(option, "c")
}

func isShell(name string) bool { return hasWord("sh bash dash ash ksh mksh zsh", name) }
