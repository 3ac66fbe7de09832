package workspace

import (
	"io/fs"
	"path"
	"sort"
	"strings"
	"testing"

	"github.com/offroot/offroot/rewrite/dockerfile"
	"github.com/offroot/offroot/rewrite/parse"
	"github.com/offroot/offroot/rewrite/source"
	"github.com/offroot/offroot/rewrite/yamldoc"
)

// join makes a workspace of a tree, telling files apart by their names.
func join(t *testing.T, text string) *Workspace {
	t.Helper()
	fsys := tree(text)
	docs := &parse.Documents{FS: fsys, InScope: map[string]bool{}, Memo: map[string]any{}}
	for name := range fsys {
		docs.Paths = append(docs.Paths, name)
	}
	sort.Strings(docs.Paths)
	for _, name := range docs.Paths {
		docs.InScope[name] = true
		content, _ := fs.ReadFile(fsys, name)
		file := source.NewFile(name, content)
		base := path.Base(name)
		if strings.Contains(strings.ToLower(base), "dockerfile") {
			doc, err := dockerfile.Parse(file)
			if err != nil {
				t.Fatal(err)
			}
			docs.Dockerfiles = append(docs.Dockerfiles, doc)
			continue
		}
		var list *[]*yamldoc.Document
		switch {
		case strings.HasPrefix(base, "compose"):
			list = &docs.Compose
		case strings.HasPrefix(base, "kustomization"):
			list = &docs.Kustomizations
		case strings.HasPrefix(base, "k8s") || strings.HasPrefix(name, "k8s/"):
			list = &docs.Kubernetes
		default:
			continue
		}
		doc, err := yamldoc.Parse(file)
		if err != nil {
			t.Fatal(err)
		}
		*list = append(*list, doc)
	}
	return Join(docs)
}

// links are the images of all pods and of the services that build nothing, each with what it is tied to.
func links(ws *Workspace) []string {
	var all []string
	say := func(img *Image) {
		s := img.Ref + " ->"
		switch {
		case img.Build != nil:
			s += " " + img.Build.Doc.File().Path
			if img.Build.Stage.Name != "" {
				s += ":" + img.Build.Stage.Name
			}
			if img.link.Certain {
				s += " certain"
			}
		case len(img.Ambiguous) > 0:
			s += " ambiguous"
			for _, a := range img.Ambiguous {
				place, _, _ := strings.Cut(a, ":")
				s += " " + place
			}
		}
		all = append(all, s)
	}
	for _, p := range ws.Pods {
		for _, c := range p.Containers {
			say(&c.Image)
		}
	}
	for _, s := range ws.Services {
		if s.Build == nil {
			say(&s.Image)
		}
	}
	sort.Strings(all)
	return all
}

// pod is a manifest that runs images.
func pod(images ...string) string {
	s := "apiVersion: v1\nkind: Pod\nmetadata: {name: p}\nspec:\n  containers:\n"
	for _, img := range images {
		s += "  - name: c\n    image: " + img + "\n"
	}
	return s
}

// at writes a Dockerfile at each of the names.
func at(names ...string) string {
	s := ""
	for _, n := range names {
		s += "-- " + n + " --\nFROM alpine:3.20\nCMD [\"x\"]\n"
	}
	return s
}

func file(name, text string) string { return "-- " + name + " --\n" + text + "\n" }

var linkCases = []struct {
	what string
	tree string
	want []string
}{
	{"an exact build command", at("src/Dockerfile") + file("Makefile", "image:\n\tdocker build -t ghcr.io/acme/shop:$(TAG) src") + file("k8s/a.yaml", pod("ghcr.io/acme/shop:1")),
		[]string{"ghcr.io/acme/shop:1 -> src/Dockerfile certain"}},
	{"a target", "-- Dockerfile --\nFROM alpine AS web\nCMD [\"w\"]\nFROM alpine AS job\nCMD [\"j\"]\n" + file("Makefile", "image:\n\tdocker build -t acme/web --target web .\n\tdocker build -t acme/job .") + file("k8s/a.yaml", pod("acme/web", "acme/job")),
		[]string{"acme/job -> Dockerfile:job certain", "acme/web -> Dockerfile:web certain"}},
	{"a directory of the same name", at("book_api/Dockerfile") + file("k8s/a.yaml", pod("acme/book-api:1")), []string{"acme/book-api:1 -> book_api/Dockerfile"}},
	{"a build command without registry and a directory", at("web/Dockerfile") + file("Makefile", "image:\n\tdocker build -t web web") + file("k8s/a.yaml", pod("acme/web:1")),
		[]string{"acme/web:1 -> web/Dockerfile certain"}},
	{"a build command without registry alone", at("src/Dockerfile") + file("Makefile", "image:\n\tdocker build -t $(REG)/shop src") + file("k8s/a.yaml", pod("acme/shop:1")),
		[]string{"acme/shop:1 -> src/Dockerfile"}},
	{"another owner", at("src/Dockerfile") + file("Makefile", "image:\n\tdocker build -t acme/shop src") + file("k8s/a.yaml", pod("vitess/shop:1")),
		[]string{"vitess/shop:1 ->"}},
	{"another registry of the same owner", at("src/Dockerfile") + file("Makefile", "image:\n\tdocker build -t gcr.io/acme/shop src") + file("k8s/a.yaml", pod("quay.io/acme/shop:1")),
		[]string{"quay.io/acme/shop:1 -> src/Dockerfile"}},
	{"a placeholder for the owner", at("src/Dockerfile") + file("src/cloudbuild.yaml", "steps:\n- name: gcr.io/cloud-builders/docker\n  args: [build, -t, $LOCATION-docker.pkg.dev/$PROJECT_ID/llm/shop, .]") + file("k8s/a.yaml", pod("REGION-docker.pkg.dev/PROJECT_ID/llm/shop:1")),
		[]string{"REGION-docker.pkg.dev/PROJECT_ID/llm/shop:1 -> src/Dockerfile"}},
	{"official names", at("nginx/Dockerfile", "redis/Dockerfile") + file("Makefile", "image:\n\tdocker build -t redis redis") + file("k8s/a.yaml", pod("nginx:1.27", "redis:7", "mailu/nginx")),
		[]string{"mailu/nginx ->", "nginx:1.27 ->", "redis:7 ->"}},
	{"an owner's own mysql", at("mysql/Dockerfile", "orders/Dockerfile") + file("k8s/a.yaml", pod("acme/mysql", "acme/orders")),
		[]string{"acme/mysql -> mysql/Dockerfile", "acme/orders -> orders/Dockerfile"}},
	{"a name that says nothing", at("test/container/Dockerfile") + file("k8s/a.yaml", pod("test", "acme/test:1")), []string{"acme/test:1 ->", "test ->"}},
	{"a name with other separators of an unknown owner", at("dynamodblocal/Dockerfile") + file("k8s/a.yaml", pod("cnadiminti/dynamodb-local")), []string{"cnadiminti/dynamodb-local ->"}},
	{"two directories of one name", at("x/app/Dockerfile", "y/app/Dockerfile") + file("k8s/a.yaml", pod("acme/app")) + file("y/k8s.yaml", pod("acme/app:2")),
		[]string{"acme/app -> ambiguous x/app/Dockerfile y/app/Dockerfile", "acme/app:2 -> y/app/Dockerfile"}},
	{"two build commands for one name", at("a/Dockerfile", "b/Dockerfile") + file("Makefile", "image:\n\tdocker build -t acme/app a\n\tdocker build -t acme/app b") + file("k8s/a.yaml", pod("acme/app")),
		[]string{"acme/app -> ambiguous a/Dockerfile b/Dockerfile"}},
	{"two build commands that differ in the tag", at("a/Dockerfile", "b/Dockerfile") + file("Makefile", "image:\n\tdocker build -t acme/app:$(V)-a a\n\tdocker build -t acme/app:$(V)-b b") + file("k8s/a.yaml", pod("acme/app:1-b", "acme/app:1")),
		[]string{"acme/app:1 -> ambiguous a/Dockerfile b/Dockerfile", "acme/app:1-b -> b/Dockerfile certain"}},
	{"the nearest of two", at("one/src/Dockerfile", "two/src/Dockerfile") + file("one/skaffold.yaml", "build: {artifacts: [{image: app, context: src}]}") + file("two/skaffold.yaml", "build: {artifacts: [{image: app, context: src}]}") + file("two/k8s.yaml", pod("app")) + file("one/k8s.yaml", pod("app:1")),
		[]string{"app -> two/src/Dockerfile certain", "app:1 -> one/src/Dockerfile certain"}},
	{"a bare name outside of the skaffold project", at("one/src/Dockerfile") + file("one/skaffold.yaml", "build: {artifacts: [{image: jax/hello, context: src}]}") + file("two/k8s.yaml", pod("hello")),
		[]string{"hello ->"}},
	{"images with a common beginning", at("src/web/Dockerfile", "src/api/Dockerfile", "other/db/Dockerfile") + file("k8s/a.yaml", pod("acme/shop-web", "acme/shop-api", "acme/shop-db")),
		[]string{"acme/shop-api -> src/api/Dockerfile", "acme/shop-db ->", "acme/shop-web -> src/web/Dockerfile"}},
	{"an end of a name alone", at("x/app/Dockerfile") + file("k8s/a.yaml", pod("acme/gradio-app")), []string{"acme/gradio-app ->"}},
	{"an end of a name with the rest above", at("samples/moviestore/src/ratings/Dockerfile") + file("k8s/a.yaml", pod("acme/examples-moviestore-ratings-v2")),
		[]string{"acme/examples-moviestore-ratings-v2 -> samples/moviestore/src/ratings/Dockerfile"}},
	{"a Dockerfile with a name", at("pilot/docker/Dockerfile.proxyv2", "Dockerfile.dev") + file("k8s/a.yaml", pod("acme/proxyv2:1", "acme/dev:1")),
		[]string{"acme/dev:1 ->", "acme/proxyv2:1 -> pilot/docker/Dockerfile.proxyv2"}},
	{"a directory for the tag", at("base/tomcat/8.5/Dockerfile", "base/tomcat/9/Dockerfile") + file("compose.yaml", "services:\n  a: {image: 'vulhub/tomcat:8.5'}"),
		[]string{"vulhub/tomcat:8.5 -> base/tomcat/8.5/Dockerfile"}},
	{"a service of an image that the Makefile builds", at("namenode/Dockerfile") + file("Makefile", "b:\n\tdocker build -t bde/namenode:$(B) ./namenode") + file("compose.yaml", "services:\n  n: {image: 'bde/namenode:2'}"),
		[]string{"bde/namenode:2 -> namenode/Dockerfile certain"}},
	{"a sibling's image", at("web/Dockerfile") + file("compose.yaml", "services:\n  w: {image: acme/w, build: web}\n  j: {image: acme/w}"), []string{"acme/w -> web/Dockerfile certain"}},
	{"what a Dockerfile starts from", "-- kafka/Dockerfile --\nFROM acme/kafka:1\n" + file("k8s/a.yaml", pod("acme/kafka:1", "acme/kafka:2")), []string{"acme/kafka:1 ->", "acme/kafka:2 ->"}},
	{"kustomize renames", at("src/Dockerfile") + file("Makefile", "b:\n\tdocker build -t quay.io/acme/op:$(V) src") + file("k8s/m.yaml", pod("controller:latest")) + file("other/k8s.yaml", pod("controller:x")) +
		file("k8s/base/kustomization.yaml", "resources: [../m.yaml]") + file("k8s/over/kustomization.yaml", "resources: [../base]\nimages:\n- {name: controller, newName: quay.io/acme/op}"),
		[]string{"controller:latest -> src/Dockerfile certain", "controller:x ->"}},
	{"Tilt builds for development", at("Dockerfile", "Dockerfile.tilt") + file("Tiltfile", "docker_build('quay.io/acme/cd', '.', dockerfile='Dockerfile.tilt')") + file("k8s/a.yaml", pod("quay.io/acme/cd:1")),
		[]string{"quay.io/acme/cd:1 ->"}},
	{"a name in the text of a workflow", at("src/Dockerfile") + file(".github/workflows/ci.yml", "jobs: {b: {steps: [{run: 'docker pull acme/shop'}]}}") + file("k8s/a.yaml", pod("acme/shop")), []string{"acme/shop ->"}},
	{"ko", at("manager/Dockerfile") + file("k8s/a.yaml", pod("ko://example.com/cmd/manager")), []string{"ko://example.com/cmd/manager ->"}},
}

func TestLinks(t *testing.T) {
	for _, tt := range linkCases {
		t.Run(tt.what, func(t *testing.T) {
			got := links(join(t, tt.tree))
			if strings.Join(got, "\n") != strings.Join(tt.want, "\n") {
				t.Errorf("links are\n  %s\nwant\n  %s", strings.Join(got, "\n  "), strings.Join(tt.want, "\n  "))
			}
		})
	}
}

// A link says where its evidence stands, and each of two Dockerfiles is named with its own.
func TestLinkBecause(t *testing.T) {
	ws := join(t, at("web/Dockerfile", "a/x/Dockerfile", "b/x/Dockerfile")+file("Makefile", "i:\n\tdocker build -t web web\n\tdocker build -t acme/app a/x\n\tdocker build -t acme/app b/x")+
		file("k8s/a.yaml", pod("acme/web", "acme/app")))
	link := ws.Pods[0].Links()[0]
	const want = "docker build of web in Makefile:2, and the image acme/web is named like the directory of the Dockerfile"
	if link.Because != want || link.From.String() != "k8s/a.yaml:7" || link.To.String() != "web/Dockerfile:1" {
		t.Errorf("the link from %s to %s is because %q, want %q", link.From, link.To, link.Because, want)
	}
	got := strings.Join(ws.Pods[0].Containers[1].Image.Ambiguous, "\n")
	if want := "a/x/Dockerfile:1 (docker build of acme/app in Makefile:3)\nb/x/Dockerfile:1 (docker build of acme/app in Makefile:4)"; got != want {
		t.Errorf("the candidates are\n%s\nwant\n%s", got, want)
	}
}

// Directories of one name are named together, a lone one that is not likely and a crowd are not.
func TestNamesakes(t *testing.T) {
	ws := join(t, at("eu/api/Dockerfile", "us/api/Dockerfile", "a/web/Dockerfile", "b/web/Dockerfile", "c/web/Dockerfile", "d/web/Dockerfile")+
		file("k8s/a.yaml", pod("acme/api:5", "acme/web:5", "acme/job:5")))
	got := strings.Join(ws.Pods[0].Containers[0].Image.Ambiguous, "\n")
	const want = "eu/api/Dockerfile:1 (named like the directory of the Dockerfile)\nus/api/Dockerfile:1 (named like the directory of the Dockerfile)"
	if got != want {
		t.Errorf("the candidates are\n%s\nwant\n%s", got, want)
	}
	for _, c := range ws.Pods[0].Containers[1:] {
		if len(c.Image.Ambiguous) > 0 {
			t.Errorf("the candidates of %s are %q", c.Image.Ref, c.Image.Ambiguous)
		}
	}
}

func TestServiceLink(t *testing.T) {
	ws := join(t, at("web/Dockerfile")+file("compose.yaml", "services:\n  w:\n    build: web\n  r:\n    image: redis\n"))
	if link, ok := ws.Services[0].Link(); !ok || !link.Certain || link.Because != "service w builds it" {
		t.Errorf("the link of the service that builds is %+v, %v", link, ok)
	}
	if link, ok := ws.Services[1].Link(); ok {
		t.Errorf("a service of an image from elsewhere has the link %+v", link)
	}
}
