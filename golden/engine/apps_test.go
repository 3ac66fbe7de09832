package engine

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"
)

var update = flag.Bool("update", false, "write RESULTS.md")

// side is how many applications are looked at side by side.
const side = 2

// TestAppsAreDescribed needs no engine: every app.json is read and makes sense.
func TestAppsAreDescribed(t *testing.T) {
	if _, err := loadApps("apps"); err != nil {
		t.Fatal(err)
	}
}

// TestApps is the proof: every application before and after, with both builders.
func TestApps(t *testing.T) {
	d := needEngine(t)
	apps, err := loadApps("apps")
	if err != nil {
		t.Fatal(err)
	}
	s := &suite{docker: d, bases: newBases(d, "bases"), offroot: buildOffroot(t), turn: make(chan bool, side)}
	t.Run("apps", func(t *testing.T) {
		for _, app := range apps {
			t.Run(app.name, func(t *testing.T) {
				t.Parallel()
				s.turn <- true
				defer func() { <-s.turn }()
				s.prove(t, app)
			})
		}
	})
	if *update {
		old, _ := os.ReadFile("RESULTS.md")
		if err := os.WriteFile("RESULTS.md", []byte(s.results.markdown(apps, string(old))), 0o644); err != nil {
			t.Fatal(err)
		}
	}
}

type suite struct {
	docker  *docker
	bases   *bases
	offroot string
	turn    chan bool
	results results
}

// buildOffroot builds the command, or takes the one that OFFROOT_BIN names.
func buildOffroot(t *testing.T) string {
	t.Helper()
	if bin := os.Getenv("OFFROOT_BIN"); bin != "" {
		return bin
	}
	bin := filepath.Join(t.TempDir(), "offroot")
	if out, err := exec.Command("go", "build", "-o", bin, "../../cmd/offroot").CombinedOutput(); err != nil {
		t.Fatalf("go build: %v\n%s", err, out)
	}
	return bin
}

// builder is one way of building, and what compose has to be told for it.
type builder struct{ name, buildkit string }

var (
	classic  = builder{"classic", "DOCKER_BUILDKIT=0"}
	buildkit = builder{"buildkit", "DOCKER_BUILDKIT=1"}
)

// proof is one application on its way through the suite.
type proof struct {
	*suite
	t             *testing.T
	ctx           context.Context
	app           *App
	before, after string
	work          string
	notes         string
	changed       []string
	decided       map[string]string
	answers       []answer
	row           row
	failures      int
}

func (s *suite) prove(t *testing.T, app *App) {
	ctx, cancel := context.WithTimeout(context.Background(), 8*time.Minute)
	defer cancel()
	dir := t.TempDir()
	p := &proof{suite: s, t: t, ctx: ctx, app: app, work: dir,
		before: filepath.Join(dir, "before"), after: filepath.Join(dir, "after")}
	p.row = row{name: app.name, about: app.About}
	for _, path := range app.Needs {
		if _, err := os.Stat(path); err != nil {
			t.Skipf("needs %s of this machine", path)
		}
	}
	defer func() { s.results.add(p.row) }()
	text, err := app.text()
	p.must(err)
	p.must(s.bases.ensure(ctx, text))
	p.must(copyTree(app.dir, p.before))
	p.must(copyTree(app.dir, p.after))

	p.row.before = p.attempt("before", buildkit, p.runBefore)
	p.rewrite()
	if len(p.changed) > 0 {
		p.row.classic = p.attempt("after, classic builder", classic, p.runAfter)
		p.row.buildkit = p.attempt("after, BuildKit", buildkit, p.runAfter)
	}
	if app.Pending != "" {
		p.row.notes = strings.TrimPrefix(p.row.notes+"; pending: "+app.Pending, "; ")
		if p.failures == 0 {
			t.Errorf("passes now: take pending out of its app.json")
		}
	}
}

// fail reports what is not as it has to be, or only writes it down where that is known.
func (p *proof) fail(format string, args ...any) {
	p.t.Helper()
	p.failures++
	if p.app.Pending != "" {
		p.t.Logf("pending: "+format, args...)
		return
	}
	p.t.Errorf(format, args...)
}

func (p *proof) must(err error) {
	p.t.Helper()
	if err != nil {
		p.row.notes = "could not be tried"
		p.t.Fatal(err)
	}
}

// attempt builds and runs one side with one builder, and cleans up. It returns the cell of the table.
func (p *proof) attempt(what string, b builder, run func(*project) (string, error)) string {
	p.t.Helper()
	start := time.Now()
	dir, name := p.after, "offrootproof-"+p.app.name+"-after-"+b.name
	if what == "before" {
		dir, name = p.before, "offrootproof-"+p.app.name+"-before-"+b.name
	}
	side, err := openProject(p.ctx, p.docker, project{app: p.app, name: name, dir: dir, work: p.work, env: []string{b.buildkit}})
	var cell string
	if err == nil {
		defer func() {
			side.down(context.Background())
			side.forget(context.Background())
		}()
		side.down(p.ctx)
		cell, err = run(side)
	}
	p.t.Logf("%s: %v", what, time.Since(start).Round(100*time.Millisecond))
	if err != nil {
		p.fail("%s: %v", what, err)
		return "**fails**"
	}
	return cell
}

func (p *proof) runBefore(side *project) (string, error) {
	if err := side.build(p.ctx); err != nil {
		return "", err
	}
	if err := side.up(p.ctx); err != nil {
		return "", side.explain(p.ctx, err)
	}
	var err error
	if p.answers, err = side.serves(p.ctx); err != nil {
		return "", err
	}
	return "ok", side.reports(p.ctx)
}

// runAfter is one builder's whole proof: a fresh start, a restart, and a start without capabilities.
func (p *proof) runAfter(side *project) (string, error) {
	if err := side.build(p.ctx); err != nil {
		return "", err
	}
	if err := side.up(p.ctx); err != nil {
		return "", side.explain(p.ctx, err)
	}
	answers, err := side.serves(p.ctx)
	if err != nil {
		return "", err
	}
	if err := errors.Join(p.same(answers), side.reports(p.ctx), side.owned(p.ctx, p.decided), side.inspected(p.ctx)); err != nil {
		return "", err
	}
	if err := side.survives(p.ctx); err != nil {
		return "", fmt.Errorf("after a restart: %w", err)
	}
	if p.app.NoHarden != "" || len(p.decided) == 0 {
		return "ok", nil
	}
	return "ok, bare", p.runHardened(side)
}

func (p *proof) runHardened(side *project) error {
	side.down(p.ctx)
	bare, err := side.hardened(p.decided)
	if err != nil {
		return err
	}
	defer bare.down(context.Background())
	if err := bare.up(p.ctx); err != nil {
		return fmt.Errorf("without capabilities: %w", bare.explain(p.ctx, err))
	}
	if _, err := bare.serves(p.ctx); err != nil {
		return fmt.Errorf("without capabilities: %w", err)
	}
	return nil
}

// same holds the answers against those from before the change.
func (p *proof) same(answers []answer) error {
	if len(p.answers) != len(answers) {
		return nil // before did not pass, which is reported already
	}
	for i, a := range answers {
		if was := p.answers[i]; !a.varies && a.text != was.text {
			return fmt.Errorf("question %d: answered %q before and %q after", i+1, shorten(was.text), shorten(a.text))
		}
	}
	return nil
}

// rewrite runs offroot on the copy, and checks what is to be seen without an engine.
func (p *proof) rewrite() {
	p.t.Helper()
	run := func(args ...string) (string, error) {
		cmd := exec.Command(p.offroot, args...)
		cmd.Dir = p.after
		out, err := cmd.CombinedOutput()
		return string(out), err
	}
	notes, err := run("--write", p.after)
	p.notes = notes
	if err != nil {
		p.fail("offroot --write: %v\n%s", err, notes)
	}
	p.changed, err = changedFiles(p.before, p.after)
	p.must(err)
	p.t.Logf("offroot:\n%s%s", notes, p.diff())
	once := p.diff()
	if again, _ := run("--write", p.after); p.diff() != once {
		p.fail("a second run changes more\n%s%s", again, p.diff())
	}
	if !regexp.MustCompile("(?is)" + p.app.Reason).MatchString(notes) {
		p.fail("the notes do not match %q", p.app.Reason)
	}
	p.decide()
}

// decide reads who is to run out of the changed files.
func (p *proof) decide() {
	p.t.Helper()
	p.decided = map[string]string{}
	if p.app.Expect == expectLeftAlone {
		p.row.notes = "left alone"
		if len(p.changed) > 0 {
			p.row.notes += " but for " + strings.Join(p.changed, ", ")
		}
		for _, name := range p.changed {
			if !slices.Contains(p.app.MayChange, name) {
				p.fail("%s should be left alone", name)
			}
		}
		return
	}
	if len(p.changed) == 0 {
		p.row.notes = "**nothing was changed**"
		p.fail("nothing was changed")
		return
	}
	var users []string
	for service, image := range p.app.Images {
		file, stage, _ := strings.Cut(image, "#")
		content, err := os.ReadFile(filepath.Join(p.after, file))
		p.must(err)
		user := lastUser(string(content), stage)
		p.decided[service] = user
		if !numeric.MatchString(user) {
			p.fail("%s ends with user %q, want UID:GID", image, user)
		}
		users = append(users, user)
	}
	slices.Sort(users)
	p.row.notes = strings.Join(slices.Compact(users), ", ")
}

func (p *proof) diff() string {
	out, _ := exec.Command("diff", "-ruN", "--label", "before", "--label", "after", p.before, p.after).CombinedOutput()
	return string(out)
}
