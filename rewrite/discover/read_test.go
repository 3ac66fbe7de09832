package discover_test

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/offroot/offroot/rewrite/discover"
	"github.com/offroot/offroot/rewrite/source"
)

func TestRead(t *testing.T) {
	root := plant(t, files{"Dockerfile": dockerfile, "empty": "", "conf/nginx.conf": "listen 80;\n", "link": "->conf/nginx.conf", "up": "->/etc/passwd", "dir/x": ""})
	os.Chmod(filepath.Join(root, "Dockerfile"), 0o755)
	tree := find(t, discover.Options{Paths: []string{root}})
	f, err := tree.Read("Dockerfile")
	if err != nil || string(f.Content) != dockerfile || f.Path != "Dockerfile" || f.Mode.Perm() != 0o755 {
		t.Errorf("read %+v (%v), want the file with its mode", f, err)
	}
	if again, _ := tree.Read("Dockerfile"); again != f {
		t.Error("a second call returns another file")
	}
	if f, err := tree.Read("empty"); err != nil || f.Content == nil || len(f.Content) != 0 {
		t.Errorf("read %+v (%v), want content that is empty and not nil", f, err)
	}
	if f, err := tree.Read("link"); err != nil || string(f.Content) != "listen 80;\n" {
		t.Errorf("read %+v (%v), want the file behind the link", f, err)
	}
	for _, name := range []string{"up", "../x", "/etc/passwd", "none", "dir"} {
		if f, err := tree.Read(name); err == nil {
			t.Errorf("read %q: %q, want an error", name, f.Content)
		}
	}
}

func TestReadRefusesWhatIsNoText(t *testing.T) {
	root := plant(t, files{"a": "x\n\xff", "b": "x\x00", "c": strings.Repeat("x", 1<<20+1), "d.yaml": strings.Repeat("x", 1<<20+1)})
	tree := find(t, discover.Options{Paths: []string{root}})
	for name, want := range map[string]string{"a": "a:2:1: it is not UTF-8", "b": "b:1:1: it holds a NUL byte", "c": "c:1:1: it is larger than 1 MiB"} {
		_, err := tree.Read(name)
		var at *source.Error
		if !errors.As(err, &at) || !strings.HasPrefix(at.Error(), want) {
			t.Errorf("%s: error is %v, want %q", name, err, want)
		}
	}
	if _, err := tree.Read("d.yaml"); err != nil {
		t.Error(err)
	}
}

func TestFS(t *testing.T) {
	root := plant(t, files{".gitignore": "node.js\n", "node.js": "listen(80)", "up": "->/etc/passwd"})
	tree := find(t, discover.Options{Paths: []string{root}})
	if content, err := fs.ReadFile(tree.FS(), "node.js"); err != nil || string(content) != "listen(80)" {
		t.Errorf("read %q (%v), want a file of the build context, ignored or not", content, err)
	}
	if _, err := fs.ReadFile(tree.FS(), "up"); err == nil {
		t.Error("a link out of the root was followed")
	}
	if _, err := fs.Stat(tree.FS(), "none"); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("error is %v, want %v", err, fs.ErrNotExist)
	}
	tree.Close()
	if _, err := fs.ReadFile(tree.FS(), "node.js"); err == nil {
		t.Error("a closed tree can be read")
	}
}
