package discover

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"path"
	"strings"

	"github.com/offroot/offroot/rewrite/source"
)

// A verdict is what a file is, why, and what has to be said about it. A file that is left alone has a skip.
type verdict struct {
	kind   Kind
	reason string
	skip   *Skip
	frozen bool // it is of its kind, but must not be changed
	opened bool // what is wrong is the content
}

func is(kind Kind, reason string) verdict { return verdict{kind: kind, reason: reason} }

// leave is a verdict about a file that offroot would change if it could.
func leave(name string, line int, reason string) verdict {
	return verdict{reason: reason, skip: &Skip{Place: source.Place{Path: name, Line: line}, Reason: reason}}
}

// A classifier says what files are, by name first and then by a cheap look at the content.
type classifier struct {
	tree   *Tree
	charts charts
}

// classify says what a file is. One that was typed gets a closer look: its name alone does not rule it out.
func (c *classifier) classify(name string, explicit bool) verdict {
	base := path.Base(name)
	if !explicit {
		if v, ok := c.byPlace(name); ok {
			return v
		}
	}
	switch {
	case isDockerIgnoreName(base):
		return is(DockerIgnore, "name")
	case isDockerfileName(base):
		return c.dockerfile(name)
	case base == "Chart.yaml":
		return is(HelmChart, "name")
	case base == "daemon.json":
		return is(DaemonJSON, "name")
	case base == "devcontainer.json" || base == ".devcontainer.json":
		return is(DevContainer, "name")
	case isKustomizationName(base) || hasExt(base, manifestExts):
		return c.manifest(name, explicit)
	case explicit:
		return c.sniff(name)
	}
	return verdict{}
}

// byPlace rules files out, or says what they are, by where they lie. Their content does not count.
func (c *classifier) byPlace(name string) (verdict, bool) {
	if dir, ok := templateDir(name); ok {
		v := leave(dir, 0, "a template of a project generator")
		if base := path.Base(name); !isDockerfileName(base) && !isComposeName(base) {
			v.skip = nil
		}
		return v, true
	}
	if dir, ok := c.charts.template(name); ok {
		if hasExt(name, manifestExts) {
			c.charts[dir]++
		}
		return is(HelmTemplate, "below the templates of the chart "+dir), true
	}
	if isCI(name) {
		return is(Other, "a file of a build service"), true
	}
	return verdict{}, false
}

// open reads a file for a look at it. If that fails, the verdict says so.
func (c *classifier) open(name string) ([]byte, *verdict) {
	f, err := c.tree.Read(name)
	if err == nil {
		return f.Content, nil
	}
	v := verdict{}
	var at *source.Error
	if errors.As(err, &at) {
		v = leave(name, at.Place.Line, at.Msg)
		v.opened = true
	} else {
		v = leave(name, 0, "it cannot be read: "+cause(err))
	}
	v.skip.Error = true
	return nil, &v
}

func (c *classifier) dockerfile(name string) verdict {
	content, failed := c.open(name)
	if failed != nil {
		if failed.opened && !c.peek(name, "FROM ") {
			return is(Other, failed.reason)
		}
		return *failed
	}
	d := scanDockerfile(content)
	switch {
	case !d.from:
		return is(Other, "there is no FROM instruction")
	case hasExt(name, codeExts) && !d.strict:
		return is(Other, "its first line is no instruction")
	case d.template > 0:
		return leave(name, d.template, "a template: it is no Dockerfile before it is filled in")
	}
	return frozenIf(is(Dockerfile, "name, and a FROM instruction"), isGenerated(content), name)
}

// frozenIf says of a generated file that it must not be changed. It may be read all the same.
func frozenIf(v verdict, reason, name string) verdict {
	if reason != "" {
		v.frozen, v.reason = true, reason
		v.skip = &Skip{Place: source.Place{Path: name}, Reason: reason}
	}
	return v
}

// manifest looks at YAML or JSON. One that is no text counts only if its name, its beginning or the user says that it
// matters: repositories hold data of all sorts under these names.
func (c *classifier) manifest(name string, explicit bool) verdict {
	base := path.Base(name)
	content, failed := c.open(name)
	if failed != nil {
		if !failed.opened || explicit || isComposeName(base) || isKustomizationName(base) || c.peek(name, "apiVersion", "kind") {
			return *failed
		}
		return is(Other, failed.reason)
	}
	isJSON := looksLikeJSON(content)
	if strings.HasSuffix(strings.ToLower(name), ".json") && !isJSON || !c.worthScanning(name, content) {
		return is(Other, "")
	}
	scan := scanYAML
	if isJSON {
		scan = scanJSON
	}
	s := scan(content)
	v := c.byShape(name, s)
	switch {
	case v.kind.isManifest() && s.template > 0:
		v = leave(name, s.template, "a template: it is no "+v.kind.String()+" file before it is filled in")
	case v.kind.isManifest():
		v = frozenIf(v, isGenerated(content), name)
	}
	if !explicit && !bytes.Contains(content, []byte("image")) {
		v.skip = nil // nothing runs there: not worth a word
	}
	return v
}

// worthScanning is a cheap test that saves most files the look at their lines.
func (c *classifier) worthScanning(name string, content []byte) bool {
	base := path.Base(name)
	return bytes.Contains(content, []byte("apiVersion")) || bytes.Contains(content, []byte("services")) ||
		isComposeName(base) || isKustomizationName(base) || isValuesName(base) || strings.HasPrefix(base, "action.y")
}

// peek reports whether the beginning of a file that cannot be read as text holds all of these words.
func (c *classifier) peek(name string, words ...string) bool {
	f, err := c.tree.dir.Open(name)
	if err != nil {
		return false
	}
	defer f.Close()
	content, _ := io.ReadAll(io.LimitReader(f, maxPeek))
	for _, w := range words {
		if !bytes.Contains(content, []byte(w)) {
			return false
		}
	}
	return true
}

const maxPeek = 64 << 10

// byShape names the kind of a file of YAML or JSON.
func (c *classifier) byShape(name string, s shape) verdict {
	base := path.Base(name)
	objects, definitions := s.objects()
	switch {
	case isKustomizationName(base):
		return is(Kustomization, "name")
	case objects > 0 && objects == definitions:
		return is(Other, "it holds definitions of custom resources alone")
	case objects > 0:
		return is(Kubernetes, count(objects, "document")+" with apiVersion and kind")
	case c.charts.values(name):
		return is(HelmValues, "name, beside a Chart.yaml")
	case (base == "action.yml" || base == "action.yaml") && s.any(func(d document) bool { return d.has("runs") }):
		return is(GitHubAction, "name, and a runs key")
	case s.any(document.isCompose):
		return is(Compose, "services with an image, a build or an extends")
	case isComposeName(base) && s.any(document.mayBeCompose):
		return is(Compose, "name")
	case isValuesName(base):
		return is(HelmValues, "name")
	}
	return verdict{}
}

// sniff looks at a file with a name that says nothing, because somebody typed it.
func (c *classifier) sniff(name string) verdict {
	content, failed := c.open(name)
	if failed != nil {
		return *failed
	}
	if d := scanDockerfile(content); d.from && d.strict {
		if d.template > 0 {
			return leave(name, d.template, "a template: it is no Dockerfile before it is filled in")
		}
		return is(Dockerfile, "its first instruction")
	}
	s := scanYAML(content)
	if looksLikeJSON(content) {
		s = scanJSON(content)
	}
	v := c.byShape(name, s)
	if v.kind.isManifest() && s.template > 0 {
		return leave(name, s.template, fmt.Sprintf("a template: it is no %s file before it is filled in", v.kind))
	}
	return v
}
