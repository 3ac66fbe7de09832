package shell

import (
	"fmt"
	"reflect"
	"strings"
	"testing"
)

func TestUsers(t *testing.T) {
	tests := []struct{ family, script, want string }{
		// name uid:gid(group) home shell, s for system, c for a number that the tool picks
		{"debian", "groupadd --gid 10001 app && useradd --no-log-init --uid 10001 --gid 10001 --no-create-home --home-dir /nonexistent --shell /usr/sbin/nologin app", "app 10001:10001(app) /nonexistent /usr/sbin/nologin"},
		{"debian", "groupadd -r app && useradd -r -g app app", "app -1:-1(app) /home/app  s"},
		{"debian", "groupadd -g 999 -r app && useradd -rm -u 999 -g app -d /srv app", "app 999:999(app) /srv  s"},
		{"debian", "useradd -ms /bin/bash -u1001 app", "app 1001:1001(app) /home/app /bin/bash"},
		{"debian", "useradd -mu 1001 app", "app 1001:1001(app) /home/app "},
		{"debian", "useradd -r -u 10001 app", "app 10001:-1(app) /home/app  s"},
		{"debian", "useradd --system --uid=500 app", "app 500:500(app) /home/app  s"},
		{"debian", "useradd -u 500 app", "app 500:-1(app) /home/app "},
		{"debian", "useradd -N -u 1000 app", "app 1000:100(users) /home/app "},
		{"debian", "useradd -u 1001 -g 0 app", "app 1001:0() /home/app "},
		{"debian", "useradd -u 1001 -g root -G sudo,video app", "app 1001:0(root) /home/app "},
		{"debian", "useradd -u 1001 -c 'The App' -- app", "app 1001:1001(app) /home/app "},
		{"debian", "sudo useradd -u 1001 app", "app 1001:1001(app) /home/app "},
		{"debian", "useradd -u $UID app", "app -1:-1(app) /home/app "},
		{"debian", "useradd -D -s /bin/bash", ""},
		{"debian", "adduser --disabled-password --gecos '' app", "app -1:-1(app) /home/app "},
		{"debian", "adduser --system --group --uid 1000 --home /x --shell /bin/false app", "app 1000:1000(app) /x /bin/false s"},
		{"debian", "adduser --system --no-create-home --uid 1000 app", "app 1000:65534(nogroup)   s"},
		{"debian", "addgroup --gid 1100 g && adduser --uid 1100 --ingroup g --disabled-password app", "app 1100:1100(g) /home/app "},
		{"debian", "adduser --uid 5 --gid 6 app", "app 5:6() /home/app "},
		{"debian", "adduser app video", ""},
		{"alpine", "adduser -D app", "app 1000:1000(app) /home/app  c"},
		{"alpine", "adduser -D a; adduser -D b", "a 1000:1000(a) /home/a  c, b 1001:1001(b) /home/b  c"},
		{"alpine", "adduser -S app", "app 100:65533(nogroup) /home/app  s c"},
		{"alpine", "addgroup -S app && adduser -S app -G app", "app 100:101(app) /home/app  s c"},
		{"alpine", "addgroup -g 10001 -S app && adduser -u 10001 -S -D -H -h /nonexistent -s /sbin/nologin -G app app", "app 10001:10001(app) /nonexistent /sbin/nologin s"},
		{"alpine", "addgroup --gid 11 app && adduser --uid 10 --disabled-password --no-create-home --ingroup app app", "app 10:11(app) /home/app "},
		{"alpine", "adduser -D -u 1000 -G 0 app", "app 1000:0() /home/app "},
		{"alpine", "adduser -DHu 82 -G www-data www-data", "www-data 82:-1(www-data) /home/www-data "},
		{"alpine", "adduser app video", ""},
		{"alpine", "apk add shadow && useradd -u 1001 app", "app 1001:1001(app) /home/app "},
		{"rhel", "adduser -u 1001 -r -g 0 -d /opt app", "app 1001:0() /opt  s"},
		{"", "adduser -D -u 5 app", "app 5:5(app) /home/app "},
		{"", "adduser -m -u 1001 app", "app 1001:1001(app) /home/app "},
		{"", "adduser --system --uid 1001 app", "app 1001:-1(nogroup)   s"},
		{"", "adduser --uid 1001 app", "app 1001:1001(app) /home/app "},
		{"", "echo 'app:x:10001:10002:App:/home/a:/bin/sh' >> /etc/passwd", "app 10001:10002() /home/a /bin/sh"},
		{"", `echo "g:x:5:" >> /etc/group && printf 'app:x:1:5::/:/x\n' >> /etc/passwd`, "app 1:5(g) / /x"},
		{"", "echo 'app:x:1:1::/:/x' > /etc_passwd", ""},
		{"", "id app || useradd -u 1001 app", "app 1001:1001(app) /home/app "},
	}
	for _, tt := range tests {
		var got []string
		for _, u := range Users(mustParse(t, tt.script), tt.family) {
			s := fmt.Sprintf("%s %d:%d(%s) %s %s", u.Name, u.UID, u.GID, u.Group, u.Home, u.Shell)
			if u.System {
				s += " s"
			}
			if u.Chosen {
				s += " c"
			}
			got = append(got, s)
			if u.Command == nil {
				t.Errorf("%s: no command", tt.script)
			}
		}
		if strings.Join(got, ", ") != tt.want {
			t.Errorf("%s: %s:\n got %s\nwant %s", tt.family, tt.script, strings.Join(got, ", "), tt.want)
		}
	}
}

func TestGroups(t *testing.T) {
	tests := []struct{ script, want string }{
		{"groupadd -g 10001 app", "app 10001"},
		{"groupadd --gid=10001 --system app", "app 10001"},
		{"groupadd -rf app", "app -1"},
		{"addgroup -g 10001 -S app", "app 10001"},
		{"addgroup -S app", "app 101"},
		{"addgroup --system --gid 10001 app", "app 10001"},
		{"addgroup --system app", "app -1"},
		{"adduser --group --gid 7 app", "app 7"},
		{"addgroup app video", ""},
		{"echo 'app:x:7:' >> /etc/group", "app 7"},
	}
	for _, tt := range tests {
		var got []string
		for _, g := range Groups(mustParse(t, tt.script)) {
			got = append(got, fmt.Sprintf("%s %d", g.Name, g.GID))
		}
		if strings.Join(got, ", ") != tt.want {
			t.Errorf("%s: got %q", tt.script, got)
		}
	}
}

func TestMemberships(t *testing.T) {
	cmds := mustParse(t, "usermod -aG video,tty app; adduser app audio; addgroup web www; gpasswd -a app sudo; useradd -G x,y b; usermod -l new old")
	want := map[string][]string{"app": {"video", "tty", "audio", "sudo"}, "web": {"www"}, "b": {"x", "y"}}
	if got := Memberships(cmds); !reflect.DeepEqual(got, want) {
		t.Errorf("got %v", got)
	}
	got := Renumbered(mustParse(t, "usermod -u 1000 www-data; usermod -aG x y; usermod -o -g 5 z"))
	if len(got) != 2 || got[0].UID != 1000 || got[0].GID != -1 || got[1].GID != 5 || got[1].Name != "z" {
		t.Errorf("got %+v", got)
	}
}

func TestChowns(t *testing.T) {
	tests := []struct{ script, want string }{
		{"chown app /a", "app: /a"},
		{"chown -R app:grp /a b/", "app:grp /a b R"},
		{"chown app: /a", "app:app /a"},
		{"chown app.grp /a", "app:grp /a"},
		{"chown :grp /a", ":grp /a"},
		{"chown --recursive 1:2 /a/*", "1:2 /a/* R"},
		{"chown -hR 1:2 /a", "1:2 /a R"},
		{"chown --from=root app /a", "app: /a"},
		{"chown --reference=/x /a", ""},
		{"chown $U:$G /a", "$U:$G /a"},
		{"chown app $D", ""},
		{"cd /srv && chown app x .", "app: /srv/x /srv"},
		{"chgrp -R 0 /a", ":0 /a R"},
		{"install -d -o app -g grp -m 0750 /a /b", "app:grp /a /b"},
		{"install -m 755 -o root x /usr/bin/x", "root: /usr/bin/x"},
		{"install -m 755 x /usr/bin/x", ""},
		{"find /a /b -type d -exec chown app:app {} +", "app:app /a /b R"},
		{"find /a -exec chmod 1 {} \\;", ""},
	}
	for _, tt := range tests {
		var got []string
		for _, o := range Chowns(mustParse(t, tt.script)) {
			s := o.Owner + ":" + o.Group + " " + strings.Join(o.Paths, " ")
			if o.Recursive {
				s += " R"
			}
			got = append(got, s)
		}
		if strings.Join(got, ", ") != tt.want {
			t.Errorf("%s: got %q, want %q", tt.script, got, tt.want)
		}
	}
}

func TestLists(t *testing.T) {
	tests := []struct {
		name string
		read func([]Command) []string
		in   string
		want string
	}{
		{"made", Made, "mkdir -p -m 700 /a b && install -d /c && mkdir $X && cd /y && mkdir z", "/a b /c /y/z"},
		{"apt", Installs, "apt-get update && DEBIAN_FRONTEND=x apt-get install -y -t stable --no-install-recommends nginx=1.2* curl:amd64 $X ./y.deb && apt-get purge z", "nginx curl ./y.deb"},
		{"apt option first", Installs, "apt-get -o A=b -qq install vim", "vim"},
		{"apk", Installs, "apk add --no-cache --virtual .deps 'a>1' b~2 c@edge && apk del d", "a b c"},
		{"dnf", Installs, "dnf install -y --setopt=x=y --enablerepo e a && microdnf -y install b && tdnf install c && yum -y install d", "a b c d"},
		{"zypper", Installs, "zypper --non-interactive in a && zypper rm b", "a"},
		{"pacman", Installs, "pacman -Syu --noconfirm a b && pacman -Rs c", "a b"},
	}
	for _, tt := range tests {
		if got := strings.Join(tt.read(mustParse(t, tt.in)), " "); got != tt.want {
			t.Errorf("%s: got %q", tt.name, got)
		}
	}
	for script, want := range map[string]string{
		"apt-get install x": "apt", "x; sudo apk add y": "apk", "microdnf install x": "microdnf", "npm i": "", "pacman -S x": "pacman",
	} {
		if got := PackageManager(mustParse(t, script)); got != want {
			t.Errorf("%s: got %q", script, got)
		}
	}
}

func TestNeedsRoot(t *testing.T) {
	needs := []string{
		"apt-get update", "apk add x", "npm install -g x", "npm i --global x", "pip install -r r.txt", "python -m pip install x",
		"make install", "make", "chown a b", "setcap x y", "useradd a", "ln -s a b", "mkdir /x", "update-ca-certificates", "corepack enable",
		"a2enmod x", "docker-php-ext-install x", "echo a > /etc/b", "echo a >> b", "curl x | sh", "./build.sh", "sh build.sh", "curl -o /usr/bin/x y",
		"wget x", "sed -i s/a/b/ /etc/c", "cp a /usr/bin", "npm ci && mkdir x", "sh -c 'apt-get update'", "$X", "touch x", "curl x | tee y",
		"sed -ri s/a/b/ /etc/c", "npx x", "go build -o /out/x .", "cargo build -o /x",
	}
	fine := []string{
		"npm ci", "npm run build", "yarn", "yarn install --frozen-lockfile", "go build -o x .", "CGO_ENABLED=0 go build", "bundle install",
		"composer install", "echo a", "echo a > /tmp/b", "echo a >/dev/null 2>&1", "mkdir -p /tmp/x", "X=1", "set -e; cd x && node y.js", "test -f x",
		"pip install --user x", "sh -c 'echo a'", "curl -fsSL x -o /tmp/y", "curl x", "sed s/a/b/ c", "python manage.py check", "env A=b go vet ./...",
	}
	for _, script := range needs {
		if !NeedsRoot(mustParse(t, script)) {
			t.Errorf("%q needs root", script)
		}
	}
	for _, script := range fine {
		if NeedsRoot(mustParse(t, script)) {
			t.Errorf("%q needs no root", script)
		}
	}
}

func TestDrops(t *testing.T) {
	tests := []struct{ script, tool, user string }{
		{`exec gosu redis "$0" "$@"`, "gosu", "redis"},
		{`exec su-exec 1000:1000 x`, "su-exec", "1000"},
		{`exec setpriv --reuid=app --regid app --init-groups x`, "setpriv", "app"},
		{`exec setpriv --reuid 1000 --clear-groups x --reuid 0`, "setpriv", "1000"},
		{`runuser -u app -- x`, "runuser", "app"},
		{`runuser app -c x`, "runuser", "app"},
		{`runuser -l app -c "x -u y"`, "runuser", "app"},
		{`exec su -s /bin/sh app -c x`, "su", "app"},
		{`su - app -c x`, "su", "app"},
		{`su app`, "su", "app"},
		{`exec chpst -u app:grp x`, "chpst", "app"},
		{`exec s6-setuidgid abc x -u y`, "s6-setuidgid", "abc"},
		{`exec sudo -E -u app x`, "sudo", "app"},
		{`exec /usr/local/bin/gosu "$USER" x`, "gosu", `"$USER"`},
		{`exec tini -g -- gosu app x`, "gosu", "app"},
		{`exec env A=b nice -n 5 su-exec app x`, "su-exec", "app"},
		{`set -- gosu app "$@"`, "gosu", "app"},
		{`start-stop-daemon --start --chuid app:app --exec x`, "start-stop-daemon", "app"},
		{`chroot --userspec=1000:1000 / x`, "chroot", "1000"},
		{`sudo apt-get update`, "", ""},
		{`gosu root x; gosu app y`, "gosu", "app"},
		{`exec "$@"`, "", ""},
		{`echo gosu app`, "", ""},
		{`su`, "", ""},
	}
	for _, tt := range tests {
		if tool, user := Drops(mustParse(t, tt.script)); tool != tt.tool || user != tt.user {
			t.Errorf("%s: got %q %q", tt.script, tool, user)
		}
	}
}

func TestSetcaps(t *testing.T) {
	got := Setcaps(mustParse(t, `setcap cap_net_bind_service=+ep /bin/x && setcap -r /bin/y; setcap 'cap_net_raw+ep' "$(which node)"`))
	if len(got) != 2 || got[0].Capabilities != "cap_net_bind_service=+ep" || got[0].Paths[0] != "/bin/x" || got[1].Paths != nil {
		t.Errorf("got %+v", got)
	}
}

func TestProgram(t *testing.T) {
	tests := []struct {
		argv, program []string
		through       string
	}{
		{[]string{"node", "s.js"}, []string{"node", "s.js"}, ""},
		{[]string{"tini", "--", "node", "s.js"}, []string{"node", "s.js"}, "tini"},
		{[]string{"/sbin/tini", "-g", "-p", "SIGTERM", "node"}, []string{"node"}, "tini"},
		{[]string{"dumb-init", "--rewrite", "15:3", "--", "x"}, []string{"x"}, "dumb-init"},
		{[]string{"dumb-init", "x", "--", "y"}, []string{"x", "--", "y"}, "dumb-init"},
		{[]string{"env", "A=b", "-i", "x"}, []string{"x"}, "env"},
		{[]string{"env", "-S", "x y"}, []string{"env", "-S", "x y"}, ""},
		{[]string{"/bin/sh", "-c", "nginx -g 'daemon off;'"}, []string{"nginx", "-g", "daemon off;"}, "sh"},
		{[]string{"/bin/sh", "-c", "exec java $OPTS -jar x.jar"}, []string{"java", "$OPTS", "-jar", "x.jar"}, "sh exec"},
		{[]string{"/bin/bash", "-ec", "exec tini -- sh -c 'x y'"}, []string{"x", "y"}, "bash exec tini sh"},
		{[]string{"sh", "-c", "a && b"}, []string{"sh", "-c", "a && b"}, ""},
		{[]string{"sh", "-c", "a | b"}, []string{"sh", "-c", "a | b"}, ""},
		{[]string{"bash", "-euxo", "pipefail", "-c", "x y"}, []string{"x", "y"}, "bash"},
		{[]string{"bash", "-o", "pipefail", "-o", "errexit", "-c", "x"}, []string{"x"}, "bash"},
		{[]string{"sh", "start.sh"}, []string{"sh", "start.sh"}, ""},
		{[]string{"nice", "-n", "5", "x"}, []string{"x"}, "nice"},
		{[]string{"gosu", "app", "x"}, []string{"gosu", "app", "x"}, ""},
		{[]string{"tini"}, []string{"tini"}, ""},
		{nil, nil, ""},
	}
	for _, tt := range tests {
		program, through := Program(tt.argv)
		if !reflect.DeepEqual(program, tt.program) || strings.Join(through, " ") != tt.through {
			t.Errorf("%q: got %q through %q", tt.argv, program, through)
		}
	}
}
