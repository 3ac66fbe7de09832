package discover

import (
	"path"
	"slices"
	"strings"
)

// isDockerfileName reports whether a file of this name is a Dockerfile if there is a FROM instruction in it.
func isDockerfileName(base string) bool {
	name := strings.ToLower(base)
	for _, stem := range []string{"dockerfile", "containerfile"} {
		if name == stem || strings.HasSuffix(name, "."+stem) {
			return true
		}
		if rest, ok := strings.CutPrefix(name, stem); ok && len(rest) > 1 && strings.ContainsRune(".-_", rune(rest[0])) {
			return !slices.Contains(notDockerfileExts, path.Ext(name))
		}
	}
	return false
}

// notDockerfileExts end the names of files that are about a Dockerfile: templates for one, scripts around one, notes.
var notDockerfileExts = []string{
	".dockerignore", ".containerignore", ".tpl", ".tmpl", ".template", ".j2", ".jinja", ".jinja2", ".erb", ".in", ".m4", ".mustache",
	".gotmpl", ".hbs", ".ejs", ".md", ".markdown", ".rst", ".adoc", ".html", ".sh", ".bash", ".ps1", ".bat", ".cmd", ".json", ".yaml",
	".yml", ".toml", ".lock", ".patch", ".diff", ".orig", ".rej", ".bak", ".swp", ".sum", ".sha256", ".sig", ".asc", ".log", ".zip", ".gz",
}

// codeExts may end the name of a program as well as that of a Dockerfile for a language. Python knows "from" too, so the
// instruction has to be in capitals there.
var codeExts = []string{".py", ".js", ".ts", ".rb", ".go", ".java", ".php", ".rs", ".cs", ".pl", ".lua", ".sql"}

func isDockerIgnoreName(base string) bool {
	return base == ".containerignore" || base == ".dockerignore" || strings.HasSuffix(base, ".dockerignore")
}

func isComposeName(base string) bool {
	name := strings.ToLower(base)
	stem, ok := strings.CutSuffix(name, ".yaml")
	if !ok {
		if stem, ok = strings.CutSuffix(name, ".yml"); !ok {
			return false
		}
	}
	for _, prefix := range []string{"docker-compose", "compose"} {
		rest, ok := strings.CutPrefix(stem, prefix)
		if ok && (rest == "" || strings.ContainsRune(".-_", rune(rest[0]))) {
			return true
		}
	}
	return strings.HasSuffix(stem, ".compose") || strings.HasSuffix(stem, "-compose") || strings.HasSuffix(stem, ".docker-compose")
}

func isKustomizationName(base string) bool {
	return base == "kustomization.yaml" || base == "kustomization.yml" || base == "Kustomization"
}

func isValuesName(base string) bool {
	name := strings.ToLower(base)
	if !hasExt(name, []string{".yaml", ".yml"}) {
		return false
	}
	stem := strings.TrimSuffix(name, path.Ext(name))
	return stem == "values" || strings.HasPrefix(stem, "values") && strings.ContainsRune(".-_", rune(stem[len("values")])) ||
		strings.HasSuffix(stem, "-values") || strings.HasSuffix(stem, "_values") || strings.HasSuffix(stem, ".values")
}

// ciNames are files of build services by name or by the directory that they lie in. What runs there is thrown away.
var ciNames = []string{
	".gitlab-ci.yml", ".travis.yml", "appveyor.yml", ".appveyor.yml", "bitbucket-pipelines.yml", "azure-pipelines.yml", ".drone.yml",
	"cloudbuild.yaml", "cloudbuild.yml", "buildspec.yml", ".cirrus.yml", ".woodpecker.yml", "codefresh.yml", ".pre-commit-config.yaml",
	".pre-commit-hooks.yaml",
}

var ciDirs = []string{".github/workflows/", ".gitea/workflows/", ".forgejo/workflows/", ".circleci/", ".woodpecker/", ".buildkite/", ".gitlab/ci/", ".semaphore/"}

func isCI(name string) bool {
	return slices.Contains(ciNames, path.Base(name)) ||
		slices.ContainsFunc(ciDirs, func(dir string) bool { return strings.HasPrefix(name, dir) || strings.Contains(name, "/"+dir) })
}

// templateDir returns the outermost directory, or the file, whose name is a placeholder, as generators of projects have it.
func templateDir(name string) (string, bool) {
	at := 0
	for part := range strings.SplitSeq(name, "/") {
		at += len(part)
		if strings.Contains(part, "{{") || strings.Contains(part, "{%") {
			return name[:at], true
		}
		at++
	}
	return "", false
}
