package main

import (
	"context"
	"errors"
	"fmt"
	"slices"

	"github.com/offroot/offroot/rewrite"
	"github.com/offroot/offroot/rewrite/config"
	"github.com/offroot/offroot/rewrite/discover"
	"github.com/offroot/offroot/rewrite/render"
)

// fixCommand prints or writes what makes containers stop running as root.
type fixCommand struct {
	scope
	policy
	Write         bool   `short:"w" xor:"mode" help:"Write the changes in place, all or nothing, and print the changed paths."`
	List          bool   `short:"l" xor:"mode" help:"Print only the paths that would change."`
	Format        string `enum:"diff,json" default:"diff" placeholder:"FORMAT" help:"Format on stdout: diff or json."`
	StdinFilename string `placeholder:"NAME" help:"With the path -: what the file on stdin is."`
	ExitZero      bool   `help:"Exit with 0 where something would change."`
}

func (c *fixCommand) run(s *session) int {
	if slices.Contains(c.Paths, "-") {
		return c.filter(s)
	}
	if c.List && c.Format == "json" {
		return s.fail(errors.New("--list prints paths only: leave it or --format json out"))
	}
	opts, err := c.options(&c.policy)
	if err != nil {
		return s.fail(err)
	}
	result, err := s.analyse(opts)
	if err != nil {
		return s.fail(commandHint(err, c.Paths))
	}
	defer result.Tree.Close()
	report := newReport(result, opts, "fix")
	if c.Write {
		if err := render.Write(s, result.Tree.Root, report.Rewritten()); err != nil {
			return s.fail(err)
		}
		report.Written = true
	}
	return s.finish(report, c.print, c.code(report))
}

// print writes the product to stdout.
func (c *fixCommand) print(s *session, r *render.Report) error {
	switch {
	case c.Format == "json":
		return render.JSON(s.out, r)
	case c.List || c.Write:
		for _, change := range r.Rewritten() {
			if _, err := fmt.Fprintln(s.out, change.Path); err != nil {
				return err
			}
		}
		return nil
	}
	return render.Diff(s.out, r.Rewritten(), s.colored(s.out))
}

func (c *fixCommand) code(r *render.Report) int {
	if !c.Write && !c.ExitZero && len(r.Changes) > 0 {
		return exitChanges
	}
	return exitOK
}

// analyse runs the pipeline. Nothing is written in it, so an interrupt ends it at once.
func (s *session) analyse(opts rewrite.Options) (*rewrite.Result, error) {
	type answer struct {
		result *rewrite.Result
		err    error
	}
	done := make(chan answer, 1)
	go func() {
		result, err := rewrite.Run(s, opts)
		done <- answer{result, err}
	}()
	select {
	case <-s.Done():
		return nil, context.Canceled
	case a := <-done:
		return a.result, a.err
	}
}

// finish writes product and notes and settles the exit code: what went wrong outranks what was found.
func (s *session) finish(r *render.Report, product func(*session, *render.Report) error, code int) int {
	if err := product(s, r); err != nil {
		return s.fail(err)
	}
	notes := render.NotesOptions{Quiet: s.Quiet, Brief: r.Command == "check", Verbose: s.Verbose, Color: s.colored(s.err)}
	if err := render.Notes(s.err, r, notes); err != nil {
		return s.fail(err)
	}
	for _, skip := range r.Workspace.Skips {
		if skip.Error {
			code = exitTrouble
		}
	}
	if len(r.Bugs) > 0 {
		return exitBug
	}
	return code
}

// commandHint adds to an error about the only path which command it may have been meant as.
func commandHint(err error, paths []string) error {
	var usage *discover.UsageError
	if len(paths) != 1 || !errors.As(err, &usage) || usage.Arg != paths[0] {
		return err
	}
	if near := config.Nearest(paths[0], []string{"fix", "check", "explain", "rules", "version", "help"}); near != "" {
		return fmt.Errorf("%w; did you mean the command %q?", err, near)
	}
	return err
}
