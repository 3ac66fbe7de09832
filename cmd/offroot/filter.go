package main

import (
	"errors"
	"fmt"
	"io"
	"path/filepath"

	"github.com/offroot/offroot/rewrite/render"
)

var errStdin = errors.New("the path - reads one file from stdin and stands alone, without --list")

// filter reads one file from stdin and prints the diff, or with --write the whole file as it should be. --stdin-filename
// says where the file would lie: with it, the files around are read to link them, but nothing but the one file changes.
func (c *fixCommand) filter(s *session) int {
	if len(c.Paths) != 1 || c.List {
		return s.fail(errStdin)
	}
	if c.StdinFilename != "" && !filepath.IsLocal(c.StdinFilename) {
		return s.fail(fmt.Errorf("--stdin-filename %q: it must be a path below the root", c.StdinFilename))
	}
	content, err := io.ReadAll(s.in)
	if err != nil {
		return s.fail(fmt.Errorf("read stdin: %w", err))
	}
	opts, err := c.options(&c.policy)
	if err != nil {
		return s.fail(err)
	}
	opts.Paths, opts.Stdin, opts.StdinName = nil, append([]byte{}, content...), c.StdinFilename
	result, err := s.analyse(opts)
	if err != nil {
		return s.fail(err)
	}
	defer result.Tree.Close()
	report := newReport(result, opts, "fix")
	report.Written = c.Write
	product := c.print
	if c.Write && c.Format != "json" {
		product = func(s *session, r *render.Report) error {
			for _, change := range r.Rewritten() {
				content = change.After
			}
			_, err := s.out.Write(content)
			return err
		}
	}
	return s.finish(report, product, c.code(report))
}
