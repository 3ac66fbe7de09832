package workspace

import (
	"fmt"
	"io/fs"
	"sort"
	"strings"
	"testing"
	"testing/fstest"
)

// tree makes a file system of a text in which "-- NAME --" starts a file.
func tree(text string) fstest.MapFS {
	fsys := fstest.MapFS{}
	name := ""
	for _, line := range strings.SplitAfter(text, "\n") {
		if file, ok := strings.CutPrefix(strings.TrimSpace(line), "-- "); ok && strings.HasSuffix(file, " --") {
			name = strings.TrimSuffix(file, " --")
			fsys[name] = &fstest.MapFile{}
			continue
		}
		if name != "" {
			fsys[name].Data = append(fsys[name].Data, line...)
		}
	}
	return fsys
}

// readHints reads one file as the workspace would. Every Dockerfile of the list exists.
func readHints(t *testing.T, name, text string, dockerfiles ...string) []string {
	t.Helper()
	r := &hintReader{fsys: tree(text), dockerfiles: dockerfiles}
	content, err := fs.ReadFile(r.fsys, name)
	if err != nil {
		t.Fatal(err)
	}
	read := r.reader(name)
	if read == nil {
		t.Fatalf("%s is not read for build commands", name)
	}
	var all []string
	seen := map[string]bool{}
	for _, h := range dedupe(read(name, string(content))) {
		s := fmt.Sprintf("%d: %s = %s in %s", h.Place.Line, h.Image, h.Dockerfile, h.Context)
		if h.Target != "" {
			s += " target " + h.Target
		}
		if !seen[s] {
			all = append(all, s)
		}
		seen[s] = true
	}
	sort.Strings(all)
	return all
}

var hintCases = []struct {
	what, name, text string
	dockerfiles      []string
	want             []string
}{
	{"a script beside its Dockerfile", "app/build.sh", "docker build -t acme/app:1 .", []string{"app/Dockerfile", "Dockerfile"},
		[]string{"1: acme/app = app/Dockerfile in app"}},
	{"a script of a tool directory", "app/scripts/build.sh", "#!/bin/sh\ndocker build --pull -t acme/app .\n", []string{"app/Dockerfile", "Dockerfile"},
		[]string{"2: acme/app = app/Dockerfile in app"}},
	{"a script that does not say where it runs", "ui/scripts/build.sh", "docker build -t acme/ui .", []string{"Dockerfile"}, nil},
	{"options between", "b.sh", "docker --debug buildx build --platform linux/amd64 --push -f docker/web.Dockerfile --build-arg A=b --target prod -t acme/web:1 -t acme/web:latest .",
		[]string{"docker/web.Dockerfile"}, []string{"1: acme/web = docker/web.Dockerfile in . target prod"}},
	{"continued lines and sudo", "b.sh", "IMG=acme/api\nsudo docker build \\\n  -t \"$IMG:$TAG\" \\\n  api\n", []string{"api/Dockerfile"},
		[]string{"2: acme/api = api/Dockerfile in api"}},
	{"a variable that must be set", "b.sh", "TAG=${1:?tag}\nIMG=acme/api\ndocker build -t \"$IMG:$TAG\" -t \"x/api:${V:?}\" api\n", []string{"api/Dockerfile"},
		[]string{"3: acme/api = api/Dockerfile in api", "3: x/api = api/Dockerfile in api"}},
	{"cd", "b.sh", "cd services/web && docker build -t acme/web .", []string{"services/web/Dockerfile"},
		[]string{"1: acme/web = services/web/Dockerfile in services/web"}},
	{"cd to where nobody knows", "b.sh", "cd $WORK\ndocker build -t acme/web .\n", []string{"Dockerfile"}, nil},
	{"cd to the script's parent", "x/y/b.sh", "cd \"$(dirname \"$0\")/..\"\ndocker build -t acme/web .\n", []string{"x/Dockerfile"},
		[]string{"2: acme/web = x/Dockerfile in x"}},
	{"a loop over directories", "b.sh", "for s in web api; do\n  docker build -t acme/$s:$TAG ./services/$s\ndone\n",
		[]string{"services/web/Dockerfile", "services/api/Dockerfile", "other/Dockerfile"},
		[]string{"2: acme/api = services/api/Dockerfile in services/api", "2: acme/web = services/web/Dockerfile in services/web"}},
	{"a variable that the image does not have", "b.sh", "docker build -t acme/app $DIR", []string{"a/Dockerfile", "b/Dockerfile"}, nil},
	{"a Dockerfile from standard input", "b.sh", "docker build -t acme/app - <Dockerfile", []string{"Dockerfile"}, nil},
	{"a comment and a message", "b.sh", "# docker build -t acme/a .\necho docker build -t acme/b .\n", []string{"Dockerfile"}, nil},
	{"a target that is a variable", "b.sh", "docker build --target $T -t acme/a .", []string{"Dockerfile"}, []string{"1:  = Dockerfile in ."}},
	{"an image that is a variable", "b.sh", "docker build -t $1 .", []string{"Dockerfile"}, []string{"1:  = Dockerfile in ."}},
	{"gcloud and az", "b.sh", "gcloud builds submit --tag gcr.io/$P/web web\naz acr build --image api:1 --file api/Dockerfile api\n", []string{"web/Dockerfile", "api/Dockerfile"},
		[]string{"1: gcr.io/${P}/web = web/Dockerfile in web", "2: api = api/Dockerfile in api"}},
	{"make with variables", "Makefile", "REG ?= quay.io/acme\nIMG = $(REG)/controller\nimage:\n\t@$(DOCKER) build -t $(IMG):$(shell git describe) .\n", []string{"Dockerfile"},
		[]string{"4: quay.io/acme/controller = Dockerfile in ."}},
	{"make with a prefix", "Makefile", "image:\n\tdocker build -t $(IMAGE_PREFIX)argocd:$(TAG) .\n", []string{"Dockerfile"},
		[]string{"2: ${IMAGE_PREFIX}/argocd = Dockerfile in ."}},
	{"make with two values", "Makefile", "ifdef X\nN = a\nelse\nN = b\nendif\nimage:\n\tdocker build -t acme/$(N) .\n", []string{"Dockerfile"},
		[]string{"7:  = Dockerfile in ."}},
	{"make with a pattern rule", "Makefile", "docker-%:\n\tcd cmd/$* && podman build -t acme/$*:dev .\n", []string{"cmd/web/Dockerfile", "cmd/job/Dockerfile"},
		[]string{"2: acme/job = cmd/job/Dockerfile in cmd/job", "2: acme/web = cmd/web/Dockerfile in cmd/web"}},
	{"make with an included file", "Makefile", "include images.env\nimage:\n\t${ENGINE} build . -t acme/${NAME} -f agent.Dockerfile\n-- images.env --\nNAME ?= agent\n", []string{"agent.Dockerfile"},
		[]string{"3: acme/agent = agent.Dockerfile in ."}},
	{"npm", "package.json", "{\n\"scripts\": {\"image\": \"npm run x && docker build -f docker/dockerfile -t acme/kuma:2 .\"}\n}", []string{"docker/dockerfile"},
		[]string{"2: acme/kuma = docker/dockerfile in ."}},
	{"skaffold", "x/skaffold.yaml", "build:\n  artifacts:\n  - image: web\n    context: web\n  - image: api\n    docker:\n      dockerfile: api/Dockerfile.prod\n      target: run\n  - image: jib\n    jib: {}\n  - image: packs\n    buildpacks: {builder: b}\nprofiles:\n- name: p\n  build:\n    artifacts:\n    - image: kan\n      kaniko: {}\n  patches:\n  - op: add\n    path: /build/artifacts/-\n    value: {image: more, context: more}\n", nil,
		[]string{"17: kan = x/Dockerfile in x", "22: more = x/more/Dockerfile in x/more", "3: web = x/web/Dockerfile in x/web", "5: api = x/api/Dockerfile.prod in x target run"}},
	{"bake with variables and inheritance", "docker-bake.hcl", "variable \"REG\" { default = \"ghcr.io/acme\" }\nvariable \"TAG\" {\n  default = \"dev\"\n}\ntarget \"common\" {\n  context = \"app\" // here\n  dockerfile = \"Dockerfile.prod\"\n}\ntarget \"web\" {\n  inherits = [\"common\"]\n  target = \"web\"\n  tags = [\"${REG}/web:${TAG}\", notequal(\"\", TAG) ? \"${REG}/web2:${TAG}\" : \"\"]\n}\n", []string{"app/Dockerfile.prod"},
		[]string{"5:  = app/Dockerfile.prod in app", "9: ghcr.io/acme/web = app/Dockerfile.prod in app target web", "9: ghcr.io/acme/web2 = app/Dockerfile.prod in app target web"}},
	{"bake with a matrix of objects", "docker-bake.hcl", "images = [\n  { name = \"shop-web\", source = \"web\" },\n  {\n    name = \"shop-api\"\n    source = \"api\"\n    args = { a = 1 }\n  },\n]\ntarget \"default\" {\n  matrix = { item = images }\n  name = item.name\n  context = \"./src/${item.source}\"\n  tags = [\n    for x in setproduct([HUB], item.tags) : join(\"/${item.name}:\", x)\n  ]\n  args = lookup(item, \"args\", {})\n}\n", []string{"src/web/Dockerfile", "src/api/Dockerfile"},
		[]string{"9: ${?}/shop-api = src/api/Dockerfile in src/api", "9: ${?}/shop-web = src/web/Dockerfile in src/web"}},
	{"bake in JSON", "docker-bake.json", "{\"variable\": {\"T\": {\"default\": \"1\"}},\n\"target\": {\n\"web\": {\"context\": \"web\", \"tags\": [\"acme/web:${T}\"]}}}", []string{"web/Dockerfile"},
		[]string{"3: acme/web = web/Dockerfile in web"}},
	{"Tilt", "Tiltfile", "load('ext://x', 'docker_build_with_restart')\ndocker_build('acme/web', '.', dockerfile='web.Dockerfile', only=['a', 'b'])\ndocker_build(\n  ref=\"api\",\n  context=\"api\",\n  target=\"dev\")\n# docker_build('no', '.')\ndocker_build(name, '.')\n", []string{"web.Dockerfile", "api/Dockerfile", "Dockerfile"},
		[]string{"2: acme/web = web.Dockerfile in .", "3: api = api/Dockerfile in api target dev"}},
	{"Cloud Build", "web/cloudbuild.yaml", "steps:\n- name: gcr.io/cloud-builders/docker\n  args: ['build', '-t', '${_REG}/web:$TAG', '.']\n- name: gcr.io/cloud-builders/docker\n  args: [build, -t, gcr.io/$PROJECT_ID/api, .]\n  dir: api\n- name: bash\n  entrypoint: bash\n  args: ['-c', 'docker build -t x/job job']\n- name: gcr.io/kaniko-project/executor:latest\n  args: [--destination=x/kan, --context=dir:///workspace/kan, --dockerfile=kan/Dockerfile]\nsubstitutions:\n  _REG: eu.gcr.io/acme\n", []string{"web/Dockerfile", "api/Dockerfile", "web/job/Dockerfile", "kan/Dockerfile"},
		[]string{"10: x/kan = kan/Dockerfile in kan", "2: eu.gcr.io/acme/web = web/Dockerfile in web", "4: gcr.io/${PROJECT_ID}/api = api/Dockerfile in api", "9: x/job = web/job/Dockerfile in web/job"}},
	{"an action with metadata", ".github/workflows/ci.yml", "env:\n  REG: ghcr.io\njobs:\n  b:\n    steps:\n    - id: meta\n      uses: docker/metadata-action@v5\n      with:\n        images: |\n          ${{ env.REG }}/acme/web\n          docker.io/acme/web\n    - uses: docker/build-push-action@v6\n      with:\n        context: web\n        target: prod\n        tags: ${{ steps.meta.outputs.tags }}\n    - run: docker build -t acme/job:${{ github.sha }} job\n", []string{"web/Dockerfile", "job/Dockerfile"},
		[]string{"12: docker.io/acme/web = web/Dockerfile in web target prod", "12: ghcr.io/acme/web = web/Dockerfile in web target prod", "17: acme/job = job/Dockerfile in job"}},
	{"a matrix", ".github/workflows/ci.yml", "jobs:\n  b:\n    strategy:\n      matrix:\n        image: [web, api]\n        include:\n        - {image: job, file: tools/job.Dockerfile}\n    steps:\n    - uses: docker/build-push-action@v6\n      with:\n        context: .\n        file: ${{ matrix.image }}/Dockerfile\n        tags: quay.io/acme/${{ matrix.image }}:dev, x/${{ matrix.image }}:${{ github.sha }}\n", []string{"web/Dockerfile", "api/Dockerfile"},
		[]string{"9: quay.io/acme/api = api/Dockerfile in .", "9: quay.io/acme/web = web/Dockerfile in .", "9: x/api = api/Dockerfile in .", "9: x/web = web/Dockerfile in ."}},
	{"a matrix that a job computes", ".github/workflows/ci.yml", "jobs:\n  b:\n    strategy:\n      matrix:\n        image: ${{ fromJSON(needs.a.outputs.list) }}\n    steps:\n    - working-directory: apps/${{ matrix.image }}\n      run: |\n        set -e\n        docker build -t acme/${{ matrix.image }} .\n", []string{"apps/web/Dockerfile"},
		[]string{"10: acme/web = apps/web/Dockerfile in apps/web"}},
	{"GitLab", ".gitlab-ci.yml", "variables:\n  IMG: registry.example.com/acme/web\nbuild:\n  script:\n  - docker build --target prod -t $IMG:$CI_COMMIT_SHA -f web/Dockerfile web\nkaniko:\n  script:\n  - /kaniko/executor --context \"$CI_PROJECT_DIR/api\" --dockerfile \"$CI_PROJECT_DIR/api/Dockerfile\" --destination \"$CI_REGISTRY/api:1\"\n", []string{"web/Dockerfile", "api/Dockerfile"},
		[]string{"5: registry.example.com/acme/web = web/Dockerfile in web target prod", "8: ${CI_REGISTRY}/api = api/Dockerfile in api"}},
	{"Travis", ".travis.yml", "after_success:\n- export WEB=acme/web\n- docker build -t $WEB:$COMMIT ./web\n", []string{"web/Dockerfile"}, []string{"3:  = web/Dockerfile in web"}},
	{"Azure", "azure-pipelines.yml", "steps:\n- task: Docker@2\n  inputs:\n    repository: acme/web\n    Dockerfile: '**/web/Dockerfile'\n    buildContext: web\n", []string{"web/Dockerfile"}, []string{"2: acme/web = web/Dockerfile in web"}},
	{"a name in CI text is no hint", ".github/workflows/ci.yml", "jobs:\n  b:\n    env: {IMAGE: acme/web}\n    steps:\n    - run: docker pull acme/web\n    - run: echo docker/build-push-action acme/web web/Dockerfile\n", []string{"web/Dockerfile"}, nil},
}

func TestHints(t *testing.T) {
	for _, tt := range hintCases {
		t.Run(tt.what, func(t *testing.T) {
			got := readHints(t, tt.name, "-- "+tt.name+" --\n"+tt.text, tt.dockerfiles...)
			if strings.Join(got, "\n") != strings.Join(tt.want, "\n") {
				t.Errorf("hints of %s\n%s\nare\n  %s\nwant\n  %s", tt.name, tt.text, strings.Join(got, "\n  "), strings.Join(tt.want, "\n  "))
			}
		})
	}
}

func TestVendoredHints(t *testing.T) {
	for name, want := range map[string]bool{"vendor/x/Makefile": true, "a/vendor/b/Makefile": true, "a/node_modules/b/package.json": true, "vendors/Makefile": false} {
		if got := isVendored(name); got != want {
			t.Errorf("%s is vendored: %v, want %v", name, got, want)
		}
	}
}

func TestImageName(t *testing.T) {
	for _, tt := range []struct{ ref, name, tag string }{
		{"nginx", "nginx", ""},
		{"localhost:5000/a/b:1", "localhost:5000/a/b", "1"},
		{"a/b@sha256:00", "a/b", ""},
		{"${R:-ghcr.io/x}/b:${T:-2}", "ghcr.io/x/b", "2"},
		{"${REPO}/b", "${REPO}/b", ""},
		{"${REGISTRY_PREFIX}b:1", "${REGISTRY_PREFIX}/b", "1"},
		{"${NAME}b", "", ""},
		{"${IMG}", "", ""},
		{"<image_url>", "", ""},
		{"a/{name}", "", ""},
		{"ko://example.com/cmd/x", "", ""},
		{"/proxyv2:", "", ""},
	} {
		if name := imageName(tt.ref); name != tt.name {
			t.Errorf("the name of %s is %q, want %q", tt.ref, name, tt.name)
		}
		if tag := imageTag(tt.ref); tt.name != "" && tag != tt.tag {
			t.Errorf("the tag of %s is %q, want %q", tt.ref, tag, tt.tag)
		}
	}
}

// Whatever a file holds, reading it ends, and a hint names a Dockerfile that exists unless it comes from skaffold, whose
// paths are complete by themselves.
func FuzzHints(f *testing.F) {
	for _, c := range hintCases {
		f.Add(c.name, c.text)
	}
	f.Fuzz(func(t *testing.T, name, text string) {
		r := &hintReader{fsys: fstest.MapFS{}, dockerfiles: []string{"Dockerfile", "web/Dockerfile", "a/b/Dockerfile.prod"}}
		read := r.reader(name)
		if read == nil || len(text) > 4000 {
			return
		}
		for _, h := range read(name, text) {
			if h.What != "skaffold artifact" && h.Dockerfile != "Dockerfile" && h.Dockerfile != "web/Dockerfile" && h.Dockerfile != "a/b/Dockerfile.prod" {
				t.Errorf("%s of %q: the Dockerfile %q does not exist", h.What, text, h.Dockerfile)
			}
			if h.Place.Path != name || h.Place.Line < 1 {
				t.Errorf("%q: the place is %v", text, h.Place)
			}
		}
	})
}
