package render

import (
	"bytes"
	"encoding/json"
	"io/fs"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/offroot/offroot/rewrite/decide"
	"github.com/offroot/offroot/rewrite/parse"
	"github.com/offroot/offroot/rewrite/plan"
	"github.com/offroot/offroot/rewrite/rule"
	"github.com/offroot/offroot/rewrite/source"
	"github.com/offroot/offroot/rewrite/verify"
	"github.com/offroot/offroot/rewrite/workspace"
)

// fakeOp is an op at a place.
type fakeOp struct{ at source.Place }

func (o fakeOp) Document() source.Document { return nil }
func (o fakeOp) Place() source.Place       { return o.at }
func (o fakeOp) String() string            { return "change " + o.at.String() }

func at(path string, line int) source.Place { return source.Place{Path: path, Line: line} }

func opsAt(places ...source.Place) []source.Op {
	var ops []source.Op
	for _, p := range places {
		ops = append(ops, fakeOp{p})
	}
	return ops
}

var testRule = &rule.Rule{ID: "image-runs-as-root", Title: "the image starts its process as root", Group: "image"}

func testItem(w *workspace.Workload, outcome plan.Outcome, fix *rule.Fix, reason string) *plan.Item {
	f := &rule.Finding{Rule: testRule, Workload: w, Place: at("api/Dockerfile", 3), Message: "no USER", Fix: fix}
	return &plan.Item{Finding: f, Outcome: outcome, Reason: reason}
}

// testReport has a workload of every verdict and an item of every outcome.
func testReport() *Report {
	names := []string{"api", "ci-runner", "db", "idle"}
	loads := map[string]*workspace.Workload{}
	r := &Report{
		Root: ".", Command: "fix", Version: "0.0.0", Looked: 9, Lowest: decide.Review,
		Workspace: &workspace.Workspace{Skips: []parse.Skip{
			{Place: at("chart/templates/a.yaml", 1), Reason: "a Helm template is not edited"},
			{Place: at("k8s/broken.yaml", 14), Column: 5, Reason: "did not find expected key", Error: true},
		}},
		Result: &verify.Result{Plan: &plan.Plan{}, Changes: []verify.Change{
			{Path: "api/Dockerfile", Before: []byte("FROM a\n"), After: []byte("FROM a\nUSER 1:1\n"), Mode: fs.FileMode(0o644)},
		}},
	}
	for _, name := range names {
		loads[name] = &workspace.Workload{Name: name}
		r.Targets = append(r.Targets, &decide.Target{Workload: loads[name], Verdict: decide.Unprivileged})
	}
	r.Targets[0].Verdict = decide.Change
	r.Targets[1].Verdict, r.Targets[1].Reason, r.Targets[1].Next = decide.Refused, "mounts /var/run/docker.sock", "put a socket proxy in front"
	r.Targets[2].Verdict, r.Targets[2].Reason, r.Targets[2].Place = decide.LeftAlone, "postgres:16 drops to 999 by itself", at("compose.yml", 20)
	fix := func(title string, level decide.Level, assumes string, places ...source.Place) *rule.Fix {
		return &rule.Fix{Title: title, Level: level, Assumes: assumes, Ops: opsAt(places...)}
	}
	own := fix("owns /data", decide.Review, "that no other path is written", at("api/Dockerfile", 8))
	own.Notes = []string{"an existing volume keeps its old owner; once:\ndocker compose run --rm --no-deps --user 0 --entrypoint chown api -R 10001:10001 /data"}
	r.Plan.Items = []*plan.Item{
		testItem(loads["api"], plan.Planned, own, ""),
		testItem(loads["api"], plan.Planned, fix("runAsNonRoot", decide.Safe, "", at("k8s/api.yaml", 17)), ""),
		testItem(loads["api"], plan.Planned, fix("seccompProfile", decide.Safe, "", at("k8s/api.yaml", 17)), ""),
		testItem(loads["api"], plan.Planned, fix("capabilities", decide.Safe, "", at("k8s/api.yaml", 22)), ""),
		testItem(loads["api"], plan.BelowLevel, fix("moves port 80", decide.Review, "x", at("api/site.conf", 2)), "its fix is of level review"),
		testItem(loads["api"], plan.Conflict, nil, "it contradicts another fix"),
		testItem(loads["api"], plan.Suppressed, nil, "ignored by a note: needs raw sockets"),
		testItem(loads["api"], plan.Withdrawn, nil, "not confirmed"),
		testItem(loads["api"], plan.Reported, nil, ""),
		testItem(loads["ci-runner"], plan.Refused, nil, "mounts /var/run/docker.sock"),
		testItem(loads["db"], plan.LeftAlone, nil, "postgres:16 drops to 999 by itself"),
	}
	return r
}

func notesOf(t *testing.T, r *Report, opts NotesOptions) string {
	t.Helper()
	var b bytes.Buffer
	if err := Notes(&b, r, opts); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

func TestNotesSayEverythingOnce(t *testing.T) {
	got := notesOf(t, testReport(), NotesOptions{})
	for _, once := range []string{
		"runAsNonRoot and 2 more fields", "k8s/api.yaml:17,22", "owns /data", "assumes that no other path is written",
		"refused: mounts /var/run/docker.sock", "next: put a socket proxy in front", "left alone: postgres:16", "compose.yml:20",
		"\nk8s/broken.yaml:14:5: did not find expected key\n", "a Helm template is not edited", "it contradicts another fix",
		"1 workload would change in 1 file, 1 left alone, 1 refused, 1 without findings", "1 finding suppressed", "1 fix below the fix level",
		"1 fix withdrawn", "1 place skipped", "1 error", "apply with --write", "keeps its old owner",
	} {
		if n := strings.Count(got, once); n != 1 {
			t.Errorf("%q is there %d times, want once:\n%s", once, n, got)
		}
	}
	if strings.Contains(got, "raw sockets") || strings.Contains(got, "idle") {
		t.Errorf("what is suppressed or quiet belongs to -v:\n%s", got)
	}
}

func TestNotesFitTheColumns(t *testing.T) {
	r := testReport()
	r.Plan.Items[0].Fix.Title = strings.Repeat("owns a rather long path, ", 12)
	r.Targets[1].Reason = strings.Repeat("mounts many things and ", 9)
	for _, line := range strings.Split(notesOf(t, r, NotesOptions{Verbose: true}), "\n") {
		if n := utf8.RuneCountInString(line); n > columns && !strings.Contains(line, "docker compose run") {
			t.Errorf("%d columns: %s", n, line)
		}
	}
}

// A command is there to be copied: it stays on one line, however long it is.
func TestCommandsAreNotWrapped(t *testing.T) {
	got := notesOf(t, testReport(), NotesOptions{})
	if !strings.Contains(got, " docker compose run --rm --no-deps --user 0 --entrypoint chown api -R 10001:10001 /data\n") {
		t.Error(got)
	}
}

func TestQuietNotesAreErrorsOnly(t *testing.T) {
	got := notesOf(t, testReport(), NotesOptions{Quiet: true})
	if got != "k8s/broken.yaml:14:5: did not find expected key\n" {
		t.Errorf("%q", got)
	}
}

func TestVerboseNotesNameRulesAndSuppressed(t *testing.T) {
	got := notesOf(t, testReport(), NotesOptions{Verbose: true})
	for _, want := range []string{"[image-runs-as-root]", "needs raw sockets", "\nidle "} {
		if !strings.Contains(got, want) {
			t.Errorf("%q is missing:\n%s", want, got)
		}
	}
}

func TestColorsGoAround(t *testing.T) {
	plain := notesOf(t, testReport(), NotesOptions{})
	colored := notesOf(t, testReport(), NotesOptions{Color: true})
	for _, code := range []string{terminalInk.name, terminalInk.good, terminalInk.care, terminalInk.stop} {
		if !strings.Contains(colored, code) {
			t.Errorf("%q is not used", code)
		}
		colored = strings.ReplaceAll(colored, code, "")
	}
	if colored = strings.ReplaceAll(colored, terminalInk.end, ""); colored != plain {
		t.Errorf("without its codes the coloured text differs:\n%s\n%s", plain, colored)
	}
}

func TestClosingLineIsTrue(t *testing.T) {
	for _, test := range []struct {
		name string
		make func(*Report)
		want string
	}{
		{"dry", func(*Report) {}, "would change in 1 file"},
		{"written", func(r *Report) { r.Written = true }, "1 workload changed in 1 file"},
		{"written, next", func(r *Report) { r.Written = true }, "review with git diff"},
		{"refused only", func(r *Report) { r.Changes, r.Plan.Items, r.Targets = nil, r.Plan.Items[9:10], r.Targets[1:2] }, "why: offroot explain image-runs-as-root"},
		{"all well", func(r *Report) {
			r.Changes, r.Plan.Items, r.Targets, r.Workspace.Skips = nil, nil, r.Targets[3:], nil
		}, "1 workload: none runs as root."},
		{"nothing here", func(r *Report) { r.Changes, r.Plan.Items, r.Targets, r.Workspace.Skips = nil, nil, nil, nil },
			"no Dockerfile, compose file or Kubernetes manifest under . (looked at 9 files;"},
		{"pods", func(r *Report) { r.Pods = &PodCount{Before: 1, After: 2, Total: 3} }, "pods: 2 of 3 restricted and known to start (was 1)"},
	} {
		t.Run(test.name, func(t *testing.T) {
			r := testReport()
			test.make(r)
			got := strings.Join(strings.Fields(notesOf(t, r, NotesOptions{})), " ")
			if !strings.Contains(got, test.want) {
				t.Errorf("want %q:\n%s", test.want, got)
			}
		})
	}
}

func TestJSONCountsWhatItHolds(t *testing.T) {
	var b bytes.Buffer
	if err := JSON(&b, testReport()); err != nil {
		t.Fatal(err)
	}
	var doc jsonDocument
	if err := json.Unmarshal(b.Bytes(), &doc); err != nil {
		t.Fatal(err)
	}
	s := doc.Summary
	if s.Fixable+s.Unfixed+s.LeftAlone+s.Suppressed != len(doc.Findings) || s.Fixable != 4 || s.LeftAlone != 1 || s.Suppressed != 1 || s.Errors != 1 {
		t.Errorf("%+v of %d findings", s, len(doc.Findings))
	}
	seen := map[string]bool{}
	for _, f := range doc.Findings {
		if seen[f.ID] {
			t.Errorf("id %s is there twice", f.ID)
		}
		seen[f.ID] = true
		if f.Status == "fixable" && (f.Fix == nil || len(f.Fix.Ops) == 0) {
			t.Errorf("%s is fixable without a fix", f.ID)
		}
	}
	if len(doc.Changes) != 1 || !strings.Contains(doc.Changes[0].Diff, "\n+USER 1:1\n") {
		t.Errorf("%+v", doc.Changes)
	}
	if strings.Contains(b.String(), "null") {
		t.Errorf("a list is null:\n%s", &b)
	}
}

// A fingerprint is what other programs remember a finding by: a line that moves must not change it.
func TestFingerprintDoesNotKnowLines(t *testing.T) {
	it := testItem(&workspace.Workload{Name: "api"}, plan.Refused, nil, "r")
	first := finding(it, map[string]int{}).Fingerprint
	it.Place.Line = 99
	if second := finding(it, map[string]int{}).Fingerprint; second != first {
		t.Errorf("%s, then %s", first, second)
	}
	it.Message = "another"
	if third := finding(it, map[string]int{}).Fingerprint; third == first {
		t.Error("another message has the same fingerprint")
	}
}

func TestFindingsStartWithTheirPlace(t *testing.T) {
	var b bytes.Buffer
	if err := Findings(&b, testReport(), false, false); err != nil {
		t.Fatal(err)
	}
	got := b.String()
	if n := strings.Count(got, "api/Dockerfile:3: no USER [image-runs-as-root]\n"); n != 9 {
		t.Errorf("%d findings, want 9: all but the one left alone and the suppressed one:\n%s", n, got)
	}
	if strings.Contains(got, "raw sockets") || strings.Contains(got, "drops to 999") {
		t.Errorf("what is left alone or suppressed is no finding:\n%s", got)
	}
}

// A workload that was decided otherwise, and of which nothing changes, does not announce who it would run as.
func TestNoTargetWithoutAChange(t *testing.T) {
	for outcome, want := range map[plan.Outcome]string{
		plan.Refused: "refused: why not", plan.Conflict: "refused: why not", plan.Withdrawn: "refused: why not",
		plan.Suppressed: "left alone: why not", plan.Planned: "10001:10001", plan.BelowLevel: "10001:10001",
	} {
		w := &workspace.Workload{Name: "web"}
		u := &unit{target: &decide.Target{Workload: w, Verdict: decide.Change, Identity: decide.Identity{UID: 10001, GID: 10001}},
			items: []*plan.Item{testItem(w, outcome, &rule.Fix{}, "why not")}}
		if got := u.sentence(); !strings.HasPrefix(got, want) {
			t.Errorf("with a finding that is %s the heading is %q, want %q", outcome, got, want)
		}
	}
}
