package decide

import (
	"strings"

	"github.com/offroot/offroot/rewrite/shell"
	"github.com/offroot/offroot/rewrite/source"
	"github.com/offroot/offroot/rewrite/workspace"
)

// A programNeed is what a program that stays root needs instead of everything, or why privileged stays.
type programNeed struct {
	capabilities []string
	devices      []string
	reason, next string
}

var (
	admin    = programNeed{capabilities: []string{"NET_ADMIN"}}
	filter   = programNeed{capabilities: []string{"NET_ADMIN", "NET_RAW"}}
	vpn      = programNeed{capabilities: []string{"NET_ADMIN"}, devices: tunnel}
	clock    = programNeed{capabilities: []string{"SYS_TIME"}}
	raw      = programNeed{capabilities: []string{"NET_RAW"}}
	mounting = programNeed{reason: "it mounts file systems, and SYS_ADMIN is hardly less than privileged"}
	engine   = programNeed{reason: "an engine in a container needs it", next: "the rootless variant, or a builder without an engine"}
	kernel   = programNeed{reason: "it loads kernel modules", next: "load them on the host"}
	system   = programNeed{reason: "systemd as the first process needs the host's control groups", next: "start the program itself instead of an init system"}
	tracer   = programNeed{reason: "it traces processes or the kernel", next: "cap_add SYS_PTRACE, or PERFMON and BPF"}
	sandbox  = programNeed{reason: "the sandbox of the browser needs namespaces", next: "a seccomp profile for the browser, or its option --no-sandbox"}
	parallel = programNeed{reason: "it talks to hardware directly"}
)

// programNeeds are the programs by which a workload shows what it uses of the host.
var programNeeds = map[string]programNeed{
	"openvpn": vpn, "wg-quick": vpn, "wg": vpn, "wireguard-go": vpn, "tailscaled": vpn, "openconnect": vpn, "tincd": vpn, "vpnc": vpn,
	"iptables": filter, "ip6tables": filter, "iptables-restore": filter, "nft": admin, "ipset": admin, "ipvsadm": admin, "ip": admin, "tc": admin,
	"ifconfig": admin, "route": admin, "brctl": admin, "ethtool": admin, "hostapd": filter, "keepalived": filter, "bird": filter, "dhclient": filter, "dhcpd": filter,
	"dnsmasq": {capabilities: []string{"NET_ADMIN", "NET_BIND_SERVICE", "NET_RAW", "SETGID", "SETUID"}},
	"tcpdump": raw, "ping": raw, "nmap": raw, "tshark": raw, "arping": raw, "fping": raw, "chronyd": clock, "ntpd": clock, "ntpdate": clock, "hwclock": clock,
	"mount": mounting, "umount": mounting, "mount.nfs": mounting, "losetup": mounting, "cryptsetup": mounting, "rclone": mounting, "sshfs": mounting,
	"s3fs": mounting, "mergerfs": mounting, "fusermount": mounting, "debootstrap": mounting, "unshare": mounting, "nsenter": mounting,
	"dockerd": engine, "containerd": engine, "buildkitd": engine, "podman": engine, "buildah": engine, "k3s": engine, "kubelet": engine, "kind": engine,
	"modprobe": kernel, "insmod": kernel, "systemd": system, "/sbin/init": system, "/lib/systemd/systemd": system, "/usr/lib/systemd/systemd": system, "/usr/sbin/init": system,
	"strace": tracer, "gdb": tracer, "perf": tracer, "bpftrace": tracer,
	"chromium": sandbox, "google-chrome": sandbox, "chromium-browser": sandbox, "google-chrome-stable": sandbox,
	"qemu-system-x86_64": {reason: "a virtual machine needs /dev/kvm", next: "devices /dev/kvm"},
	"sysctl":             {reason: "it changes settings of the kernel", next: "sysctls for those of the network; set the others on the host"},
	"smartctl":           parallel, "hdparm": parallel, "flashrom": parallel, "avrdude": parallel,
}

// packageNeeds are the packages that a Dockerfile installs for a program above, where their names differ.
var packageNeeds = map[string]string{
	"wireguard-tools": "wg", "wireguard": "wg", "nftables": "nft", "iproute2-tc": "tc", "chrony": "chronyd", "ntp": "ntpd", "nfs-common": "mount", "nfs-utils": "mount",
	"fuse": "fusermount", "fuse3": "fusermount", "docker-ce": "dockerd", "docker.io": "dockerd", "docker-engine": "dockerd", "kmod": "modprobe",
	"google-chrome-stable": "chromium", "chromium": "chromium", "qemu-kvm": "qemu-system-x86_64", "smartmontools": "smartctl",
	"iptables": "iptables", "openvpn": "openvpn", "hostapd": "hostapd", "keepalived": "keepalived", "cryptsetup": "cryptsetup", "rclone": "rclone", "sshfs": "sshfs", "s3fs": "s3fs", "mergerfs": "mergerfs",
	"strace": "strace", "gdb": "gdb", "tcpdump": "tcpdump", "podman": "podman", "buildah": "buildah", "debootstrap": "debootstrap",
}

// program takes what one program needs. found says that privileged has to stay for it.
func (p *Privileges) program(name string, at source.Place) (reason, next string, found bool) {
	need, ok := programNeeds[name]
	switch {
	case !ok:
		return "", "", false
	case need.reason != "":
		return need.reason + " (" + name + ")", need.next, true
	}
	p.add(need.capabilities...)
	for _, dev := range need.devices {
		p.device(dev)
	}
	p.because("it runs "+name, at)
	return "", "", false
}

// unreplaceable evidence in the source means that privileged has to stay, for the reason given.
var unreplaceable = map[string]string{
	"SYS_ADMIN":  "it mounts file systems or uses namespaces, and SYS_ADMIN is hardly less than privileged",
	"SYS_MODULE": "it loads kernel modules",
	"SYS_RAWIO":  "it talks to hardware directly",
	"SYS_PTRACE": "it traces processes",
}

// builtPrivileges replaces privileged by what the sources, the packages and the start command of the image are seen to use.
func (d *decider) builtPrivileges(p *Privileges, t *Target, s *workspace.Service) *Privileges {
	b := t.Workload.Build
	if b.Base.Known && b.Base.Facts.MustBeRoot != "" {
		return p.keep(b.Base.Ref+": "+b.Base.Facts.MustBeRoot, b.Base.Facts.NonRootAlternative)
	}
	for _, f := range t.Behaviour.RootOnly {
		if why, ok := unreplaceable[f.Capability]; ok {
			return p.keep(why+" ("+f.Place.String()+")", "")
		}
		if f.Capability != "" {
			p.add(f.Capability)
			p.because("it "+f.What, f.Place)
		}
		if strings.Contains(f.Snippet, "/dev/net/tun") {
			p.device("/dev/net/tun")
		}
	}
	for _, prog := range b.Start.Programs {
		if reason, next, ok := p.program(prog.Name, prog.Place); ok {
			return p.keep(reason, next)
		}
	}
	if reason, next, ok := p.packages(b); ok {
		return p.keep(reason, next)
	}
	granted := p.beyondDefault()
	p.DropAll = len(p.Add) > 0 && len(s.All("cap_drop")) == 0 && rootInSight(t, s, p)
	if p.DropAll {
		p.add(granted...)
	}
	onlyServer := b.Start.FromBase && b.Base.Known && b.Base.Facts.Kind == "server"
	switch {
	case len(p.Add) > 0 || len(p.Devices) > 0:
		p.Assumes = "nothing else of the host is used; " + watch
	case t.Behaviour.Read && b.Start.Unread == "":
		p.Assumes = "it needs none of it: nothing in its source, its start command or its mounts asks for a device or a capability; " + watch
	case b.Base.Known && plainProgram(b):
		p.Assumes = b.Start.Programs[0].Name + " needs none of it: nothing in its packages, its start command or its mounts asks for a device or a capability; " + watch
	case onlyServer:
		p.Assumes = b.Base.Ref + " needs none of it: it mounts no directory of the host's system; " + watch
	default:
		return p.keep("what it needs of the host is not in sight", "try it with cap_add and devices instead, and "+watch)
	}
	return p
}

// defaultCapabilities are those that Docker grants to every container.
var defaultCapabilities = commandSet("AUDIT_WRITE CHOWN DAC_OVERRIDE FOWNER FSETID KILL MKNOD NET_BIND_SERVICE NET_RAW SETFCAP SETGID SETPCAP SETUID SYS_CHROOT")

// beyondDefault leaves only the capabilities that Docker does not grant anyway, and returns the others.
func (p *Privileges) beyondDefault() (granted []string) {
	var beyond []string
	for _, name := range p.Add {
		if defaultCapabilities[name] {
			granted = append(granted, name)
		} else {
			beyond = append(beyond, name)
		}
	}
	p.Add = beyond
	return granted
}

func (p *Privileges) packages(b *workspace.Build) (reason, next string, found bool) {
	for _, run := range b.Runs {
		for _, name := range shell.Installs(run.Commands) {
			name, _, _ = strings.Cut(name, "=")
			if prog, ok := packageNeeds[name]; ok {
				if reason, next, ok := p.program(prog, run.At.Place()); ok {
					return "it installs " + name + ": " + reason, next, true
				}
			}
		}
	}
	return "", "", false
}

// rootInSight reports whether all that a process does as root is known, so that it may lose every other capability: its
// scripts are understood, their needs are added, and it writes to no directory that somebody else may own.
func rootInSight(t *Target, s *workspace.Service, p *Privileges) bool {
	for _, m := range s.Mounts() {
		if m.Kind == "bind" && !m.ReadOnly && !simpleDevice(m.Source) {
			return false
		}
	}
	for _, script := range t.Workload.Build.Start.Scripts {
		needs := scriptNeed{capabilities: map[string]bool{}}
		for _, c := range script.Commands {
			if program, _ := shell.Program(c.Argv()); len(program) > 0 && (programNeeds[lastPart(program[0])].capabilities != nil || started(t, program[0])) {
				continue
			}
			needs.readScript([]shell.Command{c})
		}
		if needs.unread != nil {
			return false
		}
		p.add(needs.names()...)
	}
	return t.Workload.Build.Start.Unread == ""
}

func lastPart(name string) string { return name[strings.LastIndexByte(name, '/')+1:] }

// started reports whether a program is one whose source was read, so that what it does is in sight.
func started(t *Target, name string) bool {
	if !t.Behaviour.Read {
		return false
	}
	for _, p := range t.Workload.Build.Start.Programs {
		if p.Name == lastPart(name) {
			return true
		}
	}
	return false
}

// plainProgram reports whether all that runs is one program that is no interpreter: what it does is not somebody's script.
func plainProgram(b *workspace.Build) bool {
	if len(b.Start.Programs) != 1 || b.Start.Unread != "" || b.Start.FromBase || len(b.Start.Scripts) > 0 {
		return false
	}
	name := strings.TrimRight(b.Start.Programs[0].Name, "0123456789.")
	return !runsScripts[name] && !strings.Contains(name, "$")
}

var runsScripts = commandSet("sh bash ash dash zsh python pypy node npm npx yarn pnpm bun deno php ruby perl java dotnet mono lua Rscript go cargo mvn gradle rake bundle supervisord")
