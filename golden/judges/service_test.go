package judges

import (
	"maps"
	"slices"
	"strings"
	"testing"
)

// judgeServices: a Service keeps its ports and the pods that it selects, and reaches of them what it reached before.
func judgeServices(t *testing.T, before, after map[string]bool) {
	t.Helper()
	for _, problem := range compareServices(before, after) {
		t.Error(problem)
	}
}

func compareServices(before, after map[string]bool) (problems []string) {
	for _, key := range slices.Sorted(maps.Keys(before)) {
		reached, ok := after[key]
		switch {
		case !ok:
			problems = append(problems, key+": it is gone")
		case before[key] && !reached:
			problems = append(problems, key+": the pod no longer has the target port")
		}
	}
	for _, key := range slices.Sorted(maps.Keys(after)) {
		if _, ok := before[key]; !ok {
			problems = append(problems, key+": it is new")
		}
	}
	return problems
}

func TestServices(t *testing.T) {
	repository := func(port, target, containerPort string) map[string][]byte {
		return map[string][]byte{
			"s.yaml": []byte("apiVersion: v1\nkind: Service\nmetadata: {name: web}\nspec:\n  selector: {app: web}\n  ports:\n  - {port: " + port + target + "}\n"),
			"p.yaml": []byte("apiVersion: apps/v1\nkind: Deployment\nmetadata: {name: web}\nspec:\n  template:\n    metadata: {labels: {app: web}}\n" +
				"    spec: {containers: [{name: c, image: i, ports: [{name: http, containerPort: " + containerPort + "}]}]}\n"),
			"other/p.yaml": []byte("apiVersion: v1\nkind: Pod\nmetadata: {name: web, labels: {app: web}}\nspec: {containers: [{name: c, image: i}]}\n"),
		}
	}
	base := repository("80", "", "80")
	tests := []struct {
		name    string
		before  map[string][]byte
		after   map[string][]byte
		problem string
	}{
		{"both move", base, repository("80", ", targetPort: 8080", "8080"), ""},
		{"a name moves with its number", repository("80", ", targetPort: http", "80"), repository("80", ", targetPort: http", "8080"), ""},
		{"the pod moves alone", base, repository("80", "", "8080"), "no longer has the target port"},
		{"the service moves alone", base, repository("80", ", targetPort: 8080", "80"), "no longer has the target port"},
		{"the name is gone", base, repository("80", ", targetPort: www", "80"), "no longer has the target port"},
		{"the protocol differs", base, repository("80", ", protocol: UDP", "80"), "it is gone"},
		{"the port of the service moves", base, repository("8080", "", "8080"), "it is gone"},
		{"never there", repository("80", "", "9"), repository("80", "", "10"), ""},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			got := compareServices(JudgeServices(test.before), JudgeServices(test.after))
			if text := strings.Join(got, "\n"); (text == "") != (test.problem == "") || !strings.Contains(text, test.problem) {
				t.Errorf("%q, want %q", text, test.problem)
			}
		})
	}
	if n := len(JudgeServices(base)); n != 1 {
		t.Errorf("%d ports judged, want that of the pod in the same directory alone", n)
	}
}
