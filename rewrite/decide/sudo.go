package decide

import (
	"fmt"
	"path"
	"strings"

	"github.com/offroot/offroot/rewrite/shell"
	"github.com/offroot/offroot/rewrite/source"
)

// usesSudo refuses a start that calls sudo or doas: root goes through them without a question, and anybody else needs a line
// in sudoers, and a set-user-ID bit that no-new-privileges takes away.
func (d *decider) usesSudo(t *Target) bool {
	b := t.Workload.Build
	refuse := func(at source.Place, command string) bool {
		t.refuse(at, fmt.Sprintf("%s calls %q, which works for root only", at.Path, command), "do it in the Dockerfile, or say with cap_add what the program needs")
		return true
	}
	for _, s := range b.Start.Scripts {
		for _, c := range s.Commands {
			for i, w := range c.Args {
				if name := path.Base(w.Text); name != "sudo" && name != "doas" || i > 0 && !wraps(c.Args[i-1].Text) {
					continue
				}
				line := 1 + strings.Count(s.Text[:min(c.Start, len(s.Text))], "\n")
				if s.Text == "" {
					line = s.DropLine
				}
				return refuse(sourcePlace(s.File, line), spelled(c.Args[i:]))
			}
		}
	}
	for i, word := range b.Start.Argv {
		if name := path.Base(word); (name == "sudo" || name == "doas") && (i == 0 || wraps(b.Start.Argv[i-1])) {
			at := b.Place()
			if b.Start.Entrypoint != nil {
				at = b.Start.Entrypoint.Place()
			} else if b.Start.Cmd != nil {
				at = b.Start.Cmd.Place()
			}
			return refuse(at, strings.Join(b.Start.Argv[i:], " "))
		}
	}
	return false
}

// wraps holds for words in front of a program that it is started by.
func wraps(word string) bool {
	switch path.Base(word) {
	case "exec", "env", "tini", "dumb-init", "--", "nohup", "nice", "time":
		return true
	}
	return false
}

func spelled(args []shell.Word) string {
	var all []string
	for _, w := range args {
		all = append(all, w.Text)
	}
	return strings.Join(all, " ")
}
