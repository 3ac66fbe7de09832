package rule

import (
	"slices"

	"github.com/offroot/offroot/rewrite/decide"
	"github.com/offroot/offroot/rewrite/workspace"
)

// A violationReport is how a rule that only reports tells what Pod Security does not allow.
type violationReport struct {
	checks  []string // of decide.Violations
	message func(decide.Violation) string
	next    string
}

// reportViolations reports each entry of a pod that breaks one of the checks. Where the entry is why the whole pod is
// refused, the reason is that of the pod, so that it is said once.
func reportViolations(r violationReport) func(*Pass) {
	return eachPod(func(p *Pass, pod *workspace.Pod, t *decide.PodTarget) {
		for _, v := range decide.Violations(pod) {
			if v.Node == nil || !slices.Contains(r.checks, v.Check) || slices.Contains(t.Unused, v.Node) || slices.Contains(t.Replaced, v.Container) {
				continue
			}
			f := &Finding{Place: v.Node.Place(), Message: r.message(v), Refusal: &Refusal{Reason: r.message(v), Next: r.next}}
			if t.Verdict == decide.Refused {
				f.Refusal = &Refusal{Reason: t.Reason, Next: t.Next}
			}
			p.Report(f)
		}
	})
}

func always(text string) func(decide.Violation) string {
	return func(decide.Violation) string { return text }
}
