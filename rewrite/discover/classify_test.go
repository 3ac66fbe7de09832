package discover_test

import (
	"strings"
	"testing"

	"github.com/offroot/offroot/rewrite/discover"
)

const chart = "apiVersion: v2\nname: web\n"

const template = "{{ if .x }}\n" + pod + "{{ end }}\n"

var classifyCases = []struct {
	path, content string
	want          discover.Kind
}{
	// Dockerfiles by name
	{"Dockerfile", dockerfile, discover.Dockerfile},
	{"a/dockerfile", dockerfile, discover.Dockerfile},
	{"Dockerfile.prod", dockerfile, discover.Dockerfile},
	{"Dockerfile-dev", dockerfile, discover.Dockerfile},
	{"Dockerfile_x", dockerfile, discover.Dockerfile},
	{"web.Dockerfile", dockerfile, discover.Dockerfile},
	{"web.dockerfile", dockerfile, discover.Dockerfile},
	{"Containerfile", dockerfile, discover.Dockerfile},
	{"Containerfile.web", dockerfile, discover.Dockerfile},
	{"Dockerfile.go", dockerfile, discover.Dockerfile},
	{"Dockerfile.py", "from x import y\n", discover.Other},
	{"Dockerfile.sh", dockerfile, discover.Other},
	{"Dockerfile.md", dockerfile, discover.Other},
	{"Dockerfile.j2", dockerfile, discover.Other},
	{"Dockerfile.template", dockerfile, discover.Other},
	{"Dockerfile.erb", dockerfile, discover.Other},
	{"Dockerfile.in", dockerfile, discover.Other},
	{"Dockerfiles", dockerfile, discover.Other},
	{"MyDockerfile", dockerfile, discover.Other},
	{"Dockerfile.dockerignore", "*\n", discover.DockerIgnore},
	{".dockerignore", "*\n", discover.DockerIgnore},
	// and by content
	{"Dockerfile", "# nothing yet\n", discover.Other},
	{"Dockerfile", "\ufeff# c\r\nARG V=1\r\n\r\n  from alpine:${V}\r\n", discover.Dockerfile},
	{"Dockerfile", "FROM {{ base }}\n", discover.Other},
	{"Dockerfile", "FROM a\n{% if x %}\nRUN b\n", discover.Other},
	{"Dockerfile", "FROM a\nRUN docker inspect -f '{{ .Id }}' b\n", discover.Dockerfile},
	// compose
	{"docker-compose.yml", compose, discover.Compose},
	{"compose.yaml", compose, discover.Compose},
	{"docker-compose.prod.yaml", "volumes:\n  data:\n", discover.Compose},
	{"compose-dev.yml", "include:\n  - a.yml\n", discover.Compose},
	{"web.compose.yml", "services:\n  a:\n    ports: ['80']\n", discover.Compose},
	{"compose.override.yml", "services:\n  web: {}\n", discover.Compose},
	{"stack.yml", "# x\nservices:\n    web:\n        command: a\n    db:\n        image: b\n", discover.Compose},
	{"flow.yml", "services: {web: {image: a}}\n", discover.Compose},
	{"flow2.yml", "services:\n  web: {image: a}\n", discover.Compose},
	{"quoted.yml", "'services':\n  'web':\n    \"image\": a\n", discover.Compose},
	{"composer.yaml", "services:\n  x: 1\n", discover.Other},
	{"services.yaml", "services:\n  App\\X:\n    class: Y\n", discover.Other},
	{"services2.yaml", "parameters:\n  a: b\nservices:\n  mailer:\n    image: Y\n", discover.Other},
	{"list.yml", "services:\n  - image: a\n", discover.Other},
	{"deeper.yml", "services:\n  web:\n    x:\n      image: a\n", discover.Other},
	{"other.yml", "jobs:\n  services:\n    web:\n      image: a\n", discover.Other},
	{"docker-compose-deployment.yaml", pod, discover.Kubernetes},
	// Kubernetes
	{"k8s/pod.yaml", pod, discover.Kubernetes},
	{"k8s/second.yaml", "# nothing\n---\na: b\n---\n" + pod, discover.Kubernetes},
	{"k8s/crlf.yaml", strings.ReplaceAll("---\n"+pod, "\n", "\r\n"), discover.Kubernetes},
	{"k8s/indented.yaml", "  apiVersion: v1\n  kind: Service\n", discover.Kubernetes},
	{"k8s/service.yml", "kind: Service\napiVersion: v1\n", discover.Kubernetes},
	{"k8s/list.json", `{"apiVersion":"v1","items":[{"a":"b"}],"kind":"List"}`, discover.Kubernetes},
	{"k8s/json.yaml", `{"kind": "Pod", "apiVersion": "v1"}`, discover.Kubernetes},
	{"k8s/stream.json", `{"a":1} {"kind":"Pod","apiVersion":"v1"}`, discover.Kubernetes},
	{"k8s/nested.json", `{"x":{"kind":"Pod","apiVersion":"v1"}}`, discover.Other},
	{"k8s/nested.yaml", "x:\n  apiVersion: v1\n  kind: Pod\n", discover.Other},
	{"k8s/apart.yaml", "apiVersion: v1\n---\nkind: Pod\n", discover.Other},
	{"k8s/inline.yaml", "data: |\n  apiVersion: v1\n  kind: Pod\n", discover.Other},
	{"k8s/crd.yaml", "apiVersion: apiextensions.k8s.io/v1\nkind: CustomResourceDefinition\n", discover.Other},
	{"k8s/crds.yaml", "apiVersion: apiextensions.k8s.io/v1\nkind: CustomResourceDefinition\n---\n" + pod, discover.Kubernetes},
	{"k8s/template.yaml", template, discover.Other},
	{"k8s/value.yaml", "apiVersion: v1\nkind: Pod\nimage: {{ x }}\n", discover.Other},
	{"k8s/scalar.yaml", "apiVersion: v1\nkind: ConfigMap\na: \"{{ x }}\"\nb: |\n  {{ y }}\n  {% z %}\nc: 'p\n  {{ q }}'\nd: e {{ f }}\n", discover.Kubernetes},
	{"kustomization.yaml", "resources:\n  - a.yaml\n", discover.Kustomization},
	{"flux.yaml", "apiVersion: kustomize.toolkit.fluxcd.io/v1\nkind: Kustomization\n", discover.Kubernetes},
	// Helm
	{"charts/web/Chart.yaml", chart, discover.HelmChart},
	{"charts/web/templates/pod.yaml", template, discover.HelmTemplate},
	{"charts/web/templates/tests/deep.yaml", pod, discover.HelmTemplate},
	{"charts/web/templates/_helpers.tpl", "", discover.HelmTemplate},
	{"charts/web/values.yaml", "image: a\n", discover.HelmValues},
	{"charts/web/values-prod.yaml", "image: a\n", discover.HelmValues},
	{"charts/web/ci/test-values.yaml", "image: a\n", discover.HelmValues},
	{"charts/web/crds/crd.yaml", pod, discover.Kubernetes},
	{"deploy/values.yaml", "a: b\n", discover.HelmValues},
	{"templates/pod.yaml", pod, discover.Kubernetes},
	{"mytemplates/pod.yaml", pod, discover.Kubernetes},
	// what others own
	{".github/workflows/ci.yml", compose, discover.Other},
	{"sub/.gitlab-ci.yml", compose, discover.Other},
	{"{{cookiecutter.name}}/Dockerfile", dockerfile, discover.Other},
	{"action/action.yml", "runs:\n  using: docker\n  image: Dockerfile\n", discover.GitHubAction},
	{".devcontainer/devcontainer.json", "// c\n{}\n", discover.DevContainer},
	{"docker/daemon.json", "{}", discover.DaemonJSON},
	{"data.json", `[1,2,"apiVersion"]`, discover.Other},
	{"notes.txt", dockerfile, discover.Other},
}

func TestClassify(t *testing.T) {
	for _, tt := range classifyCases {
		t.Run(tt.path, func(t *testing.T) {
			fs := files{tt.path: tt.content}
			if strings.HasPrefix(tt.path, "charts/web/") {
				fs["charts/web/Chart.yaml"] = chart
			}
			root := plant(t, fs)
			tree := find(t, discover.Options{Paths: []string{root}})
			if got := kindOf(tree, tt.path); got != tt.want {
				t.Errorf("%s with %q is %v, want %v", tt.path, tt.content, got, tt.want)
			}
		})
	}
}

// A file that somebody typed is looked at whatever it is called.
func TestClassifyExplicit(t *testing.T) {
	tests := []struct {
		path, content string
		want          discover.Kind
	}{
		{"image.docker", dockerfile, discover.Dockerfile},
		{"Dockerfile.sh", dockerfile, discover.Dockerfile},
		{"Dockerfile.in", dockerfile, discover.Dockerfile},
		{"pod.k8s", pod, discover.Kubernetes},
		{"pod", `{"apiVersion":"v1","kind":"Pod"}`, discover.Kubernetes},
		{"stack.conf", compose, discover.Compose},
		{".github/workflows/odd.yml", compose, discover.Compose},
		{"{{cookiecutter.x}}/Dockerfile", dockerfile, discover.Dockerfile},
		{"values-x.yaml", "a: b\n", discover.HelmValues},
		{"kustomization.yaml", "resources: []\n", discover.Kustomization},
	}
	for _, tt := range tests {
		t.Run(tt.path, func(t *testing.T) {
			root := plant(t, files{tt.path: tt.content})
			tree := find(t, discover.Options{Root: root, Paths: []string{root + "/" + tt.path}})
			e := tree.Files[0]
			if e.Kind != tt.want || !e.Explicit || !e.InScope {
				t.Errorf("%s is %+v, want %v, explicit and in scope", tt.path, e, tt.want)
			}
		})
	}
}

func TestSkips(t *testing.T) {
	const generated = "# Code generated by x. DO NOT EDIT.\n"
	root := plant(t, files{
		"charts/web/Chart.yaml":         chart,
		"charts/web/templates/a.yaml":   pod,
		"charts/web/templates/b.yaml":   pod,
		"charts/web/templates/NOTES.md": "",
		"charts/lib/Chart.yaml":         chart,
		"gen/Dockerfile":                generated + dockerfile,
		"gen/soft.yaml":                 "# This file is autogenerated.\n# Do not manually edit.\n" + pod,
		"gen/helm.yaml":                 "---\n# Source: web/templates/pod.yaml\n" + pod,
		"gen/service.yaml":              generated + "apiVersion: v1\nkind: Service\n",
		"gen/made.dockerfile":           "# syntax=docker/dockerfile:1\n\n# This file was generated from a template.\n" + dockerfile,
		"fine/later.yaml":               "# This file will be generated later.\n" + pod,
		"fine/port.yaml":                "# do not change the port, clients know it\n" + pod,
		"tpl/pod.yaml":                  pod + "    - {{ more }}\n",
		"tpl/rule.yaml":                 "apiVersion: v1\nkind: Service\nmetadata: {{ m }}\n",
		"tpl/Dockerfile":                "# c\nFROM {{ base }}\n",
		"{{ name }}/Dockerfile":         dockerfile,
		"{{ name }}/sub/Dockerfile":     dockerfile,
		"{{ other }}/main.go":           "",
		"bad/Dockerfile":                "FROM a\nLABEL x=\"\xff\"\n",
		"bad/pod.yaml":                  pod + "# caf\xe9\n",
		"bad/data.yaml":                 "caf\xe9: 1\n",
		"bad/nul.dockerfile":            "FROM a\n\x00\n",
		"bad/image.dockerfile":          "\x89PNG\x00",
		"big/Dockerfile":                "FROM a\n" + strings.Repeat("# x\n", 1<<18),
		"big/data.json":                 "[" + strings.Repeat(" ", 10<<20) + "]",
		"big/pods.yaml":                 pod + strings.Repeat("# a line that says nothing\n", 1<<19),
	})
	tree := find(t, discover.Options{Paths: []string{root}})
	want := `!bad/Dockerfile:2: it is not UTF-8
!bad/nul.dockerfile:2: it holds a NUL byte: it is no text, or UTF-16
!bad/pod.yaml:8: it is not UTF-8
!big/Dockerfile: it is larger than 1 MiB
!big/pods.yaml: it is larger than 10 MiB
charts/web/templates: 2 templates of a Helm chart, no YAML before rendering; the values of the chart can be changed
gen/Dockerfile: generated, as its first lines say; change what it is made from
gen/helm.yaml: generated by helm template ("# Source:"); change the chart or its values
gen/made.dockerfile: generated, as its first lines say; change what it is made from
gen/soft.yaml: generated, as its first lines say; change what it is made from
tpl/Dockerfile:2: a template: it is no Dockerfile before it is filled in
tpl/pod.yaml:8: a template: it is no Kubernetes file before it is filled in
{{ name }}: a template of a project generator`
	if got := skipped(tree); got != want {
		t.Errorf("skips are\n%s\nwant\n%s", got, want)
	}
	frozen := func(e discover.Entry) bool { return !e.InScope }
	if got, want := paths(tree, frozen), "gen/Dockerfile gen/helm.yaml gen/made.dockerfile gen/service.yaml gen/soft.yaml"; got != want {
		t.Errorf("not in scope are %q, want %q", got, want)
	}
}

// What concerns other directories than those that were typed is not worth a word, unless a link may be missed for it.
func TestSkipsElsewhere(t *testing.T) {
	root := plant(t, files{
		"web/Dockerfile": dockerfile, "gen/Dockerfile": "# DO NOT EDIT\n" + dockerfile, "bad/Dockerfile": "FROM a\n# \xff\n",
		"charts/web/Chart.yaml": chart, "charts/web/templates/a.yaml": pod,
	})
	get := func(paths ...string) string {
		for i := range paths {
			paths[i] = root + "/" + paths[i]
		}
		return skipped(find(t, discover.Options{Root: root, Paths: paths}))
	}
	if got, want := get("web"), "bad/Dockerfile:2: it is not UTF-8"; got != want {
		t.Errorf("skips are %q, want %q and no error", got, want)
	}
	if got, want := get("bad"), "!bad/Dockerfile:2: it is not UTF-8"; got != want {
		t.Errorf("skips are %q, want %q", got, want)
	}
	if got := get("charts/web/templates"); !strings.Contains(got, "1 template of a Helm chart") {
		t.Errorf("skips are %q, want the chart", got)
	}
	tree := find(t, discover.Options{Root: root, Paths: []string{root + "/gen/Dockerfile"}})
	if got := paths(tree, inScope); got != "gen/Dockerfile" {
		t.Errorf("in scope are %q, want the generated file that was typed", got)
	}
}

func TestKindString(t *testing.T) {
	seen := map[string]bool{}
	for k := discover.Other; k <= discover.DevContainer; k++ {
		if s := k.String(); s == "" || seen[s] {
			t.Errorf("Kind %d is called %q", int(k), s)
		} else {
			seen[s] = true
		}
	}
	if got := discover.Kind(99).String(); got != "Kind(99)" {
		t.Errorf("an unknown kind is called %q", got)
	}
}
