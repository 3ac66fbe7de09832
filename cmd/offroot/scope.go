package main

import (
	"fmt"
	"math"

	"github.com/offroot/offroot/rewrite"
	"github.com/offroot/offroot/rewrite/decide"
	"github.com/offroot/offroot/rewrite/discover"
)

// scope is the flags that say what is looked at. Fix and check share them.
type scope struct {
	Paths    []string `arg:"" optional:"" name:"path" help:"Files and directories that may be changed; . if none. Everything under the root may be read."`
	Root     string   `placeholder:"DIR" help:"Root of the repository; the git work tree of the first path if not given."`
	Include  []string `placeholder:"GLOB" help:"Only files that match may be changed; repeatable."`
	Exclude  []string `placeholder:"GLOB" help:"Files that match are left alone; repeatable."`
	NoIgnore bool     `help:"Look at files that git ignores as well."`
}

// policy is the flags that say how decisions are made.
type policy struct {
	FixLevel string   `enum:"review,safe" default:"review" placeholder:"LEVEL" help:"Lowest level of fixes that are applied: review (default) or safe."`
	Safe     bool     `help:"Apply safe fixes only: --fix-level safe."`
	Only     []string `placeholder:"RULE" help:"Run only these rules, by id or group; repeatable, or separated by commas."`
	Skip     []string `placeholder:"RULE" help:"Do not run these rules, by id or group."`
	UID      *int     `name:"uid" placeholder:"N" help:"User id for images that have no user of their own."`
	GID      *int     `name:"gid" placeholder:"N" help:"Group id, with --uid; the same number if not given."`
	UserName string   `placeholder:"NAME" help:"Name of the account that is made where one is needed."`
}

// options turns flags into what rewrite.Run takes. An error is one of usage.
func (s *scope) options(p *policy) (rewrite.Options, error) {
	rules, err := selectRules(p.Only, p.Skip)
	if err != nil {
		return rewrite.Options{}, err
	}
	decisions, err := p.decisions()
	if err != nil {
		return rewrite.Options{}, err
	}
	paths := s.Paths
	if len(paths) == 0 {
		paths = []string{"."}
	}
	return rewrite.Options{
		Options: discover.Options{
			Root: s.Root, Paths: paths, Include: s.Include, Exclude: s.Exclude, NoIgnore: s.NoIgnore,
		},
		Policy: decisions,
		Rules:  rules,
	}, nil
}

func (p *policy) decisions() (decide.Policy, error) {
	level, err := decide.ParseLevel(p.FixLevel)
	if err != nil {
		return decide.Policy{}, err
	}
	if p.Safe {
		level = decide.Safe
	}
	uid, err := readID("--uid", p.UID)
	if err != nil {
		return decide.Policy{}, err
	}
	gid, err := readID("--gid", p.GID)
	if err != nil {
		return decide.Policy{}, err
	}
	if p.UserName != "" && !isAccountName(p.UserName) {
		return decide.Policy{}, fmt.Errorf("--user-name %q: a name starts with a small letter or _, then small letters, digits, - or _, 32 at most", p.UserName)
	}
	return decide.Policy{UID: uid, GID: gid, UserName: p.UserName, Level: level}, nil
}

// readID returns the value of a flag, 0 if it was not given. Root is not on offer, and neither is what kernel and runtimes
// do not take.
func readID(flag string, id *int) (int, error) {
	switch {
	case id == nil:
		return 0, nil
	case *id < 1 || *id > math.MaxInt32:
		return 0, fmt.Errorf("%s %d: it must be between 1 and %d", flag, *id, math.MaxInt32)
	}
	return *id, nil
}

// isAccountName reports whether useradd and adduser of every distribution take the name.
func isAccountName(name string) bool {
	if len(name) > 32 {
		return false
	}
	for i, c := range name {
		letter := 'a' <= c && c <= 'z' || c == '_'
		if !letter && (i == 0 || c != '-' && (c < '0' || c > '9')) {
			return false
		}
	}
	return name != "root"
}
