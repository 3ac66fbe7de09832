package engine

import (
	"archive/tar"
	"context"
	"crypto/sha256"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"runtime"
	"strings"
	"sync"
)

// standIns maps the name of a public image to the folder below bases/ that stands in for it.
var standIns = map[string]string{
	"alpine:3.20":            "alpine",
	"busybox:1.36":           "busybox",
	"eclipse-temurin:17-jdk": "temurin-jdk",
	"eclipse-temurin:17-jre": "temurin-jre",
	"golang:1.26":            "golang",
	"haproxy:2.8":            "haproxy",
	"httpd:2.4":              "httpd",
	"memcached:1.6":          "memcached",
	"nginx:1.27":             "nginx",
	"node:20-slim":           "node",
	"php:8.2-apache":         "php-apache",
	"php:8.2-fpm":            "php-fpm",
	"postgres:16":            "postgres",
	"python:3.12-slim":       "python",
	"redis:7":                "redis",
	"ruby:3.2-slim":          "ruby",
	"tomcat:10":              "tomcat",
}

const (
	debian = "debian:bookworm-slim"
	label  = "offroot.stand-in"
)

// errForeign means that the engine already has an image of that name which is not ours; it is never replaced.
var errForeign = errors.New("is not the stand-in that these applications are written for: use an engine of its own (engine.sh start)")

// bases makes the stand-ins in one engine, each once.
type bases struct {
	docker *docker
	dir    string
	mu     sync.Mutex
	done   map[string]error
}

func newBases(d *docker, dir string) *bases {
	return &bases{docker: d, dir: dir, done: map[string]error{}}
}

var imageName = regexp.MustCompile(`(?m)^\s*(?:-\s*)?(?:FROM|image:)\s+(?:--\S+\s+)*["']?([\w./-]+:[\w.-]+)`)

// ensure makes every image that the text of a Dockerfile or of a compose file names and that is in the table.
func (b *bases) ensure(ctx context.Context, text string) error {
	for _, m := range imageName.FindAllStringSubmatch(text, -1) {
		if err := b.one(ctx, m[1]); err != nil {
			return err
		}
	}
	return nil
}

func (b *bases) one(ctx context.Context, name string) error {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.make(ctx, name)
}

func (b *bases) make(ctx context.Context, name string) error {
	folder, ok := standIns[name]
	if !ok && !strings.HasPrefix(name, "debian:bookworm") {
		return nil
	}
	if err, ok := b.done[name]; ok {
		return err
	}
	var err error
	if folder == "" {
		err = b.debian(ctx)
	} else {
		err = b.build(ctx, name, folder)
	}
	if err != nil {
		err = fmt.Errorf("base image %q: %w", name, err)
	}
	b.done[name] = err
	return err
}

// debian makes the distribution's own image with debootstrap. Any image of that name will do, the public one too.
func (b *bases) debian(ctx context.Context) error {
	if _, err := b.docker.run(ctx, "image", "inspect", debian); err == nil {
		return nil
	}
	out, err := b.docker.do(ctx, call{argv: []string{"sh", filepath.Join(b.dir, "debian.sh"), debian}})
	if err != nil {
		return fmt.Errorf("%s: %w", lastLine(out, err), err)
	}
	return nil
}

func (b *bases) build(ctx context.Context, name, folder string) error {
	dir := filepath.Join(b.dir, folder)
	recipe, err := os.ReadFile(filepath.Join(dir, "Dockerfile"))
	if err != nil {
		return err
	}
	sum := sha256.New()
	for _, m := range imageName.FindAllStringSubmatch(string(recipe), -1) {
		if err := b.make(ctx, m[1]); err != nil {
			return err
		}
		parent, _ := b.docker.output(ctx, "image", "inspect", "--format", "{{.Id}}", m[1])
		fmt.Fprintln(sum, parent)
	}
	if err := hashDir(sum, dir); err != nil {
		return err
	}
	if folder == "golang" {
		fmt.Fprintln(sum, runtime.Version())
	}
	want := fmt.Sprintf("%x", sum.Sum(nil))[:16]
	have, err := b.docker.output(ctx, "image", "inspect", "--format", `{{index .Config.Labels "`+label+`"}}`, name)
	switch {
	case err == nil && have == want:
		return nil
	case err == nil && (have == "" || have == "<no value>"):
		return errForeign
	}
	return b.send(ctx, dir, "build", "-q", "-t", name, "--label", label+"="+want, "-")
}

// send runs docker with the folder as a build context on its standard input.
func (b *bases) send(ctx context.Context, dir string, args ...string) error {
	read, write := io.Pipe()
	go func() { write.CloseWithError(writeContext(write, dir)) }()
	out, err := b.docker.do(ctx, call{argv: append([]string{b.docker.bin}, args...), stdin: read, env: []string{"DOCKER_BUILDKIT=0"}})
	read.Close()
	if err != nil {
		return fmt.Errorf("%s: %w", lastLine(out, err), err)
	}
	return nil
}

func writeContext(w io.Writer, dir string) error {
	t := tar.NewWriter(w)
	if err := t.AddFS(os.DirFS(dir)); err != nil {
		return err
	}
	if filepath.Base(dir) == "golang" {
		root, err := exec.Command("go", "env", "GOROOT").Output()
		if err != nil {
			return err
		}
		real, err := filepath.EvalSymlinks(strings.TrimSpace(string(root)))
		if err != nil {
			return err
		}
		if err := addTree(t, real); err != nil {
			return err
		}
	}
	return t.Close()
}

// addTree writes the Go installation below go/, without what no build needs.
func addTree(t *tar.Writer, root string) error {
	return filepath.WalkDir(root, func(path string, e fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		rel, _ := filepath.Rel(root, path)
		if rel == "test" || rel == "api" || rel == "doc" || e.Name() == "testdata" {
			return fs.SkipDir
		}
		if !e.Type().IsRegular() {
			return nil
		}
		info, err := e.Info()
		if err != nil {
			return err
		}
		head := &tar.Header{Name: "go/" + filepath.ToSlash(rel), Mode: int64(info.Mode().Perm()), Size: info.Size(), ModTime: info.ModTime()}
		if err := t.WriteHeader(head); err != nil {
			return err
		}
		f, err := os.Open(path)
		if err != nil {
			return err
		}
		defer f.Close()
		_, err = io.Copy(t, f)
		return err
	})
}

func hashDir(w io.Writer, dir string) error {
	return filepath.WalkDir(dir, func(path string, e fs.DirEntry, err error) error {
		if err != nil || e.IsDir() {
			return err
		}
		content, err := os.ReadFile(path)
		if err != nil {
			return err
		}
		rel, _ := filepath.Rel(dir, path)
		_, err = fmt.Fprintf(w, "%s %d\n%s", filepath.ToSlash(rel), len(content), content)
		return err
	})
}
