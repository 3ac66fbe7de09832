package workspace

import (
	"io/fs"
	"path"
	"regexp"
	"strings"

	"github.com/offroot/offroot/rewrite/parse"
	"github.com/offroot/offroot/rewrite/shell"
	"github.com/offroot/offroot/rewrite/source"
	"github.com/offroot/offroot/rewrite/yamldoc"
)

// A Hint is a place that says how an image is built: an artifact of skaffold, a target of a bake file, a docker build in a
// Makefile, a script or a CI workflow. Paths are relative to the root; empty ones are not stated.
type Hint struct {
	What       string // "docker build", "skaffold artifact", "bake target", "compose service"
	Image      string // name without tag, "" if it is a variable
	Dockerfile string
	Context    string
	Target     string
	Place      source.Place
}

// hintFile says how a file that may hold build commands is read.
func hintReader(name string) func(*Workspace, string, string) []Hint {
	base := path.Base(name)
	switch {
	case base == "skaffold.yaml" || base == "skaffold.yml":
		return skaffoldHints
	case strings.HasPrefix(base, "docker-bake") && strings.HasSuffix(base, ".hcl"):
		return bakeHints
	case base == "Makefile" || base == "GNUmakefile" || strings.HasSuffix(base, ".mk") || base == "justfile" || base == "Jenkinsfile",
		strings.HasSuffix(base, ".sh"), strings.HasPrefix(name, ".github/workflows/"), base == ".gitlab-ci.yml",
		base == "package.json", base == "Taskfile.yml", strings.HasPrefix(base, "azure-pipelines"), strings.HasPrefix(base, "cloudbuild"):
		return commandHints
	}
	return nil
}

// buildHints reads every file of the repository that may say how an image is built.
func (ws *Workspace) buildHints(docs *parse.Documents) []Hint {
	var hints []Hint
	for _, name := range docs.Paths {
		read := hintReader(name)
		if read == nil {
			continue
		}
		text, err := fs.ReadFile(ws.FS, name)
		if err != nil || len(text) > 1<<20 {
			continue
		}
		hints = append(hints, read(ws, name, string(text))...)
	}
	for _, s := range ws.Services {
		if s.Build != nil && !s.Build.Inline && s.Build.Remote == "" && s.Image.Ref != "" {
			hints = append(hints, Hint{What: "compose service " + s.Name, Image: imageName(s.Image.Ref), Dockerfile: s.Build.Dockerfile,
				Context: s.Build.Context, Target: s.Build.Target, Place: s.Build.Place})
		}
	}
	return hints
}

// skaffoldHints reads the artifacts whose builder is docker; jib, buildpacks, bazel and ko build without a Dockerfile.
func skaffoldHints(_ *Workspace, name, text string) []Hint {
	doc, err := yamldoc.Parse(source.NewFile(name, []byte(text)))
	if err != nil {
		return nil
	}
	var hints []Hint
	for _, root := range doc.Roots() {
		artifacts := root.Get("build").Get("artifacts").Items()
		for _, p := range root.Get("profiles").Items() {
			artifacts = append(artifacts, p.Get("build").Get("artifacts").Items()...)
		}
		for _, a := range artifacts {
			if h, ok := skaffoldHint(a, path.Dir(name)); ok {
				hints = append(hints, h)
			}
		}
	}
	return hints
}

func skaffoldHint(a *yamldoc.Node, dir string) (Hint, bool) {
	for _, builder := range []string{"jib", "jibMaven", "jibGradle", "buildpacks", "bazel", "ko", "custom"} {
		if a.Get(builder) != nil {
			return Hint{}, false
		}
	}
	h := Hint{What: "skaffold artifact", Image: imageName(a.Get("image").Text()), Place: a.Place()}
	h.Context = path.Join(dir, a.Get("context").Text())
	docker := a.Get("docker")
	if docker == nil {
		docker = a.Get("kaniko")
	}
	h.Dockerfile = "Dockerfile"
	if d := docker.Get("dockerfile").Text(); d != "" {
		h.Dockerfile = d
	}
	h.Dockerfile = path.Join(h.Context, h.Dockerfile)
	h.Target = docker.Get("target").Text()
	return h, h.Image != ""
}

var (
	bakeTarget = regexp.MustCompile(`(?m)^\s*target\s+"([^"]+)"\s*\{`)
	bakeValue  = regexp.MustCompile(`(?m)^\s*(context|dockerfile|target)\s*=\s*"([^"]*)"`)
	bakeTags   = regexp.MustCompile(`(?s)tags\s*=\s*\[([^\]]*)\]`)
	quoted     = regexp.MustCompile(`"([^"]*)"`)
)

// bakeHints reads the targets of a bake file. It reads literal values only; what is computed is left out.
func bakeHints(ws *Workspace, name, text string) []Hint {
	hints := bakeMatrix(ws, name, text)
	starts := bakeTarget.FindAllStringIndex(text, -1)
	for i, at := range starts {
		end := len(text)
		if i+1 < len(starts) {
			end = starts[i+1][0]
		}
		body := text[at[0]:end]
		h := Hint{What: "bake target", Context: path.Dir(name), Dockerfile: "Dockerfile",
			Place: source.Place{Path: name, Line: 1 + strings.Count(text[:at[0]], "\n")}}
		for _, m := range bakeValue.FindAllStringSubmatch(body, -1) {
			switch m[1] {
			case "context":
				h.Context = path.Join(path.Dir(name), m[2])
			case "dockerfile":
				h.Dockerfile = m[2]
			case "target":
				h.Target = m[2]
			}
		}
		h.Dockerfile = path.Join(h.Context, h.Dockerfile)
		tags := bakeTags.FindStringSubmatch(body)
		if tags == nil {
			hints = append(hints, h)
			continue
		}
		for _, q := range quoted.FindAllStringSubmatch(tags[1], -1) {
			h.Image = imageName(q[1])
			hints = append(hints, h)
		}
	}
	return hints
}

var buildCommand = regexp.MustCompile(`\b(docker|podman|buildah|nerdctl)\s+(buildx\s+)?(build|bud)\b`)

// commandHints reads docker build commands out of text. Continued lines are joined, variables of make and of the shell that
// are assigned a literal in the same file are replaced.
func commandHints(ws *Workspace, name, text string) []Hint {
	if !buildCommand.MatchString(text) {
		return nil
	}
	vars := literalVariables(text)
	var hints []Hint
	lines := strings.Split(text, "\n")
	dir := path.Dir(name)
	if strings.HasPrefix(name, ".github/") {
		dir = "."
	}
	for i := 0; i < len(lines); i++ {
		start := i
		line := strings.TrimRight(lines[i], "\r")
		for strings.HasSuffix(line, "\\") && i+1 < len(lines) {
			i++
			line = strings.TrimSuffix(line, "\\") + " " + strings.TrimSpace(strings.TrimRight(lines[i], "\r"))
		}
		at := buildCommand.FindStringIndex(line)
		if at == nil || strings.HasPrefix(strings.TrimSpace(line), "#") {
			continue
		}
		command := substitute(strings.Trim(line[at[0]:], `"',`), vars)
		cd := enteredDir(substitute(line[:at[0]], vars))
		if h, ok := ws.commandHint(command, path.Join(dir, cd)); ok {
			h.Place = source.Place{Path: name, Line: start + 1}
			hints = append(hints, h)
		}
	}
	return hints
}

var cdCommand = regexp.MustCompile(`\bcd\s+([^\s;&|]+)\s*(&&|;)`)

// enteredDir is the directory that a `cd DIR &&` in front of a command enters.
func enteredDir(before string) string {
	m := cdCommand.FindStringSubmatch(before)
	if m == nil {
		return ""
	}
	return strings.Trim(m[1], `"'`)
}

func (ws *Workspace) commandHint(command, dir string) (Hint, bool) {
	cmds, err := shell.Parse(command)
	if err != nil || len(cmds) == 0 {
		return Hint{}, false
	}
	h := Hint{What: "docker build"}
	var positional, file string
	args := cmds[0].Args
	for i := 0; i < len(args); i++ {
		word := args[i].Text
		flag, value, joined := strings.Cut(word, "=")
		if !joined && i+1 < len(args) {
			value = args[i+1].Text
		}
		switch flag {
		case "-t", "--tag", "-f", "--file", "--target":
			if !joined {
				i++
			}
		}
		switch flag {
		case "-t", "--tag":
			h.Image = imageName(value)
		case "-f", "--file":
			file = value
		case "--target":
			h.Target = value
		case "--build-arg", "--platform", "--label", "--cache-from", "--cache-to", "--network", "--secret", "--ssh", "--output", "-o", "--builder", "--progress", "--iidfile", "--build-context":
			if !joined {
				i++
			}
		default:
			if !strings.HasPrefix(word, "-") && i > 0 {
				positional = word
			}
		}
	}
	return ws.resolveHint(h, dir, positional, file)
}

// resolveHint finds the context and the Dockerfile, seen from the directory of the file or from the root.
func (ws *Workspace) resolveHint(h Hint, dir, context, file string) (Hint, bool) {
	if context == "build" || context == "bud" || strings.Contains(context, "$") || strings.Contains(file, "$") {
		return Hint{}, false
	}
	if context == "" && file == "" {
		return Hint{}, false
	}
	for _, from := range []string{dir, "."} {
		ctx := path.Join(from, context)
		df := path.Join(ctx, "Dockerfile")
		if file != "" {
			df = path.Join(from, file)
		}
		if strings.HasPrefix(ctx, "..") {
			continue
		}
		if info, err := fs.Stat(ws.FS, df); err == nil && !info.IsDir() {
			h.Context, h.Dockerfile = ctx, df
			return h, true
		}
	}
	return Hint{}, false
}

var assignment = regexp.MustCompile(`(?m)^\s*(?:export\s+)?([A-Za-z_][A-Za-z0-9_]*)\s*[:?]?=\s*["']?([A-Za-z0-9_./:@-]*)["']?\s*$`)

func literalVariables(text string) map[string]string {
	vars := map[string]string{}
	for _, m := range assignment.FindAllStringSubmatch(text, -1) {
		if _, twice := vars[m[1]]; twice {
			vars[m[1]] = "" // assigned more than once: not known
			continue
		}
		vars[m[1]] = m[2]
	}
	return vars
}

var reference = regexp.MustCompile(`\$\(([A-Za-z_][A-Za-z0-9_]*)\)|\$\{([A-Za-z_][A-Za-z0-9_]*)\}|\$([A-Za-z_][A-Za-z0-9_]*)`)

func substitute(text string, vars map[string]string) string {
	return reference.ReplaceAllStringFunc(text, func(m string) string {
		name := strings.Trim(m, "$(){}")
		if v := vars[name]; v != "" {
			return v
		}
		return "${" + name + "}"
	})
}

// imageName is a reference without tag and digest. A name that is a variable as a whole is no name.
func imageName(ref string) string {
	ref = defaults(ref)
	if i := strings.IndexByte(ref, '@'); i >= 0 {
		ref = ref[:i]
	}
	if i := strings.LastIndexByte(ref, ':'); i > strings.LastIndexByte(ref, '/') {
		ref = ref[:i]
	}
	if last := path.Base(ref); strings.Contains(last, "$") || last == "." {
		return ""
	}
	return ref
}
