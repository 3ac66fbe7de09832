package rewrite_test

import (
	"encoding/json"
	"io"
	"os/exec"
	"strings"
	"testing"
)

// The architecture is a direction of imports. Each package may import the ones to the right of its colon and what these may.
var mayImport = map[string][]string{
	"cmd/offroot":        {"rewrite", "rewrite/render", "rewrite/config"},
	"rewrite/config":     {"rewrite/plan"},
	"rewrite":            {"rewrite/verify"},
	"rewrite/render":     {"rewrite", "rewrite/verify"},
	"rewrite/verify":     {"rewrite/plan"},
	"rewrite/plan":       {"rewrite/rule"},
	"rewrite/rule":       {"rewrite/decide"},
	"rewrite/decide":     {"rewrite/workspace"},
	"rewrite/workspace":  {"rewrite/parse", "rewrite/image", "rewrite/shell", "rewrite/evidence", "rewrite/serverconf"},
	"rewrite/parse":      {"rewrite/discover", "rewrite/dockerfile", "rewrite/yamldoc"},
	"rewrite/discover":   {"rewrite/source"},
	"rewrite/dockerfile": {"rewrite/source"},
	"rewrite/yamldoc":    {"rewrite/source"},
	"rewrite/serverconf": {"rewrite/source"},
	"rewrite/evidence":   {"rewrite/source"},
	"rewrite/shell":      {"rewrite/source"},
	"rewrite/image":      {"templates"},
	"rewrite/source":     {},
	"templates":          {},
}

// Each third-party package enters by one door: the packages that may import it.
var doors = map[string][]string{
	"github.com/moby/buildkit":         {"rewrite/dockerfile"},
	"gopkg.in/yaml.v3":                 {"rewrite/yamldoc", "templates"},
	"github.com/sergi/go-diff":         {"rewrite/render"},
	"github.com/alecthomas/kong":       {"cmd/offroot"},
	"mvdan.cc/sh/v3":                   {"rewrite/shell"},
	"github.com/moby/patternmatcher":   {"rewrite/workspace"},
	"github.com/bmatcuk/doublestar/v4": {"rewrite/discover"},
}

// Only these touch the file system.
var touchFiles = map[string]bool{"rewrite/discover": true, "rewrite/render": true, "cmd/offroot": true}

const module = "github.com/offroot/offroot/"

func TestImportsRunOneWay(t *testing.T) {
	for _, p := range packages(t) {
		name := strings.TrimPrefix(p.ImportPath, module)
		if strings.HasPrefix(name, "golden") {
			continue
		}
		direct, known := mayImport[name]
		if !known {
			t.Errorf("package %s has no place in the table of this test", name)
			continue
		}
		allowed := closure(direct)
		for _, imported := range p.Imports {
			switch {
			case strings.HasPrefix(imported, module):
				if to := strings.TrimPrefix(imported, module); !allowed[to] {
					t.Errorf("%s imports %s: that is against the direction", name, to)
				}
			case strings.Contains(strings.Split(imported, "/")[0], "."):
				if !entersBy(imported, name) {
					t.Errorf("%s imports %s, which enters by another door", name, imported)
				}
			case (imported == "os" || imported == "os/exec") && !touchFiles[name]:
				t.Errorf("%s imports %s: only discover, render and the command touch the file system", name, imported)
			}
		}
	}
}

func entersBy(imported, name string) bool {
	for prefix, names := range doors {
		if imported != prefix && !strings.HasPrefix(imported, prefix+"/") {
			continue
		}
		for _, n := range names {
			if n == name {
				return true
			}
		}
	}
	return false
}

func closure(direct []string) map[string]bool {
	all := map[string]bool{}
	var visit func([]string)
	visit = func(names []string) {
		for _, n := range names {
			if !all[n] {
				all[n] = true
				visit(mayImport[n])
			}
		}
	}
	visit(direct)
	return all
}

type pkg struct {
	ImportPath string
	Imports    []string
}

func packages(t *testing.T) []pkg {
	t.Helper()
	out, err := exec.Command("go", "list", "-json=ImportPath,Imports", "../...").Output()
	if err != nil {
		t.Fatalf("go list: %v", err)
	}
	var all []pkg
	for dec := json.NewDecoder(strings.NewReader(string(out))); ; {
		var p pkg
		if err := dec.Decode(&p); err == io.EOF {
			return all
		} else if err != nil {
			t.Fatalf("go list -json: %v", err)
		}
		all = append(all, p)
	}
}
