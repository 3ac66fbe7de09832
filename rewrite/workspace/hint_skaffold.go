package workspace

import (
	"path"
	"strings"

	"github.com/offroot/offroot/rewrite/source"
	"github.com/offroot/offroot/rewrite/yamldoc"
)

// skaffoldHints reads the artifacts whose builder is docker, of all profiles; jib, buildpacks, bazel and ko build without a
// Dockerfile.
func (r *hintReader) skaffoldHints(name, text string) []Hint {
	doc, err := yamldoc.Parse(source.NewFile(name, []byte(text)))
	if err != nil {
		return nil
	}
	var hints []Hint
	for _, root := range doc.Roots() {
		artifacts := root.Get("build").Get("artifacts").Items()
		for _, p := range root.Get("profiles").Items() {
			artifacts = append(artifacts, p.Get("build").Get("artifacts").Items()...)
			for _, patch := range p.Get("patches").Items() {
				if strings.HasPrefix(patch.Get("path").Text(), "/build/artifacts") && patch.Get("value").Get("image") != nil {
					artifacts = append(artifacts, patch.Get("value"))
				}
			}
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
	for _, builder := range []string{"jib", "jibMaven", "jibGradle", "buildpacks", "buildpack", "bazel", "ko", "custom"} {
		if a.Get(builder) != nil {
			return Hint{}, false
		}
	}
	docker := a.Get("docker")
	if docker == nil {
		docker = a.Get("kaniko")
	}
	ref := firstText(a, "image", "imageName")
	h := Hint{What: "skaffold artifact", Image: imageName(ref), Tag: imageTag(ref), Place: a.Place()}
	h.Context = path.Join(dir, firstText(a, "context", "workspace"))
	h.Dockerfile = firstText(docker, "dockerfile", "dockerfilePath")
	if h.Dockerfile == "" {
		h.Dockerfile = "Dockerfile"
	}
	h.Dockerfile = path.Join(h.Context, h.Dockerfile)
	h.Target = docker.Get("target").Text()
	return h, h.Image != ""
}

// firstText reads the first key that is there: skaffold has renamed some.
func firstText(n *yamldoc.Node, keys ...string) string {
	for _, k := range keys {
		if text := n.Get(k).Text(); text != "" {
			return text
		}
	}
	return ""
}
