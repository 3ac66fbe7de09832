package discover_test

import (
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/offroot/offroot/rewrite/discover"
)

// Both ways of listing are asked about the same trees.
func eachWay(t *testing.T, test func(t *testing.T, prepare func(root string))) {
	t.Run("git", func(t *testing.T) {
		ownGit(t, "")
		test(t, func(root string) { gitIn(t, root, "init", "-q") })
	})
	t.Run("walk", func(t *testing.T) {
		noGit(t)
		test(t, func(root string) {
			grow(t, root, files{".git/HEAD": "ref: refs/heads/main\n"})
		})
	})
}

func TestFindScope(t *testing.T) {
	eachWay(t, func(t *testing.T, prepare func(string)) {
		root := plant(t, files{"web/Dockerfile": dockerfile, "api/Dockerfile": dockerfile, "compose.yaml": compose, "notes.txt": "x"})
		prepare(root)
		t.Chdir(root)
		tests := []struct {
			opts discover.Options
			want string
		}{
			{discover.Options{}, "api/Dockerfile compose.yaml notes.txt web/Dockerfile"},
			{discover.Options{Paths: []string{"."}}, "api/Dockerfile compose.yaml notes.txt web/Dockerfile"},
			{discover.Options{Paths: []string{"web"}}, "web/Dockerfile"},
			{discover.Options{Paths: []string{"./web/", filepath.Join(root, "compose.yaml")}}, "compose.yaml web/Dockerfile"},
			{discover.Options{Include: []string{"Dockerfile"}}, "api/Dockerfile web/Dockerfile"},
			{discover.Options{Exclude: []string{"web", "*.txt"}}, "api/Dockerfile compose.yaml"},
			{discover.Options{Exclude: []string{"**/web/**"}, Include: []string{"/*/Dockerfile"}}, "api/Dockerfile"},
			{discover.Options{Paths: []string{"web/Dockerfile"}, Exclude: []string{"web"}}, ""},
		}
		for _, tt := range tests {
			tree := find(t, tt.opts)
			if got := paths(tree, inScope); got != tt.want {
				t.Errorf("%+v: in scope are %q, want %q", tt.opts, got, tt.want)
			}
			if want := len(strings.Fields(tt.want)); tree.Looked != want {
				t.Errorf("%+v: looked at %d, want %d", tt.opts, tree.Looked, want)
			}
			if tree.Root != root || len(tree.Files) != 4 {
				t.Errorf("%+v: root %s with %d files, want %s with all", tt.opts, tree.Root, len(tree.Files), root)
			}
		}
	})
}

func TestFindIgnored(t *testing.T) {
	eachWay(t, func(t *testing.T, prepare func(string)) {
		root := plant(t, files{
			".gitignore": "out/\n*.local.yaml\n", "Dockerfile": dockerfile,
			"out/Dockerfile": dockerfile, "out/deep/Dockerfile": dockerfile, "out/.gitignore": "secret\n", "out/secret/Dockerfile": dockerfile,
			"a.local.yaml": pod,
		})
		prepare(root)
		t.Chdir(root)
		tests := []struct {
			opts discover.Options
			want string
		}{
			{discover.Options{}, ".gitignore Dockerfile"},
			{discover.Options{NoIgnore: true}, ".gitignore Dockerfile a.local.yaml out/.gitignore out/Dockerfile out/deep/Dockerfile out/secret/Dockerfile"},
			{discover.Options{Paths: []string{"out"}}, "out/.gitignore out/Dockerfile out/deep/Dockerfile"},
			{discover.Options{Paths: []string{"out/deep"}}, "out/deep/Dockerfile"},
			{discover.Options{Paths: []string{"out/Dockerfile", "a.local.yaml"}}, "a.local.yaml out/Dockerfile"},
		}
		for _, tt := range tests {
			if got := paths(find(t, tt.opts), inScope); got != tt.want {
				t.Errorf("%+v: in scope are %q, want %q", tt.opts, got, tt.want)
			}
		}
	})
}

func TestFindVendored(t *testing.T) {
	eachWay(t, func(t *testing.T, prepare func(string)) {
		root := plant(t, files{
			"Dockerfile": dockerfile, "vendor/lib/Dockerfile": dockerfile, "web/node_modules/a/b.js": "", "web/vendor": "a file",
			"vendor/lib/node_modules/c/compose.yaml": compose,
		})
		prepare(root)
		t.Chdir(root)
		tree := find(t, discover.Options{})
		if got, want := paths(tree, all), "Dockerfile web/vendor"; got != want {
			t.Errorf("files are %q, want %q", got, want)
		}
		if got, want := skipped(tree), "vendor: a vendored tree is left alone unless it is named"; got != want {
			t.Errorf("skips are %q, want %q", got, want)
		}
		for named, want := range map[string]string{
			"vendor":                    "Dockerfile vendor/lib/Dockerfile web/vendor",
			"vendor/lib":                "Dockerfile vendor/lib/Dockerfile web/vendor",
			"vendor/lib/node_modules":   "Dockerfile vendor/lib/node_modules/c/compose.yaml web/vendor",
			"vendor/lib/node_modules/c": "Dockerfile vendor/lib/node_modules/c/compose.yaml web/vendor",
		} {
			if got := paths(find(t, discover.Options{Paths: []string{named}}), all); got != want {
				t.Errorf("%s: files are %q, want %q", named, got, want)
			}
		}
	})
}

func TestFindSubmodule(t *testing.T) {
	ownGit(t, "")
	other := plant(t, files{"Dockerfile": dockerfile})
	gitIn(t, other, "init", "-q")
	gitIn(t, other, "add", ".")
	gitIn(t, other, "commit", "-qm", "x")
	root := plant(t, files{"Dockerfile": dockerfile, "deps/README": ""})
	gitIn(t, root, "init", "-q")
	gitIn(t, root, "submodule", "--quiet", "add", other, "deps/sub")
	grow(t, root, files{"deps/nested/.git/HEAD": "ref: refs/heads/main\n", "deps/nested/Dockerfile": dockerfile})
	gitIn(t, filepath.Join(root, "deps/nested"), "init", "-q")
	t.Chdir(root)
	const note = ": a submodule, or a repository of its own, is left alone unless it is named"
	for _, way := range []string{"git", "walk"} {
		if way == "walk" {
			noGit(t)
		}
		tree := find(t, discover.Options{})
		if got, want := paths(tree, all), ".gitmodules Dockerfile deps/README"; got != want {
			t.Errorf("%s: files are %q, want %q", way, got, want)
		}
		if got, want := skipped(tree), "deps/nested"+note+"\ndeps/sub"+note; got != want {
			t.Errorf("%s: skips are %q, want %q", way, got, want)
		}
		tree = find(t, discover.Options{Root: ".", Paths: []string{"deps/sub", "deps/nested"}})
		if got, want := paths(tree, inScope), "deps/nested/Dockerfile deps/sub/Dockerfile"; got != want {
			t.Errorf("%s: in scope are %q, want %q", way, got, want)
		}
		if got := skipped(tree); got != "" {
			t.Errorf("%s: skips are %q, want none", way, got)
		}
	}
	if got := find(t, discover.Options{Paths: []string{"deps/sub"}}).Root; got != filepath.Join(root, "deps/sub") {
		t.Errorf("the root of a submodule is %s", got)
	}
}

// A directory that holds several clones is walked as a whole: none of them is a submodule of it.
func TestFindSeveralRepositories(t *testing.T) {
	ownGit(t, "")
	root := plant(t, files{"a/Dockerfile": dockerfile, "b/Dockerfile": dockerfile, "b/out/Dockerfile": dockerfile, "b/.gitignore": "out\n"})
	gitIn(t, filepath.Join(root, "a"), "init", "-q")
	gitIn(t, filepath.Join(root, "b"), "init", "-q")
	if got, want := paths(find(t, discover.Options{Paths: []string{root}}), all), "a/Dockerfile b/.gitignore b/Dockerfile"; got != want {
		t.Errorf("files are %q, want %q", got, want)
	}
}

func TestFindWhatIsNotThere(t *testing.T) {
	ownGit(t, "")
	root := plant(t, files{"gone/Dockerfile": dockerfile, "moved/Dockerfile": dockerfile, "Dockerfile": dockerfile})
	gitIn(t, root, "init", "-q")
	gitIn(t, root, "add", ".")
	os.Remove(filepath.Join(root, "gone/Dockerfile"))
	os.Rename(filepath.Join(root, "moved"), filepath.Join(root, "now"))
	grow(t, root, files{"moved": "->now"})
	if got, want := paths(find(t, discover.Options{Paths: []string{root}}), all), "Dockerfile now/Dockerfile"; got != want {
		t.Errorf("files are %q, want %q", got, want)
	}
}

func TestFindLinks(t *testing.T) {
	outside := plant(t, files{"Dockerfile": dockerfile, "dir/compose.yaml": compose})
	eachWay(t, func(t *testing.T, prepare func(string)) {
		root := plant(t, files{
			"docker/prod": dockerfile, "Dockerfile": "->docker/prod", "out.dockerfile": "->" + outside + "/Dockerfile", "outdir": "->" + outside + "/dir",
			"broken.dockerfile": "->nowhere", "again": "->docker", "loop": "->.",
		})
		prepare(root)
		t.Chdir(root)
		tree := find(t, discover.Options{})
		if got, want := paths(tree, all), "docker/prod"; got != want {
			t.Errorf("files are %q, want %q", got, want)
		}
		if len(tree.Links) != 1 || tree.Links["Dockerfile"] != "docker/prod" {
			t.Errorf("links are %v, want Dockerfile alone", tree.Links)
		}
		if got, want := skipped(tree), "broken.dockerfile: a symbolic link that leads out of the root, or nowhere\n"+
			"out.dockerfile: a symbolic link that leads out of the root, or nowhere"; got != want {
			t.Errorf("skips are %q, want %q", got, want)
		}
		tree = find(t, discover.Options{Paths: []string{"Dockerfile"}})
		if got, want := paths(tree, inScope), "docker/prod"; got != want || kindOf(tree, "docker/prod") != discover.Dockerfile {
			t.Errorf("in scope are %q, want the file behind the link, as a Dockerfile", got)
		}
		if _, err := discover.Find(discover.Options{Paths: []string{"out.dockerfile"}, Root: "."}); err == nil {
			t.Error("a link out of the root was followed")
		}
	})
}

func TestFindUsageErrors(t *testing.T) {
	root := plant(t, files{"notes.txt": "x", "ci/.gitlab-ci.yml": "services: [a]\n", "Dockerfile": dockerfile, "vars.json": "{}"})
	elsewhere := plant(t, files{"Dockerfile": dockerfile})
	t.Chdir(root)
	tests := []struct {
		opts discover.Options
		want []string
	}{
		{discover.Options{Paths: []string{"none"}}, []string{`"none": no such file or directory`}},
		{discover.Options{Paths: []string{".", "none", "nor this"}}, []string{`"none": no such`, `"nor this": no such`}},
		{discover.Options{Paths: []string{"notes.txt"}}, []string{`"notes.txt": it is neither a Dockerfile nor a compose or Kubernetes file`}},
		{discover.Options{Root: ".", Paths: []string{"./ci/.gitlab-ci.yml", "vars.json"}}, []string{`"./ci/.gitlab-ci.yml": it is neither`, `"vars.json": it is neither`}},
		{discover.Options{Root: ".", Paths: []string{elsewhere}}, []string{"outside the root", "--root"}},
		{discover.Options{Root: "Dockerfile"}, []string{`"Dockerfile": the root must be a directory`}},
		{discover.Options{Root: "none"}, []string{`"none": no such`}},
		{discover.Options{Exclude: []string{"[a"}}, []string{`"[a": the glob is malformed`}},
	}
	for _, tt := range tests {
		_, err := discover.Find(tt.opts)
		var usage *discover.UsageError
		if !errors.As(err, &usage) {
			t.Errorf("%+v: error is %v, want a UsageError", tt.opts, err)
			continue
		}
		for _, want := range tt.want {
			if !strings.Contains(err.Error(), want) {
				t.Errorf("%+v: error is %q, want %q", tt.opts, err, want)
			}
		}
	}
}

func TestFindStdin(t *testing.T) {
	root := plant(t, files{"web/Dockerfile": "FROM old\n", "compose.yaml": compose})
	grow(t, root, files{".git/HEAD": "x"})
	t.Chdir(root)
	tests := []struct{ name, content, files, scope string }{
		{"", dockerfile, "stdin", "stdin"},
		{"", pod, "stdin", "stdin"},
		{"web/Dockerfile", dockerfile, "compose.yaml web/Dockerfile", "web/Dockerfile"},
		{"web/new.yaml", pod, "compose.yaml web/Dockerfile web/new.yaml", "web/new.yaml"},
		{filepath.Join(t.TempDir(), "Dockerfile"), dockerfile, "Dockerfile", "Dockerfile"},
	}
	for _, tt := range tests {
		opts := discover.Options{Stdin: []byte(tt.content), StdinName: tt.name, Root: root}
		tree := find(t, opts)
		if got := paths(tree, all); got != tt.files {
			t.Errorf("%q: files are %q, want %q", tt.name, got, tt.files)
		}
		if got := paths(tree, inScope); got != tt.scope {
			t.Errorf("%q: in scope are %q, want %q", tt.name, got, tt.scope)
		}
		f, err := tree.Read(tt.scope)
		if err != nil || string(f.Content) != tt.content {
			t.Errorf("%q: read %v (%v), want what came from stdin", tt.name, f, err)
		}
	}
	if _, err := discover.Find(discover.Options{Stdin: []byte("no manifest\n"), Root: root}); err == nil {
		t.Error("no error about a text that is nothing of ours")
	}
	if tree := find(t, discover.Options{Stdin: []byte(dockerfile), StdinName: "web/Dockerfile"}); tree.Root != root {
		t.Errorf("root is %s, want %s", tree.Root, root)
	}
}

func TestRoot(t *testing.T) {
	root := plant(t, files{".git/HEAD": "x", "a/b/Dockerfile": dockerfile, "sub/.git": "gitdir: ../.git/modules/sub\n", "sub/x/y": "", "fake/.git/config": "", "link": "->a/b"})
	plain := plant(t, files{"d/Dockerfile": dockerfile})
	t.Setenv("GIT_CEILING_DIRECTORIES", filepath.Dir(plain)+string(filepath.ListSeparator)+filepath.Dir(root))
	t.Chdir(filepath.Join(root, "a"))
	tests := []struct {
		paths []string
		want  string
	}{
		{nil, root},
		{[]string{"-"}, root},
		{[]string{"b/Dockerfile"}, root},
		{[]string{"../sub/x/y"}, filepath.Join(root, "sub")},
		{[]string{"../fake"}, root},
		{[]string{"../link"}, root},
		{[]string{filepath.Join(plain, "d")}, filepath.Join(plain, "d")},
		{[]string{filepath.Join(plain, "d", "Dockerfile"), "b"}, filepath.Join(plain, "d")},
	}
	for _, tt := range tests {
		if got, err := discover.Root(tt.paths); err != nil || got != tt.want {
			t.Errorf("%q: root is %s (%v), want %s", tt.paths, got, err, tt.want)
		}
	}
	if _, err := discover.Root([]string{"none"}); err == nil || !strings.Contains(err.Error(), `"none"`) {
		t.Errorf("error is %v, want one that names the path", err)
	}
}

// What belongs to a path may lie beside it, also where there is no git.
func TestRootOutsideOfGit(t *testing.T) {
	plain, other := plant(t, files{"d/Dockerfile": dockerfile, "e/Dockerfile": dockerfile}), plant(t, files{"Dockerfile": dockerfile})
	t.Setenv("GIT_CEILING_DIRECTORIES", filepath.Dir(plain)+string(filepath.ListSeparator)+filepath.Dir(other))
	t.Chdir(plain)
	check := func(want string, paths ...string) {
		t.Helper()
		if got, err := discover.Root(paths); err != nil || got != want {
			t.Errorf("%q: root is %s (%v), want %s", paths, got, err, want)
		}
	}
	check(plain, "d")
	check(plain, "d/Dockerfile", "e")
	check(filepath.Join(plain, "d"), "d", other)
	check(other, other)
	t.Setenv("HOME", plain)
	check(filepath.Join(plain, "d"), "d")
}

// A directory that cannot be read may hold a link to what is changed: an error if it is in scope, else a note.
func TestFindUnreadable(t *testing.T) {
	if os.Geteuid() <= 0 {
		t.Skip("this user can read everything")
	}
	eachWay(t, func(t *testing.T, prepare func(string)) {
		root := plant(t, files{"Dockerfile": dockerfile, "dir/Dockerfile": dockerfile, "web/pod.yaml": pod})
		prepare(root)
		for _, name := range []string{"dir", "web/pod.yaml"} {
			full := filepath.Join(root, name)
			if err := os.Chmod(full, 0); err != nil {
				t.Fatal(err)
			}
			t.Cleanup(func() { os.Chmod(full, 0o700) })
		}
		t.Chdir(root)
		const dir, file = "dir: the directory cannot be read: ", "web/pod.yaml: it cannot be read: permission denied"
		got := strings.ReplaceAll(skipped(find(t, discover.Options{})), "Permission", "permission")
		if want := "!" + dir + "permission denied\n!" + file; got != want {
			t.Errorf("skips are %q, want %q", got, want)
		}
		got = strings.ReplaceAll(skipped(find(t, discover.Options{Paths: []string{"web"}})), "Permission", "permission")
		if want := dir + "permission denied\n!" + file; got != want {
			t.Errorf("skips are %q, want %q", got, want)
		}
	})
}
