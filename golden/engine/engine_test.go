package engine

import (
	"context"
	"os"
	"testing"
)

// needEngine returns the engine's commands. Without an engine the test is skipped with the reason, or fails if
// OFFROOT_ENGINE=require is set.
func needEngine(t *testing.T) *docker {
	t.Helper()
	if testing.Short() {
		t.Skip("builds and runs containers: not with -short")
	}
	if os.Getenv("OFFROOT_ENGINE") == "" {
		t.Skip("builds and runs containers for some ten minutes: set OFFROOT_ENGINE=1 to do so where an engine answers, OFFROOT_ENGINE=require to fail where none does")
	}
	d, err := findDocker(context.Background(), t.TempDir())
	if err == nil {
		return d
	}
	if os.Getenv("OFFROOT_ENGINE") == "require" {
		t.Fatalf("an engine is required: %v", err)
	}
	t.Skipf("no engine: %v", err)
	return nil
}
