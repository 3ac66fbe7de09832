package image

import (
	"slices"
	"strings"
	"testing"
)

func TestTaken(t *testing.T) {
	tests := []struct {
		ref  string
		uid  int
		name string
		want bool
	}{
		{"ubuntu:22.04", 1000, "ubuntu", false},
		{"ubuntu:24.04", 1000, "ubuntu", true},
		{"eclipse-temurin:21", 1000, "ubuntu", true},
		{"eclipse-temurin:21-alpine", 1000, "ubuntu", false},
		{"mcr.microsoft.com/dotnet/aspnet:8.0", 1654, "app", true},
		{"mcr.microsoft.com/dotnet/aspnet:6.0", 1654, "app", false},
		{"grafana/loki:3.0.0", 10001, "loki", true},
		{"python:3.12-slim", 10001, "app", false},
		{"node:20", 1000, "node", true},
		{"memcached:1", 11211, "memcache", true},
		{"debian:12", 33, "www-data", true},
		{"alpine:3.20", 405, "games", true},
	}
	for _, tt := range tests {
		f := facts(t, tt.ref)
		if f.Taken[tt.uid] != tt.want || f.TakenNames[tt.name] != tt.want {
			t.Errorf("%s: uid %d taken %v, name %s taken %v, want %v", tt.ref, tt.uid, f.Taken[tt.uid], tt.name, f.TakenNames[tt.name], tt.want)
		}
	}
	if f := facts(t, "otel/opentelemetry-collector:0.115.0"); !f.Taken[10001] {
		t.Error("10001 is free in the collector")
	}
	if f := facts(t, "alpine:3.20"); !f.TakenGroups[999] || f.Taken[999] {
		t.Error("Alpine: group 999 is ping, user 999 is free")
	}
}

func TestUserForms(t *testing.T) {
	if u := facts(t, "nginx:1").DefaultUser; !u.Root() || u.ByName || !u.Numeric() {
		t.Errorf("nginx: %+v", u)
	}
	if u := facts(t, "memcached:1").DefaultUser; u.Root() || !u.ByName || u.Numeric() {
		t.Errorf("memcached: %+v", u)
	}
	if u := facts(t, "docker.elastic.co/elasticsearch/elasticsearch:8").DefaultUser; !u.ByName || u.GID != 0 {
		t.Errorf("elasticsearch: %+v", u)
	}
	var none User
	if none.Root() || none.Numeric() {
		t.Errorf("the zero user claims something: %+v", none)
	}
}

func TestNginxWrites(t *testing.T) {
	var always []string
	for _, p := range facts(t, "nginx:1.27-alpine").Writable {
		if p.When == "" {
			always = append(always, p.Path)
		}
		if p.File != (p.Path == "/run/nginx.pid") || p.WritableBy(Identity{UID: 101, GID: 101}) {
			t.Errorf("%+v", p)
		}
	}
	if want := []string{"/var/cache/nginx", "/run/nginx.pid"}; !slices.Equal(always, want) {
		t.Errorf("writes %v, want %v", always, want)
	}
}

func TestWritableBy(t *testing.T) {
	for _, p := range facts(t, "php:8.2-apache").Writable {
		if !p.WritableBy(Identity{UID: 33, GID: 33}) {
			t.Errorf("%+v is not writable by www-data", p)
		}
	}
	for _, p := range facts(t, "postgres:16.4-alpine").Writable {
		if !strings.HasPrefix(p.Owner, "70:") {
			t.Errorf("%+v does not belong to the user of the variant", p)
		}
	}
	if (Path{Owner: "0:0", Mode: "0755"}).WritableBy(Identity{UID: 101}) {
		t.Error("0755 of root is writable by 101")
	}
	if !(Path{Owner: "0:0", Mode: "0777"}).WritableBy(Identity{UID: 101}) {
		t.Error("0777 is not writable by 101")
	}
}

func TestEntrypoints(t *testing.T) {
	if f := facts(t, "postgres:15"); f.DropsTo == nil || f.DropsTo.String() != "999:999" || f.WorkersOnly || f.FSGroup || f.FSGroupNote == "" {
		t.Errorf("postgres: %+v", f)
	} else if want := []string{"CHOWN", "DAC_OVERRIDE", "FOWNER", "SETGID", "SETUID"}; !slices.Equal(f.Capabilities, want) {
		t.Errorf("postgres needs %v, want %v", f.Capabilities, want)
	}
	if f := facts(t, "nginx:1"); !f.WorkersOnly || f.DropsTo.Name != "nginx" || !f.FSGroup {
		t.Errorf("nginx: %+v", f)
	}
	if f := facts(t, "docker:27-dind"); f.MustBeRoot == "" || f.WorksAsNonRoot != "false" {
		t.Errorf("dind: %+v", f)
	}
	if f := facts(t, "docker:27-cli"); f.MustBeRoot != "" {
		t.Errorf("docker cli: %+v", f)
	}
	if facts(t, "gitea/gitea:1.22").MustBeRoot == "" || facts(t, "gitea/gitea:1.22-rootless").MustBeRoot != "" {
		t.Error("gitea: only the default tag must be root")
	}
}

func TestFileCapabilities(t *testing.T) {
	for _, ref := range []string{"caddy:2", "coredns/coredns:1.14.0", "dpage/pgadmin4:8", "registry.k8s.io/ingress-nginx/controller:v1.11.1"} {
		if got := facts(t, ref).FileCapabilityNames(); !slices.Equal(got, []string{"NET_BIND_SERVICE"}) {
			t.Errorf("%s: %v", ref, got)
		}
	}
	if got := facts(t, "nginx:1").FileCapabilityNames(); got != nil {
		t.Errorf("nginx: %v", got)
	}
	if got := PackageCapabilities("ubuntu", "iputils-ping"); len(got) != 1 {
		t.Errorf("iputils-ping: %v", got)
	}
}

func TestGroupZero(t *testing.T) {
	for _, ref := range []string{
		"bitnami/nginx:1", "bitnami/redis:7", "registry.access.redhat.com/ubi9/python-311", "quay.io/keycloak/keycloak:26", "apache/airflow:2.9.0",
		"sonarqube:10", "elasticsearch:8.14.0", "kibana:8.14.0", "grafana/grafana:11.0.0", "nginxinc/nginx-unprivileged:1",
	} {
		if !facts(t, ref).GroupZero {
			t.Errorf("%s is not made for gid 0", ref)
		}
	}
	if facts(t, "node:20").GroupZero {
		t.Error("node is made for gid 0")
	}
}

// What old releases write, and who owns it, is not what new ones do.
func TestWritesByVersion(t *testing.T) {
	tests := []struct{ ref, path, owner string }{
		{"tomcat:10.1", "/usr/local/tomcat/work", "0:0"},
		{"influxdb:1.8", "/var/lib/influxdb", "0:0"},
		{"influxdb:1.12", "/var/lib/influxdb", "1500:1500"},
		{"influxdb:2.7", "/var/lib/influxdb2", "1000:1000"},
		{"sonarqube:8.9-community", "/opt/sonarqube/data", "1000:1000"},
		{"sonarqube:10", "/opt/sonarqube/data", "1000:0"},
		{"redis:5.0.3-alpine", "/data", "100:101"},
		{"rethinkdb:2.4", "/data", "0:0"},
		{"sonatype/nexus3:3.68.0", "/nexus-data", "200:200"},
		{"mcr.microsoft.com/mssql/server:2022-latest", "/var/opt/mssql", "0:10001"},
	}
	for _, tt := range tests {
		i := slices.IndexFunc(facts(t, tt.ref).Writable, func(p Path) bool { return p.Path == tt.path })
		if i < 0 {
			t.Errorf("%s does not write %s", tt.ref, tt.path)
		} else if p := facts(t, tt.ref).Writable[i]; p.Owner != tt.owner || p.When != "" {
			t.Errorf("%s: %+v, want owner %s and no condition", tt.ref, p, tt.owner)
		}
	}
	work := func(ref string) Path {
		f := facts(t, ref)
		return f.Writable[slices.IndexFunc(f.Writable, func(p Path) bool { return p.Path == "/usr/local/tomcat/work" })]
	}
	if id := (Identity{UID: 10001}); !work("tomcat:9.0.30").WritableBy(id) || work("tomcat:8.5.32").WritableBy(id) {
		t.Error("tomcat: everybody may write work from 8.5.46 on, and not before")
	}
}

// A server that speaks FastCGI has no configuration of Apache whose port could be moved.
func TestFPMHasNoApachePort(t *testing.T) {
	for _, ref := range []string{"php:8.3-fpm", "wordpress:fpm", "nextcloud:fpm", "drupal:10-fpm", "joomla:5-fpm", "matomo:fpm-alpine", "phpmyadmin:fpm"} {
		if f := facts(t, ref); len(f.Ports) != 1 || f.Ports[0].Number != 9000 || f.Ports[0].Move != nil {
			t.Errorf("%s: %+v", ref, f.Ports)
		}
	}
}
