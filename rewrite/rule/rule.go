// Package rule holds the table of rules. A rule is data with one function: it compares the facts of a workload with what
// was decided for it and states the difference as ops. It never invents a number and never computes an offset.
package rule

import (
	"github.com/offroot/offroot/rewrite/decide"
	"github.com/offroot/offroot/rewrite/source"
	"github.com/offroot/offroot/rewrite/workspace"
)

// A Rule is one condition that offroot looks for, named by the condition and not by its remedy.
type Rule struct {
	ID        string // "image-runs-as-root"
	Title     string // the condition in a few words, as a finding says it
	Group     string // image, service, container, pod, host: --only and --skip take it as well as the id
	Doc       string // why it matters and what the fix does, in paragraphs; shown by offroot explain
	FixSafety string // when the fix is safe, when review, when there is none

	// Bad is an input on which the rule reports and Good one on which it is silent. Both are executed as tests: applied to
	// Bad, the fix leaves nothing that the rule reports, unless Unfixed is set.
	Bad, Good []Example
	// Unfixed says that Bad is reported only.
	Unfixed bool
	// OptIn rules run only if named by --only or by the configuration.
	OptIn bool

	Equivalents Equivalents
	Check       func(*Pass)
}

// An Example is one file of a small repository.
type Example struct{ Path, Content string }

// Equivalents names the checks of other tools that look for the same condition, so that notes which people left for them
// are honoured.
type Equivalents struct {
	Hadolint, Trivy, Checkov, KICS, KubeLinter, Polaris, Kubescape, Kubesec, CIS []string
}

// A Pass is what a rule sees: one workload, its decision, and a place to report to.
type Pass struct {
	Rule     *Rule
	Workload *workspace.Workload
	Target   *decide.Target
	Shared   *Shared
	Report   func(*Finding)
}

// Shared is what rules of one run tell each other: which fix changes an image or a node, so that fixes which rest on it can
// name it. Rules run in the order of the table, each over all workloads.
type Shared struct {
	Targets []*decide.Target
	Objects []*workspace.Object // Kubernetes objects, workloads and others
	fixes   map[any]*Fix
}

// NewShared returns the memory of one run.
func NewShared(targets []*decide.Target) *Shared {
	return &Shared{Targets: targets, fixes: map[any]*Fix{}}
}

// Made remembers that fix changes what: a target whose image it changes, or a node that it removes.
func (s *Shared) Made(what any, fix *Fix) { s.fixes[what] = fix }

// Fix returns the fix that changes what, nil if none does.
func (s *Shared) Fix(what any) *Fix { return s.fixes[what] }

// A Finding is a condition at a place. Exactly one of Fix and Refusal is set, or neither where the condition is only told.
type Finding struct {
	Rule     *Rule
	Workload *workspace.Workload
	Place    source.Place
	Message  string // the state of the place: "stage prod has no USER, so node:20 starts as root"
	Fix      *Fix
	Refusal  *Refusal
}

// A Fix is a set of ops, atomic over every file that it touches: independent changes to the same baseline, applied whole or
// not at all. Fixes that are needed by it are applied with it or it is not applied either.
type Fix struct {
	Title   string // a verb phrase: "runs as 1000:1000 from the last instruction on"
	Level   decide.Level
	Assumes string   // review: the one assumption a reader of the diff must check
	Notes   []string // commands to run once, things to watch for
	Ops     []source.Op
	Needs   []*Fix
	// Places overrides the places of the ops in notes.
	Places []source.Place
}

// A Refusal is a condition without a fix: the reason, and what a person can do next.
type Refusal struct {
	Reason string
	Next   string
	// LeftAlone marks a good outcome: nothing needs to change here, and the reason says why.
	LeftAlone bool
}
