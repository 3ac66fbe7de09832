package plan

import (
	"strings"
	"testing"
	"time"

	"github.com/offroot/offroot/rewrite/decide"
	"github.com/offroot/offroot/rewrite/rule"
	"github.com/offroot/offroot/rewrite/source"
)

// Notes in a Dockerfile, for offroot and for every tool whose notes are honoured. The finding is at FROM.
func TestNotesInADockerfile(t *testing.T) {
	const missingUser = "fd54f200-402c-4333-a5a4-36ef6709af2f"
	for _, test := range []struct {
		note    string
		holds   bool // above FROM
		forFile bool // at the end of the file
	}{
		{"# offroot: ignore[image-runs-as-root] legacy", true, false},
		{"# offroot: ignore[image]", true, false},
		{"#offroot:ignore[service, image-runs-as-root] legacy", true, false},
		{"# offroot: ignore[*] legacy", true, false},
		{"# offroot: ignore[service]", false, false},
		{"# offroot: ignore-file[image] legacy", true, true},
		{"# offroot: ignore-file[pod] legacy", false, false},
		{"# hadolint ignore=DL3002", true, false},
		{"# hadolint ignore=DL3018,DL3002", true, false},
		{"# hadolint ignore=DL3018", false, false},
		{"# hadolint global ignore=DL3018,DL3002", true, true},
		{"# checkov:skip=CKV_DOCKER_3: needs it", true, true},
		{"# checkov:skip=CKV_DOCKER_2", false, false},
		{"# trivy:ignore:DS002", true, true},
		{"# trivy:ignore:AVD-DS-0002", true, true},
		{"# trivy:ignore:DS-0026", false, false},
		{"# kics-scan disable=" + missingUser, true, true},
		{"# kics-scan disable=965a08d7-ef86-4f14-8792-4a3b2098937e," + missingUser, true, true},
		{"# kics-scan disable=965a08d7-ef86-4f14-8792-4a3b2098937e", false, false},
		{"# kics-scan ignore", true, true},
		{"# kics-scan ignore-line", true, false},
		{"# kics-scan ignore-block", true, false},
		{"# offroot is nice", false, false},
	} {
		t.Run(test.note, func(t *testing.T) {
			check := func(where, text string, want bool) {
				it := imageItem(t, text)
				if got := it.suppressed(newNotes([]*Item{it})); got != want {
					t.Errorf("%s it is suppressed: %v (%s), want %v", where, got, it.Reason, want)
				} else if got && (it.Outcome != Suppressed || it.Reason == "") {
					t.Errorf("%s the outcome is %v, because %q", where, it.Outcome, it.Reason)
				}
			}
			check("above FROM", test.note+"\nFROM a\n", test.holds)
			check("among other comments above FROM", test.note+"\n# and why\nFROM a\n", test.holds)
			check("at the end", "FROM a\nRUN b\n"+test.note+"\n", test.forFile)
		})
	}
}

func TestReasonOfANote(t *testing.T) {
	for note, want := range map[string]string{
		"# offroot: ignore[image] see the runbook": "ignored by a note: see the runbook",
		"# offroot: ignore[image]":                 "ignored by a note: no reason given",
		"# hadolint ignore=DL3002":                 "ignored by a note for another tool: hadolint ignore=DL3002",
	} {
		it := imageItem(t, note+"\nFROM a\n")
		if it.suppressed(newNotes([]*Item{it})); it.Reason != want {
			t.Errorf("%s: the reason is %q, want %q", note, it.Reason, want)
		}
	}
}

// Annotations of an object hold for what is found in it, those of other tools by their own ids.
func TestAnnotations(t *testing.T) {
	for _, test := range []struct {
		annotation string
		want       bool
	}{
		{`offroot.dev/ignore: "pod: old volumes"`, true},
		{`offroot.dev/ignore: pod-may-run-as-root`, true},
		{`offroot.dev/ignore: "container"`, false},
		{`ignore-check.kube-linter.io/run-as-non-root: "old volumes"`, true},
		{`ignore-check.kube-linter.io/privileged-container: "old volumes"`, false},
		{`checkov.io/skip1: CKV_K8S_23=old volumes`, true},
		{`checkov.io/skip1: CKV_K8S_16=old volumes`, false},
		{`polaris.fairwinds.com/runAsRootAllowed-exempt: "true"`, true},
		{`polaris.fairwinds.com/runAsRootAllowed-exempt: "false"`, false},
		{`example.org/offroot: pod`, false},
	} {
		t.Run(test.annotation, func(t *testing.T) {
			ws := joined(t, "", "", "apiVersion: v1\nkind: Pod\nmetadata:\n  name: a\n  annotations:\n    "+test.annotation+"\nspec:\n  containers:\n  - name: a\n    image: x\n"+
				"---\napiVersion: v1\nkind: Pod\nmetadata:\n  name: b\nspec:\n  containers:\n  - name: b\n    image: x\n")
			for i, w := range ws.Workloads {
				it := &Item{Finding: &rule.Finding{Rule: podRule, Workload: w, Place: w.Pods[0].Spec.Place()}}
				if got, want := it.suppressed(newNotes([]*Item{it})), test.want && i == 0; got != want {
					t.Errorf("a finding in pod %s is suppressed: %v (%s), want %v", w.Pods[0].Name(), got, it.Reason, want)
				}
			}
		})
	}
}

const twoServices = `services:
  web: # offroot: ignore[service] not here
    build: .
  # offroot: ignore[%s] old volumes
  job:
    build: .
    command: [work]
`

// A note at a service holds for the image that it runs if it names rules about images. If it names those about services
// alone, a fix of the image must leave the service as it is.
func TestNoteAtAService(t *testing.T) {
	for _, test := range []struct {
		list  string
		edits int // line of compose.yaml that the fix of the image changes
		want  Outcome
	}{
		{"service, image", 7, Suppressed},
		{"service, image", 3, Suppressed},
		{"image-runs-as-root", 3, Suppressed},
		{"*", 3, Suppressed},
		{"service", 7, Refused},
		{"service", 3, Planned},
		{"service-is-privileged", 7, Planned},
	} {
		t.Run(test.list, func(t *testing.T) {
			ws := joined(t, "FROM a\n", strings.ReplaceAll(twoServices, "%s", test.list), "")
			w := ws.Workloads[0]
			if w.Build == nil || len(w.Services) != 2 {
				t.Fatalf("%d services run the image", len(w.Services))
			}
			fix := &rule.Fix{Ops: []source.Op{&scribble{sheet("Dockerfile"), 1}, &scribble{sheet("compose.yaml"), test.edits}}, Level: decide.Review}
			p := &Plan{Items: []*Item{{Finding: &rule.Finding{Rule: imageRule, Workload: w, Place: w.Place(), Fix: fix}}}}
			p.settle(ws, Options{})
			wantOutcomes(t, p, test.want)
			if it := p.Items[0]; test.want != Planned && !strings.Contains(it.Reason, "service job (compose.yaml:5)") {
				t.Errorf("the reason does not name the service: %s", it.Reason)
			}
		})
	}
}

func TestNoteForAComposeFile(t *testing.T) {
	ws := joined(t, "FROM a\n", "# offroot: ignore-file[image] frozen\nservices:\n  web:\n    build: .\n", "")
	p := &Plan{Items: []*Item{{Finding: &rule.Finding{Rule: imageRule, Workload: ws.Workloads[0], Place: ws.Workloads[0].Place(), Fix: fixOf(sheet("Dockerfile"))}}}}
	p.settle(ws, Options{})
	wantOutcomes(t, p, Suppressed)
}

func TestIgnoresOfTheConfiguration(t *testing.T) {
	day := func(s string) time.Time {
		d, err := time.Parse(time.DateOnly, s)
		if err != nil {
			t.Fatal(err)
		}
		return d
	}
	today := day("2024-05-10")
	for _, test := range []struct {
		name   string
		ignore Ignore
		want   bool
	}{
		{"everything", Ignore{}, true},
		{"the rule", Ignore{Rules: []string{"image-runs-as-root"}}, true},
		{"its group", Ignore{Rules: []string{"pod", "image"}}, true},
		{"another rule", Ignore{Rules: []string{"pod"}}, false},
		{"the file", Ignore{Paths: []string{"old/web/Dockerfile"}}, true},
		{"a directory above", Ignore{Paths: []string{"old"}}, true},
		{"a directory above with stars", Ignore{Paths: []string{"old/**"}}, true},
		{"the name at any depth", Ignore{Paths: []string{"**/Dockerfile"}}, true},
		{"another directory", Ignore{Paths: []string{"web"}}, false},
		{"the file, another rule", Ignore{Paths: []string{"old"}, Rules: []string{"pod"}}, false},
		{"until tomorrow", Ignore{Until: day("2024-05-11")}, true},
		{"until today", Ignore{Until: today}, true},
		{"until the day before yesterday", Ignore{Until: day("2024-05-08")}, false},
	} {
		t.Run(test.name, func(t *testing.T) {
			it := imageItem(t, "FROM a\n")
			it.Place.Path = "old/web/Dockerfile"
			if got := it.ignored(Options{Ignores: []Ignore{test.ignore}, Today: today}); got != test.want {
				t.Errorf("it is ignored: %v, want %v", got, test.want)
			}
		})
	}
}
