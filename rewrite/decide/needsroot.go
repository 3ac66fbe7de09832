package decide

import (
	"fmt"
	"path"
	"strings"

	"github.com/offroot/offroot/rewrite/evidence"
	"github.com/offroot/offroot/rewrite/shell"
	"github.com/offroot/offroot/rewrite/source"
	"github.com/offroot/offroot/rewrite/workspace"
)

func sourcePlace(file string, line int) source.Place { return source.Place{Path: file, Line: line} }

// rootPrograms need root for what they are for. Each entry says why, and what people do instead.
var rootPrograms = map[string]struct{ why, next string }{
	"supervisord":            {"supervisord starts several programs and writes its log, pid file and socket as root", "give each program a container of its own, or run supervisord itself as a user: set pidfile, logfile and the user of each program"},
	"cron":                   {"cron changes to the user of each job, which only root may", "use supercronic, or a CronJob"},
	"crond":                  {"crond changes to the user of each job, which only root may", "use supercronic, or a CronJob"},
	"sshd":                   {"sshd changes to the user who logs in, which only root may", "keep it; limit what the container may do with cap_drop"},
	"init":                   {"an init system starts as root", "run the program itself instead of an init system"},
	"systemd":                {"systemd starts as root", "run the program itself instead of an init system"},
	"s6-svscan":              {"s6-overlay starts as root and drops for each service", "set the ids that the image takes from its environment"},
	"runsvdir":               {"runit starts as root and drops for each service", "run the program itself instead of an init system"},
	"my_init":                {"my_init starts as root and drops for each service", "run the program itself instead of an init system"},
	"dockerd":                {"a Docker engine needs root", "use the rootless variant"},
	"buildkitd":              {"buildkitd needs root", "use the rootless variant"},
	"kubelet":                {"kubelet needs root", ""},
	"openvpn":                {"openvpn configures network devices", "keep root with cap_drop ALL and cap_add NET_ADMIN"},
	"wg-quick":               {"wg-quick configures network devices", "keep root with cap_drop ALL and cap_add NET_ADMIN"},
	"iptables":               {"iptables changes the network of the container", "keep root with cap_drop ALL and cap_add NET_ADMIN"},
	"hostapd":                {"hostapd configures network devices", "keep root with cap_drop ALL and cap_add NET_ADMIN, NET_RAW"},
	"dnsmasq":                {"dnsmasq opens raw sockets and changes user by itself", "keep root with cap_drop ALL and the capabilities that it needs"},
	"keepalived":             {"keepalived configures network addresses", "keep root with cap_drop ALL and cap_add NET_ADMIN, NET_RAW"},
	"slapd":                  {"slapd changes user by itself", ""},
	"rsyslogd":               {"rsyslogd changes user by itself", ""},
	"postfix":                {"the master of postfix is root by design", ""},
	"dovecot":                {"the master of dovecot is root by design", ""},
	"smbd":                   {"smbd changes to the user who connects, which only root may", ""},
	"vsftpd":                 {"vsftpd changes to the user who connects, which only root may", ""},
	"proftpd":                {"proftpd changes to the user who connects, which only root may", ""},
	"pure-ftpd":              {"pure-ftpd changes to the user who connects, which only root may", ""},
	"xinetd":                 {"xinetd starts the programs of others under their users, which only root may", ""},
	"inetd":                  {"inetd starts the programs of others under their users, which only root may", ""},
	"telnetd":                {"telnetd changes to the user who logs in, which only root may", ""},
	"in.telnetd":             {"telnetd changes to the user who logs in, which only root may", ""},
	"cupsd":                  {"cupsd changes to the user of each job, which only root may", ""},
	"rpcbind":                {"rpcbind needs root", ""},
	"rpc.nfsd":               {"an NFS server needs root", ""},
	"useradd":                {"the start script creates a user", "create it in the Dockerfile"},
	"adduser":                {"the start script creates a user", "create it in the Dockerfile"},
	"usermod":                {"the start script changes a user", "give the ids in the Dockerfile"},
	"groupmod":               {"the start script changes a group", "give the ids in the Dockerfile"},
	"service":                {"service starts a system daemon as root", "start the program itself, in the foreground"},
	"mount":                  {"it mounts a file system", ""},
	"sysctl":                 {"it sets a kernel parameter", "set it with sysctls in the compose file or the pod"},
	"apt-get":                {"the start script installs packages", "install them in the Dockerfile"},
	"apk":                    {"the start script installs packages", "install them in the Dockerfile"},
	"chpasswd":               {"the start script sets a password", ""},
	"update-ca-certificates": {"the start script installs certificates", "install them in the Dockerfile"},
	"tcpdump":                {"tcpdump opens raw sockets", "keep root with cap_drop ALL and cap_add NET_RAW"},
	"kaniko":                 {"kaniko unpacks images as root", ""},
	"executor":               {"kaniko unpacks images as root", ""},
}

// needsRoot refuses workloads that need root for something that is in sight.
func (d *decider) needsRoot(t *Target) bool {
	b := t.Workload.Build
	for _, p := range b.Start.Programs {
		if r, ok := rootPrograms[p.Name]; ok {
			t.refuse(p.Place, r.why, r.next)
			return true
		}
	}
	if p, ok := b.Start.Has("/init"); ok {
		t.refuse(p.Place, "s6-overlay starts as root and drops for each service", "")
		return true
	}
	for _, p := range b.Start.Programs {
		if what, ok := evidence.BuildsAtStart(strings.Join(append([]string{p.Name}, p.Args...), " ")); ok {
			t.refuse(p.Place, what+" builds at start, and writes where root's files are", "build it in the Dockerfile, and start what was built")
			return true
		}
	}
	for _, s := range t.Workload.Services {
		if d.serviceNeedsRoot(t, s) {
			return true
		}
	}
	for _, p := range t.Workload.Pods {
		if why, at, ok := hostAccess(p); ok {
			t.refuse(at, "the pod that runs it "+why, "ask its author which capabilities it needs, and give it those instead")
			return true
		}
	}
	if at, name, ok := usesRootHome(b, t.Workload.Services); ok {
		t.refuse(at, "it uses "+name+", and only root may enter /root", "move it out of /root, to /opt or below the working directory")
		return true
	}
	if b.Start.Unread != "" {
		at := b.Place()
		if b.Start.Entrypoint != nil {
			at = b.Start.Entrypoint.Place()
		} else if b.Start.Cmd != nil {
			at = b.Start.Cmd.Place()
		}
		t.refuse(at, fmt.Sprintf("the start script %s is not in the repository, or could not be read", firstLine(b.Start.Unread)), "put the script into the build context, or add USER by hand and try it")
		return true
	}
	return d.scriptNeedsRoot(t)
}

func firstLine(s string) string {
	line, _, more := strings.Cut(s, "\n")
	if more {
		line += " ..."
	}
	return line
}

// scriptNeedsRoot refuses start scripts that chown: who writes there afterwards cannot be seen from the script alone.
func (d *decider) scriptNeedsRoot(t *Target) bool {
	for _, s := range t.Workload.Build.Start.Scripts {
		for _, c := range s.Commands {
			line := 1 + strings.Count(s.Text[:min(c.Start, len(s.Text))], "\n")
			if what, ok := installs(c); ok {
				t.refuse(sourcePlace(s.File, line), s.File+" runs "+what+" at start, which changes the system", "install it in the Dockerfile")
				return true
			}
			switch c.Name {
			case "chown", "chgrp", "setcap":
				t.refuse(sourcePlace(s.File, line), s.File+" runs "+c.Name+" as root at every start", "do it in the Dockerfile, and drop root in the script afterwards or not start as root at all")
				return true
			}
			for _, r := range c.Redirects {
				if strings.HasPrefix(r.Op, ">") && strings.HasPrefix(r.Target.Text, "/etc/") {
					t.refuse(sourcePlace(s.File, line), s.File+" writes "+r.Target.Text+" at every start", "write it in the Dockerfile, or below a directory that the process owns")
					return true
				}
			}
		}
	}
	return false
}

// installs reports whether a command installs packages into the system.
func installs(c shell.Command) (string, bool) {
	var words []string
	for _, w := range c.Args {
		words = append(words, w.Text)
	}
	text := strings.Join(words, " ")
	for _, command := range []string{"pip install", "pip3 install", "uv pip install", "gem install", "npm install -g", "npm i -g", "apt-get install", "apt install", "apk add", "dnf install", "yum install"} {
		if strings.HasPrefix(text, command) && !strings.Contains(text, "--user") && !strings.Contains(text, "--target") {
			return command, true
		}
	}
	return "", false
}

// usesRootHome finds paths below /root that the image uses at run time.
func usesRootHome(b *workspace.Build, services []*workspace.Service) (source.Place, string, bool) {
	if dir := b.Workdir(nil); below(dir, "/root") {
		if in := b.Stage.Last("WORKDIR"); in != nil {
			return in.Place(), dir, true
		}
		return b.Place(), dir, true
	}
	for _, stage := range b.Stage.Chain() {
		for _, in := range stage.All("ENV") {
			for _, w := range in.Words {
				for _, part := range strings.FieldsFunc(w.Text, func(r rune) bool { return r == ':' || r == '=' }) {
					if below(part, "/root") && part != "/root" {
						return in.Place(), part, true
					}
				}
			}
		}
	}
	for _, c := range b.Copies() {
		if below(c.Dest, "/root") {
			return c.At.Place(), c.Dest, true
		}
	}
	for _, s := range services {
		for _, m := range s.Mounts() {
			if m.Target != "" && below(m.Target, "/root") {
				return m.Node.Place(), m.Target, true
			}
		}
	}
	for _, p := range b.Start.Programs {
		for _, a := range p.Args {
			if below(a, "/root") {
				return p.Place, a, true
			}
		}
	}
	return source.Place{}, "", false
}

func below(name, dir string) bool {
	name = path.Clean(name)
	return name == dir || strings.HasPrefix(name, dir+"/")
}
