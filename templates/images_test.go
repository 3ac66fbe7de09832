package templates

import (
	"strings"
	"testing"
)

func TestEmbeddedTables(t *testing.T) {
	if _, err := DecodeFamilies(familiesYAML); err != nil {
		t.Fatal(err)
	}
	table, err := DecodeImages(imagesYAML)
	if err != nil {
		t.Fatal(err)
	}
	if table.Version != 1 || len(table.Images) < 170 || len(table.Rewrites) == 0 {
		t.Errorf("version %d, %d images, %d rewrites", table.Version, len(table.Images), len(table.Rewrites))
	}
}

const goodEntry = `version: 1
images:
  - id: web
    names: [docker.io/library/web]
    kind: server
    family: debian
    shell: true
    package_manager: apt-get
    default_user: {value: '', uid: 0, gid: 0}
    run_as: '101:101'
    users:
      - {name: web, uid: 101, gid: 101, home: /nonexistent, for_running: true}
    entrypoint: {drops: itself, works_as_nonroot: 'true'}
    ports:
      - {port: 80, proto: tcp, via: env, directive: PORT, env: PORT, value: '{port}', movable: true}
    writable:
      - {path: /data, owner: '0:0', mode: '0755', what: data}
    file_capabilities: ['/web cap_net_bind_service=+ep']
    variants:
      - {tag: alpine, family: alpine}
    confidence: read
    weak: {users.home: 'derived: no home was given'}
    source: ['owner/name@0123456789ab:Dockerfile']
    checked: '2026-01-31'
`

// Each replacement makes the good entry wrong in one place.
func TestDecodeImagesRefuses(t *testing.T) {
	if _, err := DecodeImages([]byte(goodEntry)); err != nil {
		t.Fatal(err)
	}
	tests := []struct{ old, new, want string }{
		{"kind: server", "kind: service", "kind"},
		{"kind: server", "knd: server", "not found"},
		{"family: debian", "family: debain", "family"},
		{"{tag: alpine, family: alpine}", "{tag: alpine, family: alpin}", "variant"},
		{"{tag: alpine, family: alpine}", "{tag: '(', family: alpine}", "tag"},
		{"{tag: alpine, family: alpine}", "{tag: alpine, see: nobody}", "see"},
		{"{tag: alpine, family: alpine}", "{tag: alpine, without: [users]}", "without"},
		{"{tag: alpine, family: alpine}", "{tag: alpine, famly: alpine}", "not found"},
		{"{tag: alpine, family: alpine}", "{family: alpine}", "no tag"},
		{"{tag: alpine, family: alpine}", "{before: new, family: alpine}", "no version"},
		{"{tag: alpine, family: alpine}", "{tag: alpine, since: v1, family: alpine}", "no version"},
		{"    kind: server\n", "    since: [1.x]\n    kind: server\n", "since"},
		{"run_as: '101:101'", "run_as: '101'", "run_as"},
		{"run_as: '101:101'", "run_as: 'web:web'", "run_as"},
		{"uid: 101, gid: 101", "uid: 101", "user"},
		{"uid: 101, gid: 101", "uid: web, gid: 101", "decode"},
		{"drops: itself", "drops: sudo", "entrypoint"},
		{"works_as_nonroot: 'true'", "works_as_nonroot: 'yes'", "entrypoint"},
		{"port: 80,", "port: 80000,", "port"},
		{"via: env", "via: file", "env"},
		{"value: '{port}'", "value: '80'", "value"},
		{"path: /data", "path: data", "writable"},
		{"mode: '0755'", "mode: 'u=rwx'", "writable"},
		{"cap_net_bind_service=+ep", "NET_BIND_SERVICE", "file capability"},
		{"confidence: read", "confidence: sure", "confidence"},
		{"confidence: read", "kind: server", "already defined"},
		{"'derived: no home was given'", "'perhaps'", "weak"},
		{"users.home:", "users.hme:", "weak"},
		{"owner/name@0123456789ab:Dockerfile", "owner/name", "source"},
		{"    source: ['owner/name@0123456789ab:Dockerfile']\n", "", "without a source"},
		{"checked: '2026-01-31'", "checked: yesterday", "checked"},
		{"    shell: true\n", "", "shell"},
		{"names: [docker.io/library/web]", "names: [docker.io/library/web, docker.io/library/web]", "belongs to"},
		{"names: [docker.io/library/web]", "names: ['docker.io/library/web:1']", "name"},
		{"names: [docker.io/library/web]", "names: [Web]", "name"},
	}
	for _, tt := range tests {
		if !strings.Contains(goodEntry, tt.old) {
			t.Fatalf("the entry does not hold %q", tt.old)
		}
		_, err := DecodeImages([]byte(strings.Replace(goodEntry, tt.old, tt.new, 1)))
		if err == nil || !strings.Contains(err.Error(), tt.want) {
			t.Errorf("%q for %q: error %v, want one with %q", tt.new, tt.old, err, tt.want)
		}
	}
}
