package decide

import (
	"slices"
	"strconv"
	"strings"

	"github.com/offroot/offroot/rewrite/workspace"
	"github.com/offroot/offroot/rewrite/yamldoc"
)

// A Violation is one entry of a pod that Pod Security does not allow under "restricted", or the lack of one that it
// demands. Node is nil where something lacks.
type Violation struct {
	Check     string // as Pod Security calls it: "hostPorts", "allowPrivilegeEscalation"
	Node      *yamldoc.Node
	Container *workspace.Container // nil for the pod itself
	Baseline  bool                 // "baseline" does not allow it either
}

// Violations lists what keeps a pod from being "restricted", in the order of the checks of Pod Security.
func Violations(p *workspace.Pod) []Violation {
	v := violations{pod: p}
	v.hostNamespaces()
	v.volumes()
	v.sysctls()
	for _, c := range p.Containers {
		v.container(c)
	}
	return v.all
}

type violations struct {
	pod *workspace.Pod
	all []Violation
}

func (v *violations) add(check string, n *yamldoc.Node, c *workspace.Container, baseline bool) {
	v.all = append(v.all, Violation{check, n, c, baseline})
}

func (v *violations) hostNamespaces() {
	for _, key := range []string{"hostNetwork", "hostPID", "hostIPC"} {
		if on, _ := v.pod.Spec.Get(key).Bool(); on {
			v.add(key, v.pod.Spec.Get(key), nil, true)
		}
	}
	if on, _ := v.pod.Spec.Get("securityContext").Get("windowsOptions").Get("hostProcess").Bool(); on {
		v.add("hostProcess", v.pod.Spec.Get("securityContext").Get("windowsOptions").Get("hostProcess"), nil, true)
	}
}

// restrictedVolumes are the kinds of volumes that "restricted" allows.
var restrictedVolumes = set("configMap", "csi", "downwardAPI", "emptyDir", "ephemeral", "persistentVolumeClaim", "projected", "secret", "image")

func (v *violations) volumes() {
	for _, n := range v.pod.Spec.Get("volumes").Items() {
		for _, kind := range n.Keys() {
			if kind != "name" && !restrictedVolumes[kind] {
				v.add(kind, n.Get(kind), nil, kind == "hostPath")
			}
		}
	}
}

// safeSysctls are those that Pod Security allows.
var safeSysctls = set("kernel.shm_rmid_forced", "net.ipv4.ip_local_port_range", "net.ipv4.ip_unprivileged_port_start", "net.ipv4.tcp_syncookies",
	"net.ipv4.ping_group_range", "net.ipv4.ip_local_reserved_ports", "net.ipv4.tcp_keepalive_time", "net.ipv4.tcp_fin_timeout",
	"net.ipv4.tcp_keepalive_intvl", "net.ipv4.tcp_keepalive_probes", "net.ipv4.tcp_rmem", "net.ipv4.tcp_wmem")

func (v *violations) sysctls() {
	for _, n := range v.pod.Spec.Get("securityContext").Get("sysctls").Items() {
		if !safeSysctls[n.Get("name").Text()] {
			v.add("sysctls", n.Get("name"), nil, true)
		}
	}
}

func (v *violations) container(c *workspace.Container) {
	sc := c.Node.Get("securityContext")
	if on, _ := sc.Get("privileged").Bool(); on {
		v.add("privileged", sc.Get("privileged"), c, true)
	}
	if on, _ := sc.Get("windowsOptions").Get("hostProcess").Bool(); on {
		v.add("hostProcess", sc.Get("windowsOptions").Get("hostProcess"), c, true)
	}
	for _, port := range c.Node.Get("ports").Items() {
		if n, ok := port.Get("hostPort").Int(); ok && n != 0 {
			v.add("hostPorts", port.Get("hostPort"), c, true)
		}
	}
	if n := sc.Get("procMount"); n != nil && n.Text() != "Default" {
		v.add("procMount", n, c, true)
	}
	v.capabilities(c, sc.Get("capabilities"))
	if off, ok := sc.Get("allowPrivilegeEscalation").Bool(); off || !ok || sc.Get("allowPrivilegeEscalation") == nil {
		v.add("allowPrivilegeEscalation", sc.Get("allowPrivilegeEscalation"), c, false)
	}
	v.identity(c)
	switch profile := force(c, "seccompProfile"); profile.Get("type").Text() {
	case "RuntimeDefault", "Localhost":
	default:
		v.add("seccompProfile", profile, c, profile.Get("type").Text() == "Unconfined")
	}
}

// baselineCapabilities are those that "baseline" allows to be added.
var baselineCapabilities = set("AUDIT_WRITE", "CHOWN", "DAC_OVERRIDE", "FOWNER", "FSETID", "KILL", "MKNOD", "NET_BIND_SERVICE", "SETFCAP", "SETGID", "SETPCAP", "SETUID", "SYS_CHROOT")

func (v *violations) capabilities(c *workspace.Container, caps *yamldoc.Node) {
	drops := slices.ContainsFunc(caps.Get("drop").Items(), func(n *yamldoc.Node) bool { return n.Text() == "ALL" })
	if !drops {
		v.add("dropCapabilities", caps.Get("drop"), c, false)
	}
	for _, n := range caps.Get("add").Items() {
		if n.Text() != "NET_BIND_SERVICE" {
			v.add("capabilities", n, c, !baselineCapabilities[strings.TrimPrefix(n.Text(), "CAP_")])
		}
	}
}

func (v *violations) identity(c *workspace.Container) {
	if on, _ := force(c, "runAsNonRoot").Bool(); !on {
		v.add("runAsNonRoot", force(c, "runAsNonRoot"), c, false)
	}
	if n := force(c, "runAsUser"); n != nil {
		if uid, err := strconv.Atoi(n.Text()); err == nil && uid == 0 {
			v.add("runAsUser", n, c, false)
		}
	}
}

// force is the entry that holds for a container: its own, else the pod's.
func force(c *workspace.Container, key string) *yamldoc.Node {
	for _, sc := range contexts(c) {
		if n := sc.Get(key); n != nil {
			return n
		}
	}
	return nil
}

// A PodCount says how many pods are "restricted" by Pod Security and known to start, of how many.
type PodCount struct{ Restricted, Total int }

// CountPods counts the pods of a workspace by what was decided for it. A pod is known to start if each of its containers is
// proven not to be root as things stand: by a stated number, or by an image whose USER is one already.
func CountPods(targets []*Target) PodCount {
	var n PodCount
	for _, t := range targets {
		for _, p := range t.Workload.Pods {
			if p.Chart != nil {
				continue
			}
			n.Total++
			pt := t.Pods[p]
			if pt != nil && pt.Verdict == Change && pt.startsAlready() && len(Violations(p)) == 0 {
				n.Restricted++
			}
		}
	}
	return n
}

// startsAlready reports whether nothing has to change first for the pod to start.
func (p *PodTarget) startsAlready() bool {
	if p.State != nil || len(p.States) > 0 || len(p.RootUsers) > 0 {
		return false
	}
	for _, image := range p.Needs {
		if image.Verdict != Unprivileged {
			return false
		}
	}
	return true
}
