package rule_test

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

// Every rule reports its Bad, is silent about its Good, and has nothing left to report once the fixes of Bad are made,
// unless it says that it only reports.
func TestExamples(t *testing.T) {
	for _, r := range rule.All {
		t.Run(r.ID, func(t *testing.T) {
			if len(r.Bad) == 0 || len(r.Good) == 0 {
				t.Fatal("Bad or Good is missing")
			}
			if n := len(reported(run(t, write(t, r.Good)), r)); n > 0 {
				t.Errorf("Good is reported %d times", n)
			}
			dir := write(t, r.Bad)
			result := run(t, dir)
			if len(reported(result, r)) == 0 {
				t.Fatal("Bad is not reported")
			}
			if len(result.Bugs) > 0 {
				t.Fatalf("a change of Bad is not confirmed: %v", result.Bugs)
			}
			for _, c := range result.Changes {
				if err := os.WriteFile(filepath.Join(dir, c.Path), c.After, 0o600); err != nil {
					t.Fatal(err)
				}
			}
			left := reported(run(t, dir), r)
			if r.Unfixed != (len(left) > 0) {
				t.Errorf("after the fix %d findings are left, Unfixed is %v", len(left), r.Unfixed)
				for _, c := range result.Changes {
					t.Logf("%s:\n%s", c.Path, c.After)
				}
			}
		})
	}
}

// run looks at a directory with all rules, those that run only if they are named too.
func run(t *testing.T, dir string) *rewrite.Result {
	t.Helper()
	result, err := rewrite.Run(context.Background(), rewrite.Options{Options: discover.Options{Root: dir}, Rules: rule.All})
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

// reported are the findings of a rule that say something is to be done.
func reported(result *rewrite.Result, r *rule.Rule) []*plan.Item {
	var items []*plan.Item
	for _, it := range result.Plan.Items {
		if it.Rule == r && it.Outcome != plan.LeftAlone {
			items = append(items, it)
		}
	}
	return items
}

func write(t *testing.T, files []rule.Example) string {
	t.Helper()
	dir := t.TempDir()
	for _, f := range files {
		name := filepath.Join(dir, f.Path)
		if err := os.MkdirAll(filepath.Dir(name), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(name, []byte(f.Content), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	return dir
}
