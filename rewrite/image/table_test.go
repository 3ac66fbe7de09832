package image

import (
	"slices"
	"strings"
	"testing"

	"github.com/offroot/offroot/templates"
)

// Every name of the table finds its own entry, so no name hides behind a rewrite or a pattern.
func TestEveryNameIsReachable(t *testing.T) {
	seen := map[string]bool{}
	for _, e := range templates.Images().Images {
		for _, v := range e.Variants {
			seen[v.See] = true
		}
	}
	for _, e := range templates.Images().Images {
		if len(e.Names) == 0 && !seen[e.ID] {
			t.Errorf("%s has no name and no entry leads to it", e.ID)
		}
		for _, n := range e.Names {
			ref, ok := ParseRef(strings.ReplaceAll(n, "*", "zzz"))
			if !ok {
				t.Errorf("%s: %q is no reference", e.ID, n)
				continue
			}
			if got := index().find(index().rewrite(ref.Name())); got != e {
				t.Errorf("%s: %q leads elsewhere", e.ID, n)
			}
		}
	}
}

// A tag of each kind that occurs in the table's images.
var tagsInUse = strings.Fields(`latest lts stable alpine slim 1 2 3 7 8 9 17 21 20-slim 22-alpine 1.27 1.27-alpine 1.9 1.12.2 8.2-apache 8.3-fpm 8.3-fpm-alpine 27-dind
	27-dind-rootless bookworm trixie jammy noble focal 22.04 24.04 resolute 16.4-alpine 18 17-jdk 17.0.2-jdk 17-jdk-oracle 17-oraclelinux7 17-jdk-slim 8-jdk-alpine
	21-jre-ubi9-minimal 17-jdk-centos7 3.9-eclipse-temurin-17 3.8-openjdk-11 3.8-openjdk-17 3.9-amazoncorretto-17 8.0-noble-chiseled 6.0 7.0-jammy-chiseled 10.0
	9.0-azurelinux3.0 8.0-azurelinux3.0-distroless windowsservercore-ltsc2022 nanoserver nonroot debug latest-dev cli 2.2 ubi 11-ubi centos7 minimal 9-minimal
	stream9 al2 debian-12 1.14-debian scratch v3 5.4.5 6.8 7.17 v2.53.0-distroless ubuntu 10.0-ubuntu cuda12.4.1-base-ubuntu22.04 12.4.1-base-ubuntu24.04 12.4-base-ubi9
	1.4 legacy 19.0.3 2.8 3-core 1.8 daemonset linux 2.14-linux bin 9-slim rhel-ubi9 almalinux distroless nonroot-amd64 1.21-fedora stable-6.0 6.0-lts 22-ubuntu noble-amd64 swift-amazonlinux2
	6.3-amazonlinux2023 5.10-amazonlinux2 python3.12-bookworm python3.12-alpine 3.12 ubuntu-24.04 typescript-node-20 1.22-rootless 1.11.1 1.8.0 1.13 v1.9.3 15.1
	0.12 4.4 5.0.3-alpine 5.5 5.7.30 8.0.20 1.14-alpine 1.18 2.4.46 2.4.46-alpine 3.7.4 3.2 5.4.0-ubi8 5.5.1 6.0.0 8.5-jre8 7.2.10 2019-latest 1-builder latest-devel v0.7.0 v0.10.1`)

func TestEveryVariantFitsSomeTag(t *testing.T) {
	for _, e := range templates.Images().Images {
		for _, v := range e.Variants {
			fits := func(tag string) bool { return index().fits(v, tag) }
			if !slices.ContainsFunc(tagsInUse, fits) {
				t.Errorf("%s: no tag in use fits tag %q, since %q, before %q", e.ID, v.Tag, v.Since, v.Before)
			}
			if !slices.ContainsFunc(tagsInUse, func(s string) bool { return !fits(s) }) {
				t.Errorf("%s: every tag fits tag %q, since %q, before %q", e.ID, v.Tag, v.Since, v.Before)
			}
		}
	}
}

// What an entry says must agree with itself for every tag.
func TestEntriesAreConsistent(t *testing.T) {
	for _, e := range templates.Images().Images {
		for _, tag := range tagsInUse {
			f := newFacts(index().resolve(e, tag).ImageFields)
			for _, problem := range inconsistencies(f) {
				t.Errorf("%s:%s: %s", e.ID, tag, problem)
			}
		}
	}
}

func inconsistencies(f Facts) (problems []string) {
	check := func(bad bool, problem string) {
		if bad {
			problems = append(problems, problem)
		}
	}
	if f.RunAs != nil {
		_, known := f.Account(f.RunAs.UID)
		check(f.RunAs.UID == 0, "the identity to use is root")
		check(len(f.Users) > 0 && !known, "the identity to use is no account of the image")
		check(!f.DefaultUser.Root() && f.DefaultUser.UID != Unknown && f.DefaultUser.UID != f.RunAs.UID, "another user than that of the image is to be used")
	}
	check(f.DefaultUser.Root() && f.DefaultUser.ByName, "root by another name")
	check(f.Drops != "" && !f.DefaultUser.Root(), "an image that does not start as root drops")
	check(f.WorkersOnly && f.Drops == "", "workers drop and nothing drops")
	check(len(f.Capabilities) > 0 && f.Drops == "", "capabilities for a drop that does not happen")
	check(f.WorksAsNonRoot == "false" && f.MustBeRoot == "", "does not work without root, and no reason is given")
	check(f.WorksAsNonRoot == "with-conditions" && f.EntrypointNote == "" && f.Note == "", "conditions that nobody states")
	check(!f.FSGroup && f.FSGroupNote == "", "no reason against fsGroup")
	return problems
}

func TestAll(t *testing.T) {
	ids := All()
	if len(ids) < 170 || !slices.Contains(ids, "node") {
		t.Errorf("%d ids", len(ids))
	}
}
