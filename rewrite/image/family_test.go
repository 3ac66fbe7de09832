package image

import (
	"slices"
	"testing"
)

func TestCreateUser(t *testing.T) {
	app := DefaultIdentity()
	debian := []string{
		"groupadd --gid 10001 app",
		"useradd --no-log-init --uid 10001 --gid 10001 --no-create-home --home-dir /nonexistent --shell /usr/sbin/nologin app",
	}
	tests := []struct {
		family string
		id     Identity
		home   bool
		want   []string
	}{
		{"debian", app, false, debian},
		{"ubuntu", app, false, debian},
		{"debian", app, true, []string{
			"groupadd --gid 10001 app", "useradd --no-log-init --uid 10001 --gid 10001 --create-home --shell /usr/sbin/nologin app"}},
		{"debian", Identity{1001, 0, "app"}, false, []string{
			"useradd --no-log-init --uid 1001 --gid 0 --no-create-home --home-dir /nonexistent --shell /usr/sbin/nologin app"}},
		{"alpine", app, false, []string{
			"addgroup -S -g 10001 app", "adduser -S -D -H -u 10001 -G app -h /nonexistent -s /sbin/nologin app"}},
		{"alpine", Identity{1001, 0, "app"}, false, []string{
			"adduser -S -D -H -u 1001 -G root -h /nonexistent -s /sbin/nologin app"}},
		{"wolfi", app, true, []string{"addgroup -S -g 10001 app", "adduser -S -D -u 10001 -G app -s /sbin/nologin app"}},
		{"ubi-minimal", app, false, []string{
			"microdnf install -y shadow-utils", "groupadd --gid 10001 app",
			"useradd --no-log-init --uid 10001 --gid 10001 --no-create-home --home-dir /nonexistent --shell /sbin/nologin app",
			"microdnf remove -y shadow-utils", "microdnf clean all"}},
		{"amazon", Identity{2000, 2001, "web"}, false, []string{
			"yum install -y shadow-utils", "groupadd --gid 2001 web",
			"useradd --no-log-init --uid 2000 --gid 2001 --no-create-home --home-dir /nonexistent --shell /sbin/nologin web", "yum clean all"}},
	}
	for _, tt := range tests {
		got, ok := CreateUser(tt.family, tt.id, tt.home)
		if !ok || !slices.Equal(got, tt.want) {
			t.Errorf("CreateUser(%q, %v, %v) = %q, %v, want %q", tt.family, tt.id, tt.home, got, ok, tt.want)
		}
	}
	for _, family := range []string{"scratch", "distroless", "ubi-micro", "windows", "", "plan9"} {
		if got, ok := CreateUser(family, app, false); ok {
			t.Errorf("CreateUser(%q) = %q, want none", family, got)
		}
	}
	if _, ok := CreateUser("alpine", Identity{300000, 300000, "app"}, false); ok {
		t.Error("BusyBox takes no number above 256000")
	}
	if _, ok := CreateUser("debian", Identity{UID: 1, GID: 1}, false); ok {
		t.Error("a user without a name was made")
	}
}

func TestInstallSetcap(t *testing.T) {
	got, ok := InstallSetcap("debian", "/usr/local/bin/zonelet")
	want := []string{
		"apt-get update", "apt-get install -y --no-install-recommends libcap2-bin", "setcap cap_net_bind_service=+ep /usr/local/bin/zonelet",
		"apt-get purge -y --auto-remove libcap2-bin", "rm -rf /var/lib/apt/lists/*",
	}
	if !ok || !slices.Equal(got, want) {
		t.Errorf("debian: %q", got)
	}
	for _, family := range []string{"busybox", "scratch", "distroless", ""} {
		if got, ok := InstallSetcap(family, "/x"); ok {
			t.Errorf("%s: %q", family, got)
		}
	}
}

func TestFamilyOf(t *testing.T) {
	for pm, want := range map[string]string{
		"apt": "debian", "apt-get": "debian", "apk": "alpine", "dnf": "rhel", "yum": "rhel", "microdnf": "ubi-minimal", "zypper": "suse",
		"tdnf": "azurelinux", "pacman": "arch", "": "", "brew": "",
	} {
		got := FamilyOf(pm)
		if got != want {
			t.Errorf("FamilyOf(%q) = %q, want %q", pm, got, want)
		}
		if _, ok := CreateUser(got, DefaultIdentity(), false); ok != (want != "") {
			t.Errorf("%s: users can be made: %v", got, ok)
		}
	}
	if FamilyLevel("debian") != "measured" || FamilyLevel("suse") != "unverified" || FamilyLevel("") != "" {
		t.Error("levels of families")
	}
}
