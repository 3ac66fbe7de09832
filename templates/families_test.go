package templates

import (
	"slices"
	"strings"
	"testing"
)

func TestDecodeFamiliesRefuses(t *testing.T) {
	good := "families:\n  a: {package_manager: apk, group: g, user: u, user_with_home: h, confidence: read}\n  b: {same_as: a, confidence: derived}\n"
	if _, err := DecodeFamilies([]byte(good)); err != nil {
		t.Fatal(err)
	}
	for old, new := range map[string]string{
		"apk":               "brew",
		"user: u, ":         "",
		"same_as: a":        "same_as: c",
		"confidence: read":  "confidence: sure",
		"confidence: read}": "confidence: read, source: [here]}",
		"group: g":          "groop: g",
	} {
		if _, err := DecodeFamilies([]byte(strings.Replace(good, old, new, 1))); err == nil {
			t.Errorf("%q for %q was accepted", new, old)
		}
	}
}

// The default number and name are free in every family: an entry of images.yaml must say where they are not.
func TestDefaultIsFree(t *testing.T) {
	table := Families()
	for name, f := range table.Families {
		if slices.Contains(f.TakenUIDs, table.Default.UID) || slices.Contains(f.TakenGIDs, table.Default.GID) || slices.Contains(f.TakenNames, table.Default.Name) {
			t.Errorf("%s holds the default user", name)
		}
	}
}

func TestSameAs(t *testing.T) {
	f := Families().Families
	if f["ubuntu"].User != f["debian"].User || len(f["ubuntu"].TakenUIDs) == 0 || len(f["ubuntu"].Setcap) == 0 {
		t.Errorf("ubuntu: %+v", f["ubuntu"])
	}
	if f["amazon"].PackageManager != "yum" || f["amazon"].Group != f["rhel"].Group {
		t.Errorf("amazon: %+v", f["amazon"])
	}
}
