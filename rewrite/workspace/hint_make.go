package workspace

import (
	"io/fs"
	"path"
	"regexp"
	"strings"

	"github.com/offroot/offroot/rewrite/shell"
)

var (
	makeTarget  = regexp.MustCompile(`^([^\s:#=]+)\s*::?(?:[^=]|$)`)
	makeInclude = regexp.MustCompile(`(?m)^-?s?include[ \t]+([^\s$]+)[ \t\r]*$`)
)

// makeHints reads the recipes of a Makefile. Each line of a recipe is a shell of its own; the stem of a pattern rule is a
// variable like any other.
func (r *hintReader) makeHints(name, text string) []Hint {
	if !mayBuild.MatchString(text) {
		return nil
	}
	var hints []Hint
	vars := literalVariables(text + r.included(name, text))
	place := lineOf(name, text)
	target := ""
	for _, l := range joinLines(text) {
		if !strings.HasPrefix(l.text, "\t") {
			if m := makeTarget.FindStringSubmatch(l.text); m != nil {
				target = m[1]
			}
			continue
		}
		recipe := makeRecipe(strings.TrimLeft(l.text, "\t @-+"), target)
		cmds, err := shell.Parse(recipe)
		if err != nil {
			continue
		}
		s := script{text: recipe, dirs: []string{path.Dir(name), "."}}
		for i := range cmds {
			hints = append(hints, r.commandHints(s, &cmds[i], vars, place(l.offset))...)
		}
	}
	return hints
}

// included is the text of the files that a Makefile includes by name.
func (r *hintReader) included(name, text string) string {
	var b strings.Builder
	for _, m := range makeInclude.FindAllStringSubmatch(text, -1) {
		if more, err := fs.ReadFile(r.fsys, path.Join(path.Dir(name), m[1])); err == nil && len(more) < 1<<18 {
			b.WriteString("\n" + string(more))
		}
	}
	return b.String()
}

// makeRecipe turns the variables of make into those of a shell.
func makeRecipe(recipe, target string) string {
	const dollar = "\x01"
	if strings.ContainsAny(target, "%$") {
		target = "${target}"
	}
	recipe = strings.NewReplacer("$$", dollar, "$*", "${stem}", "$(*)", "${stem}", "$@", target, "$(@)", target).Replace(recipe)
	return strings.ReplaceAll(makeNames(recipe, "${unknown}"), dollar, "$")
}
