package plan

import (
	"slices"
	"testing"
	"testing/fstest"

	"github.com/offroot/offroot/rewrite/decide"
	"github.com/offroot/offroot/rewrite/dockerfile"
	"github.com/offroot/offroot/rewrite/parse"
	"github.com/offroot/offroot/rewrite/rule"
	"github.com/offroot/offroot/rewrite/source"
	"github.com/offroot/offroot/rewrite/workspace"
	"github.com/offroot/offroot/rewrite/yamldoc"
)

// A paper is a document that takes every op but those that a test makes it refuse.
type paper struct {
	file   *source.File
	refuse func(ops []source.Op) error
}

func sheet(name string) *paper { return &paper{file: source.NewFile(name, []byte("1\n2\n3\n4\n5\n"))} }

func (p *paper) File() *source.File                { return p.file }
func (p *paper) Confirm([]source.Op, []byte) error { return nil }
func (p *paper) Lower(ops []source.Op) ([]source.Edit, error) {
	if p.refuse != nil {
		return nil, p.refuse(ops)
	}
	return nil, nil
}

// A scribble is an op on a line of a paper.
type scribble struct {
	on   *paper
	line int
}

func (s *scribble) Document() source.Document { return s.on }
func (s *scribble) Place() source.Place       { return source.Place{Path: s.on.file.Path, Line: s.line} }
func (s *scribble) String() string            { return "scribble" }

func on(papers ...*paper) []source.Op {
	var ops []source.Op
	for _, p := range papers {
		ops = append(ops, &scribble{p, 1})
	}
	return ops
}

var imageRule = &rule.Rule{ID: "image-runs-as-root", Group: "image", Equivalents: rule.Equivalents{
	Hadolint: []string{"DL3002"}, Trivy: []string{"DS-0002"}, Checkov: []string{"CKV_DOCKER_3"}, KICS: []string{"Missing User Instruction"}}}

var podRule = &rule.Rule{ID: "pod-may-run-as-root", Group: "pod", Equivalents: rule.Equivalents{
	Trivy: []string{"KSV-0012"}, Checkov: []string{"CKV_K8S_23"}, KubeLinter: []string{"run-as-non-root"}, Polaris: []string{"runAsRootAllowed"}}}

func fixOf(papers ...*paper) *rule.Fix {
	return &rule.Fix{Title: "changes it", Level: decide.Safe, Ops: on(papers...)}
}

// settled is the outcome of findings with these fixes, in a workspace in which all named files may be changed.
func settled(scope []string, opts Options, fixes ...*rule.Fix) *Plan {
	ws := &workspace.Workspace{InScope: map[string]bool{}, Frozen: map[string]string{}}
	for _, name := range scope {
		ws.InScope[name] = true
	}
	return settledIn(ws, opts, fixes...)
}

func settledIn(ws *workspace.Workspace, opts Options, fixes ...*rule.Fix) *Plan {
	p := &Plan{}
	for _, f := range fixes {
		p.Items = append(p.Items, &Item{Finding: &rule.Finding{Rule: imageRule, Workload: &workspace.Workload{}, Place: f.Ops[0].Place(), Fix: f}})
	}
	p.settle(ws, opts)
	return p
}

func outcomes(p *Plan) []Outcome {
	var all []Outcome
	for _, it := range p.Items {
		all = append(all, it.Outcome)
	}
	return all
}

func wantOutcomes(t *testing.T, p *Plan, want ...Outcome) {
	t.Helper()
	if got := outcomes(p); !slices.Equal(got, want) {
		t.Errorf("outcomes are %v, want %v", got, want)
		for _, it := range p.Items {
			t.Logf("%v: %s", it.Outcome, it.Reason)
		}
	}
}

// imageItem is a finding about the stage of a Dockerfile with this text, at its FROM.
func imageItem(t *testing.T, text string) *Item {
	t.Helper()
	d, err := dockerfile.Parse(source.NewFile("Dockerfile", []byte(text)))
	if err != nil {
		t.Fatal(err)
	}
	b := &workspace.Build{Doc: d, Stage: d.Stages[0]}
	return &Item{Finding: &rule.Finding{Rule: imageRule, Workload: &workspace.Workload{Build: b}, Place: b.Place()}}
}

// joined reads a Dockerfile, a compose file and a manifest as a workspace; "" leaves one out.
func joined(t *testing.T, docker, compose, manifest string) *workspace.Workspace {
	t.Helper()
	docs := &parse.Documents{FS: fstest.MapFS{}, InScope: map[string]bool{}, Memo: map[string]any{}}
	yaml := func(name, text string, to *[]*yamldoc.Document) {
		if text == "" {
			return
		}
		d, err := yamldoc.Parse(source.NewFile(name, []byte(text)))
		if err != nil {
			t.Fatal(err)
		}
		*to = append(*to, d)
		docs.Paths = append(docs.Paths, name)
	}
	if docker != "" {
		d, err := dockerfile.Parse(source.NewFile("Dockerfile", []byte(docker)))
		if err != nil {
			t.Fatal(err)
		}
		docs.Dockerfiles = append(docs.Dockerfiles, d)
		docs.Paths = append(docs.Paths, "Dockerfile")
	}
	yaml("compose.yaml", compose, &docs.Compose)
	yaml("k8s.yaml", manifest, &docs.Kubernetes)
	for _, name := range docs.Paths {
		docs.InScope[name] = true
	}
	return workspace.Join(docs)
}
