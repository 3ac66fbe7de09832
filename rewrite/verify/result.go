package verify

import (
	"io/fs"

	"github.com/offroot/offroot/rewrite/plan"
)

// A Change is one file before and after.
type Change struct {
	Path          string
	Before, After []byte
	Mode          fs.FileMode
}

// A Result is a verified plan: the files that it changes, and the plan itself with what was withdrawn.
type Result struct {
	Plan    *plan.Plan
	Changes []Change // sorted by path
	// Bugs holds what verification found wrong with offroot's own edits. It is empty unless offroot has a bug.
	Bugs []string
}
