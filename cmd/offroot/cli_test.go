package main

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"os"
	"regexp"
	"strings"
	"testing"

	"github.com/offroot/offroot/rewrite/config"
	"github.com/offroot/offroot/rewrite/rule"
)

type answer struct {
	code     int
	out, err string
}

// offroot runs the program in an empty directory.
func offroot(t *testing.T, stdin string, args ...string) answer {
	t.Helper()
	t.Chdir(t.TempDir())
	var out, errs bytes.Buffer
	code := run(context.Background(), args, streams{strings.NewReader(stdin), &out, &errs})
	return answer{code, out.String(), errs.String()}
}

func TestUsageErrorsExitWith2(t *testing.T) {
	for _, test := range []struct {
		args string
		want string // on stderr
	}{
		{"--bogus", "unknown flag --bogus"},
		{"check --write", "unknown flag --write"},
		{"--write --list", "can't be used together"},
		{"--list --format=json", "paths only"},
		{"--format=xml", "--format must be one of"},
		{"check --format=diff", "--format must be one of"},
		{"--color=blue", "--color must be one of"},
		{"--fix-level=manual", "--fix-level must be one of"},
		{"--uid=0", "--uid 0: it must be between 1 and 2147483647"},
		{"--uid=-1", "--uid -1"},
		{"--gid=2147483648", "--gid 2147483648"},
		{"--uid=app", "--uid"},
		{"--user-name=Root", `--user-name "Root"`},
		{"--user-name=root", `--user-name "root"`},
		{"--only=image-runs-as-rot", `did you mean "image-runs-as-root"?`},
		{"--skip=nonsense-all-over", `unknown rule "nonsense-all-over"`},
		{"--only=,", "unknown rule"},
		{"explain", "expected"},
		{"explain image-runs-as-rot", `did you mean "image-runs-as-root"?`},
		{"- --list", "without --list"},
		{"- Dockerfile --stdin-filename=Dockerfile", "stands alone"},
		{"- --stdin-filename=../Dockerfile", "below the root"},
		{"no-such-file", "no-such-file"},
		{"chek", `did you mean the command "check"?`},
	} {
		t.Run(test.args, func(t *testing.T) {
			got := offroot(t, "", strings.Fields(test.args)...)
			if got.code != exitTrouble {
				t.Errorf("exit %d, want %d", got.code, exitTrouble)
			}
			if got.out != "" {
				t.Errorf("stdout must be empty: %q", got.out)
			}
			if !strings.Contains(got.err, test.want) || !strings.HasPrefix(got.err, "offroot: ") {
				t.Errorf("stderr %q, want it to begin with \"offroot: \" and to hold %q", got.err, test.want)
			}
			if n := strings.Count(strings.TrimSpace(got.err), "\n"); n > 0 {
				t.Errorf("%d lines on stderr, want one:\n%s", n+1, got.err)
			}
		})
	}
}

func TestHelpNamesEveryExitCode(t *testing.T) {
	for _, args := range [][]string{{"--help"}, {"-h"}, {"fix", "--help"}, {"check", "--help"}, {"explain", "--help"}} {
		got := offroot(t, "", args...)
		if got.code != exitOK || got.err != "" {
			t.Errorf("%v: exit %d, stderr %q", args, got.code, got.err)
		}
		for _, code := range []string{"0", "1", "2", "3", "130"} {
			if !regexp.MustCompile(`(?m)^  ` + code + ` +\S`).MatchString(got.out) {
				t.Errorf("%v: the help does not explain exit code %s:\n%s", args, code, got.out)
			}
		}
	}
}

func TestEmptyDirectory(t *testing.T) {
	got := offroot(t, "")
	if got.code != exitOK || got.out != "" || !strings.HasPrefix(got.err, "no Dockerfile, compose file or Kubernetes manifest under .") {
		t.Errorf("%+v", got)
	}
	if got := offroot(t, "", "-q"); got.err != "" {
		t.Errorf("-q printed %q", got.err)
	}
}

func TestInterruptedBeforeAnythingIsWritten(t *testing.T) {
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	var out, errs bytes.Buffer
	t.Chdir(t.TempDir())
	if err := os.WriteFile("Dockerfile", []byte("FROM node:22\nCMD [\"node\"]\n"), 0o644); err != nil {
		t.Fatal(err)
	}
	if code := run(ctx, []string{"--write"}, streams{strings.NewReader(""), &out, &errs}); code != exitInterrupted {
		t.Errorf("exit %d, want %d: %s", code, exitInterrupted, &errs)
	}
	if got, _ := os.ReadFile("Dockerfile"); !bytes.HasSuffix(got, []byte("22\nCMD [\"node\"]\n")) {
		t.Errorf("the file was written: %q", got)
	}
}

func TestStdin(t *testing.T) {
	const before = "FROM node:22\nWORKDIR /app\nCOPY . .\nCMD [\"node\", \"server.js\"]\n"
	diff := offroot(t, before, "-", "--stdin-filename", "api/Dockerfile")
	if diff.code != exitChanges || !strings.HasPrefix(diff.out, "diff --git a/api/Dockerfile b/api/Dockerfile\n") {
		t.Errorf("diff: %+v", diff)
	}
	whole := offroot(t, before, "-", "--stdin-filename", "api/Dockerfile", "-w")
	if whole.code != exitOK || !strings.Contains(whole.out, "\nUSER 1000:1000\n") || !strings.HasPrefix(whole.out, "FROM node:22\n") {
		t.Errorf("with -w: %+v", whole)
	}
	again := offroot(t, whole.out, "-", "--stdin-filename", "api/Dockerfile", "-w")
	if again.code != exitOK || again.out != whole.out {
		t.Errorf("a file that needs nothing must come out as it went in: %+v", again)
	}
}

func TestListAndJSON(t *testing.T) {
	const file = "FROM node:22\nCMD [\"node\", \"server.js\"]\n"
	got := offroot(t, file, "-", "--stdin-filename=Dockerfile", "--format=json")
	var doc struct {
		SchemaVersion int `json:"schema_version"`
		Findings      []struct{ Rule, Status string }
		Changes       []struct{ File, Diff string }
	}
	if err := json.Unmarshal([]byte(got.out), &doc); err != nil {
		t.Fatalf("%v: %q", err, got.out)
	}
	if got.code != exitChanges || doc.SchemaVersion != 1 || len(doc.Findings) == 0 || len(doc.Changes) != 1 || doc.Changes[0].File != "Dockerfile" {
		t.Errorf("exit %d, %+v", got.code, doc)
	}
	t.Chdir(t.TempDir())
	if err := os.WriteFile("Dockerfile", []byte(file), 0o644); err != nil {
		t.Fatal(err)
	}
	for _, test := range []struct {
		args []string
		code int
		out  string
	}{
		{[]string{"-l"}, exitChanges, "Dockerfile\n"},
		{[]string{"-l", "--exit-zero"}, exitOK, "Dockerfile\n"},
		{[]string{"-w"}, exitOK, "Dockerfile\n"},
		{[]string{"-w"}, exitOK, ""},
		{nil, exitOK, ""},
	} {
		var out, errs bytes.Buffer
		code := run(context.Background(), test.args, streams{strings.NewReader(""), &out, &errs})
		if code != test.code || out.String() != test.out {
			t.Errorf("%v: exit %d, stdout %q; want %d, %q\n%s", test.args, code, &out, test.code, test.out, &errs)
		}
	}
}

func TestExplainSaysEverythingThatARuleHas(t *testing.T) {
	for _, r := range rule.All {
		got := offroot(t, "", "explain", r.ID)
		if got.code != exitOK || got.err != "" {
			t.Errorf("%s: exit %d, %s", r.ID, got.code, got.err)
		}
		for _, part := range []string{r.ID, r.Title, strings.TrimSpace(r.Doc), strings.TrimSpace(r.FixSafety)} {
			if !strings.Contains(got.out, part) {
				t.Errorf("%s: the explanation lacks %q", r.ID, part)
			}
		}
	}
}

func TestRulesListsAllInEveryFormat(t *testing.T) {
	for _, format := range []string{"text", "json", "markdown"} {
		got := offroot(t, "", "rules", "--format", format)
		for _, r := range rule.All {
			if !strings.Contains(got.out, r.ID) {
				t.Errorf("%s: %s is missing", format, r.ID)
			}
		}
		if format == "json" && !json.Valid([]byte(got.out)) {
			t.Errorf("not JSON: %s", got.out)
		}
	}
}

func TestVersion(t *testing.T) {
	if got := offroot(t, "", "version"); got.code != exitOK || !strings.HasPrefix(got.out, "offroot ") {
		t.Errorf("%+v", got)
	}
	var v buildVersion
	got := offroot(t, "", "version", "--json")
	if err := json.Unmarshal([]byte(got.out), &v); err != nil || v.Version == "" || v.Go == "" {
		t.Errorf("%v: %q", err, got.out)
	}
}

func TestColorFollowsFlagThenEnvironment(t *testing.T) {
	for _, test := range []struct {
		flag string
		env  map[string]string
		want bool
	}{
		{"always", map[string]string{"NO_COLOR": "1"}, true},
		{"never", map[string]string{"FORCE_COLOR": "1"}, false},
		{"auto", nil, false}, // a buffer is no terminal
		{"auto", map[string]string{"FORCE_COLOR": "1"}, true},
		{"auto", map[string]string{"FORCE_COLOR": "0"}, false},
		{"auto", map[string]string{"FORCE_COLOR": "1", "NO_COLOR": "1"}, false},
		{"auto", map[string]string{"FORCE_COLOR": "1", "TERM": "dumb", "CI": "true"}, true},
	} {
		for _, name := range []string{"NO_COLOR", "FORCE_COLOR", "TERM", "CI"} {
			t.Setenv(name, test.env[name])
		}
		g := grammar{Color: test.flag}
		if got := g.colored(&bytes.Buffer{}); got != test.want {
			t.Errorf("--color %s with %v: %v", test.flag, test.env, got)
		}
	}
}

func TestNearest(t *testing.T) {
	known := []string{"image-runs-as-root", "port-below-1024", "pod", "image"}
	for word, want := range map[string]string{
		"image-runs-as-rot": "image-runs-as-root", "port-bellow-1024": "port-below-1024", "imag": "image", "pods": "pod", "xylophone": "",
	} {
		if got := config.Nearest(word, known); got != want {
			t.Errorf("nearest(%q) = %q, want %q", word, got, want)
		}
	}
}

// The table of the README and the text of the help are the two places where people read the exit codes.
func TestReadmeHasTheExitCodes(t *testing.T) {
	readme, err := os.ReadFile("../../README.md")
	if err != nil {
		t.Fatal(err)
	}
	for _, code := range []int{exitOK, exitChanges, exitTrouble, exitBug, exitInterrupted} {
		if !strings.Contains(string(readme), fmt.Sprintf("\n| %d | ", code)) {
			t.Errorf("README.md does not explain exit code %d", code)
		}
		if !regexp.MustCompile(fmt.Sprintf(`(?m)^  %d +\S`, code)).MatchString(exitCodes) {
			t.Errorf("the help does not explain exit code %d", code)
		}
	}
}
