package decide

import (
	"slices"
	"strings"

	"github.com/offroot/offroot/rewrite/source"
	"github.com/offroot/offroot/rewrite/workspace"
	"github.com/offroot/offroot/rewrite/yamldoc"
)

// foreignPod says why the fields that we write have no meaning for a pod.
func foreignPod(p *workspace.Pod) (string, bool) {
	sel := p.Spec.Get("nodeSelector")
	windows := p.Spec.Get("os").Get("name").Text() == "windows" ||
		sel.Get("kubernetes.io/os").Text() == "windows" || sel.Get("beta.kubernetes.io/os").Text() == "windows"
	if windows {
		return "it is a Windows pod, where root does not exist", true
	}
	return p.Rules.Foreign, p.Rules.Foreign != ""
}

// A tie is one thing that binds a pod to its node.
type tie struct {
	node *yamldoc.Node
	what string
}

// hostAccess says what ties a pod to its node.
func hostAccess(p *workspace.Pod) (why string, at source.Place, found bool) {
	return hostNeeds(&PodTarget{Pod: p})
}

// hostNeeds finds what ties a pod to its node: it cannot pass as restricted, and what it needs there is not ours to take.
// Privileges that the known start of a stock image does not use are no tie; they are noted as unused.
func hostNeeds(t *PodTarget) (why string, at source.Place, found bool) {
	ties := hostTies(t.Pod)
	for _, c := range t.Pod.Containers {
		ties = append(ties, privileges(t, c, len(ties) == 0)...)
	}
	if len(ties) == 0 {
		return "", at, false
	}
	var reasons []string
	for _, tie := range ties {
		if !slices.Contains(reasons, tie.what) {
			reasons = append(reasons, tie.what)
		}
	}
	return "uses " + strings.Join(reasons, ", "), ties[0].node.Place(), true
}

func hostTies(p *workspace.Pod) []tie {
	var ties []tie
	for _, key := range []string{"hostPID", "hostNetwork", "hostIPC"} {
		if on, _ := p.Spec.Get(key).Bool(); on {
			ties = append(ties, tie{p.Spec.Get(key), key})
		}
	}
	for _, v := range p.Spec.Get("volumes").Items() {
		if h := v.Get("hostPath"); h != nil {
			ties = append(ties, tie{h, "the node's " + h.Get("path").Text()})
		}
	}
	return ties
}

// privileges are those that a container is given by name and may need.
func privileges(t *PodTarget, c *workspace.Container, alone bool) []tie {
	var ties []tie
	sc := c.Node.Get("securityContext")
	known := alone && knownStart(c)
	if n := sc.Get("privileged"); n != nil {
		if on, _ := n.Bool(); on && known {
			t.Unused = append(t.Unused, n)
			t.assume("%s needs no device and no capability: nothing says why it is privileged at %s; watch for EPERM", nameOf(c), n.Place())
		} else if on {
			ties = append(ties, tie{n, "privileged"})
		}
	}
	for _, add := range sc.Get("capabilities").Get("add").Items() {
		name := strings.TrimPrefix(strings.ToUpper(add.Text()), "CAP_")
		switch {
		case name == "NET_BIND_SERVICE":
		case known && ordinary[name]:
			t.Unused = append(t.Unused, add)
		default:
			ties = append(ties, tie{add, "the capability " + name})
		}
	}
	return ties
}

// ordinary are the capabilities that a runtime gives to everybody: what a start as root needs before it drops. A process
// that is not root does not get them.
var ordinary = set("CHOWN", "DAC_OVERRIDE", "FOWNER", "FSETID", "KILL", "SETGID", "SETUID", "SETPCAP", "NET_RAW", "SYS_CHROOT", "MKNOD", "AUDIT_WRITE", "SETFCAP")

// knownStart reports whether the image is a server whose whole start is known, run as it is.
func knownStart(c *workspace.Container) bool {
	f := c.Image.Facts
	if c.Image.Build != nil || !c.Image.Known || f.Kind != "server" || f.MustBeRoot != "" || f.WorksAsNonRoot == "false" {
		return false
	}
	return runsOwnServer(c)
}
