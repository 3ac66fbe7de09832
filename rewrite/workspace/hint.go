package workspace

import (
	"io/fs"
	"path"
	"strings"

	"github.com/offroot/offroot/rewrite/parse"
	"github.com/offroot/offroot/rewrite/source"
)

// A Hint is a place that says how an image is built: an artifact of skaffold, a target of a bake file, a docker build in a
// Makefile, a script or a CI workflow. Paths are relative to the root; empty ones are not stated.
type Hint struct {
	What       string // "docker build", "skaffold artifact", "bake target", "compose service"
	Image      string // name without tag, "" if it is a variable; what is not known of its prefix stands as ${NAME}
	Tag        string // as written, with ${NAME} for what is not known
	Dockerfile string
	Context    string
	Target     string
	Place      source.Place
}

// A hintReader reads the build commands of files. It knows the Dockerfiles of the repository, so that a command with a
// variable in its paths can be compared with what is there.
type hintReader struct {
	fsys        fs.FS
	dockerfiles []string
}

// reader says how a file that may hold build commands is read, nil for all others.
func (r *hintReader) reader(name string) func(name, text string) []Hint {
	base := path.Base(name)
	ext := path.Ext(base)
	isYAML := ext == ".yaml" || ext == ".yml"
	switch {
	case isYAML && strings.HasPrefix(base, "skaffold"):
		return r.skaffoldHints
	case strings.Contains(base, "bake") && ext == ".hcl":
		return r.bakeHints
	case strings.Contains(base, "bake") && ext == ".json":
		return r.bakeJSONHints
	case base == "Makefile" || base == "GNUmakefile" || base == "makefile" || ext == ".mk" || strings.HasPrefix(base, "Makefile."):
		return r.makeHints
	case ext == ".sh" || ext == ".bash":
		return r.scriptHints
	case base == "Tiltfile":
		return r.tiltHints
	case isYAML && strings.HasPrefix(strings.ToLower(base), "cloudbuild"):
		return r.cloudBuildHints
	case isYAML && isPipeline(name):
		return r.pipelineHints
	case base == "justfile" || base == "Jenkinsfile" || base == "package.json":
		return r.lineHints
	}
	return nil
}

// isPipeline holds for the files in which CI services and task runners keep commands.
func isPipeline(name string) bool {
	base := path.Base(name)
	switch base {
	case ".gitlab-ci.yml", ".gitlab-ci.yaml", ".travis.yml", "Taskfile.yml", "Taskfile.yaml", ".drone.yml", ".cirrus.yml",
		"bitbucket-pipelines.yml", "buildspec.yml", "buildspec.yaml":
		return true
	}
	for _, dir := range []string{".github/workflows/", ".github/actions/", ".circleci/", ".woodpecker/", ".gitlab/", ".gitea/workflows/", ".forgejo/workflows/"} {
		if strings.HasPrefix(name, dir) {
			return true
		}
	}
	return strings.HasPrefix(base, "azure-pipelines")
}

// buildHints reads every file of the repository that may say how an image is built.
func (ws *Workspace) buildHints(docs *parse.Documents) []Hint {
	r := &hintReader{fsys: ws.FS}
	for _, d := range docs.Dockerfiles {
		r.dockerfiles = append(r.dockerfiles, d.File().Path)
	}
	if len(r.dockerfiles) == 0 {
		return nil
	}
	var hints []Hint
	for _, name := range docs.Paths {
		read := r.reader(name)
		if read == nil || isVendored(name) {
			continue
		}
		text, err := fs.ReadFile(ws.FS, name)
		if err != nil || len(text) > 1<<20 {
			continue
		}
		hints = append(hints, read(name, string(text))...)
	}
	return dedupe(append(hints, ws.composeHints()...))
}

func isVendored(name string) bool {
	return strings.HasPrefix(name, "vendor/") || strings.Contains(name, "/vendor/") || strings.Contains(name, "node_modules/")
}

func (ws *Workspace) composeHints() []Hint {
	var hints []Hint
	for _, s := range ws.Services {
		if s.Build == nil || s.Build.Inline || s.Build.Remote != "" || s.Image.Ref == "" {
			continue
		}
		h := Hint{What: "compose service " + s.Name, Dockerfile: s.Build.Dockerfile, Context: s.Build.Context, Target: s.Build.Target, Place: s.Build.Place}
		h.Image, h.Tag = imageName(s.Image.Ref), imageTag(s.Image.Ref)
		hints = append(hints, h)
	}
	return hints
}

func dedupe(hints []Hint) []Hint {
	seen := map[Hint]bool{}
	var all []Hint
	for _, h := range hints {
		if h.Image == "" {
			h.Target = "" // a stage that is built and not named is a step, not a product
		}
		if !seen[h] {
			seen[h] = true
			all = append(all, h)
		}
	}
	return all
}

// imageName is a reference without tag and digest. A name that is a variable as a whole is no name; a variable in front of
// it, which is most often a registry, is set apart by a slash.
func imageName(ref string) string {
	name, _ := splitTag(ref)
	if strings.Contains(name, "://") || strings.HasPrefix(name, "/") {
		return "" // ko builds the former, nobody the latter
	}
	last := path.Base(name)
	if i := strings.IndexByte(last, '}'); strings.HasPrefix(last, "${") && i > 0 && i < len(last)-1 && isPrefix(last[2:i]) {
		name = name[:len(name)-len(last)+i+1] + "/" + last[i+1:]
		last = last[i+1:]
	}
	if strings.ContainsAny(last, "$<>{}") || last == "." {
		return ""
	}
	return name
}

// isPrefix holds for variables whose name says that they hold what stands in front of an image's name.
func isPrefix(variable string) bool {
	variable = strings.ToLower(variable)
	for _, part := range []string{"prefix", "registry", "hub", "repo", "namespace", "owner"} {
		if strings.Contains(variable, part) {
			return true
		}
	}
	return false
}

func imageTag(ref string) string {
	_, tag := splitTag(ref)
	return tag
}

func splitTag(ref string) (name, tag string) {
	ref = defaults(ref)
	if i := strings.IndexByte(ref, '@'); i >= 0 {
		ref = ref[:i]
	}
	if i := strings.LastIndexByte(ref, ':'); i > strings.LastIndexByte(ref, '/') {
		ref, tag = ref[:i], ref[i+1:]
	}
	return ref, tag
}
