package main

import (
	"fmt"
	"math"
	"time"

	"github.com/offroot/offroot/rewrite"
	"github.com/offroot/offroot/rewrite/decide"
	"github.com/offroot/offroot/rewrite/discover"
)

// scope is the flags that say what is looked at. Fix and check share them.
type scope struct {
	Paths    []string `arg:"" optional:"" name:"path" help:"Files and directories that may be changed; . if none. Everything under the root may be read."`
	Root     string   `placeholder:"DIR" help:"Root of the repository. If not given: the git work tree of the first path, else the working directory if it holds all paths, else the first path."`
	Include  []string `placeholder:"GLOB" help:"Only files that match may be changed; repeatable."`
	Exclude  []string `placeholder:"GLOB" help:"Files that match are left alone; repeatable."`
	NoIgnore bool     `help:"Look at files that git ignores as well."`
}

// policy is the flags that say how decisions are made.
type policy struct {
	FixLevel string   `enum:"review,safe," default:"" env:"OFFROOT_FIX_LEVEL" placeholder:"LEVEL" help:"Lowest level of fixes that are applied: review (default) or safe."`
	Safe     bool     `help:"Apply safe fixes only: --fix-level safe."`
	Only     []string `env:"OFFROOT_ONLY" placeholder:"RULE" help:"Run only these rules, by id or group; repeatable, or separated by commas."`
	Skip     []string `env:"OFFROOT_SKIP" placeholder:"RULE" help:"Do not run these rules, by id or group."`
	UID      *int     `name:"uid" env:"OFFROOT_UID" placeholder:"N" help:"User id, instead of the one that is decided for each image."`
	GID      *int     `name:"gid" env:"OFFROOT_GID" placeholder:"N" help:"Group id, with --uid; the same number if not given."`
	UserName string   `env:"OFFROOT_USER_NAME" placeholder:"NAME" help:"Name of the account that is made where one is needed."`
	Ports    string   `enum:"move,keep," default:"" env:"OFFROOT_PORTS" placeholder:"STRATEGY" help:"What to do with container ports below 1024: move (default) or keep."`
	Config   string   `xor:"config" placeholder:"FILE" help:"Configuration; .offroot.yaml above the first path if not given."`
	NoConfig bool     `xor:"config" help:"Read no configuration."`
}

// options turns flags and configuration into what rewrite.Run takes. An error is one of usage.
func (s *scope) options(p *policy) (rewrite.Options, error) {
	paths := s.Paths
	if len(paths) == 0 {
		paths = []string{"."}
	}
	file, err := p.readConfig(s.Root, paths)
	if err != nil {
		return rewrite.Options{}, err
	}
	only, skip := p.Only, p.Skip
	if len(only)+len(skip) == 0 {
		only, skip = file.Only, file.Skip
	}
	rules, err := selectRules(only, skip)
	if err != nil {
		return rewrite.Options{}, err
	}
	decisions, err := p.decisions(file.Policy)
	if err != nil {
		return rewrite.Options{}, err
	}
	return rewrite.Options{
		Options: discover.Options{
			Root: s.Root, Paths: paths, Include: s.Include, Exclude: s.Exclude, NoIgnore: s.NoIgnore,
		},
		Policy:  decisions,
		Rules:   rules,
		Ignores: file.Ignores,
		Today:   time.Now(),
	}, nil
}

// decisions lays the flags over what the configuration says.
func (p *policy) decisions(d decide.Policy) (decide.Policy, error) {
	var err error
	if p.FixLevel != "" {
		if d.Level, err = decide.ParseLevel(p.FixLevel); err != nil {
			return d, err
		}
	}
	if p.Safe {
		d.Level = decide.Safe
	}
	uid, err := readID("--uid", p.UID)
	if err != nil {
		return d, err
	}
	gid, err := readID("--gid", p.GID)
	if err != nil {
		return d, err
	}
	if uid != 0 {
		d.UID, d.GID = uid, gid
	} else if gid != 0 {
		d.GID = gid
	}
	if p.UserName != "" {
		d.UserName = p.UserName
	}
	if d.UserName != "" && !isAccountName(d.UserName) {
		return d, fmt.Errorf("--user-name %q: a name starts with a small letter or _, then small letters, digits, - or _, 32 at most", d.UserName)
	}
	if p.Ports != "" {
		d.Ports = decide.PortStrategy(p.Ports)
	}
	return d, nil
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
