package discover

import (
	"bytes"
	"strings"
	"testing"
)

func TestScanYAML(t *testing.T) {
	tests := []struct {
		name, content string
		keys          string // of each document, the documents parted by " | "
		template      int
	}{
		{"plain", "a: 1\nb:\n  c: 2\n", "a b", 0},
		{"documents", "---\na: 1\n--- # c\nb: 2\n...\n---\n\n---\nc:\n", "a | b | c", 0},
		{"no space before the comment", "a: #x\n  b: 1\n", "a", 0},
		{"block scalars", "a: |\n  x: 1\n\n  --- y\nb: >-\n x: {{ y }}\nc: 1\n", "a b c", 0},
		{"block scalar in a list", "a:\n- |\n  {{ x }}\n- k: |2-\n   {% y %}\nb: 1\n", "a b", 0},
		{"block scalar with anchor and tag", "a: &x !!str |\n  {{ x }}\nb: 1\n", "a b", 0},
		{"quoted over lines", "a: \"x\n{{ y }}\n z\\\" \"\nb: 'it''s\n  c: {{ d }}'\ne: 1\n", "a b e", 0},
		{"quoted keys", "\"a\": 1\n'b' : 2\n", "a b", 0},
		{"list at the top", "- a: 1\n  b: 2\n", "", 0},
		{"list not indented", "a:\n- b: 1\n- c: 2\nd: 3\n", "a d", 0},
		{"carriage returns", "a: 1\r\n\r\nb: |\r\n  {{ x }}\r\nc: 1\r\n", "a b c", 0},
		{"byte order mark", "\ufeffa: 1\n", "a", 0},
		{"value", "a: 1\nb: {{ c }}\n", "a b", 2},
		{"list item", "a:\n  - {{ c }}\n", "a", 2},
		{"control", "a: 1\n  {%- if b %}\nc: 1\n", "a c", 2},
		{"flow", "a: [{{ b }}]\n", "a", 1},
		{"flow with a quoted one", "a: ['{{ b }}']\n", "a", 0},
		{"within a plain scalar", "a: b-{{ c }}\n", "a", 0},
		{"comment", "# {{ a }}\na: 1 # {{ b }}\n", "a", 0},
		{"embedded ruby", "<% if a %>\nb: 1\n", "b", 1},
		{"nothing", "\n# x\n", "", 0},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			s := scanYAML([]byte(tt.content))
			if got := keysOf(s); got != tt.keys || s.template != tt.template {
				t.Errorf("%q has keys %q and a template in line %d, want %q and %d", tt.content, got, s.template, tt.keys, tt.template)
			}
		})
	}
}

func keysOf(s shape) string {
	var docs []string
	for _, d := range s.documents {
		docs = append(docs, strings.Join(d.keys, " "))
	}
	return strings.Join(docs, " | ")
}

func TestScanJSON(t *testing.T) {
	tests := []struct {
		name, content, keys string
		template            int
	}{
		{"nested", `{"a": {"b": 1}, "c": [{"d": ":"}], "e": "{{"}`, "a c e", 0},
		{"stream", "{\"a\":1}\n{\"b\":\"\\\"}\"}", "a | b", 0},
		{"template", "{\n\"a\": {{ b }}}", "a", 2},
		{"list", `[{"a":1}]`, "", 0},
		{"cut off", `{"a": "b`, "", 0},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			s := scanJSON([]byte(tt.content))
			if got := keysOf(s); got != tt.keys || s.template != tt.template {
				t.Errorf("%q has keys %q and a template in line %d, want %q and %d", tt.content, got, s.template, tt.keys, tt.template)
			}
		})
	}
	s := scanJSON([]byte(`{"kind": "List", "x": {"kind": "no"}, "apiVersion": "v1"}`))
	if d := s.documents[0]; d.kind != "List" || d.apiVersion != "v1" {
		t.Errorf("kind %q and apiVersion %q, want List and v1", d.kind, d.apiVersion)
	}
}

// Whatever the bytes are: no look at them panics, a template is in a line that exists, and a carriage return more or less
// at the end of each line makes no difference.
func FuzzScan(f *testing.F) {
	for _, seed := range []string{"a: |\n x\n", "--- {\"a\": 1}\n", "- - a: 'b\n", "services:\n  a: {image: b}\n", "{{", "FROM a\n", "\ufeff'", "? a\n: b", "a:\n -\n  - b: \"\\"} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, content []byte) {
		lines := 1 + bytes.Count(content, []byte{'\n'})
		y, j, d := scanYAML(content), scanJSON(content), scanDockerfile(content)
		if y.template > lines || j.template > lines || d.template > lines {
			t.Errorf("templates in lines %d, %d and %d of %d", y.template, j.template, d.template, lines)
		}
		isGenerated(content)
		if bytes.ContainsRune(content, '\r') {
			return
		}
		crlf := bytes.ReplaceAll(content, []byte("\n"), []byte("\r\n"))
		if got, want := keysOf(scanYAML(crlf)), keysOf(y); got != want {
			t.Errorf("with CRLF the keys are %q, without %q", got, want)
		}
		if got := scanDockerfile(crlf); got != d {
			t.Errorf("with CRLF the Dockerfile is %+v, without %+v", got, d)
		}
	})
}
