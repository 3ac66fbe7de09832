package config

import (
	"errors"
	"strings"
	"testing"

	"github.com/offroot/offroot/rewrite/decide"
	"github.com/offroot/offroot/rewrite/source"
)

func parse(t *testing.T, text string) (*Config, error) {
	t.Helper()
	return Parse(source.NewFile(".offroot.yaml", []byte(text)))
}

func TestParseReadsEveryKey(t *testing.T) {
	c, err := parse(t, `version: 1
uid: 20000
gid: 20001
user-name: svc
fix-level: safe
ports: keep
rules:
  skip: [pod-lacks-seccomp-profile]
ignore:
  - paths: [legacy/**]
    rules: [image]
    reason: goes away in spring
    until: 2027-03-31
workloads:
  api-*:
    uid: 1500
    writable: [/data]
    ports: move
  old: {skip: nobody runs it}
`)
	if err != nil {
		t.Fatal(err)
	}
	p := c.Policy
	if p.UID != 20000 || p.GID != 20001 || p.UserName != "svc" || p.Level != decide.Safe || p.Ports != decide.Keep {
		t.Errorf("policy is %+v", p)
	}
	if len(c.Skip) != 1 || len(c.Ignores) != 1 || c.Ignores[0].Until.Year() != 2027 || c.Ignores[0].Place.Line != 10 {
		t.Errorf("rules and ignores are %+v %+v", c.Skip, c.Ignores)
	}
	for _, test := range []struct {
		workload string
		uid      int
		ports    decide.PortStrategy
		skip     string
	}{
		{"api-orders", 1500, decide.Move, ""},
		{"web", 20000, decide.Keep, ""},
		{"old", 20000, decide.Keep, "nobody runs it"},
	} {
		got, o := p.For(test.workload)
		skip := ""
		if o != nil {
			skip = o.Skip
		}
		if got.UID != test.uid || got.Ports != test.ports || skip != test.skip {
			t.Errorf("For(%q) = uid %d, ports %s, skip %q", test.workload, got.UID, got.Ports, skip)
		}
	}
}

func TestParseNamesThePlaceOfWhatIsWrong(t *testing.T) {
	for _, test := range []struct{ text, want string }{
		{"uuid: 1\n", `.offroot.yaml:1:1: unknown key "uuid"; did you mean "uid"?`},
		{"version: 2\n", `version "2" is not known`},
		{"uid: 0\n", `uid "0": it must be a number between 1 and 2147483647`},
		{"uid: app\n", `uid "app"`},
		{"fix-level: all\n", `unknown fix level "all"`},
		{"ports: setuid\n", `unknown port strategy "setuid"`},
		{"ignore:\n  - paths: [a]\n", ".offroot.yaml:2:1: an entry of ignore needs a reason"},
		{"ignore:\n  - {paths: [a], reason: x, until: soon}\n", `until "soon" is no day`},
		{"workloads:\n  web:\n    writeable: [/x]\n", `.offroot.yaml:3:1: unknown key "writeable"; did you mean "writable"?`},
		{"workloads:\n  web:\n    writable: [data]\n", "from /"},
		{"workloads:\n  '[':\n    uid: 5\n", "malformed"},
		{"- a\n", "expected keys and values"},
		{"uid: [\n", ".offroot.yaml:"},
	} {
		_, err := parse(t, test.text)
		var at *source.Error
		if err == nil || !errors.As(err, &at) || !strings.Contains(err.Error(), test.want) {
			t.Errorf("Parse(%q): %v, want %q", test.text, err, test.want)
		}
	}
}
