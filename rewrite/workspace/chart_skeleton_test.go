package workspace

import (
	"strings"
	"testing"

	"github.com/offroot/offroot/rewrite/source"
	"github.com/offroot/offroot/rewrite/yamldoc"
)

// The skeleton of a template has its lines, names the maps of values that flow in, and fills in what the values say.
func TestSkeleton(t *testing.T) {
	values, err := yamldoc.Parse(source.NewFile("values.yaml", []byte("image:\n  repository: memcached\n  tag: ''\npod: {}\n")))
	if err != nil {
		t.Fatal(err)
	}
	c := &Chart{Name: "web", version: "1.6", Values: values}
	for _, test := range []struct{ in, want string }{
		{"a: {{ .Values.image.repository }}", "a: memcached"},
		{`image: "{{ .Values.image.repository }}:{{ .Values.image.tag | default .Chart.AppVersion }}"`, `image: "memcached:1.6"`},
		{"{{- with .Values.pod }}\ns:\n  {{- toYaml . | nindent 2 }}\n{{- end }}", "\ns:\n  offroot-values.pod: x\n"},
		{"s: {{- toYaml .Values.pod | nindent 2 }}", "s: {offroot-values.pod: x}"},
		{"{{- if .Values.x }}\na: 1\n{{- else }}\na: 2\n{{- end }}\nb: 3", "\na: 1\n\n\n\nb: 3"},
		{"{{- /* a\ncomment */ -}}\na: 1", "\n\na: 1"},
		{"n: {{ include \"x\" . }}-y", "n: " + placeholder + "-y"},
	} {
		got := c.skeleton(test.in)
		if got != test.want {
			t.Errorf("%q becomes %q, want %q", test.in, got, test.want)
		}
		if strings.Count(got, "\n") != strings.Count(test.in, "\n") {
			t.Errorf("%q lost a line", test.in)
		}
	}
}
