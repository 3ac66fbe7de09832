package rewrite_test

import (
	"context"
	"os"
	"path/filepath"
	"testing"

	"github.com/offroot/offroot/rewrite"
	"github.com/offroot/offroot/rewrite/discover"
	"github.com/offroot/offroot/rewrite/plan"
	"github.com/offroot/offroot/rewrite/rule"
)

// TestRuleExamples executes what every rule says of itself: Bad is reported by it, and fixed so that nothing of it is left;
// Good is not reported.
func TestRuleExamples(t *testing.T) {
	for _, r := range rule.All {
		t.Run(r.ID, func(t *testing.T) {
			t.Parallel()
			if r.Title == "" || r.Doc == "" || r.FixSafety == "" || r.Group == "" || len(r.Bad) == 0 || len(r.Good) == 0 {
				t.Fatal("a rule needs title, group, doc, fix safety, and examples of both kinds")
			}
			if found := reported(run(t, r.Good), r); len(found) > 0 {
				t.Errorf("Good is reported: %s", found[0].Message)
			}
			before := run(t, r.Bad)
			found := reported(before, r)
			if len(found) == 0 {
				t.Fatal("Bad is not reported")
			}
			if len(before.Bugs) > 0 {
				t.Fatalf("verification failed: %v", before.Bugs)
			}
			fixed := 0
			for _, it := range found {
				if it.Outcome == plan.Planned {
					fixed++
				}
			}
			if r.Unfixed {
				if fixed > 0 {
					t.Error("Bad is fixed, although the rule says that there is no fix")
				}
				return
			}
			if fixed == 0 {
				t.Fatalf("Bad is not fixed: %s", found[0].Reason)
			}
			if left := reported(run(t, after(before, r.Bad)), r); len(left) > 0 {
				t.Errorf("the fix leaves a finding: %s at %s", left[0].Message, left[0].Place)
			}
		})
	}
}

func run(t *testing.T, files []rule.Example) *rewrite.Result {
	t.Helper()
	dir := t.TempDir()
	for _, f := range files {
		name := filepath.Join(dir, filepath.FromSlash(f.Path))
		if err := os.MkdirAll(filepath.Dir(name), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(name, []byte(f.Content), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	opts := rewrite.Options{Options: discover.Options{Root: dir, Paths: []string{dir}}, Rules: rule.All}
	result, err := rewrite.Run(context.Background(), opts)
	if err != nil {
		t.Fatal(err)
	}
	for _, s := range result.Workspace.Skips {
		if s.Error {
			t.Fatalf("%s: %s", s.Place, s.Reason)
		}
	}
	return result
}

// reported are the findings of a rule that ask for something: what is left alone does not.
func reported(result *rewrite.Result, r *rule.Rule) []*plan.Item {
	var items []*plan.Item
	for _, it := range result.Plan.Items {
		if it.Rule == r && it.Outcome != plan.LeftAlone {
			items = append(items, it)
		}
	}
	return items
}

// after are the files with the changes of a run.
func after(result *rewrite.Result, files []rule.Example) []rule.Example {
	changed := map[string]string{}
	for _, c := range result.Changes {
		changed[c.Path] = string(c.After)
	}
	var next []rule.Example
	for _, f := range files {
		if content, ok := changed[f.Path]; ok {
			f.Content = content
		}
		next = append(next, f)
	}
	return next
}
