package workspace

import (
	"path"
	"regexp"
	"strings"

	"github.com/offroot/offroot/rewrite/source"
)

// A buildCall is one build command as it is written, with the variables that are known replaced and ${NAME} for the others.
type buildCall struct {
	what    string
	images  []string
	context string
	file    string // relative to where the command runs
	target  string
	place   source.Place
}

// hints finds the Dockerfile of a build command. The directories are where it may run, the likeliest first.
func (r *hintReader) hints(call buildCall, dirs ...string) []Hint {
	if call.context == "" && call.file == "" || call.file == "-" || call.context == "-" || strings.Contains(call.context, "://") {
		return nil
	}
	call.context, call.file = rooted(call.context), rooted(call.file)
	for _, dir := range dirs {
		file := path.Join(dir, call.file)
		if call.file == "" {
			file = path.Join(dir, call.context, "Dockerfile")
		}
		var found []Hint
		for _, m := range r.match(file, call.images) {
			found = append(found, m.hints(call, dir)...)
		}
		if len(found) > 0 {
			return found
		}
	}
	return nil
}

// bare reports whether the command names no directory: docker build . says something only where it is known to run.
func (c buildCall) bare() bool {
	return path.Clean(c.context) == "." && path.Dir(path.Clean(c.file)) == "."
}

// A match is a Dockerfile that fits the path of a command, with the values that the variables then have.
type match struct {
	file   string
	values map[string]string
}

func (m match) hints(call buildCall, dir string) []Hint {
	context := substitute(path.Join(dir, call.context), m.values)
	if strings.Contains(context, "$") || strings.HasPrefix(context, "..") {
		context = ""
	}
	target := substitute(call.target, m.values)
	images := call.images
	if strings.Contains(target, "$") {
		target, images = "", nil // any stage may get the name
	}
	h := Hint{What: call.what, Dockerfile: m.file, Context: context, Target: target, Place: call.place}
	if len(images) == 0 {
		return []Hint{h}
	}
	var all []Hint
	for _, image := range images {
		image = substitute(image, m.values)
		h.Image, h.Tag = imageName(image), imageTag(image)
		all = append(all, h)
	}
	return all
}

// match finds the Dockerfiles that a path names. A variable in the path stands for one directory, and counts only if the
// name of the image has it too: docker build -t shop/$(SVC) services/$(SVC).
func (r *hintReader) match(file string, images []string) []match {
	var all []match
	if !strings.Contains(file, "$") {
		for _, d := range r.dockerfiles {
			if d == file {
				return []match{{file: d}}
			}
		}
		return nil
	}
	names := variablesIn(file)
	joined := strings.Join(images, " ")
	for _, n := range names {
		if !strings.Contains(joined, "${"+n+"}") {
			return nil
		}
	}
	pattern, err := regexp.Compile("^" + pathPattern(file) + "$")
	if err != nil {
		return nil
	}
	for _, d := range r.dockerfiles {
		if values, ok := bind(names, pattern.FindStringSubmatch(d)); ok {
			all = append(all, match{d, values})
		}
	}
	return all
}

func variablesIn(text string) []string {
	var names []string
	for _, m := range reference.FindAllStringSubmatch(text, -1) {
		names = append(names, m[1])
	}
	return names
}

func pathPattern(file string) string {
	var b strings.Builder
	at := 0
	for _, m := range reference.FindAllStringIndex(file, -1) {
		b.WriteString(regexp.QuoteMeta(file[at:m[0]]) + "([^/]+)")
		at = m[1]
	}
	return b.String() + regexp.QuoteMeta(file[at:])
}

// bind gives each variable its value. One that occurs twice has to have the same value both times.
func bind(names, groups []string) (map[string]string, bool) {
	if len(groups) != len(names)+1 {
		return nil, false
	}
	values := map[string]string{}
	for i, n := range names {
		if have, ok := values[n]; ok && have != groups[i+1] {
			return nil, false
		}
		values[n] = groups[i+1]
	}
	return values, true
}

var (
	reference = regexp.MustCompile(`\$\{([^{}$]+)\}`)
	rootDirs  = regexp.MustCompile(`(?i)^\$\{(github\.workspace|github_workspace|ci_project_dir|curdir|pwd|here|script_?dir|dir|[a-z_]*root(_?dir)?|root_?(dir|path)|base_?dir|top_?dir|project_?dir|repo_?dir|src_?dir)\}/?`)
)

// rooted drops a variable in front of a path that names where the command runs, or the root.
func rooted(name string) string {
	if at := rootDirs.FindString(name); at != "" {
		return "./" + name[len(at):]
	}
	return strings.TrimPrefix(name, "/workspace/")
}
