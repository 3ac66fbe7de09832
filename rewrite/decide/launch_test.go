package decide

import (
	"slices"
	"strings"
	"testing"
)

func TestReadLaunch(t *testing.T) {
	for _, test := range []struct {
		argv    []string
		root    string // part of the reason
		unknown string
		writes  []string
		servers []string
	}{
		{argv: []string{"sleep", "3600"}},
		{argv: []string{"sh", "-c", "while true; do date; sleep 1; done"}},
		{argv: []string{"/bin/bash", "-euo", "pipefail", "-c", "echo a && ls /"}},
		{argv: []string{"sh", "-c", "echo hi > /data/x; cat /data/x"}, writes: []string{"/data/x"}},
		{argv: []string{"sh", "-c", "echo hi > /tmp/x 2>/dev/null"}},
		{argv: []string{"sh", "-c", "cd /srv && touch a"}, writes: []string{"/srv/a"}},
		{argv: []string{"sh", "-c", "touch a"}, unknown: "working directory"},
		{argv: []string{"cp", "/bin/tool", "/shared/"}, writes: []string{"/shared"}},
		{argv: []string{"sh", "-c", "apk add --no-cache curl && curl x"}, root: "apk"},
		{argv: []string{"chown", "-R", "1000", "/data"}, root: "chown"},
		{argv: []string{"sh", "/entry.sh"}, unknown: "/entry.sh"},
		{argv: []string{"wget", "-qO-", "http://x"}},
		{argv: []string{"wget", "http://x"}, unknown: "working directory"},
		{argv: []string{"curl", "-sSo", "/out/f", "http://x"}, writes: []string{"/out/f"}},
		{argv: []string{"perl", "-Mbignum=bpi", "-wle", "print bpi(2000)"}},
		{argv: []string{"python3", "-c", "import os; os.system('x')"}, unknown: "python3"},
		{argv: []string{"python3", "app.py"}, servers: []string{"python3"}},
		{argv: []string{"redis-server", "--appendonly", "yes"}, servers: []string{"redis-server"}},
		{argv: []string{"sh", "-c", "exec nginx -g 'daemon off;'"}, servers: []string{"nginx"}},
		{argv: []string{"$(TOOL)"}, unknown: "not known"},
	} {
		got := readLaunch(test.argv)
		if (test.root == "") != (got.root == "") || !strings.Contains(got.root, test.root) {
			t.Errorf("%q: root %q, want %q", test.argv, got.root, test.root)
		}
		if (test.unknown == "") != (got.unknown == "") || !strings.Contains(got.unknown, test.unknown) {
			t.Errorf("%q: unknown %q, want %q", test.argv, got.unknown, test.unknown)
		}
		if test.root == "" && test.unknown == "" && (!slices.Equal(got.writes, test.writes) || !slices.Equal(got.servers, test.servers)) {
			t.Errorf("%q: writes %q and runs %q, want %q and %q", test.argv, got.writes, got.servers, test.writes, test.servers)
		}
	}
}

func TestReadableByAll(t *testing.T) {
	for mode, want := range map[string]bool{"0400": false, "0440": false, "0644": true, "256": false, "420": true, "0o600": false} {
		if got := readableByAll(mode); got != want {
			t.Errorf("%s: %v, want %v", mode, got, want)
		}
	}
}
