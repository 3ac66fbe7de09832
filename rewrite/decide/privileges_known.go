package decide

import (
	"strings"

	"github.com/offroot/offroot/rewrite/workspace"
)

// A knownNeed is what an image that is known by its name uses of the host: capabilities and devices that replace
// privileged, or why nothing does.
type knownNeed struct {
	names        string // what the repository of the image holds, separated by blanks
	capabilities []string
	devices      []string
	what         string // "it is a VPN"
	reason, next string // why privileged stays
}

var tunnel = []string{"/dev/net/tun"}

// knownNeeds are in order: the first one that fits counts.
var knownNeeds = []knownNeed{
	{names: "ipsec-vpn strongswan libreswan softether l2tp",
		reason: "IPsec is in the kernel, and which of its modules and settings the image needs is not known here", next: "its documentation lists capabilities and sysctls for a start without privileged"},
	{names: "openvpn gluetun wireguard wg-easy tailscale zerotier netbird headscale-client openconnect transmission-vpn qbittorrentvpn warp",
		capabilities: []string{"NET_ADMIN"}, devices: tunnel, what: "it is a VPN"},
	{names: "dind docker-in-docker", reason: "an engine in a container needs it", next: "docker:dind-rootless, or a builder without an engine"},
	{names: "buildkit buildkitd", reason: "a builder of images needs it", next: "moby/buildkit:rootless"},
	{names: "k3s k3d kindest/node minikube microk8s rancher/rancher kubernetes", reason: "a cluster in a container needs it", next: "run the cluster on the host, or in a virtual machine"},
	{names: "gitlab-runner actions-runner github-runner drone-runner woodpecker-agent act_runner", reason: "it starts containers for others", next: "an executor without an engine"},
	{names: "cadvisor node-exporter node_exporter promtail falco sysdig datadog/agent newrelic netdata glances scrutiny smartctl beszel-agent filebeat metricbeat dynatrace ebpf profiler parca pyroscope tetragon",
		reason: "it watches the host", next: "its documentation names the mounts and capabilities that are enough"},
	{names: "longhorn ceph rook csi- glusterfs portworx openebs", reason: "it manages disks and mounts of the host"},
	{names: "rclone mergerfs s3fs sshfs snapraid zurg nfs-server samba-ad", reason: "it mounts file systems", next: "devices /dev/fuse and cap_add SYS_ADMIN, which is hardly less"},
	{names: "nvidia/ cuda tensorflow rocm", reason: "it computes on a GPU", next: "gpus: all, or deploy.resources.reservations.devices"},
	{names: "chrony ntp ptp", capabilities: []string{"SYS_TIME"}, what: "it sets the clock"},
	{names: "keepalived", capabilities: []string{"NET_ADMIN", "NET_BROADCAST", "NET_RAW"}, what: "it configures network addresses"},
	{names: "pihole pi-hole", capabilities: []string{"NET_ADMIN"}, what: "it serves DHCP"},
	{names: "zigbee2mqtt zwave home-assistant homeassistant openhab domoticz frigate octoprint esphome deconz node-red",
		what: "it talks to the devices that are named"},
}

// known finds what is known of the image by its name alone.
func known(s *workspace.Service) (knownNeed, bool) {
	name, _, _ := strings.Cut(strings.ToLower(s.Image.Ref), "@")
	if strings.HasPrefix(name, "docker:") && strings.Contains(name, "dind") || name == "" {
		return knownNeeds[2], name != ""
	}
	for _, k := range knownNeeds {
		for part := range strings.FieldsSeq(k.names) {
			if strings.Contains(name, part) && s.Build == nil {
				return k, true
			}
		}
	}
	return knownNeed{}, false
}

// knownImage replaces privileged by what an image is known to use. The rest of what it does as root is not in sight, so
// Docker's own set of capabilities stays.
func (p *Privileges) knownImage(k knownNeed, s *workspace.Service) *Privileges {
	if k.reason != "" {
		return p.keep(s.Image.Ref+": "+k.reason, k.next)
	}
	for _, dev := range k.devices {
		if !hasDevice(s, dev) {
			p.device(dev)
		}
	}
	p.add(k.capabilities...)
	if len(p.Add)+len(p.Devices)+len(s.All("devices")) == 0 {
		return p.keep("what "+s.Image.Ref+" needs of the host is not known here", "name its devices with devices: instead, and "+watch)
	}
	if p.Because == "" {
		p.because(k.what, s.Image.Place)
	}
	p.Assumes = s.Image.Ref + " needs nothing else of the host; " + watch
	return p
}

func hasDevice(s *workspace.Service, name string) bool {
	for _, n := range s.All("devices") {
		if source, _, _ := strings.Cut(n.Text(), ":"); source == name {
			return true
		}
	}
	return false
}

// stockPrivileges removes privileged from an image that is known to need none of it, or whose devices are all named.
func (d *decider) stockPrivileges(p *Privileges, s *workspace.Service) *Privileges {
	f := s.Image.Facts
	named := len(p.Devices)+len(s.All("devices")) > 0
	switch {
	case s.Build != nil:
		return p.keep("its Dockerfile is not in sight", "try it with cap_add and devices instead, and "+watch)
	case !s.Image.Known && named && s.Get("network_mode").Text() != "host":
		p.Assumes = p.Because + " and nothing else of the host; " + watch
		return p
	case !s.Image.Known:
		return p.keep("what the image "+s.Image.Ref+" needs of the host is not known here", "try it with cap_add and devices instead, and "+watch)
	case f.MustBeRoot != "":
		return p.keep(s.Image.Ref+": "+f.MustBeRoot, f.NonRootAlternative)
	case named && f.DefaultUser.Known && !f.DefaultUser.Root():
		return p.keep("service "+s.Name+" uses devices of the host, whose groups differ from host to host", "give the group with group_add, and leave privileged out")
	case f.Kind == "server" || f.Kind == "runtime":
		p.Assumes = s.Image.Ref + " needs none of it: it mounts no directory of the host's system; " + watch
		return p
	}
	return p.keep("what "+s.Image.Ref+" needs of the host is not known here", "try it with cap_add and devices instead, and "+watch)
}
