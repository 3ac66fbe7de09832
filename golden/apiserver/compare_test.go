package main

import (
	"bytes"
	"encoding/json"
	"encoding/pem"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"testing/fstest"
)

// stub is a server that takes what has no "wrong" in it, and into the restricted namespace only what has "good" in it.
func stub(t *testing.T) *cluster {
	t.Helper()
	s := httptest.NewTLSServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, _ := io.ReadAll(r.Body)
		query := r.URL.Query()
		strict := query.Get("dryRun") == "All" && query.Get("fieldValidation") == "Strict"
		switch {
		case r.URL.Path == "/api/v1":
			io.WriteString(w, `{"resources": [{"name": "pods", "kind": "Pod", "namespaced": true}, {"name": "pods/status", "kind": "Pod"}]}`)
		case r.URL.Path == "/apis":
			io.WriteString(w, `{"groups": []}`)
		case r.Method != http.MethodPost || !strict || bytes.Contains(body, []byte("wrong")):
			w.WriteHeader(http.StatusBadRequest)
			io.WriteString(w, `{"message": "strict decoding error"}`)
		case strings.Contains(r.URL.Path, restricted) && !bytes.Contains(body, []byte("good")):
			w.WriteHeader(http.StatusForbidden)
			io.WriteString(w, `{"message": "pods \"pod\" is forbidden: violates PodSecurity \"restricted:latest\""}`)
		default:
			w.WriteHeader(http.StatusCreated)
			json.NewEncoder(w).Encode(map[string]any{"spec": map[string]any{"text": string(body)}})
		}
	}))
	t.Cleanup(s.Close)
	ca := filepath.Join(t.TempDir(), "ca.crt")
	block := pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: s.Certificate().Raw})
	if err := os.WriteFile(ca, block, 0o600); err != nil {
		t.Fatal(err)
	}
	c, err := connect(s.URL, "token", ca)
	if err != nil {
		t.Fatal(err)
	}
	return c
}

func TestDocumentBeforeAndAfter(t *testing.T) {
	tests := []struct {
		name, before, after string
		want                tally
		problem             string
	}{
		{"nothing changes", "plain", "plain", tally{accepted: 1, stillAccepted: 1, pods: 1}, ""},
		{"it becomes restricted", "plain", "good", tally{accepted: 1, changed: 1, stillAccepted: 1, pods: 1, after: 1}, ""},
		{"it is broken", "plain", "wrong", tally{accepted: 1, changed: 1}, "f/a.yaml:1: Pod is no longer accepted: strict decoding error"},
		{"it was broken", "wrong", "plain", tally{}, ""},
		{"it was restricted", "good", "plain", tally{accepted: 1, changed: 1, stillAccepted: 1, pods: 1, before: 1}, "f/a.yaml:1: its pod was restricted and is not any more"},
	}
	c := stub(t)
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			var got tally
			if err := got.document(c, "f", one(t, test.before), one(t, test.after)); err != nil {
				t.Fatal(err)
			}
			problems := strings.Join(got.problems, "\n")
			if !strings.HasPrefix(problems, test.problem) || (problems == "") != (test.problem == "") {
				t.Errorf("problem %q, want %q", problems, test.problem)
			}
			if want := test.want.String(); got.String() != want {
				t.Errorf("%s\nwant %s", got, want)
			}
		})
	}
}

func one(t *testing.T, name string) document {
	t.Helper()
	text := "apiVersion: v1\nkind: Pod\nmetadata: {name: " + name + "}\n"
	files, err := documents(fstest.MapFS{"a.yaml": {Data: []byte(text)}})
	if err != nil || len(files["a.yaml"]) != 1 {
		t.Fatalf("%v, %v", files, err)
	}
	return files["a.yaml"][0]
}
