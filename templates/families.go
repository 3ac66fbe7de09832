package templates

import (
	_ "embed"
	"fmt"
	"slices"
	"sync"
)

//go:embed families.yaml
var familiesYAML []byte

var embeddedFamilies = sync.OnceValue(func() *FamilyTable {
	t, err := DecodeFamilies(familiesYAML)
	if err != nil {
		panic("templates: families.yaml: " + err.Error())
	}
	return t
})

// Families returns the embedded table of families, "same_as" already followed. All callers share one table; nobody may
// change it.
func Families() *FamilyTable { return embeddedFamilies() }

// A FamilyTable is families.yaml. The comment at its head explains every key.
type FamilyTable struct {
	Version  int                `yaml:"version"`
	Default  NewUser            `yaml:"default"`
	Families map[string]*Family `yaml:"families"`
}

// A NewUser is the user that is made where an image has none.
type NewUser struct {
	Name string `yaml:"name"`
	UID  int    `yaml:"uid"`
	GID  int    `yaml:"gid"`
}

// A Family is what distributions have in common for us.
type Family struct {
	SameAs         string              `yaml:"same_as"`
	PackageManager string              `yaml:"package_manager"`
	Before         []string            `yaml:"before"`
	Group          string              `yaml:"group"`
	User           string              `yaml:"user"`
	UserWithHome   string              `yaml:"user_with_home"`
	After          []string            `yaml:"after"`
	Setcap         []string            `yaml:"setcap"`
	TakenUIDs      []int               `yaml:"taken_uids"`
	TakenGIDs      []int               `yaml:"taken_gids"`
	TakenNames     []string            `yaml:"taken_names"`
	Packages       map[string][]string `yaml:"packages"`
	Confidence     string              `yaml:"confidence"`
	Source         []string            `yaml:"source"`
}

// DecodeFamilies reads a table strictly, checks every value and follows "same_as".
func DecodeFamilies(data []byte) (*FamilyTable, error) {
	var t FamilyTable
	if err := decodeStrictly(data, &t); err != nil {
		return nil, err
	}
	for name, f := range t.Families {
		if f.SameAs == "" {
			continue
		}
		base := t.Families[f.SameAs]
		if base == nil || base.SameAs != "" {
			return nil, fmt.Errorf("family %s: same_as %q must name a family that stands alone", name, f.SameAs)
		}
		inherit(f, base)
	}
	for name, f := range t.Families {
		if err := checkFamily(f); err != nil {
			return nil, fmt.Errorf("family %s: %w", name, err)
		}
	}
	return &t, nil
}

func inherit(f, base *Family) {
	for _, s := range []struct{ own, base *string }{
		{&f.PackageManager, &base.PackageManager},
		{&f.Group, &base.Group}, {&f.User, &base.User}, {&f.UserWithHome, &base.UserWithHome},
	} {
		if *s.own == "" {
			*s.own = *s.base
		}
	}
	for _, l := range []struct{ own, base *[]string }{
		{&f.Before, &base.Before}, {&f.After, &base.After}, {&f.Setcap, &base.Setcap}, {&f.TakenNames, &base.TakenNames},
	} {
		if *l.own == nil {
			*l.own = *l.base
		}
	}
	if f.TakenUIDs == nil {
		f.TakenUIDs = base.TakenUIDs
	}
	if f.TakenGIDs == nil {
		f.TakenGIDs = base.TakenGIDs
	}
	if f.Packages == nil {
		f.Packages = base.Packages
	}
}

func checkFamily(f *Family) error {
	if !slices.Contains(managers, f.PackageManager) || f.PackageManager == "" {
		return fmt.Errorf("package_manager %q", f.PackageManager)
	}
	if !slices.Contains(confidences, f.Confidence) {
		return fmt.Errorf("confidence %q", f.Confidence)
	}
	if (f.Group == "") != (f.User == "") || (f.User == "") != (f.UserWithHome == "") {
		return fmt.Errorf("group, user and user_with_home belong together")
	}
	for _, s := range f.Source {
		if !sourceForm.MatchString(s) {
			return fmt.Errorf("source %q", s)
		}
	}
	for p, files := range f.Packages {
		for _, c := range files {
			if !fileCapForm.MatchString(c) {
				return fmt.Errorf("package %s: %q", p, c)
			}
		}
	}
	return nil
}
