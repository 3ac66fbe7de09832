package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os/signal"
	"strings"
	"syscall"

	"github.com/alecthomas/kong"
)

// streams are what the program talks through.
type streams struct {
	in       io.Reader
	out, err io.Writer
}

// grammar is the command line.
type grammar struct {
	Quiet   bool   `short:"q" help:"Print only errors on stderr."`
	Verbose bool   `short:"v" help:"Print links, rule ids and what is suppressed as well."`
	Color   string `enum:"auto,always,never" default:"auto" placeholder:"WHEN" help:"Use colours: auto, always or never."`

	Fix     fixCommand     `cmd:"" default:"withargs" help:"Print a diff of what would change, or write it (the default command)."`
	Check   checkCommand   `cmd:"" help:"Print findings and no diff, for gates."`
	Explain explainCommand `cmd:"" help:"Explain a rule: why it matters, what the fix does, how safe it is."`
	Rules   rulesCommand   `cmd:"" help:"List the rules."`
	Version versionCommand `cmd:"" help:"Print the version."`
}

// A command does its work and returns an exit code.
type command interface {
	run(*session) int
}

// A session is one run of the program.
type session struct {
	streams
	context.Context
	*grammar
}

const description = `Rewrites Dockerfiles, compose files and Kubernetes manifests so that containers stop running as root.

"offroot" alone prints one unified diff of everything it would change below the working directory, and changes nothing.`

// run is the program: it returns the exit code and touches nothing but the streams and the files under the root.
func run(ctx context.Context, args []string, std streams) int {
	ctx, stop := signal.NotifyContext(ctx, syscall.SIGINT, syscall.SIGTERM)
	defer stop()
	g := &grammar{}
	cmd, helped, err := parse(g, args, std)
	switch {
	case helped:
		return exitOK
	case err != nil:
		fmt.Fprintf(std.err, "offroot: %v\n", err)
		return exitTrouble
	}
	return cmd.run(&session{streams: std, Context: ctx, grammar: g})
}

// parse reads the command line. helped says that it asked for help, which is printed.
func parse(g *grammar, args []string, std streams) (cmd command, helped bool, err error) {
	parser, err := kong.New(g,
		kong.Name("offroot"),
		kong.Description(description),
		kong.Writers(std.out, std.err),
		kong.Exit(func(int) { helped = true }),
		kong.Help(help),
		kong.ConfigureHelp(kong.HelpOptions{Compact: true, WrapUpperBound: 100}),
	)
	if err != nil {
		return nil, false, err
	}
	ctx, err := parser.Parse(args)
	if helped {
		return nil, true, nil
	}
	if err != nil {
		return nil, false, usage(err)
	}
	cmd, ok := ctx.Selected().Target.Addr().Interface().(command)
	if !ok {
		return nil, false, fmt.Errorf("no command %q", ctx.Command())
	}
	return cmd, false, nil
}

// usage adds to an error of the parser where to read on.
func usage(err error) error {
	var parse *kong.ParseError
	if !errors.As(err, &parse) || parse.Context == nil || parse.Context.Selected() == nil {
		return fmt.Errorf("%w (offroot --help lists commands and flags)", err)
	}
	return fmt.Errorf("%w (offroot %s --help lists its flags)", err, parse.Context.Selected().Name)
}

func help(options kong.HelpOptions, ctx *kong.Context) error {
	if err := kong.DefaultHelpPrinter(options, ctx); err != nil {
		return err
	}
	_, err := io.WriteString(ctx.Stdout, "\n"+exitCodes)
	return err
}

// fail reports an error that ends the run. Several that were joined get a line each.
func (s *session) fail(err error) int {
	if s.Err() != nil && (errors.Is(err, context.Canceled) || errors.Is(err, context.Cause(s))) {
		return exitInterrupted
	}
	for line := range strings.SplitSeq(err.Error(), "\n") {
		fmt.Fprintf(s.err, "offroot: %s\n", line)
	}
	return exitTrouble
}
