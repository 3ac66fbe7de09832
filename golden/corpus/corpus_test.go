package corpus

import (
	"bytes"
	"encoding/json"
	"maps"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// program is the command under test, built by TestCorpus.
var program string

// A total is what all repositories come to.
type total struct{ repositories, untouched, files, pods, before, after int }

func TestCorpus(t *testing.T) {
	root := os.Getenv("OFFROOT_CORPUS")
	if root == "" {
		t.Skip("OFFROOT_CORPUS names no directory of repositories")
	}
	entries, err := os.ReadDir(root)
	if err != nil {
		t.Fatal(err)
	}
	program = filepath.Join(t.TempDir(), "offroot")
	if out, err := exec.Command("go", "build", "-o", program, "github.com/offroot/offroot/cmd/offroot").CombinedOutput(); err != nil {
		t.Fatalf("go build: %v\n%s", err, out)
	}
	var sum total
	for _, e := range entries {
		if e.IsDir() {
			t.Run(e.Name(), func(t *testing.T) { repository(t, filepath.Join(root, e.Name()), &sum) })
		}
	}
	if sum.repositories == 0 {
		t.Fatalf("%s holds no repositories", root)
	}
	t.Logf("%d repositories, %d of them left as they are; %d files changed; %d of %d pods restricted and known to start, then %d",
		sum.repositories, sum.untouched, sum.files, sum.before, sum.pods, sum.after)
}

// repository checks one repository in a copy of it.
func repository(t *testing.T, dir string, sum *total) {
	work := copyOf(t, dir)
	before := read(t, work)
	dry := offroot(t, work)
	pods := countPods(t, work)
	same(t, "a run without --write", before, read(t, work))

	applied := before
	if dry.stdout != "" {
		git(t, work, dry.stdout, "apply", "-")
		applied = read(t, work)
		git(t, work, dry.stdout, "apply", "--reverse", "-")
		same(t, "the diff and its reverse", before, read(t, work))
	}
	write := offroot(t, work, "--write")
	after := read(t, work)
	same(t, "--write, against git apply,", applied, after)

	changed := changes(before, after)
	if printed := lines(write.stdout); !slices.Equal(printed, changed) {
		t.Errorf("--write printed %q and changed %q", printed, changed)
	}
	for _, name := range changed {
		stillParses(t, name, before[name], after[name])
	}
	if again := offroot(t, work); again.stdout != "" {
		t.Errorf("a second run would change more:\n%s", again.stdout)
	}
	if pods.RestrictedAfter < pods.RestrictedBefore {
		t.Errorf("%d of %d pods restricted and known to start, there were %d", pods.RestrictedAfter, pods.Total, pods.RestrictedBefore)
	}
	if now := countPods(t, work); now.Total != pods.Total || now.RestrictedBefore != pods.RestrictedAfter {
		t.Errorf("%+v was announced for after the change, %+v is there", pods, now)
	}
	t.Logf("%d files changed; %d of %d pods restricted and known to start, then %d",
		len(changed), pods.RestrictedBefore, pods.Total, pods.RestrictedAfter)
	sum.add(len(changed), pods)
}

func (s *total) add(files int, p pods) {
	s.repositories++
	s.files += files
	s.pods += p.Total
	s.before += p.RestrictedBefore
	s.after += p.RestrictedAfter
	if files == 0 {
		s.untouched++
	}
}

func lines(text string) []string {
	if text = strings.TrimSuffix(text, "\n"); text == "" {
		return nil
	}
	return strings.Split(text, "\n")
}

// changes returns the paths of the files that differ, sorted.
func changes(before, after map[string][]byte) []string {
	var out []string
	for _, name := range slices.Sorted(maps.Keys(after)) {
		if !bytes.Equal(before[name], after[name]) {
			out = append(out, name)
		}
	}
	return out
}

// same complains of every file that is there only once or has other bytes.
func same(t *testing.T, what string, want, got map[string][]byte) {
	t.Helper()
	for _, name := range slices.Sorted(maps.Keys(want)) {
		if content, ok := got[name]; !ok {
			t.Errorf("%s takes %s away", what, name)
		} else if !bytes.Equal(want[name], content) {
			t.Errorf("%s makes other bytes of %s", what, name)
		}
	}
	for _, name := range slices.Sorted(maps.Keys(got)) {
		if _, ok := want[name]; !ok {
			t.Errorf("%s makes a new file %s", what, name)
		}
	}
}

// pods is what a run says of pods.
type pods struct {
	Total            int `json:"total"`
	RestrictedBefore int `json:"restricted_before"`
	RestrictedAfter  int `json:"restricted_after"`
}

func countPods(t *testing.T, dir string) pods {
	t.Helper()
	var doc struct{ Summary struct{ Pods pods } }
	if out := offroot(t, dir, "--format=json"); json.Unmarshal([]byte(out.stdout), &doc) != nil {
		t.Errorf("--format=json printed no JSON:\n%.300s", out.stdout)
	}
	return doc.Summary.Pods
}
