package evidence

import (
	"regexp"
	"strings"
)

// A pattern finds something in a line of code. A line is looked at only if it holds one of the hints.
type pattern struct {
	hints      string
	re         *regexp.Regexp
	what       string
	capability string
}

var rootPatterns = []pattern{
	{"SOCK_RAW AF_PACKET ListenPacket pcap DialIP scapy raw-socket", regexp.MustCompile(`\bSOCK_RAW\b|\bAF_PACKET\b|ListenPacket\("ip[46]?:|\bicmp\.ListenPacket\("ip|\bpcap\.OpenLive\b|\bDialIP\(|\bfrom scapy\b|\bimport scapy\b|raw-socket`), "opens a raw socket", "NET_RAW"},
	{"tun TUNSETIFF water", regexp.MustCompile(`/dev/net/tun\b|\bwater\.New\(|\btuntap\b|\bTUNSETIFF\b`), "opens a tun device", "NET_ADMIN"},
	{"tables nft ipset ipvsadm tc", regexp.MustCompile(`(?:^|[\s"'/;|&])(?:ip6?tables|ip6?tables-restore|nft|ipset|ipvsadm|tc)(?:["']|\s+(?:-|add|qdisc|flush|create))`), "changes packet filters", "NET_ADMIN"},
	{"ip netlink ifconfig", regexp.MustCompile(`(?:^|[\s"';|&/])ip["',\s]+(?:-[46]["',\s]+)?(?:addr|address|link|route|rule|tuntap|neigh)["',\s]+(?:add|set|del|delete|replace|change)\b|\bnetlink\.(?:Addr|Link|Route|Rule)(?:Add|Set|Del|Replace)|(?:^|\s)ifconfig\s+\S+\s+(?:up|down|[0-9])`), "configures the network", "NET_ADMIN"},
	{"sysctl /proc/sys", regexp.MustCompile(`(?:^|[\s";|&])sysctl\s+(?:-w|-p)\b|>\s*/proc/sys/`), "changes kernel settings", "SYS_ADMIN"},
	{"mount Mount Unshare Setns", regexp.MustCompile(`\b(?:syscall|unix)\.(?:Mount|Unmount|Unshare|Setns)\(|(?:^|[\s";|&])mount\s+(?:-[a-z]|/)|(?:^|[\s";|&])u?mount["']\s*,|(?:^|\s)umount\s+/`), "mounts file systems", "SYS_ADMIN"},
	{"chroot pivot_root", regexp.MustCompile(`\bchroot\b\s*[( "']|\bpivot_root\b`), "changes its root directory", "SYS_CHROOT"},
	{"etuid etreuid etresuid eteuid initgroups", regexp.MustCompile(`\b(?:os|process|syscall|unix|Process(?:::UID|::Sys)?|posix)[._:]+(?:setuid|setreuid|setresuid|seteuid|Setuid|Setreuid|initgroups)\b|\bposix_setuid\b`), "changes its user", "SETUID"},
	{"etgid etgroups etregid etegid", regexp.MustCompile(`\b(?:os|process|syscall|unix|posix)[._](?:setgid|setgroups|setregid|Setgid|Setgroups|setegid)\b|\bposix_setgid\b`), "changes its group", "SETGID"},
	{"chown Chown", regexp.MustCompile(`\b(?:os|shutil|fs|fsp|fsPromises|FileUtils|File|syscall)\.(?:l?chown|chownSync|l?chown_R|Chown|Lchown)\b|(?:^|[\s;&|])chown\s+\S+\s+\S`), "changes the owner of files", "CHOWN"},
	{"modprobe insmod rmmod", regexp.MustCompile(`(?:^|[\s";|&])(?:modprobe|insmod|rmmod)\s`), "loads kernel modules", "SYS_MODULE"},
	{"ptrace PTRACE", regexp.MustCompile(`\bptrace\(|\bPTRACE_ATTACH\b`), "traces processes", "SYS_PTRACE"},
	{"settimeofday clock_settime hwclock", regexp.MustCompile(`\b[Ss]ettimeofday\(|\bclock_settime\(|(?:^|\s)hwclock\s`), "sets the clock", "SYS_TIME"},
	{"docker.sock", regexp.MustCompile(`/var/run/docker\.sock\b|/run/docker\.sock\b`), "uses the Docker socket", ""},
	{"/dev/mem iopl ioperm", regexp.MustCompile(`/dev/mem\b|\biopl\(|\bioperm\(`), "uses raw memory or ports", "SYS_RAWIO"},
}

var accountPattern = regexp.MustCompile(`\bgetpwuid\b|\bgetpass\.getuser\(|\bpwd\.getpw|\buser\.Current\(\)|\bos\.userInfo\(|\bos\.getlogin\(|\bEtc\.getlogin\b|\bEtc\.getpw|\bposix_getpwuid\b|\bgetpwnam\(`)

var envPattern = regexp.MustCompile(`\bprocess\.env\.([A-Za-z_][A-Za-z0-9_]*)|\bprocess\.env\[\s*['"]([A-Za-z0-9_]+)['"]|\benviron(?:\.get\(|\[|\.setdefault\()\s*['"]([A-Za-z0-9_]+)['"]|\bgetenv\(\s*['"]([A-Za-z0-9_]+)['"]|\b(?:Getenv|LookupEnv)\(\s*"([A-Za-z0-9_]+)"|\bENV(?:\[|\.fetch\(|\.fetch )\s*['"]([A-Za-z0-9_]+)['"]|\$_(?:ENV|SERVER)\[\s*['"]([A-Z][A-Z0-9_]+)['"]|\bGetEnvironmentVariable\(\s*"([A-Za-z0-9_]+)"|\benv\(\s*['"]([A-Z][A-Z0-9_]+)['"]`)

// serverVariables are the keys of $_SERVER that the web server fills, not the environment.
var serverVariables = regexp.MustCompile(`^(?:REQUEST_|HTTP_|SERVER_|REMOTE_|DOCUMENT_|SCRIPT_|PATH_|QUERY_|HTTPS$|PHP_)`)

const (
	envHints     = "env ENV Env SERVER Environ"
	accountHints = "getpw getpass user.Current userInfo getlogin Etc.get"
)

// patterns looks at the lines of a file for what needs no understanding of expressions. A hint that is nowhere in the file
// is not looked for in its lines.
func (u *unit) patterns(lang *language) {
	env, account := hinted(u.text, envHints), hinted(u.text, accountHints)
	var root []*pattern
	for i := range rootPatterns {
		if hinted(u.text, rootPatterns[i].hints) {
			root = append(root, &rootPatterns[i])
		}
	}
	if !env && !account && len(root) == 0 {
		return
	}
	u.lines(lang, func(at int, line string) {
		if env && hinted(line, envHints) {
			u.environment(line, lang)
		}
		if account && hinted(line, accountHints) && accountPattern.MatchString(line) {
			u.report.Account = append(u.report.Account, Finding{u.place(at), u.snippet(at), "looks up its own user", ""})
		}
		for _, p := range root {
			if hinted(line, p.hints) && p.re.MatchString(line) {
				u.report.RootOnly = append(u.report.RootOnly, Finding{u.place(at), u.snippet(at), p.what, p.capability})
			}
		}
	})
}

// hinted reports whether a line holds one of the words, which is much cheaper than an expression.
func hinted(line, words string) bool {
	for word := range strings.FieldsSeq(words) {
		if strings.Contains(line, word) {
			return true
		}
	}
	return false
}

// environment notes the variables that a line reads.
func (u *unit) environment(line string, lang *language) {
	for _, m := range envPattern.FindAllStringSubmatch(line, -1) {
		for _, name := range m[1:] {
			if name != "" && !(lang == php && serverVariables.MatchString(name)) {
				u.envRead[name] = true
			}
		}
	}
}

func commented(code string, lang *language) bool {
	switch lang {
	case python, ruby, shell, properties:
		return strings.HasPrefix(code, "#")
	}
	return strings.HasPrefix(code, "//") || strings.HasPrefix(code, "*") || strings.HasPrefix(code, "/*") || lang == php && strings.HasPrefix(code, "#")
}
