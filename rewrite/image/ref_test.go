package image

import "testing"

func TestParseRef(t *testing.T) {
	digest := "sha256:e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"
	tests := []struct{ in, name, tag, digest, base string }{
		{"node", "docker.io/library/node", "latest", "", "node"},
		{"node:20-slim", "docker.io/library/node", "20-slim", "", "node"},
		{"library/node:20", "docker.io/library/node", "20", "", "node"},
		{"docker.io/node:20", "docker.io/library/node", "20", "", "node"},
		{"index.docker.io/library/node", "docker.io/library/node", "latest", "", "node"},
		{"registry-1.docker.io/bitnami/redis:7", "docker.io/bitnami/redis", "7", "", "redis"},
		{"jenkins/jenkins:lts", "docker.io/jenkins/jenkins", "lts", "", "jenkins"},
		{"localhost/web", "localhost/web", "latest", "", "web"},
		{"localhost:5000/a/b:1", "localhost:5000/a/b", "1", "", "b"},
		{"registry.example.com/a_b/c-d__e:v1.2-x_y", "registry.example.com/a_b/c-d__e", "v1.2-x_y", "", "c-d__e"},
		{"gcr.io/distroless/static-debian12:nonroot", "gcr.io/distroless/static-debian12", "nonroot", "", "static-debian12"},
		{"nginx@" + digest, "docker.io/library/nginx", "", digest, "nginx"},
		{"nginx:1.27@" + digest, "docker.io/library/nginx", "1.27", digest, "nginx"},
		{"scratch", "scratch", "", "", "scratch"},
	}
	for _, tt := range tests {
		ref, ok := ParseRef(tt.in)
		if !ok {
			t.Errorf("ParseRef(%q) refused", tt.in)
			continue
		}
		if ref.Name() != tt.name || ref.Tag != tt.tag || ref.Digest != tt.digest || ref.Base() != tt.base {
			t.Errorf("ParseRef(%q) = %+v, want %+v", tt.in, ref, tt)
		}
	}
}

func TestParseRefRefuses(t *testing.T) {
	for _, in := range []string{
		"", " ", "$BASE", "${BASE}:1", "node:${TAG}", "node:$TAG", "{{ .Values.image }}", "node:", "node@", "node@sha256:abc",
		"Node", "node:20 slim", "a//b", "/node", "node/", "docker://node", "node:-x", "-node", "http://x/y", "<image>", "node\n",
	} {
		if ref, ok := ParseRef(in); ok {
			t.Errorf("ParseRef(%q) = %+v, want a refusal", in, ref)
		}
	}
}

// FuzzParseRef holds two invariants: a reference prints to a text that reads back to the same value, and nothing that is
// accepted contains a blank, a brace or a dollar sign.
func FuzzParseRef(f *testing.F) {
	for _, s := range []string{"node", "scratch", "docker.io/a/b:c@sha256:e3b0c44298fc1c149afbf4c8996fb924", "localhost:1/x", "a.b/c:d", "docker.io/docker.io/x"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		ref, ok := ParseRef(s)
		if !ok {
			return
		}
		again, ok := ParseRef(ref.String())
		if !ok || again != ref {
			t.Fatalf("%q is %+v, its text %q is %+v", s, ref, ref.String(), again)
		}
		for _, c := range ref.String() {
			if c <= ' ' || c == '{' || c == '$' {
				t.Fatalf("%q accepted as %q", s, ref.String())
			}
		}
		Lookup(ref)
	})
}
