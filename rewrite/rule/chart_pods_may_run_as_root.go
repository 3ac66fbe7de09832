package rule

import (
	"fmt"

	"github.com/offroot/offroot/rewrite/decide"
	"github.com/offroot/offroot/rewrite/workspace"
)

// ChartPodsMayRunAsRoot is for pods that a Helm chart makes.
var ChartPodsMayRunAsRoot = &Rule{
	ID:    "chart-pods-may-run-as-root",
	Group: "pod",
	Title: "the chart does not demand that its pods are not root",
	Doc: `A Helm template is text and no YAML, so it is not edited. Most charts let a map of values flow into the security context
of the pod, and another one into that of the container; helm create writes both as {}. Which map is which is read from the
template that uses it, because the names differ from chart to chart.

The fix gives these maps the same fields that a manifest would get, as defaults of the chart. Where a template takes no
values for a security context, it names the place.`,
	FixSafety: `Always review: values of an installation still win over the defaults, key by key, and an installation that replaces
the image has to bring one that is not root.`,
	Bad:   chartExample("{}"),
	Good:  chartExample("\n  runAsNonRoot: true\n  seccompProfile:\n    type: RuntimeDefault\n  allowPrivilegeEscalation: false\n  capabilities:\n    drop:\n      - ALL"),
	Check: checkCharts,
	Equivalents: Equivalents{
		Trivy: []string{"KSV-0012"}, Checkov: []string{"CKV_K8S_23", "CKV_K8S_29"}, KubeLinter: []string{"run-as-non-root"}, Polaris: []string{"runAsRootAllowed"},
	},
}

func checkCharts(p *Pass) {
	for _, pod := range p.Workload.Pods {
		t := p.Target.Pods[pod]
		if pod.Chart == nil || t == nil || len(chartOps(pod, t)) == 0 && chartBlocker(pod, t) == "" {
			continue
		}
		if t.Verdict == decide.Change {
			p.chartPod(pod, t)
		} else if t.Verdict == decide.Refused || t.Verdict == decide.LeftAlone {
			p.Report(&Finding{Place: t.Place, Message: chartMessage,
				Refusal: &Refusal{Reason: t.Reason, Next: t.Next, LeftAlone: t.Verdict == decide.LeftAlone}})
		}
	}
}

const chartMessage = "the pod of a chart may run as root"

// chartPod fixes a pod whose contexts take values, or says what its template lacks.
func (p *Pass) chartPod(pod *workspace.Pod, t *decide.PodTarget) {
	if blocker := chartBlocker(pod, t); blocker != "" {
		p.Report(&Finding{Place: pod.Spec.Place(), Message: chartMessage, Refusal: &Refusal{Reason: blocker, Next: chartSnippet(pod, t)}})
		return
	}
	if other := p.sharesSlot(pod); other != nil {
		p.Report(&Finding{Place: pod.Spec.Place(), Message: chartMessage, Refusal: &Refusal{
			Reason: fmt.Sprintf("the values of its context also flow into the pod at %s, which cannot take them", other.Place()), Next: "give the two pods values of their own"}})
		return
	}
	fix := &Fix{Title: "runAsNonRoot and what belongs to it, as defaults of the chart", Level: min(t.Level, decide.Review), Assumes: t.Assumption(), Ops: chartOps(pod, t)}
	if fix.Assumes != "" {
		fix.Assumes += "; "
	}
	fix.Assumes += "installations that replace the image bring one that is not root; their own values still win, key by key"
	needImages(p, fix, t)
	p.Report(&Finding{Place: fix.Ops[0].Place(), Message: chartMessage, Fix: fix})
}

// sharesSlot finds a pod that takes the same values and is not to be changed.
func (p *Pass) sharesSlot(pod *workspace.Pod) *workspace.Pod {
	for _, target := range p.Shared.Targets {
		for _, other := range target.Workload.Pods {
			if other != pod && other.Chart != nil && other.Chart == pod.Chart && sameSlot(other, pod) && target.Pods[other].Verdict != decide.Change {
				return other
			}
		}
	}
	return nil
}

func sameSlot(a, b *workspace.Pod) bool {
	for _, x := range slots(a) {
		for _, y := range slots(b) {
			if x.String() == y.String() {
				return true
			}
		}
	}
	return false
}

func slots(pod *workspace.Pod) []*workspace.Slot {
	var all []*workspace.Slot
	if pod.Slot != nil {
		all = append(all, pod.Slot)
	}
	for _, c := range pod.Containers {
		if c.Slot != nil {
			all = append(all, c.Slot)
		}
	}
	return all
}
