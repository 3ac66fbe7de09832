package rule

import (
	"fmt"

	"github.com/offroot/offroot/rewrite/decide"
	"github.com/offroot/offroot/rewrite/source"
	"github.com/offroot/offroot/rewrite/workspace"
	"github.com/offroot/offroot/rewrite/yamldoc"
)

// chartSetter gathers the ops on the values of a chart.
type chartSetter struct{ ops []source.Op }

// set sets a key of the map that flows into a slot, unless it is there.
func (s *chartSetter) set(slot *workspace.Slot, key string, value any) {
	if slot != nil && slot.Value.Get(key) == nil {
		s.ops = append(s.ops, &yamldoc.Set{In: slot.Chart.Root(), Path: append(append([]string(nil), slot.Path...), key), Value: value})
	}
}

// chartOps set what is missing in the values.
func chartOps(pod *workspace.Pod, t *decide.PodTarget) []source.Op {
	s := &chartSetter{}
	for _, c := range pod.Containers {
		s.container(pod, t, c)
	}
	if t.FSGroup != 0 {
		s.set(pod.Slot, "fsGroup", t.FSGroup)
		s.set(pod.Slot, "fsGroupChangePolicy", "OnRootMismatch")
	}
	if t.OpenPorts {
		s.set(pod.Slot, "sysctls", yamldoc.List{yamldoc.Map{{Key: "name", Value: lowPorts}, {Key: "value", Value: yamldoc.Quoted("0")}}})
	}
	return s.ops
}

// container sets what may stand at either level in the slot of the pod, if there is one, and the rest in the container's.
func (s *chartSetter) container(pod *workspace.Pod, t *decide.PodTarget, c *workspace.Container) {
	wide := pod.Slot
	if wide == nil {
		wide = c.Slot
	}
	if !saysOf(pod, c, "runAsNonRoot") {
		s.set(wide, "runAsNonRoot", true)
	}
	if !saysOf(pod, c, "seccompProfile") {
		s.set(wide, "seccompProfile", yamldoc.Map{{Key: "type", Value: "RuntimeDefault"}})
	}
	if id, ok := identityFor(t, c); ok {
		s.set(wide, "runAsUser", id.UID)
		s.set(wide, "runAsGroup", id.GID)
	}
	own := c.Node.Get("securityContext")
	if own.Get("allowPrivilegeEscalation") == nil {
		s.set(c.Slot, "allowPrivilegeEscalation", false)
	}
	if own.Get("capabilities") == nil {
		s.set(c.Slot, "capabilities", yamldoc.Map{{Key: "drop", Value: yamldoc.List{"ALL"}}})
	}
}

// identityFor is the number that has to be stated for a container.
func identityFor(t *decide.PodTarget, c *workspace.Container) (decide.Identity, bool) {
	if t.State != nil {
		return *t.State, true
	}
	id, ok := t.States[c]
	return id, ok
}

// saysOf reports whether the template or the values of the chart set a key for a container.
func saysOf(pod *workspace.Pod, c *workspace.Container, key string) bool {
	if c.Slot != nil && c.Slot.Value.Get(key) != nil {
		return true
	}
	return c.Node.Get("securityContext").Get(key) != nil || pod.Spec.Get("securityContext").Get(key) != nil
}

// chartBlocker says why the values of a chart cannot bring what a pod of it needs.
func chartBlocker(pod *workspace.Pod, t *decide.PodTarget) string {
	if t.Verdict != decide.Change {
		return t.Reason
	}
	for _, c := range pod.Containers {
		sc := c.Node.Get("securityContext")
		if c.Slot == nil && (sc.Get("allowPrivilegeEscalation") == nil || sc.Get("capabilities") == nil) {
			return "its template takes no values for the security context of container " + c.Name
		}
		if c.Slot == nil && pod.Slot == nil && (!saysOf(pod, c, "runAsNonRoot") || !saysOf(pod, c, "seccompProfile")) {
			return "its template takes no values for the security context of the pod"
		}
	}
	for _, slot := range slots(pod) {
		if n := slot.Value.Get("runAsUser"); n != nil && n.Text() == "0" {
			return fmt.Sprintf("%s sets runAsUser: 0", n.Place())
		}
		if slot.Value == nil && len(slot.Path) > 1 && pod.Chart.Root().Get(slot.Path[0]) == nil {
			return slot.String() + " is not among the values of the chart"
		}
	}
	return templateBlocker(pod, t)
}

// templateBlocker is about what only the template could bring.
func templateBlocker(pod *workspace.Pod, t *decide.PodTarget) string {
	switch {
	case len(t.Scratch) > 0:
		return "it needs an emptyDir at " + t.Scratch[0].Path + ", which its template does not mount"
	case len(t.Replaced) > 0:
		return "its template has an init container that fsGroup would replace"
	case len(t.Env) > 0:
		return "it needs the variable " + t.Env[0].Name + ", which its template does not set"
	case len(t.Unused)+len(t.RootUsers) > 0:
		return "its template gives it privileges"
	case pod.Slot == nil && (t.FSGroup != 0 || t.OpenPorts):
		return "its template takes no values for the security context of the pod, which it needs for fsGroup or sysctls"
	}
	return ""
}

// chartSnippet is what to add to the template by hand.
func chartSnippet(pod *workspace.Pod, t *decide.PodTarget) string {
	number := ""
	for _, c := range pod.Containers {
		if id, ok := identityFor(t, c); ok {
			number = fmt.Sprintf(", runAsUser: %d, runAsGroup: %d", id.UID, id.GID)
		}
	}
	return "add to the spec of the pod securityContext: {runAsNonRoot: true" + number + ", seccompProfile: {type: RuntimeDefault}}, " +
		"and to each container securityContext: {allowPrivilegeEscalation: false, capabilities: {drop: [ALL]}}"
}

// chartExample is a small chart whose values flow into one container.
func chartExample(values string) []Example {
	return []Example{
		{"chart/Chart.yaml", "apiVersion: v2\nname: web\nversion: 0.1.0\n"},
		{"chart/values.yaml", "image: nginxinc/nginx-unprivileged:1.27\n\nsecurityContext: " + values + "\n"},
		{"chart/templates/deployment.yaml", podExample("{{ .Values.image }}", "") + "          securityContext:\n            {{- toYaml .Values.securityContext | nindent 12 }}\n"},
	}
}
