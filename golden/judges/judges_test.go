package judges

import (
	"bytes"
	"encoding/json"
	"io/fs"
	"maps"
	"os"
	"os/exec"
	"path"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/compose-spec/compose-go/v2/types"
	"github.com/offroot/offroot/golden"
)

// TestWantedFiles judges what the archives ask for: a want/ that Kubernetes, compose or BuildKit would not take is a
// mistake of the archive.
func TestWantedFiles(t *testing.T) {
	paths, err := golden.Find("../testdata")
	if err != nil || len(paths) == 0 {
		t.Fatalf("no archives: %v", err)
	}
	for _, p := range paths {
		rel, _ := filepath.Rel("../testdata", p)
		t.Run(strings.TrimSuffix(filepath.ToSlash(rel), ".txtar"), func(t *testing.T) {
			t.Parallel()
			a, err := golden.Load(p)
			if err != nil {
				t.Fatal(err)
			}
			for _, name := range slices.Sorted(maps.Keys(a.Want)) {
				judge(t, name, a.Files[name], a.Want[name])
			}
			judgeServices(t, JudgeServices(a.Files), JudgeServices(a.After()))
		})
	}
}

// buildOffroot builds the program of this tree.
func buildOffroot(t *testing.T) string {
	t.Helper()
	program := filepath.Join(t.TempDir(), "offroot")
	build := exec.Command("go", "build", "-o", program, "./cmd/offroot")
	build.Dir = "../.."
	if out, err := build.CombinedOutput(); err != nil {
		t.Fatalf("go build: %v\n%s", err, out)
	}
	return program
}

// TestExample writes into a copy of the example and judges every file that changed.
func TestExample(t *testing.T) {
	program := buildOffroot(t)
	work := t.TempDir()
	if err := os.CopyFS(work, os.DirFS("../example")); err != nil {
		t.Fatal(err)
	}
	run := exec.Command(program, "--write")
	run.Dir = work
	out, err := run.CombinedOutput()
	if err != nil {
		t.Fatalf("offroot --write: %v\n%s", err, out)
	}
	changed := 0
	before := os.DirFS("../example")
	err = fs.WalkDir(before, ".", func(name string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		old, err := fs.ReadFile(before, name)
		if err != nil {
			return err
		}
		now, err := os.ReadFile(filepath.Join(work, filepath.FromSlash(name)))
		if err == nil && !bytes.Equal(old, now) {
			changed++
			judge(t, name, old, now)
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	if changed == 0 {
		t.Errorf("nothing changed in the example:\n%s", out)
	}
}

// judge gives a file, before and after, to those who know its kind.
func judge(t *testing.T, name string, before, after []byte) {
	t.Helper()
	base := path.Base(name)
	switch {
	case strings.Contains(strings.ToLower(base), "dockerfile") || base == "Containerfile":
		judgeDockerfile(t, name, before, after)
	case strings.Contains(base, "compose") && isYAML(base):
		judgeCompose(t, name, before, after)
	case isYAML(base) || path.Ext(base) == ".json":
		judgeManifest(t, name, before, after)
	}
}

func isYAML(base string) bool { return path.Ext(base) == ".yml" || path.Ext(base) == ".yaml" }

// judgeDockerfile: the builder parses it, the stages are the same, and no stage ends as root that did not before.
func judgeDockerfile(t *testing.T, name string, before, after []byte) {
	t.Helper()
	old, err := JudgeDockerfile(before)
	if err != nil {
		t.Logf("%s: not judged, the builder refuses it before: %v", name, err)
		return
	}
	now, err := JudgeDockerfile(after)
	if err != nil {
		t.Errorf("%s: the builder refuses it: %v\n%s", name, err, after)
		return
	}
	if len(old) != len(now) {
		t.Errorf("%s: %d stages, there were %d", name, len(now), len(old))
		return
	}
	for i := range now {
		if isRoot(now[i]) && !isRoot(old[i]) {
			t.Errorf("%s: stage %d ends as %q, it was %q", name, i, now[i], old[i])
		}
		if now[i] != old[i] && !isRoot(now[i]) && !strings.Contains(now[i], ":") {
			t.Errorf("%s: stage %d has USER %q without a group: it would run with group 0", name, i, now[i])
		}
	}
}

func isRoot(user string) bool {
	uid, _, _ := strings.Cut(user, ":")
	return uid == "" || uid == "0" || uid == "root"
}

// judgeCompose: compose loads it, and nothing but what offroot is about differs.
func judgeCompose(t *testing.T, name string, before, after []byte) {
	t.Helper()
	old, err := JudgeCompose(name, before)
	if err != nil {
		t.Logf("%s: not judged, compose refuses it before: %v", name, err)
		return
	}
	now, err := JudgeCompose(name, after)
	if err != nil {
		t.Errorf("%s: compose refuses it: %v\n%s", name, err, after)
		return
	}
	if o, n := unrelated(t, old), unrelated(t, now); o != n {
		t.Errorf("%s: more changed than it should\nbefore: %s\nafter:  %s", name, o, n)
	}
	for service, s := range now.Services {
		if isRoot(s.User) && s.User != "" && s.User != old.Services[service].User {
			t.Errorf("%s: service %s was made to run as %q", name, service, s.User)
		}
	}
}

// unrelated is a project as JSON without the fields that offroot may change.
func unrelated(t *testing.T, p *types.Project) string {
	t.Helper()
	services := types.Services{}
	for name, s := range p.Services {
		s.User, s.Privileged, s.CapAdd, s.CapDrop, s.SecurityOpt = "", false, nil, nil, nil
		s.Devices, s.Sysctls, s.HealthCheck, s.Environment, s.Expose, s.Command = nil, nil, nil, nil, nil, nil
		s.Ports = published(s.Ports)
		s.Volumes = withoutDevices(s.Volumes)
		s.Tmpfs = withoutOwner(s.Tmpfs)
		s.Labels = withoutPort(s.Labels)
		services[name] = s
	}
	text, err := json.Marshal(map[string]any{"services": services, "volumes": p.Volumes, "networks": p.Networks})
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

// withoutDevices is the volumes without device files of the host: those move to devices, which the field above leaves out.
func withoutDevices(volumes []types.ServiceVolumeConfig) []types.ServiceVolumeConfig {
	var kept []types.ServiceVolumeConfig
	for _, v := range volumes {
		if !strings.HasPrefix(v.Source, "/dev/") {
			kept = append(kept, v)
		}
	}
	return kept
}

// withoutOwner is the temporary file systems less whom they belong to.
func withoutOwner(tmpfs types.StringList) types.StringList {
	var out types.StringList
	for _, entry := range tmpfs {
		target, options, _ := strings.Cut(entry, ":")
		kept := slices.DeleteFunc(strings.Split(options, ","), func(option string) bool {
			key, _, _ := strings.Cut(option, "=")
			return key == "uid" || key == "gid" || key == "mode"
		})
		out = append(out, strings.TrimSuffix(target+":"+strings.Join(kept, ","), ":"))
	}
	return out
}

// withoutPort is the labels less the numbers that name the container's port to a proxy.
func withoutPort(labels types.Labels) types.Labels {
	out := maps.Clone(labels)
	for key := range out {
		if strings.HasSuffix(key, ".loadbalancer.server.port") {
			out[key] = "a port"
		}
	}
	return out
}

// published is the ports with the container's side taken out: the host's side must stay.
func published(ports []types.ServicePortConfig) []types.ServicePortConfig {
	out := slices.Clone(ports)
	for i := range out {
		out[i].Target = 0
	}
	return out
}

// judgeManifest: strict decoding finds nothing new, no pod asks for the impossible, and every pod that changed is
// restricted as Pod Security understands it.
func judgeManifest(t *testing.T, name string, before, after []byte) {
	t.Helper()
	old, err := JudgeManifest(before)
	if err != nil {
		t.Logf("%s: not judged, it does not decode before: %v", name, err)
		return
	}
	now, err := JudgeManifest(after)
	if err != nil {
		t.Errorf("%s: it no longer decodes: %v\n%s", name, err, after)
		return
	}
	for _, u := range now.Unknown {
		if !slices.Contains(old.Unknown, u) {
			t.Errorf("%s: no server takes this: %s", name, u)
		}
	}
	if len(old.Pods) != len(now.Pods) {
		t.Errorf("%s: %d pods, there were %d", name, len(now.Pods), len(old.Pods))
		return
	}
	for i, p := range now.Pods {
		if p.Clash {
			t.Errorf("%s: %s demands non-root and UID 0 at once", name, p.ID)
		}
		changed := !bytes.Equal(p.Template, old.Pods[i].Template) && p.Securing(old.Pods[i])
		if changed && !p.Partial && len(p.Unanswered(old.Pods[i])) > 0 {
			t.Errorf("%s: %s was changed and is not restricted: %s", name, p.ID, p.Forbidden)
		}
		if old.Pods[i].Restricted && !p.Restricted {
			t.Errorf("%s: %s was restricted and is not any more: %s", name, p.ID, p.Forbidden)
		}
	}
}

// The judges themselves: what they must refuse, they refuse.
func TestJudgesRefuse(t *testing.T) {
	pod := func(context string) []byte {
		return []byte("apiVersion: v1\nkind: Pod\nmetadata: {name: x}\nspec:\n  containers:\n  - name: c\n    image: i\n    securityContext: " + context + "\n")
	}
	good := `{runAsNonRoot: true, runAsUser: 1, allowPrivilegeEscalation: false, capabilities: {drop: [ALL]}, seccompProfile: {type: RuntimeDefault}}`
	if m, err := JudgeManifest(pod(good)); err != nil || !m.Pods[0].Restricted || m.Pods[0].Clash || len(m.Unknown) > 0 {
		t.Errorf("a good pod: %+v, %v", m, err)
	}
	if m, _ := JudgeManifest(pod("{runAsNonRoot: true}")); m.Pods[0].Restricted || m.Pods[0].Unproved != 1 {
		t.Errorf("half a context: %+v", m)
	}
	if m, _ := JudgeManifest(pod("{runAsNonRoot: true}\n    ports: [{containerPort: 1, hostPort: 1}]")); len(m.Pods[0].Unanswered(m.Pods[0])) != 3 {
		t.Errorf("half a context beside a port of the node: %q", m.Pods[0].Unanswered(m.Pods[0]))
	}
	if m, _ := JudgeManifest(pod(good + "\n    ports: [{containerPort: 1, hostPort: 1}]")); len(m.Pods[0].Unanswered(Pod{})) != 1 {
		t.Errorf("a port of the node that is new: %q", m.Pods[0].Unanswered(Pod{}))
	}
	if m, _ := JudgeManifest(pod("{runAsNonRoot: true, runAsUser: 0}")); !m.Pods[0].Clash {
		t.Errorf("a contradiction: %+v", m)
	}
	if m, _ := JudgeManifest(pod("{runAsNonroot: true}")); len(m.Unknown) != 1 {
		t.Errorf("a wrong letter: %+v", m)
	}
	if _, err := JudgeDockerfile([]byte("FROM a\nUSER\n")); err == nil {
		t.Error("USER without an argument was accepted")
	}
	if _, err := JudgeCompose("compose.yaml", []byte("services:\n  a:\n    image: i\n    userr: x\n")); err == nil {
		t.Error("an unknown key was accepted")
	}
}
