package shell

import (
	"fmt"
	"path"
	"strings"

	"mvdan.cc/sh/v3/syntax"
)

// Parse returns the simple commands of a script in the order in which they stand: through lists, pipes, subshells, if,
// for, while, case and functions, and through the text of sh -c and su -c where it is known.
func Parse(script string) ([]Command, error) { return ParseWith(script, nil) }

// ParseWith is Parse with values for variables: $X, ${X} and ${X:-default} of these are known, unless the script sets them.
func ParseWith(script string, env map[string]string) ([]Command, error) {
	file, err := parseFile(script)
	if err != nil {
		return nil, fmt.Errorf("parse shell script: %w", err)
	}
	w := &walker{src: script, env: env, own: assignedIn(file)}
	w.stmts(file.Stmts, frame{})
	return w.out, nil
}

// parseFile reads a script as bash, which is nearly all of POSIX and more, then as what it may be instead.
func parseFile(script string) (*syntax.File, error) {
	var first error
	for _, variant := range []syntax.LangVariant{syntax.LangBash, syntax.LangPOSIX, syntax.LangMirBSDKorn} {
		file, err := syntax.NewParser(syntax.Variant(variant)).Parse(strings.NewReader(script), "")
		if err == nil {
			return file, nil
		}
		if first == nil {
			first = err
		}
	}
	return nil, first
}

// assignedIn are the variables that the script sets itself, so that values from outside say nothing about them.
func assignedIn(file *syntax.File) map[string]bool {
	own := map[string]bool{}
	syntax.Walk(file, func(n syntax.Node) bool {
		switch n := n.(type) {
		case *syntax.Assign:
			if n.Name != nil && !n.Naked {
				own[n.Name.Value] = true
			}
		case *syntax.WordIter:
			own[n.Name.Value] = true
		case *syntax.CallExpr:
			if len(n.Args) > 1 && n.Args[0].Lit() == "read" {
				for _, arg := range n.Args[1:] {
					own[arg.Lit()] = true
				}
			}
		}
		return true
	})
	return own
}

// A frame is what a command inherits from the constructs around it.
type frame struct {
	chain       int // 0: each statement starts a chain of its own
	joined      string
	subshell    bool
	conditional bool
	condition   bool
	guard       string
	function    string
}

type walker struct {
	src    string
	env    map[string]string
	own    map[string]bool
	out    []Command
	chains int
	dir    string
	depth  int // of sh -c within sh -c
}

func (w *walker) source(n syntax.Node) string {
	from, to := int(n.Pos().Offset()), int(n.End().Offset())
	if from > to || to > len(w.src) {
		return ""
	}
	return w.src[from:to]
}

func (w *walker) stmts(list []*syntax.Stmt, f frame) {
	for _, s := range list {
		inner := f
		w.chains++
		inner.chain, inner.joined = w.chains, ""
		w.stmt(s, inner)
	}
}

// apart walks statements whose cd does not reach what follows.
func (w *walker) apart(list []*syntax.Stmt, f frame) {
	dir := w.dir
	w.stmts(list, f)
	w.dir = dir
}

func (w *walker) stmt(s *syntax.Stmt, f frame) {
	before := len(w.out)
	switch c := s.Cmd.(type) {
	case *syntax.CallExpr:
		w.call(s, c, f)
		return
	case *syntax.BinaryCmd:
		w.binary(c, f)
	case *syntax.Subshell:
		f.subshell = true
		w.apart(c.Stmts, f)
	case *syntax.Block:
		w.stmts(c.Stmts, f)
	case *syntax.IfClause:
		w.ifClause(c, f)
	case *syntax.WhileClause:
		w.body(c.Cond, c.Do, f)
	case *syntax.ForClause:
		f.conditional = true
		w.maybe(c.Do, f)
	case *syntax.CaseClause:
		w.caseClause(c, f)
	case *syntax.FuncDecl:
		if c.Name != nil {
			f.function = c.Name.Value
		}
		w.apart([]*syntax.Stmt{c.Body}, f)
	case *syntax.TimeClause:
		if c.Stmt != nil {
			w.stmt(c.Stmt, f)
		}
	case *syntax.DeclClause:
		w.declaration(s, c, f)
	case nil:
		if len(s.Redirs) > 0 {
			w.add(s, Command{}, f)
		}
		return
	}
	w.shareRedirects(s, before)
}

// shareRedirects gives the redirections of a compound command to each command in it: { echo a; echo b; } > file.
func (w *walker) shareRedirects(s *syntax.Stmt, before int) {
	redirects := w.redirects(s)
	for k := before; k < len(w.out) && len(redirects) > 0; k++ {
		w.out[k].Redirects = append(w.out[k].Redirects, redirects...)
	}
}

// maybe walks a body that may not run: afterwards the directory is known only if it is as before.
func (w *walker) maybe(list []*syntax.Stmt, f frame) {
	dir := w.dir
	w.stmts(list, f)
	if w.dir != dir {
		w.dir = "?"
	}
}

func (w *walker) binary(c *syntax.BinaryCmd, f frame) {
	before := len(w.out)
	left := f
	if c.Op == syntax.Pipe || c.Op == syntax.PipeAll {
		left.subshell = true
	}
	w.stmt(c.X, left)
	right := f
	right.joined = c.Op.String()
	dir := w.dir
	switch c.Op {
	case syntax.Pipe, syntax.PipeAll:
		right.joined, right.subshell = "|", true
	case syntax.OrStmt:
		right.conditional, right.guard = true, w.source(c.X)
	case syntax.AndStmt:
		if len(w.out) > before && isTest(w.out[len(w.out)-1]) || isTestClause(c.X) {
			right.conditional, right.guard = true, w.source(c.X)
		}
	}
	w.stmt(c.Y, right)
	if (right.conditional || right.subshell) && w.dir != dir {
		w.dir = "?"
	}
}

// isTest is true for commands that are run for their answer.
func isTest(c Command) bool {
	switch c.Name {
	case "[", "test", "id", "getent", "grep", "which", "type", "false":
		return true
	case "command", "hash":
		return len(c.Args) > 1 && (c.Args[1].Text == "-v" || c.Args[1].Text == "-V" || c.Name == "hash")
	}
	return false
}

func isTestClause(s *syntax.Stmt) bool {
	_, ok := s.Cmd.(*syntax.TestClause)
	return ok
}

func (w *walker) ifClause(c *syntax.IfClause, f frame) {
	guard := f.guard
	if len(c.Cond) > 0 {
		cond := f
		cond.condition = true
		w.stmts(c.Cond, cond)
		from, to := int(c.Cond[0].Pos().Offset()), int(c.Cond[len(c.Cond)-1].End().Offset())
		guard = strings.TrimRight(w.src[from:min(to, len(w.src))], "; \n")
	}
	then := f
	then.conditional, then.guard = true, guard
	w.maybe(c.Then, then)
	for e := c.Else; e != nil; e = nil {
		other := f
		if len(e.Cond) == 0 {
			other.guard = guard
		}
		other.conditional = true
		w.ifClause(e, other)
	}
}

func (w *walker) body(cond, do []*syntax.Stmt, f frame) {
	c := f
	c.condition = true
	w.stmts(cond, c)
	f.conditional = true
	w.maybe(do, f)
}

func (w *walker) caseClause(c *syntax.CaseClause, f frame) {
	for _, item := range c.Items {
		var patterns []string
		for _, p := range item.Patterns {
			patterns = append(patterns, w.source(p))
		}
		inner := f
		inner.conditional = true
		inner.guard = "case " + w.source(c.Word) + " in " + strings.Join(patterns, "|")
		w.maybe(item.Stmts, inner)
	}
}

// declaration takes export X=y and local x as a command of that name.
func (w *walker) declaration(s *syntax.Stmt, c *syntax.DeclClause, f frame) {
	cmd := Command{Name: c.Variant.Value, Args: []Word{w.word(&syntax.Word{Parts: []syntax.WordPart{c.Variant}})}}
	for _, a := range c.Args {
		cmd.Args = append(cmd.Args, Word{
			Text: w.source(a), Start: int(a.Pos().Offset()), End: int(a.End().Offset()),
		})
	}
	w.substitutions(c, f)
	w.add(s, cmd, f)
}

func (w *walker) call(s *syntax.Stmt, c *syntax.CallExpr, f frame) {
	var cmd Command
	for _, a := range c.Assigns {
		if a.Name == nil {
			continue
		}
		if cmd.Assigns == nil {
			cmd.Assigns = map[string]string{}
		}
		cmd.Assigns[a.Name.Value] = ""
		if a.Value != nil {
			cmd.Assigns[a.Name.Value] = w.word(a.Value).Text
		}
	}
	for _, arg := range c.Args {
		cmd.Args = append(cmd.Args, w.word(arg))
	}
	if len(cmd.Args) > 0 && cmd.Args[0].Known {
		cmd.Name = path.Base(cmd.Args[0].Text)
	}
	w.substitutions(c, f)
	w.add(s, cmd, f)
	w.changeDir(cmd)
	w.nested(w.out[len(w.out)-1])
}

func (w *walker) add(s *syntax.Stmt, cmd Command, f frame) {
	cmd.Redirects = w.redirects(s)
	cmd.Chain, cmd.Joined, cmd.InSubshell = f.chain, f.joined, f.subshell
	cmd.Conditional, cmd.InCondition, cmd.Guard, cmd.Function = f.conditional, f.condition, f.guard, f.function
	cmd.Dir = w.dir
	cmd.Start, cmd.End = int(s.Pos().Offset()), int(s.End().Offset())
	if s.Semicolon.IsValid() && cmd.End == int(s.Semicolon.Offset())+1 {
		cmd.End = int(s.Semicolon.Offset())
		cmd.End = cmd.Start + len(strings.TrimRight(w.src[cmd.Start:cmd.End], " \t\n"))
	}
	w.out = append(w.out, cmd)
}

// substitutions walks $(...) within the words of a command: it runs before it.
func (w *walker) substitutions(n syntax.Node, f frame) {
	syntax.Walk(n, func(n syntax.Node) bool {
		var inside []*syntax.Stmt
		switch n := n.(type) {
		case *syntax.CmdSubst:
			inside = n.Stmts
		case *syntax.ProcSubst:
			inside = n.Stmts
		default:
			return true
		}
		f.subshell = true
		w.apart(inside, f)
		return false
	})
}

func (w *walker) redirects(s *syntax.Stmt) []Redirect {
	var out []Redirect
	for _, r := range s.Redirs {
		redirect := Redirect{Op: r.Op.String()}
		if r.Word != nil {
			redirect.Target = w.word(r.Word)
		}
		if r.Hdoc != nil {
			if body := w.word(r.Hdoc); body.Known {
				redirect.Body = body.Text
			}
		}
		out = append(out, redirect)
	}
	return out
}

func (w *walker) changeDir(c Command) {
	if c.Name != "cd" && c.Name != "pushd" {
		if c.Name == "popd" {
			w.dir = "?"
		}
		return
	}
	args := c.Args[1:]
	for len(args) > 0 && (args[0].Text == "--" || args[0].Text == "-P" || args[0].Text == "-L") {
		args = args[1:]
	}
	switch {
	case len(args) != 1 || !args[0].Known || args[0].Text == "-" || strings.HasPrefix(args[0].Text, "~"):
		w.dir = "?"
	case path.IsAbs(args[0].Text):
		w.dir = path.Clean(args[0].Text)
	case w.dir != "?":
		w.dir = path.Join(w.dir, args[0].Text)
	}
}
