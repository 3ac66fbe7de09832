package workspace

import (
	"path"
	"strings"

	"github.com/offroot/offroot/rewrite/source"
	"github.com/offroot/offroot/rewrite/yamldoc"
)

// A pipeline reads a file of a CI service. It walks the whole tree: what is a command is a text with a build command in it,
// what sets variables or the directory is known by the name of its key.
type pipeline struct {
	r    *hintReader
	file *source.File
	dirs []string
}

// A step is where the walk is: the variables and the directory that are in force there.
type step struct {
	vars  map[string]string
	dir   string
	depth int
	job   bool // inside of a matrix; there is none within another
}

// pipelineHints reads the steps of a CI service that build images: actions, tasks and commands.
func (r *hintReader) pipelineHints(name, text string) []Hint {
	if !mayBuild.MatchString(text) && !strings.Contains(text, "build-push-action") && !strings.Contains(text, "Docker@") {
		return nil
	}
	p := pipeline{r: r, file: source.NewFile(name, []byte(text)), dirs: []string{"."}}
	if dir := path.Dir(name); !strings.HasPrefix(name, ".") && dir != "." {
		p.dirs = []string{dir, "."}
	}
	doc, err := yamldoc.Parse(p.file)
	if err != nil {
		return r.lineHints(name, text)
	}
	var hints []Hint
	for _, root := range doc.Roots() {
		hints = append(hints, p.walk(root, step{})...)
	}
	return hints
}

func (p pipeline) walk(n *yamldoc.Node, s step) []Hint {
	if s.depth++; s.depth > 40 {
		return nil
	}
	var hints []Hint
	switch n.Kind() {
	case yamldoc.Sequence:
		for _, item := range n.Items() {
			hints = append(hints, p.walk(item, s)...)
		}
		return hints
	case yamldoc.Scalar:
		return p.command(n, s)
	case yamldoc.Mapping:
	default:
		return nil
	}
	s = s.inside(n)
	jobs := []map[string]string{{}}
	if matrix := n.Get("strategy").Get("matrix"); matrix != nil && !s.job {
		jobs, s.job = matrixOf(matrix), true
	}
	for _, values := range jobs {
		inner := s
		inner.vars = scope(s.vars, values)
		hints = append(hints, p.action(n, inner)...)
		for _, key := range n.Keys() {
			if key != "env" && key != "variables" && key != "with" && key != "strategy" {
				hints = append(hints, p.walk(n.Own(key), inner)...)
			}
		}
	}
	return hints
}

// inside adds what a mapping sets for everything below it.
func (s step) inside(n *yamldoc.Node) step {
	vars := map[string]string{}
	for _, key := range []string{"env", "variables"} {
		for k, v := range flatNode("", n.Get(key)) {
			vars[strings.TrimPrefix(k, ".")], vars["env"+k] = v, v
		}
	}
	for _, item := range n.Get("steps").Items() {
		uses, id := item.Get("uses").Text(), item.Get("id").Text()
		if id != "" && strings.HasPrefix(uses, "docker/metadata-action") {
			vars["steps."+id+".outputs.tags"] = plainExpression(item.Get("with").Get("images").Text())
		}
	}
	s.vars = scope(s.vars, vars)
	for _, d := range []string{n.Get("working-directory").Text(), n.Get("workingDirectory").Text(), n.Get("defaults").Get("run").Get("working-directory").Text()} {
		if d != "" {
			s.dir = substitute(plainExpression(d), s.vars)
		}
	}
	return s
}

// command reads the shell text of a step.
func (p pipeline) command(n *yamldoc.Node, s step) []Hint {
	text := n.Text()
	if !mayBuild.MatchString(text) {
		return nil
	}
	sh := script{text: text, vars: s.vars}
	for _, d := range p.dirs {
		sh.dirs = append(sh.dirs, path.Join(d, s.dir))
	}
	sh.place = func(offset int) source.Place {
		at := n.Place()
		if file, ok := n.BlockOffset(min(offset, len(text))); ok {
			at.Line = 1 + strings.Count(string(p.file.Content[:file]), "\n")
		}
		return at
	}
	return p.r.shellHints(sh)
}

// action reads the steps that are no commands: docker/build-push-action of GitHub and its like, Docker@2 of Azure.
func (p pipeline) action(n *yamldoc.Node, s step) []Hint {
	get := func(m *yamldoc.Node, key string) string {
		return substitute(plainExpression(m.Get(key).Text()), s.vars)
	}
	call := buildCall{place: n.Place()}
	if task := n.Get("task").Text(); strings.HasPrefix(task, "Docker@") {
		in := n.Get("inputs")
		call.what = "task " + task
		call.images, call.file, call.context = []string{get(in, "repository")}, strings.TrimPrefix(get(in, "Dockerfile"), "**/"), get(in, "buildContext")
		return p.r.hints(call, ".")
	}
	uses, _, _ := strings.Cut(n.Get("uses").Text(), "@")
	if !strings.HasSuffix(uses, "/build-push-action") {
		return nil
	}
	with := n.Get("with")
	call.what = uses
	call.context, call.file, call.target = get(with, "context"), get(with, "file"), get(with, "target")
	if call.context == "" {
		call.context = "."
	}
	for _, image := range strings.FieldsFunc(get(with, "tags"), func(c rune) bool { return c == '\n' || c == ',' }) {
		if image = strings.TrimSpace(image); image != "" && !strings.HasPrefix(image, "#") {
			call.images = append(call.images, image)
		}
	}
	return p.r.hints(call, ".")
}

// flatNode gives each scalar inside of a node a dotted name.
func flatNode(name string, n *yamldoc.Node) map[string]string {
	flat := map[string]string{}
	switch n.Kind() {
	case yamldoc.Scalar:
		flat[name] = plainExpression(n.Text())
	case yamldoc.Mapping:
		for _, k := range n.AllKeys() {
			for key, v := range flatNode(name+"."+k, n.Get(k)) {
				flat[key] = v
			}
		}
	}
	return flat
}
