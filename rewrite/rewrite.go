package rewrite

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/offroot/offroot/rewrite/decide"
	"github.com/offroot/offroot/rewrite/discover"
	"github.com/offroot/offroot/rewrite/parse"
	"github.com/offroot/offroot/rewrite/plan"
	"github.com/offroot/offroot/rewrite/rule"
	"github.com/offroot/offroot/rewrite/source"
	"github.com/offroot/offroot/rewrite/verify"
	"github.com/offroot/offroot/rewrite/workspace"
)

// Options say what to look at and how to decide.
type Options struct {
	discover.Options
	Policy decide.Policy
	Rules  []*rule.Rule // those that run, in order of precedence
	// Ignores are findings that the configuration suppresses, and Today the day on which they may have ended.
	Ignores []plan.Ignore
	Today   time.Time
}

// A Result is everything that one run found, decided and would change.
type Result struct {
	Tree      *discover.Tree
	Workspace *workspace.Workspace
	Targets   []*decide.Target // one for each workload in the paths of the run, in its order
	Pods      Pods
	*verify.Result
}

// Run reads a repository and returns what it would change. It writes nothing. The error is about the options or the root
// alone: what is wrong with single files is in Result.Workspace.Skips, and the other files are processed.
func Run(ctx context.Context, opts Options) (*Result, error) {
	tree, err := discover.Find(opts.Options)
	if err != nil {
		return nil, err
	}
	docs := parse.All(tree)
	ws := workspace.Join(docs)
	targets := decide.All(ws, opts.Policy)
	p := plan.Make(ws, targets, opts.plan())
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	var after []*decide.Target
	result := verify.Plan(p, opts.settled(docs, &after))
	targets, after = inScope(ws, targets), inScope(ws, after)
	return &Result{Tree: tree, Workspace: ws, Targets: targets, Pods: countPods(targets, after), Result: result}, nil
}

// inScope leaves the decisions about workloads in the paths of the run. Others are decided too, as the former may lean on them.
func inScope(ws *workspace.Workspace, targets []*decide.Target) []*decide.Target {
	return slices.DeleteFunc(slices.Clone(targets), func(t *decide.Target) bool { return !plan.InScope(ws, t.Workload) })
}

func (opts Options) plan() plan.Options {
	return plan.Options{Rules: opts.Rules, Lowest: opts.Policy.Lowest(), Ignores: opts.Ignores, Today: opts.Today}
}

// settled is the last check of verification: the same line once more over the changed files has nothing to change. It leaves
// the decisions about these in after.
func (opts Options) settled(docs *parse.Documents, after *[]*decide.Target) func([]verify.Change) (string, error) {
	return func(changes []verify.Change) (string, error) {
		changed := map[string][]byte{}
		for _, c := range changes {
			changed[c.Path] = c.After
		}
		next, err := docs.With(changed)
		if err != nil {
			return brokenPath(err), fmt.Errorf("a changed file no longer parses: %w", err)
		}
		ws := workspace.Join(next)
		*after = decide.All(ws, opts.Policy)
		p := plan.Make(ws, *after, opts.plan())
		for _, fix := range p.Fixes() {
			at := fix.Ops[0].Place()
			return at.Path, fmt.Errorf("a second run would change %s again: %s", at, fix.Title)
		}
		return "", nil
	}
}

// brokenPath is the file that an error of a parser is about, "" if it does not say.
func brokenPath(err error) string {
	var at *source.Error
	if errors.As(err, &at) {
		return at.Place.Path
	}
	return ""
}
