package discover_test

import (
	"fmt"
	"math/rand/v2"
	"path"
	"strings"
	"testing"

	"github.com/offroot/offroot/rewrite/discover"
)

// Rules that are easy to get wrong, each in a tree of its own. The walk must leave out what git leaves out; git itself is
// asked, not a list of ours.
var ignoreCases = map[string]files{
	"negation":               {".gitignore": "*.yaml\n!keep.yaml\n"},
	"negation in a child":    {".gitignore": "*.yaml\n", "a/.gitignore": "!x.yaml\n"},
	"negation is too late":   {".gitignore": "a/\n!a/x.yaml\n"},
	"contents and negation":  {".gitignore": "a/*\n!a/b/\n"},
	"everything but":         {".gitignore": "*\n!*/\n!*.go\n!.gitignore\n"},
	"kept directory":         {".gitignore": "*.yaml\n!/a/\n"},
	"anchored":               {".gitignore": "/x.yaml\n/a/b\n"},
	"slash in the middle":    {".gitignore": "b/x.yaml\n"},
	"directories only":       {".gitignore": "b/\n"},
	"child alone":            {"a/.gitignore": "/x.yaml\n*.go\n"},
	"child before parent":    {".gitignore": "!*.go\n", "a/.gitignore": "*.go\n"},
	"two stars in front":     {".gitignore": "**/b/x.yaml\n"},
	"two stars behind":       {".gitignore": "a/**\n!a/b/\n!a/b/x.yaml\n"},
	"two stars within":       {".gitignore": "a/**/x.yaml\n"},
	"two stars in a word":    {".gitignore": "x**ml\n"},
	"question mark and sets": {".gitignore": "?.yaml\n[!m-z]ain.go\n"},
	"escapes":                {".gitignore": "\\#x\n\\!y\nblank\\ \n"},
	"comments and blanks":    {".gitignore": "# x.yaml\n\n   \nmain.go   \n"},
	"carriage returns":       {".gitignore": "x.yaml\r\nb/\r\n"},
	"byte order mark":        {".gitignore": "\ufeffx.yaml\n"},
	"no final newline":       {".gitignore": "x.yaml"},
	"braces are letters":     {".gitignore": "{x,y}.yaml\n"},
	"malformed":              {".gitignore": "[x.yaml\nmain.go\n"},
	"info/exclude":           {".git/info/exclude": "x.yaml\n", "a/.gitignore": "!x.yaml\n"},
	"slash alone":            {".gitignore": "/\n"},
	"ignored ignore file":    {".gitignore": ".gitignore\nx.yaml\n"},
}

var ignoreTree = files{
	"x.yaml": "", "keep.yaml": "", "main.go": "", "#x": "", "!y": "", "blank ": "", "{x,y}.yaml": "", ".hidden.yaml": "",
	"a/x.yaml": "", "a/main.go": "", "a/b/x.yaml": "", "a/b/main.go": "", "a/b/c/x.yaml": "", "b/x.yaml": "", "c/b": "", "b/.hidden/x.yaml": "",
}

func TestWalkIgnoresAsGitDoes(t *testing.T) {
	for name, rules := range ignoreCases {
		t.Run(name, func(t *testing.T) { compareWays(t, rules, ignoreTree) })
	}
}

// compareWays lists a tree with git and without, and wants the same.
func compareWays(t *testing.T, rules, tree files) {
	t.Helper()
	ownGit(t, "")
	root := plant(t, tree)
	gitIn(t, root, "init", "-q")
	grow(t, root, rules)
	want := paths(find(t, discover.Options{Root: root, Paths: []string{root}}), all)
	noGit(t)
	got := paths(find(t, discover.Options{Root: root, Paths: []string{root}}), all)
	if got != want {
		t.Errorf("rules %q\nthe walk found %s\ngit found      %s", rules, got, want)
	}
}

func TestWalkIgnoresAsGitDoesAtRandom(t *testing.T) {
	r := rand.New(rand.NewPCG(7, 8))
	for i := range 25 {
		rules, tree := files{}, files{}
		for range 40 {
			tree[randomPath(r)] = ""
		}
		for name := range tree {
			for dir := path.Dir(name); dir != "."; dir = path.Dir(dir) {
				delete(tree, dir) // a directory is no file
			}
		}
		for name := range tree {
			if r.IntN(8) == 0 {
				rules[path.Join(path.Dir(name), ".gitignore")] = randomRules(r)
			}
		}
		t.Run(fmt.Sprint(i), func(t *testing.T) { compareWays(t, rules, tree) })
	}
}

func randomPath(r *rand.Rand) string {
	parts := make([]string, 1+r.IntN(4))
	for i := range parts {
		parts[i] = string("abc"[r.IntN(3)])
	}
	return strings.Join(parts, "/")
}

func randomRules(r *rand.Rand) string {
	var b strings.Builder
	for range 1 + r.IntN(4) {
		b.WriteString([]string{"", "", "!"}[r.IntN(3)])
		b.WriteString([]string{"", "", "/", "**/"}[r.IntN(4)])
		b.WriteString([]string{"a", "b", "*", "a/b", "[ab]", "a/*", "b/**", "a/**/c", "?"}[r.IntN(9)])
		b.WriteString([]string{"", "", "/"}[r.IntN(3)] + "\n")
	}
	return b.String()
}

// What only git knows: the user's own list, and files that are tracked although they are ignored.
func TestGitKnowsMore(t *testing.T) {
	root := plant(t, files{"x.yaml": "", "y.yaml": "", "mine.txt": "", ".gitignore": "*.yaml\n"})
	excludes := plant(t, files{"list": "mine.txt\n"}) + "/list"
	ownGit(t, "[core]\n\texcludesFile = "+excludes+"\n")
	gitIn(t, root, "init", "-q")
	gitIn(t, root, "add", "-f", "x.yaml")
	if got, want := paths(find(t, discover.Options{Root: root, Paths: []string{root}}), all), ".gitignore x.yaml"; got != want {
		t.Errorf("files are %q, want %q", got, want)
	}
}

// The variables that git sets for a hook speak of the repository of the hook, not of the one that is looked at.
func TestGitOfAHook(t *testing.T) {
	ownGit(t, "")
	hook := plant(t, files{"Dockerfile": dockerfile})
	gitIn(t, hook, "init", "-q")
	root := plant(t, files{"compose.yaml": compose})
	gitIn(t, root, "init", "-q")
	t.Setenv("GIT_DIR", hook+"/.git")
	t.Setenv("GIT_WORK_TREE", hook)
	if got, want := paths(find(t, discover.Options{Paths: []string{root}}), all), "compose.yaml"; got != want {
		t.Errorf("files are %q, want %q", got, want)
	}
}

// An ignored directory can be the root itself: then its own files count.
func TestIgnoredRoot(t *testing.T) {
	ownGit(t, "")
	outer := plant(t, files{".gitignore": "out\n", "out/Dockerfile": dockerfile})
	gitIn(t, outer, "init", "-q")
	if got, want := paths(find(t, discover.Options{Root: outer + "/out", Paths: []string{outer + "/out"}}), all), "Dockerfile"; got != want {
		t.Errorf("files are %q, want %q", got, want)
	}
}
