package main

import "github.com/offroot/offroot/rewrite/render"

// checkCommand prints findings, for gates.
type checkCommand struct {
	scope
	policy
	Format   string `enum:"text,json" default:"text" placeholder:"FORMAT" help:"Format on stdout: text or json."`
	ExitZero bool   `help:"Exit with 0 even if there are findings."`
}

func (c *checkCommand) run(s *session) int {
	opts, err := c.options(&c.policy)
	if err != nil {
		return s.fail(err)
	}
	result, err := s.analyse(opts)
	if err != nil {
		return s.fail(commandHint(err, c.Paths))
	}
	defer result.Tree.Close()
	report := newReport(result, opts, "check")
	code := exitOK
	if report.HasFindings() && !c.ExitZero {
		code = exitChanges
	}
	return s.finish(report, c.print, code)
}

func (c *checkCommand) print(s *session, r *render.Report) error {
	if c.Format == "json" {
		return render.JSON(s.out, r)
	}
	return render.Findings(s.out, r, s.Verbose, s.colored(s.out))
}
