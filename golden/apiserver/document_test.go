package main

import (
	"slices"
	"testing"
	"testing/fstest"
)

func TestDocuments(t *testing.T) {
	const pod = "apiVersion: v1\nkind: Pod\nmetadata: {name: a}\n"
	tests := []struct {
		name, file, content string
		want                []string
	}{
		{"one", "a.yaml", pod, []string{"a.yaml:1"}},
		{"two", "a.yaml", pod + "---\n" + pod, []string{"a.yaml:1", "a.yaml:4"}},
		{"a comment on the separator", "a.yml", "--- # first\n" + pod + "---\t\n" + pod, []string{"a.yml:1", "a.yml:5"}},
		{"CRLF and a byte order mark", "a.yaml", "\xef\xbb\xbf---\r\napiVersion: v1\r\nkind: Pod\r\n---\r\n" + pod, []string{"a.yaml:1", "a.yaml:4"}},
		{"dashes inside a text", "a.yaml", "apiVersion: v1\nkind: ConfigMap\ndata:\n  a: |\n    ---\n    b\n", []string{"a.yaml:1"}},
		{"a list", "a.yaml", "apiVersion: v1\nkind: List\nitems:\n- {apiVersion: v1, kind: Pod}\n- {apiVersion: v1, kind: Service}\n", []string{"a.yaml:1#1", "a.yaml:1#2"}},
		{"a template beside an object", "a.yaml", "{{ if .x }}\n---\n" + pod, []string{"a.yaml:2"}},
		{"JSON", "a.json", `{"apiVersion": "v1", "kind": "Pod"}`, []string{"a.json:1"}},
		{"no object", "compose.yaml", "services: {}\n", nil},
		{"another kind of file", "a.txt", pod, nil},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			files, err := documents(fstest.MapFS{test.file: {Data: []byte(test.content)}})
			if err != nil {
				t.Fatal(err)
			}
			var got []string
			for _, d := range files[test.file] {
				got = append(got, d.place)
			}
			if !slices.Equal(got, test.want) {
				t.Errorf("%q, want %q", got, test.want)
			}
		})
	}
}
