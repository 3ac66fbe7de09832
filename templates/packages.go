package templates

import (
	_ "embed"
	"fmt"
	"path"
	"slices"
	"sync"
)

//go:embed packages.yaml
var packagesYAML []byte

var embeddedPackages = sync.OnceValue(func() *PackageTable {
	t, err := DecodePackages(packagesYAML)
	if err != nil {
		panic("templates: packages.yaml: " + err.Error())
	}
	return t
})

// Packages returns the embedded table of servers from packages. All callers share one table; nobody may change it.
func Packages() *PackageTable { return embeddedPackages() }

// A PackageTable is packages.yaml. The comment at its head explains every key.
type PackageTable struct {
	Version int              `yaml:"version"`
	Servers []*PackageServer `yaml:"servers"`
}

// A PackageServer is a server and what is known of it in each family of distributions.
type PackageServer struct {
	ID       string                   `yaml:"id"`
	Programs []string                 `yaml:"programs"`
	Families map[string]*PackageFacts `yaml:"families"`
}

// PackageFacts are what is known of a server as the packages of one family bring it.
type PackageFacts struct {
	Packages       []string        `yaml:"packages"`
	Elsewhere      []string        `yaml:"elsewhere"`
	User           *PackageAccount `yaml:"user"`
	UserOnly       bool            `yaml:"user_only"`
	Writes         []PackagePath   `yaml:"writes"`
	Config         string          `yaml:"config"`
	Workdir        bool            `yaml:"workdir"`
	Ports          []ImagePort     `yaml:"ports"`
	Private        []string        `yaml:"private"`
	RootDirectives []string        `yaml:"root_directives"`
	Refuse         string          `yaml:"refuse"`
	Next           string          `yaml:"next"`
	Confidence     string          `yaml:"confidence"`
	Source         []string        `yaml:"source"`
}

// A PackageAccount is an account with a fixed number.
type PackageAccount struct {
	Name string `yaml:"name"`
	UID  int    `yaml:"uid"`
	GID  int    `yaml:"gid"`
}

// A PackagePath is a path that the server writes.
type PackagePath struct {
	Path string `yaml:"path"`
	File bool   `yaml:"file"`
	Make bool   `yaml:"make"`
	Tree bool   `yaml:"tree"`
}

// DecodePackages reads a table strictly and checks every value.
func DecodePackages(data []byte) (*PackageTable, error) {
	var t PackageTable
	if err := decodeStrictly(data, &t); err != nil {
		return nil, err
	}
	ids := map[string]bool{}
	for _, s := range t.Servers {
		if s.ID == "" || ids[s.ID] || len(s.Programs) == 0 {
			return nil, fmt.Errorf("server %q: the id is empty or used twice, or there are no programs", s.ID)
		}
		ids[s.ID] = true
		for name, f := range s.Families {
			if err := checkPackage(name, f); err != nil {
				return nil, fmt.Errorf("server %s: family %s: %w", s.ID, name, err)
			}
		}
	}
	return &t, nil
}

func checkPackage(family string, f *PackageFacts) error {
	if family != "*" && Families().Families[family] == nil {
		return fmt.Errorf("no such family")
	}
	if len(f.Packages) == 0 || !slices.Contains(confidences, f.Confidence) || len(f.Source) == 0 {
		return fmt.Errorf("packages, confidence and source are needed")
	}
	if f.Refuse == "" && f.Next != "" || f.UserOnly && f.User == nil {
		return fmt.Errorf("next without refuse, or user_only without user")
	}
	for _, p := range f.Packages {
		if _, err := path.Match(p, ""); err != nil {
			return fmt.Errorf("package %q: %w", p, err)
		}
	}
	for _, w := range f.Writes {
		if !path.IsAbs(w.Path) || w.File && w.Tree || w.Make && w.Tree {
			return fmt.Errorf("writes %q", w.Path)
		}
	}
	for _, s := range f.Source {
		if !sourceForm.MatchString(s) {
			return fmt.Errorf("source %q", s)
		}
	}
	return nil
}
