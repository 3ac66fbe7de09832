package dockerfile

import (
	"reflect"
	"testing"
)

const staged = `ARG GO=1.22
ARG BASE
ARG TAG=${GO}-alpine
FROM --platform=$BUILDPLATFORM golang:${TAG} AS Build
ARG GO
ENV DIR=/src NAME=x${GO}
WORKDIR $DIR
RUN go build
FROM ${BASE} AS unknown
FROM build AS test
WORKDIR sub
SHELL ["/bin/bash", "-c"]
FROM scratch
COPY --from=BUILD /x /x
COPY --from=2 /y /y
RUN --mount=type=bind,from=unknown,target=/m id
ENV PORT=80
ARG PORT=81
FROM alpine:${TARGETARCH} AS build
FROM ${X:-debian}:12
COPY --from=build /x /x
`

func TestStages(t *testing.T) {
	d := mustParse(t, staged)
	type row struct {
		name, base, ref, unresolved string
		defaulted                   bool
		parent                      int
	}
	want := []row{
		{"build", "golang:${TAG}", "golang:1.22-alpine", "", true, -1},
		{"unknown", "${BASE}", "", "BASE", false, -1},
		{"test", "build", "build", "", false, 0},
		{"", "scratch", "scratch", "", false, -1},
		{"build", "alpine:${TARGETARCH}", "alpine:amd64", "", false, -1},
		{"", "${X:-debian}:12", "debian:12", "", true, -1},
	}
	for k, s := range d.Stages {
		got := row{s.Name, s.Base, s.Ref, s.Unresolved, s.Defaulted, -1}
		if s.Parent != nil {
			got.parent = s.Parent.Index
		}
		if got != want[k] {
			t.Errorf("stage %d: got %+v, want %+v", k, got, want[k])
		}
	}
	if d.Stages[0].Platform != "$BUILDPLATFORM" {
		t.Errorf("platform %q", d.Stages[0].Platform)
	}
	if d.Stage("BUILD") != d.Stages[4] || d.Stage("2") != d.Stages[2] || d.Stage("9") != nil || d.Stage("no") != nil {
		t.Error("look-up of stages")
	}
	if got := d.Stages[0].Children(); len(got) != 1 || got[0] != d.Stages[2] {
		t.Errorf("children %v", got)
	}
	if got := d.Stages[2].Chain(); len(got) != 2 || got[1] != d.Stages[0] {
		t.Errorf("chain %v", got)
	}
	copies := map[int]int{0: 1, 1: 1, 2: 1, 3: 0, 4: 1}
	for k, n := range copies {
		if got := d.Stages[k].CopiedBy(); len(got) != n {
			t.Errorf("stage %d is copied %d times, want %d", k, len(got), n)
		}
	}
	if got := d.Stages[2].Shell(); !reflect.DeepEqual(got, []string{"/bin/bash", "-c"}) {
		t.Errorf("shell %q", got)
	}
	if d.Stages[3].Last("CMD") != nil || len(d.Stages[3].All("COPY", "RUN")) != 3 || d.Stages[3].Last("COPY", "RUN").Name != "RUN" {
		t.Error("Last and All")
	}
}

func TestRefWith(t *testing.T) {
	d := mustParse(t, staged)
	if ref, missing := d.Stages[1].RefWith(map[string]string{"BASE": "node:20"}); ref != "node:20" || missing != "" {
		t.Errorf("got %q %q", ref, missing)
	}
	if ref, _ := d.Stages[0].RefWith(map[string]string{"GO": "1.23"}); ref != "golang:1.23-alpine" {
		t.Errorf("got %q", ref)
	}
	if ref, _ := d.Stages[5].RefWith(map[string]string{"X": "ubuntu"}); ref != "debian:12" {
		t.Errorf("an argument that is not declared has no effect: %q", ref)
	}
}

func TestGlobalArgs(t *testing.T) {
	args := mustParse(t, staged).GlobalArgs()
	if len(args) != 3 || args["TAG"].Default != "1.22-alpine" || args["BASE"].HasDefault || args["GO"].Instruction.Line != 1 {
		t.Errorf("got %+v", args)
	}
}

func TestEnvAndWorkdir(t *testing.T) {
	d := mustParse(t, staged)
	test := d.Stages[2]
	if env := test.Env(nil); env["NAME"] != "x1.22" || env["GO"] != "1.22" || env["TAG"] != "" {
		t.Errorf("env %v", env)
	}
	if env := d.Stages[3].Env(nil); env["PORT"] != "81" {
		t.Errorf("the later wins: %v", env)
	}
	if env := d.Stages[3].RunEnv(); !reflect.DeepEqual(env, map[string]string{"PORT": "80"}) {
		t.Errorf("run env %v", env)
	}
	if dir := test.Workdir(nil, ""); dir != "/src/sub" {
		t.Errorf("workdir %q", dir)
	}
	if dir := test.Workdir(test.Instructions[0], ""); dir != "/src" {
		t.Errorf("workdir before %q", dir)
	}
	if dir := d.Stages[3].Workdir(nil, ""); dir != "/" {
		t.Errorf("scratch starts in %q", dir)
	}
	if dir := d.Stages[4].Workdir(nil, ""); dir != "" {
		t.Errorf("unknown base starts in %q", dir)
	}
	if dir := d.Stages[4].Workdir(nil, "/go"); dir != "/go" {
		t.Errorf("known base starts in %q", dir)
	}
}

func TestExpand(t *testing.T) {
	d := mustParse(t, "FROM a\nARG A=1\nARG EMPTY=\nARG NONE\nENV E=2\nARG LATE=3\n")
	s := d.Stages[0]
	late := s.Instructions[4]
	extra := map[string]string{"APP_UID": "1654", "A": "9", "E": "8"}
	tests := []struct {
		word, want string
		missing    []string
		extra      map[string]string
	}{
		{"$A:${E}", "1:2", nil, nil},
		{"${NONE:-x}", "x", nil, nil},
		{"${EMPTY:-x}${EMPTY-y}", "x", nil, nil},
		{"${A:+x}${NONE:+y}", "x", nil, nil},
		{"$NONE", "", []string{"NONE"}, nil},
		{"${A:-$NONE}", "1", nil, nil},
		{"${NONE:-$OTHER}", "", []string{"OTHER"}, nil},
		{"${NONE:?no}", "${NONE:?no}", []string{"NONE"}, nil},
		{`\$A`, "$A", nil, nil},
		{"'$A'", "$A", nil, nil},
		{`"$A b"`, "1 b", nil, nil},
		{"$LATE", "", []string{"LATE"}, nil},
		{"$APP_UID", "1654", nil, extra},
		{"$A", "9", nil, extra},
		{"$E", "2", nil, extra},
	}
	for _, tt := range tests {
		value, missing := s.Expand(tt.word, late, tt.extra)
		if value != tt.want || !reflect.DeepEqual(missing, tt.missing) {
			t.Errorf("%s: got %q, missing %q", tt.word, value, missing)
		}
	}
}
