package engine

import (
	"context"
	"maps"
	"os"
	"slices"
	"testing"
)

// TestEveryBaseHasAFolder holds the table of stand-ins against the folders, both ways.
func TestEveryBaseHasAFolder(t *testing.T) {
	entries, err := os.ReadDir("bases")
	if err != nil {
		t.Fatal(err)
	}
	var folders []string
	for _, e := range entries {
		if e.IsDir() {
			folders = append(folders, e.Name())
		}
	}
	if named := slices.Sorted(maps.Values(standIns)); !slices.Equal(named, folders) {
		t.Errorf("stand-ins %v, folders %v", named, folders)
	}
}

// TestBases builds every stand-in, so that one that no longer builds shows by its own name.
func TestBases(t *testing.T) {
	d := needEngine(t)
	b := newBases(d, "bases")
	for _, name := range slices.Sorted(maps.Keys(standIns)) {
		t.Run(name, func(t *testing.T) {
			if err := b.one(context.Background(), name); err != nil {
				t.Error(err)
			}
		})
	}
}
