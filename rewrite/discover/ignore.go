package discover

import (
	"os"
	"path"
	"strings"

	"github.com/bmatcuk/doublestar/v4"
)

// A ruleset is one file of ignore patterns, and the directory that they are relative to.
type ruleset struct {
	dir   string
	rules []ignoreRule
}

// ignoreRule is one line of it. A name is compared as it is, without what lies above or below: the walk goes from the top
// down and never enters what is ignored, so that a rule about a directory needs not look at the files within.
type ignoreRule struct {
	glob     string
	keep     bool // the line began with "!"
	dirOnly  bool
	baseOnly bool // there is no slash in it: it holds at any depth
}

// readRules returns outer with the rules of one more file. A file that is not there has none.
func readRules(file, dir string, outer []ruleset) []ruleset {
	if info, err := os.Lstat(file); err != nil || !info.Mode().IsRegular() || info.Size() > maxText {
		return outer
	}
	content, err := os.ReadFile(file)
	if err != nil {
		return outer
	}
	set := ruleset{dir: dir}
	for line := range strings.Lines(strings.TrimPrefix(string(content), "\ufeff")) {
		if rule, ok := parseRule(strings.TrimSuffix(strings.TrimSuffix(line, "\n"), "\r")); ok {
			set.rules = append(set.rules, rule)
		}
	}
	return append(outer[:len(outer):len(outer)], set)
}

func parseRule(line string) (ignoreRule, bool) {
	line = trimBlanks(line)
	if line == "" || line[0] == '#' {
		return ignoreRule{}, false
	}
	r := ignoreRule{}
	line, r.keep = strings.CutPrefix(line, "!")
	line, r.dirOnly = strings.CutSuffix(line, "/")
	r.baseOnly = !strings.Contains(line, "/")
	line = strings.TrimPrefix(line, "/")
	// In git, "x/**" is what lies in x, not x itself, and braces are plain letters.
	if strings.HasSuffix(line, "/**") {
		line += "/*"
	}
	r.glob = strings.NewReplacer("{", `\{`, "}", `\}`).Replace(line)
	return r, line != "" && doublestar.ValidatePattern(r.glob)
}

// trimBlanks takes away the blanks at the end, but not one behind a backslash.
func trimBlanks(line string) string {
	trimmed := strings.TrimRight(line, " ")
	if trimmed != line && strings.HasSuffix(trimmed, `\`) {
		return trimmed + " "
	}
	return trimmed
}

// ignoredBy reports whether the rules, of which the last that matches wins, leave out name.
func ignoredBy(sets []ruleset, name string, isDir bool) bool {
	for i := len(sets) - 1; i >= 0; i-- {
		set := sets[i]
		rel := name
		if set.dir != "." {
			rel = strings.TrimPrefix(name, set.dir+"/")
		}
		for j := len(set.rules) - 1; j >= 0; j-- {
			if r := set.rules[j]; r.matches(rel, isDir) {
				return !r.keep
			}
		}
	}
	return false
}

func (r ignoreRule) matches(rel string, isDir bool) bool {
	if r.dirOnly && !isDir {
		return false
	}
	if r.baseOnly {
		rel = path.Base(rel)
	}
	return doublestar.MatchUnvalidated(r.glob, rel)
}
