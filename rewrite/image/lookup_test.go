package image

import (
	"fmt"
	"testing"
)

func facts(t *testing.T, ref string) Facts {
	t.Helper()
	r, ok := ParseRef(ref)
	if !ok {
		t.Fatalf("ParseRef(%q) refused", ref)
	}
	f, ok := Lookup(r)
	if !ok {
		t.Fatalf("Lookup(%q): unknown", ref)
	}
	return f
}

// TestLookup holds what the sources in the table say of the images that stand most often in Dockerfiles and manifests.
// Columns: reference, family, USER with its numbers ("-" = root), the identity to use ("" = make one) with its name, and
// what drops to it.
func TestLookup(t *testing.T) {
	tests := []struct{ ref, family, user, runAs, drops string }{
		{"scratch", "scratch", "-", "", ""},
		{"alpine:3.20", "alpine", "-", "", ""},
		{"debian:bookworm-slim", "debian", "-", "", ""},
		{"ubuntu:22.04", "ubuntu", "-", "", ""},
		{"ubuntu:24.04", "ubuntu", "-", "1000:1000 ubuntu", ""},
		{"busybox:1.36", "busybox", "-", "", ""},
		{"node:20-slim", "debian", "-", "1000:1000 node", ""},
		{"node:22-slim", "debian", "-", "1000:1000 node", ""},
		{"node:22-alpine", "alpine", "-", "1000:1000 node", ""},
		{"public.ecr.aws/docker/library/node:20", "debian", "-", "1000:1000 node", ""},
		{"mirror.gcr.io/library/node:20", "debian", "-", "1000:1000 node", ""},
		{"arm64v8/node:20-alpine", "alpine", "-", "1000:1000 node", ""},
		{"python:3.12-slim", "debian", "-", "", ""},
		{"python:3.12-alpine", "alpine", "-", "", ""},
		{"golang:1.23-alpine", "alpine", "-", "", ""},
		{"golang:1.26", "debian", "-", "", ""},
		{"rust:1", "debian", "-", "", ""},
		{"ruby:3.4", "debian", "-", "", ""},
		{"nginx:1.27", "debian", "-", "101:101 nginx", "itself"},
		{"nginx:1.27-alpine", "alpine", "-", "101:101 nginx", "itself"},
		{"nginxinc/nginx-unprivileged:1.27-alpine", "alpine", "101 101:101", "101:101 nginx", ""},
		{"httpd:2.4", "debian", "-", "33:33 www-data", "itself"},
		{"httpd:2.4-alpine", "alpine", "-", "82:82 www-data", "itself"},
		{"php:8.2-cli", "debian", "-", "33:33 www-data", ""},
		{"php:8.2-apache", "debian", "-", "33:33 www-data", "itself"},
		{"php:8.3-fpm", "debian", "-", "33:33 www-data", "itself"},
		{"php:8.3-fpm-alpine", "alpine", "-", "82:82 www-data", "itself"},
		{"php:8.3-alpine", "alpine", "-", "82:82 www-data", ""},
		{"wordpress:6", "debian", "-", "33:33 www-data", "itself"},
		{"wordpress:6-fpm-alpine", "alpine", "-", "82:82 www-data", "itself"},
		{"wordpress:cli", "alpine", "www-data 82:82", "82:82 www-data", ""},
		{"nextcloud:29-fpm-alpine", "alpine", "-", "82:82 www-data", "itself"},
		{"postgres:16", "debian", "-", "999:999 postgres", "gosu"},
		{"postgres:16.4-alpine", "alpine", "-", "70:70 postgres", "gosu"},
		{"pgvector/pgvector:pg16", "debian", "-", "999:999 postgres", "gosu"},
		{"redis:7.4", "debian", "-", "999:999 redis", "gosu"},
		{"redis:7.4-alpine", "alpine", "-", "999:1000 redis", "gosu"},
		{"redis:8", "debian", "-", "999:999 redis", "setpriv"},
		{"valkey/valkey:8-alpine", "alpine", "-", "999:1000 valkey", "setpriv"},
		{"mysql:8.4", "rhel-slim", "-", "999:999 mysql", "gosu"},
		{"mariadb:11", "ubuntu", "-", "999:999 mysql", "gosu"},
		{"mongo:8", "ubuntu", "-", "999:999 mongodb", "gosu"},
		{"rabbitmq:4-management", "ubuntu", "-", "999:999 rabbitmq", "gosu"},
		{"rabbitmq:4-alpine", "alpine", "-", "100:101 rabbitmq", "su-exec"},
		{"memcached:1.6.32-alpine", "alpine", "memcache 11211:11211", "11211:11211 memcache", ""},
		{"haproxy:3.2", "debian", "haproxy 99:99", "99:99 haproxy", ""},
		{"haproxy:2.2", "debian", "-", "99:99 haproxy", ""},
		{"traefik:v3", "alpine", "-", "", ""},
		{"caddy:2", "alpine", "-", "", ""},
		{"eclipse-temurin:21-jre", "ubuntu", "-", "", ""},
		{"eclipse-temurin:21-jre-alpine", "alpine", "-", "", ""},
		{"openjdk:11", "debian", "-", "", ""},
		{"openjdk:11-jre-slim", "debian", "-", "", ""},
		{"openjdk:8-jdk-alpine", "alpine", "-", "", ""},
		{"openjdk:17", "rhel-slim", "-", "", ""},
		{"openjdk:17-jdk", "rhel-slim", "-", "", ""},
		{"openjdk:17-jdk-slim", "debian", "-", "", ""},
		{"openjdk:17-jdk-alpine", "alpine", "-", "", ""},
		{"maven:3.9-eclipse-temurin-17", "ubuntu", "-", "", ""},
		{"maven:3.9-amazoncorretto-21-alpine", "alpine", "-", "", ""},
		{"gradle:8-jdk21-alpine", "alpine", "-", "1000:1000 gradle", ""},
		{"amazoncorretto:21", "amazon", "-", "", ""},
		{"tomcat:10.1", "ubuntu", "-", "", ""},
		{"mcr.microsoft.com/dotnet/aspnet:8.0", "debian", "-", "1654:1654 app", ""},
		{"mcr.microsoft.com/dotnet/aspnet:10.0", "ubuntu", "-", "1654:1654 app", ""},
		{"mcr.microsoft.com/dotnet/aspnet:6.0", "debian", "-", "", ""},
		{"mcr.microsoft.com/dotnet/aspnet:6.0-alpine", "alpine", "-", "", ""},
		{"mcr.microsoft.com/dotnet/aspnet:8.0-noble-chiseled", "distroless", "1654 1654:1654", "1654:1654 app", ""},
		{"mcr.microsoft.com/dotnet/sdk:8.0-alpine", "alpine", "-", "1654:1654 app", ""},
		{"gcr.io/distroless/static-debian12", "distroless", "-", "65532:65532 nonroot", ""},
		{"gcr.io/distroless/static-debian12:nonroot", "distroless", "65532 65532:65532", "65532:65532 nonroot", ""},
		{"gcr.io/distroless/base-debian12:debug-nonroot", "distroless", "65532 65532:65532", "65532:65532 nonroot", ""},
		{"cgr.dev/chainguard/node:latest", "wolfi", "65532 65532:65532", "65532:65532 node", ""},
		{"registry.access.redhat.com/ubi9/ubi-minimal:9.4", "ubi-minimal", "-", "", ""},
		{"registry.access.redhat.com/ubi9/nodejs-20", "rhel", "1001 1001:0", "1001:0 default", ""},
		{"quay.io/keycloak/keycloak:26.0", "ubi-micro", "1000 1000:0", "1000:0 keycloak", ""},
		{"bitnami/nginx:1.27", "debian", "1001 1001:0", "1001:0 ", ""},
		{"bitnami/postgresql:16", "debian", "1001 1001:0", "1001:0 ", ""},
		{"bitnami/minideb:bookworm", "debian", "-", "", ""},
		{"grafana/grafana:11.1.0", "alpine", "472 472:0", "472:0 grafana", ""},
		{"prom/prometheus:v2.53.0", "busybox", "nobody 65534:65534", "65534:65534 nobody", ""},
		{"grafana/loki:3.0.0", "distroless", "10001 10001:10001", "10001:10001 loki", ""},
		{"otel/opentelemetry-collector-contrib:0.115.0", "scratch", "10001:10001 10001:10001", "10001:10001 ", ""},
		{"jenkins/jenkins:2.462.1-lts-jdk17", "debian", "jenkins 1000:1000", "1000:1000 jenkins", ""},
		{"curlimages/curl:8.10.1", "alpine", "curl_user 100:101", "100:101 curl_user", ""},
		{"spark:3.5.1", "ubuntu", "spark 185:185", "185:185 spark", ""},
		{"elasticsearch:8.14.0", "ubuntu", "elasticsearch:root 1000:0", "1000:0 elasticsearch", ""},
		{"coredns/coredns:1.14.0", "distroless", "65532:65532 65532:65532", "65532:65532 nonroot", ""},
		{"hashicorp/vault:1.17", "alpine", "-", "100:1000 vault", "su-exec"},
		{"gitea/gitea:1.22-rootless", "alpine", "1000:1000 1000:1000", "1000:1000 git", ""},
		{"node:0.12", "debian", "-", "", ""},
		{"node:6-alpine", "alpine", "-", "1000:1000 node", ""},
		{"nginx:1.17", "debian", "-", "101:101 nginx", "itself"},
		{"nginx:1.16-alpine", "alpine", "-", "101:101 nginx", "itself"},
		{"nginx:1.14-alpine", "alpine", "-", "100:101 nginx", "itself"},
		{"nginx:1.13", "debian", "-", "", "itself"},
		{"redis:5.0.3-alpine", "alpine", "-", "100:101 redis", "su-exec"},
		{"redis:5-alpine", "alpine", "-", "999:1000 redis", "gosu"},
		{"mysql:5.6", "debian", "-", "999:999 mysql", "gosu"},
		{"mysql:5.7", "rhel-slim", "-", "999:999 mysql", "gosu"},
		{"mysql:5.7.29", "debian", "-", "999:999 mysql", "gosu"},
		{"mysql:8.0.20", "debian", "-", "999:999 mysql", "gosu"},
		{"mysql:8.0.28-oracle", "rhel-slim", "-", "999:999 mysql", "gosu"},
		{"mongo:3.2", "debian", "-", "999:999 mongodb", "gosu"},
		{"rabbitmq:3.7.4", "debian", "-", "999:999 rabbitmq", "gosu"},
		{"rabbitmq:3.6-alpine", "alpine", "-", "100:101 rabbitmq", "su-exec"},
		{"httpd:2.4.41", "debian", "-", "1:1 daemon", "itself"},
		{"tomcat:8-jre8", "debian", "-", "", ""},
		{"haproxy:1.5", "debian", "-", "", ""},
		{"elasticsearch:7.17.0", "ubuntu", "-", "1000:0 elasticsearch", "itself"},
		{"docker.elastic.co/kibana/kibana:7.17.0", "ubuntu", "kibana 1000:1000", "1000:0 kibana", ""},
		{"grafana/grafana:5.4.3", "debian", "472 472:472", "472:472 grafana", ""},
		{"grafana/grafana:4.6", "debian", "-", "", "gosu"},
		{"confluentinc/cp-kafka:7.5.0", "ubi-minimal", "appuser 1000:1000", "1000:1000 appuser", ""},
		{"confluentinc/cp-kafka:5.5.1", "debian", "-", "", ""},
		{"confluentinc/cp-zookeeper:5.4.0-ubi8", "ubi-minimal", "appuser 1000:1000", "1000:1000 appuser", ""},
		{"openzipkin/zipkin:2.23", "alpine", "zipkin 1000:1000", "1000:1000 zipkin", ""},
		{"mcr.microsoft.com/mssql/server:2022-latest", "ubuntu", "mssql 10001:10001", "10001:10001 mssql", ""},
		{"mcr.microsoft.com/mssql/server:2019-latest", "ubuntu", "mssql 10001:0", "10001:0 mssql", ""},
		{"mcr.microsoft.com/mssql/server:2017-latest", "ubuntu", "-", "", ""},
		{"dunglas/frankenphp:1-php8.4-alpine", "alpine", "-", "", ""},
		{"mailhog/mailhog", "alpine", "mailhog 1000:1000", "1000:1000 mailhog", ""},
		{"metabase/metabase:v0.46.6", "alpine", "-", "", "itself"},
		{"itzg/minecraft-server", "ubuntu", "-", "1000:1000 minecraft", "gosu"},
		{"k8s.gcr.io/pause:3.1", "scratch", "-", "", ""},
		{"registry.k8s.io/pause:3.9", "scratch", "65535:65535 65535:65535", "65535:65535 ", ""},
		{"java:8-jre-alpine", "alpine", "-", "", ""},
		{"gcr.io/istio-release/proxyv2:1.29.1", "ubuntu", "-", "1337:1337 istio-proxy", ""},
		{"registry.istio.io/release/pilot:1.1.4", "ubuntu", "-", "", ""},
		{"quay.io/brancz/kube-rbac-proxy:v0.18.0", "distroless", "65532:65532 65532:65532", "65532:65532 nonroot", ""},
		{"quay.io/oauth2-proxy/oauth2-proxy:v7.2.0", "alpine", "2000:2000 2000:2000", "2000:2000 ", ""},
		{"quay.io/oauth2-proxy/oauth2-proxy:v7.4.0", "alpine", "65532:65532 65532:65532", "65532:65532 ", ""},
		{"quay.io/oauth2-proxy/oauth2-proxy:v7.8.1", "distroless", "65532 65532:65532", "65532:65532 nonroot", ""},
		{"quay.io/oauth2-proxy/oauth2-proxy:v7.8.1-alpine", "alpine", "-", "", ""},
		{"maildev/maildev:1.1.0", "alpine", "-", "1000:1000 node", ""},
		{"kserve/sklearnserver:v0.7.0", "debian", "-", "", ""},
		{"weaveworksdemos/user:0.4.7", "alpine", "myuser 10001:10001", "10001:10001 myuser", ""},
		{"registry.k8s.io/kube-state-metrics/kube-state-metrics:v2.1.0", "distroless", "nobody 65534:65534", "65534:65534 nobody", ""},
		{"k8s.gcr.io/metrics-server/metrics-server:v0.6.1", "distroless", "65534 65534:65534", "65534:65534 nobody", ""},
		{"quay.io/thanos/thanos:v0.30.0", "busybox", "-", "", ""},
		{"traefik:v1.7", "scratch", "-", "", ""},
		{"traefik:1.7-alpine", "alpine", "-", "", ""},
		{"traefik:v2.10", "alpine", "-", "", ""},
		{"zookeeper:3.4.10", "alpine", "-", "1000:1000 zookeeper", "su-exec"},
		{"zookeeper:3.8", "ubuntu", "-", "1000:1000 zookeeper", "gosu"},
		{"kong:3.7", "ubuntu", "kong -1:-1", "", ""},
	}
	for _, tt := range tests {
		f := facts(t, tt.ref)
		user := fmt.Sprintf("%s %d:%d", f.DefaultUser.Value, f.DefaultUser.UID, f.DefaultUser.GID)
		if f.DefaultUser.Root() {
			user = "-"
		}
		runAs := ""
		if f.RunAs != nil {
			runAs = f.RunAs.String() + " " + f.RunAs.Name
		}
		if f.Family != tt.family || user != tt.user || runAs != tt.runAs || f.Drops != tt.drops {
			t.Errorf("%s (%s): got %q %q %q %q, want %q %q %q %q", tt.ref, f.ID,
				f.Family, user, runAs, f.Drops, tt.family, tt.user, tt.runAs, tt.drops)
		}
	}
}

func TestLookupUnknown(t *testing.T) {
	digest := "@sha256:e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"
	for _, s := range []string{"registry.example.com/node:20", "nod", "bitnami/a/b:1", "node" + digest, "example/nginx:1", "gcr.io/distroless/static" + digest} {
		ref, ok := ParseRef(s)
		if !ok {
			t.Fatalf("ParseRef(%q) refused", s)
		}
		if f, ok := Lookup(ref); ok {
			t.Errorf("%s is %s, want unknown", s, f.ID)
		}
	}
	if _, ok := Lookup(Ref{}); ok {
		t.Error("the zero reference is known")
	}
	if f := facts(t, "node:20"+digest); f.ID != "node" {
		t.Errorf("a tag with a digest: %s", f.ID)
	}
}

func TestTrusted(t *testing.T) {
	tests := []struct {
		ref, field string
		want       bool
	}{
		{"node:20-slim", "run_as", true},
		{"nginx:1.27", "run_as", true},
		{"nginx:1.27", "writable", true},
		{"nginx:1.27", "writable.owner", false},
		{"nginx:1.9", "run_as", false},
		{"nginx:1.16-alpine", "run_as", true},
		{"nginx:1.15-alpine", "run_as", false},
		{"node:8", "run_as", true},
		{"node:7.7", "run_as", false},
		{"php:7.1-apache", "writable", true},
		{"php:7.1.20-apache", "writable", false},
		{"php:5.5-fpm", "run_as", false},
		{"postgres:9.6", "run_as", true},
		{"postgres:9.6.1", "run_as", false},
		{"postgres:9.1", "run_as", false},
		{"tomcat:8.5", "entrypoint", true},
		{"tomcat:8.5.32", "entrypoint", false},
		{"confluentinc/cp-kafka:5.5.1", "default_user", false},
		{"elasticsearch:7.17.0", "default_user", false},
		{"haproxy:2.2", "default_user", false},
		{"postgres:16-alpine", "run_as", true},
		{"postgres:16", "capabilities", false},
		{"memcached:1.6.32-alpine", "default_user", true},
		{"mariadb:11", "run_as", false},
		{"mariadb:11", "default_user", true},
		{"mysql:8", "default_user", true},
		{"mysql/mysql-server:8.0", "default_user", false},
		{"curlimages/curl:8.10.1", "run_as", false},
		{"openjdk:17", "family", false},
		{"openjdk:11", "family", true},
		{"prom/prometheus:v2.53.0", "default_user", false},
		{"bitnami/nginx:1", "default_user", true},
		{"bitnami/kafka:1", "default_user", false},
		{"redis:7", "users", true},
		{"redis:7", "users.home", false},
		{"debian:bookworm", "default_user", true},
	}
	for _, tt := range tests {
		if got := facts(t, tt.ref).Trusted(tt.field); got != tt.want {
			t.Errorf("%s: Trusted(%q) = %v (%s), want %v", tt.ref, tt.field, got, facts(t, tt.ref).LevelOf(tt.field), tt.want)
		}
	}
}
