package main

import (
	"fmt"
	"io"
	"strings"

	"github.com/offroot/offroot/rewrite/rule"
)

// explainCommand explains a rule, or what offroot thinks at a line of a file.
type explainCommand struct {
	What string `arg:"" name:"rule|file:line" help:"A rule, by its id, or a line of a file."`
}

func (c *explainCommand) run(s *session) int {
	if file, line, ok := splitPlace(c.What); ok {
		return s.explainPlace(file, line)
	}
	r, err := findRule(c.What)
	if err != nil {
		return s.fail(err)
	}
	if _, err := io.WriteString(s.out, explainRule(r)); err != nil {
		return s.fail(err)
	}
	return exitOK
}

// explainRule is the whole documentation of a rule, as text.
func explainRule(r *rule.Rule) string {
	var b strings.Builder
	fmt.Fprintf(&b, "%s: %s\n\n%s\n", r.ID, r.Title, strings.TrimSpace(r.Doc))
	if r.FixSafety != "" {
		fmt.Fprintf(&b, "\nHow safe the fix is\n%s\n", strings.TrimSpace(r.FixSafety))
	}
	examples(&b, "Reported", r.Bad)
	examples(&b, "Not reported", r.Good)
	if same := equivalents(r); len(same) > 0 {
		b.WriteString("\nThe same in other tools\n")
		for _, e := range same {
			fmt.Fprintf(&b, "    %s: %s\n", e.tool, strings.Join(e.ids, ", "))
		}
	}
	if r.OptIn {
		fmt.Fprintf(&b, "\nThis rule runs only if it is asked for: --only %s\n", r.ID)
	}
	return b.String()
}

func examples(b *strings.Builder, title string, list []rule.Example) {
	if len(list) == 0 {
		return
	}
	fmt.Fprintf(b, "\n%s\n", title)
	for _, e := range list {
		fmt.Fprintf(b, "    # %s\n", e.Path)
		for line := range strings.Lines(e.Content) {
			b.WriteString(strings.TrimRight("    "+strings.TrimRight(line, "\r\n"), " ") + "\n")
		}
	}
}
