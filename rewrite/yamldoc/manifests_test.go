package yamldoc

import (
	"bytes"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/offroot/offroot/rewrite/source"
)

var (
	podPlace       = Place{Above: []string{"initContainers", "containers"}}
	containerPlace = Place{Above: []string{"volumeMounts"}}
)

// podSpec finds the pod spec of the i-th document, however deep its workload keeps it.
func podSpec(d *Document, i int) *Node {
	n := d.Roots()[i]
	for _, path := range [][]any{{"spec", "jobTemplate", "spec", "template", "spec"}, {"spec", "template", "spec"}} {
		if spec := n.Find(path...); spec != nil {
			return spec
		}
	}
	return nil
}

func setPod(spec *Node, keys Map) []source.Op {
	var ops []source.Op
	for _, p := range keys {
		ops = append(ops, &Set{In: spec, Path: []string{"securityContext", p.Key}, Value: p.Value, At: podPlace})
	}
	return ops
}

func hardenPod(spec *Node, more ...Pair) []source.Op {
	return setPod(spec, append(Map{
		{"seccompProfile", Map{{"type", "RuntimeDefault"}}},
		{"runAsNonRoot", true},
	}, more...))
}

func hardenContainer(c *Node) []source.Op {
	return []source.Op{
		&Append{In: c, Path: []string{"securityContext", "capabilities", "drop"}, Value: "ALL", At: containerPlace},
		&Set{In: c, Path: []string{"securityContext", "allowPrivilegeEscalation"}, Value: false, At: containerPlace},
	}
}

func harden(spec *Node, more ...Pair) []source.Op {
	return append(hardenPod(spec, more...), hardenContainer(spec.Find("containers", 0))...)
}

// TestManifests makes whole edits of real shapes: the result is the .after file, byte for byte.
func TestManifests(t *testing.T) {
	cases := map[string]func(d *Document) []source.Op{
		"two-documents.yaml":    func(d *Document) []source.Op { return harden(podSpec(d, 0)) },
		"api.yaml":              func(d *Document) []source.Op { return harden(podSpec(d, 0)) },
		"base.yaml":             func(d *Document) []source.Op { return harden(podSpec(d, 0)) },
		"indented-lists.yaml":   func(d *Document) []source.Op { return harden(podSpec(d, 0)) },
		"no-final-newline.yaml": func(d *Document) []source.Op { return harden(podSpec(d, 3)) },
		"crlf-flow.yaml": func(d *Document) []source.Op {
			spec := podSpec(d, 0)
			sc := spec.Find("containers", 0, "securityContext")
			return append(hardenPod(spec),
				&Set{In: sc, Path: []string{"allowPrivilegeEscalation"}, Value: false},
				&SetText{Node: sc.Find("capabilities", "drop", 0), Text: "ALL"})
		},
		"ports.yaml": func(d *Document) []source.Op {
			spec := podSpec(d, 0)
			c := spec.Find("containers", 0)
			return append(harden(spec),
				&Set{In: c.Find("ports", 0), Path: []string{"containerPort"}, Value: 8080},
				&Set{In: c.Find("readinessProbe", "httpGet"), Path: []string{"port"}, Value: 8080},
				&Set{In: d.Roots()[1].Find("spec", "ports", 0), Path: []string{"targetPort"}, Value: "http"},
				&Set{In: d.Roots()[2].Find("spec", "ingress", 0, "ports", 0), Path: []string{"port"}, Value: 8080})
		},
		"half-filled.yaml": func(d *Document) []source.Op {
			c := podSpec(d, 0).Find("containers", 0)
			ops := []source.Op{&SetText{Node: c.Find("securityContext", "capabilities", "drop", 0), Text: "ALL"}}
			for _, p := range []Pair{{"seccompProfile", Map{{"type", "RuntimeDefault"}}}, {"runAsUser", 11211},
				{"runAsNonRoot", true}, {"runAsGroup", 11211}, {"allowPrivilegeEscalation", false}} {
				ops = append(ops, &Set{In: c, Path: []string{"securityContext", p.Key}, Value: p.Value})
			}
			return ops
		},
		"init-container-goes.yaml": func(d *Document) []source.Op {
			spec := podSpec(d, 1)
			return append(harden(spec, Pair{"fsGroup", 70}, Pair{"fsGroupChangePolicy", "OnRootMismatch"},
				Pair{"runAsGroup", 70}, Pair{"runAsUser", 70}),
				&Delete{Node: spec.Find("initContainers", 0)})
		},
		"overlay.yaml": func(d *Document) []source.Op {
			return []source.Op{&Delete{Node: podSpec(d, 0).Find("containers", 0, "securityContext", "runAsUser")}}
		},
		"values.yaml": func(d *Document) []source.Op {
			root := d.Roots()[0]
			return []source.Op{
				&Set{In: root, Path: []string{"podSecurityContext", "seccompProfile", "type"}, Value: "RuntimeDefault"},
				&Set{In: root, Path: []string{"podSecurityContext", "runAsNonRoot"}, Value: true},
				&Append{In: root, Path: []string{"securityContext", "capabilities", "drop"}, Value: "ALL"},
				&Set{In: root, Path: []string{"securityContext", "allowPrivilegeEscalation"}, Value: false},
			}
		},
		"list.json": func(d *Document) []source.Op {
			var ops []source.Op
			for _, spec := range []*Node{
				d.Roots()[0].Find("items", 0, "spec", "jobTemplate", "spec", "template", "spec"),
				d.Roots()[0].Find("items", 1, "spec", "template", "spec"),
			} {
				ops = append(ops, harden(spec, Pair{"runAsGroup", 185}, Pair{"runAsUser", 185})...)
			}
			return ops
		},
		"anchor.yaml": func(d *Document) []source.Op {
			return []source.Op{&Delete{Node: d.Roots()[0].Find("services", "api", "user")}}
		},
		"flow-lists.yaml": func(d *Document) []source.Op {
			kv := d.Roots()[0].Find("services", "kv")
			return []source.Op{
				&Set{In: kv, Path: []string{"cap_add"}, Value: Inline{"CHOWN", "DAC_OVERRIDE", "SETGID", "SETUID"}},
				&Set{In: kv, Path: []string{"cap_drop"}, Value: Inline{"ALL"}},
				&Set{In: kv, Path: []string{"security_opt"}, Value: Inline{Quoted("no-new-privileges:true")}},
			}
		},
		"privileged.yaml": func(d *Document) []source.Op {
			return []source.Op{&Replace{Node: d.Roots()[0].Find("services", "punt", "privileged"), With: Map{
				{"cap_drop", List{"ALL"}}, {"cap_add", List{"NET_ADMIN"}}, {"devices", List{Quoted("/dev/net/tun:/dev/net/tun")}},
			}}}
		},
		"sysctls.yaml": func(d *Document) []source.Op {
			return []source.Op{&Append{In: d.Roots()[0].Find("services", "dns"), Path: []string{"sysctls"},
				Value: "net.ipv4.ip_unprivileged_port_start=0"}}
		},
		"published-port.yaml": func(d *Document) []source.Op {
			services := d.Roots()[0].Get("services")
			return []source.Op{
				&SetText{Node: services.Find("web", "ports", 0), Text: "8081:8080"},
				&SetText{Node: services.Find("warmup", "command", 6), Text: "http://web:8080/"},
			}
		},
	}
	files, err := filepath.Glob("testdata/manifests/*.after")
	if err != nil || len(files) != len(cases) {
		t.Fatalf("%d results for %d cases: %v", len(files), len(cases), err)
	}
	for name, ops := range cases {
		t.Run(strings.TrimSuffix(name, filepath.Ext(name)), func(t *testing.T) {
			before, err := os.ReadFile(filepath.Join("testdata/manifests", name))
			if err != nil {
				t.Fatal(err)
			}
			after, err := os.ReadFile(filepath.Join("testdata/manifests", name+".after"))
			if err != nil {
				t.Fatal(err)
			}
			d := mustParse(t, name, string(before))
			if got := mustLower(t, d, ops(d)); !bytes.Equal(got, after) {
				t.Errorf("got\n%s\nwant\n%s", got, after)
			}
		})
	}
}

func mustParse(t testing.TB, name, content string) *Document {
	t.Helper()
	d, err := Parse(source.NewFile(name, []byte(content)))
	if err != nil {
		t.Fatal(err)
	}
	if d.lost > 0 {
		t.Fatalf("lost from line %d on", d.lost)
	}
	return d
}

// mustLower lowers, applies and confirms.
func mustLower(t testing.TB, d *Document, ops []source.Op) []byte {
	t.Helper()
	edits, err := d.Lower(ops)
	if err != nil {
		t.Fatal(err)
	}
	after, err := source.Apply(d.File().Content, edits)
	if err != nil {
		t.Fatal(err)
	}
	if err := d.Confirm(ops, after); err != nil {
		t.Fatalf("%v\n%s", err, after)
	}
	return after
}
