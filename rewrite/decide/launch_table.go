package decide

// plainTools are programs that need no root and write nothing but their output, whatever their arguments.
var plainTools = set("true", "false", ":", "[", "[[", "test", "cd", "pwd", "set", "export", "local", "declare", "readonly", "unset",
	"shift", "return", "exit", "read", "trap", "wait", "break", "continue", "let", "umask", "ulimit",
	"echo", "printf", "cat", "ls", "stat", "file", "head", "tail", "wc", "sort", "uniq", "grep", "egrep", "fgrep", "awk", "cut", "tr",
	"diff", "cmp", "basename", "dirname", "readlink", "realpath", "id", "whoami", "uname", "hostname", "date", "env", "printenv",
	"which", "type", "hash", "sleep", "getent", "sha256sum", "sha1sum", "md5sum", "base64", "arch", "nproc", "expr", "seq", "yes",
	"find", "df", "du", "free", "ps", "uptime", "kill", "jq", "nslookup", "dig", "host", "cal", "pause", "watch",
	"kubectl", "pg_isready", "psql", "pg_dump", "mysql", "mysqladmin", "mysqldump", "redis-cli", "mongo", "mongosh", "rabbitmqctl",
	"grpc_health_probe", "grpcurl", "nc", "telnet")

// fileTools are programs that change the files that they name.
var fileTools = set("mkdir", "touch", "rm", "rmdir", "cp", "mv", "ln", "chmod", "tee", "truncate", "tar", "unzip", "gunzip", "dd")

// interpreters run a text or a file.
var interpreters = set("perl", "python", "python2", "python3", "ruby", "node", "php", "lua")

var shellNames = set("sh", "bash", "ash", "dash", "zsh")

// rootTools are programs that only root can use, each with what it does.
var rootTools = map[string]string{
	"chown": "gives files to somebody else", "chgrp": "gives files to another group", "apt-get": "installs packages", "apt": "installs packages",
	"apk": "installs packages", "yum": "installs packages", "dnf": "installs packages", "microdnf": "installs packages", "dpkg": "installs packages",
	"rpm": "installs packages", "sysctl": "sets the kernel's parameters", "mount": "mounts", "umount": "unmounts", "iptables": "changes the network",
	"ip": "changes the network", "ifconfig": "changes the network", "tc": "changes the network", "modprobe": "loads modules", "nsenter": "enters namespaces",
	"useradd": "makes accounts", "adduser": "makes accounts", "usermod": "changes accounts", "groupadd": "makes groups", "su": "changes the user",
	"sudo": "changes the user", "setcap": "gives capabilities", "chroot": "changes the root directory", "service": "starts services",
	"systemctl": "starts services", "update-ca-certificates": "writes the system's certificates", "swapoff": "changes the node", "ping": "may need a raw socket",
	"tcpdump": "needs a raw socket", "setpriv": "changes the user", "gosu": "changes the user", "su-exec": "changes the user", "runuser": "changes the user",
}

func set(words ...string) map[string]bool {
	m := map[string]bool{}
	for _, w := range words {
		m[w] = true
	}
	return m
}
