package render

import (
	"fmt"
	"strings"

	"github.com/offroot/offroot/rewrite/decide"
	"github.com/offroot/offroot/rewrite/plan"
)

// A tally counts a run. Nothing that a run found is outside of it.
type tally struct {
	workloads map[verdict]int
	findings  map[plan.Outcome]int
	skipped   int
	errors    int
}

func (r *Report) tally() tally {
	t := tally{workloads: map[verdict]int{}, findings: map[plan.Outcome]int{}}
	for _, u := range r.units() {
		if u.target != nil {
			t.workloads[u.verdict()]++
		}
	}
	for _, it := range r.Plan.Items {
		t.findings[it.Outcome]++
	}
	for _, s := range r.Workspace.Skips {
		if s.Error {
			t.errors++
		} else {
			t.skipped++
		}
	}
	return t
}

// closing writes the line that counts everything and names the next command.
func (n *notes) closing() {
	if n.printed {
		n.plain("")
	}
	for _, line := range wrap(unbreakable(n.report.summary()), 0, 0) {
		n.plain(strings.ReplaceAll(line, fixedSpace, " "))
	}
}

// A fixedSpace stands for a blank at which no line may end.
const fixedSpace = "\x00"

// unbreakable joins the parts of the closing line so that a line ends between two counts and never within one. A part
// that stands alone is a sentence, which wraps like one.
func unbreakable(parts []string) string {
	if len(parts) == 1 {
		return parts[0]
	}
	var pieces []string
	for i, part := range parts {
		for piece := range strings.SplitAfterSeq(part, ", ") {
			pieces = append(pieces, strings.ReplaceAll(strings.TrimSpace(piece), " ", fixedSpace))
		}
		if i < len(parts)-1 {
			pieces[len(pieces)-1] += fixedSpace + "·"
		}
	}
	return strings.Join(pieces, " ")
}

// summary returns the parts of the closing line.
func (r *Report) summary() []string {
	t := r.tally()
	if len(r.Targets) == 0 && t.errors == 0 && t.skipped == 0 && len(r.Plan.Items) == 0 {
		return []string{r.nothingHere()}
	}
	counts := r.counts(t)
	if len(counts) == 0 {
		return []string{r.allWell()}
	}
	parts := []string{strings.Join(counts, ", ")}
	if p := r.Pods; p != nil && p.Total > 0 {
		parts = append(parts, fmt.Sprintf("pods: %d of %d restricted and known to start (%s %d)", p.After, p.Total, were(p.Before), p.Before))
	}
	if next := r.next(t); next != "" {
		parts = append(parts, next)
	}
	return parts
}

// allWell is the sentence for a repository without findings.
func (r *Report) allWell() string {
	outcome := "none runs as root."
	for _, t := range r.Targets {
		if t.Verdict != decide.Unprivileged {
			outcome = "nothing to change."
		}
	}
	return fmt.Sprintf("%s: %s", count(len(r.Targets), "workload"), outcome)
}

func were(n int) string {
	if n == 1 {
		return "was"
	}
	return "were"
}

// counts says how many workloads had which verdict, then what else there was. It is empty if there was nothing at all.
func (r *Report) counts(t tally) []string {
	list := r.verdicts(t)
	var rest []string
	add := func(n int, noun, what string) {
		if n > 0 {
			rest = append(rest, strings.TrimSpace(count(n, noun)+" "+what))
		}
	}
	add(t.findings[plan.Suppressed], "finding", "suppressed")
	add(t.findings[plan.BelowLevel], "fix", "below the fix level")
	add(t.findings[plan.Withdrawn], "fix", "withdrawn")
	add(t.skipped, "place", "skipped")
	add(t.errors, "error", "")
	switch n := t.workloads[quiet]; {
	case n == 0 || len(list)+len(rest) == 0:
	case len(list) == 0:
		list = append(list, count(n, "workload")+" without findings")
	default:
		list = append(list, fmt.Sprintf("%d without findings", n))
	}
	return append(list, rest...)
}

// verdicts counts the workloads in which something was found, in one list that says the word once.
func (r *Report) verdicts(t tally) []string {
	var list []string
	add := func(v verdict, what string) {
		switch n := t.workloads[v]; {
		case n == 0:
		case len(list) == 0:
			list = append(list, count(n, "workload")+" "+what)
		default:
			list = append(list, fmt.Sprintf("%d %s", n, what))
		}
	}
	change := "would change in "
	if r.Written {
		change = "changed in "
	}
	add(changed, change+count(len(r.Changes), "file"))
	add(leftAlone, "left alone")
	add(refused, "refused")
	return list
}

// next names the one command that comes next.
func (r *Report) next(t tally) string {
	switch {
	case r.Command != "fix":
		if t.findings[plan.Planned] > 0 {
			return "see the diff with offroot"
		}
		return ""
	case r.Written && len(r.Changes) > 0:
		return "review with git diff"
	case !r.Written && len(r.Changes) > 0:
		return "apply with --write"
	}
	for _, it := range r.Plan.Items {
		if it.Outcome == plan.Refused {
			return "why: offroot explain " + it.Rule.ID
		}
	}
	return ""
}

func (r *Report) nothingHere() string {
	where := strings.Join(r.Paths, ", ")
	if where == "" {
		where = r.Root
	}
	return fmt.Sprintf("no Dockerfile, compose file or Kubernetes manifest under %s (looked at %s; --no-ignore looks at ignored ones too)",
		where, count(r.Looked, "file"))
}

// count says "1 file", "2 files", "2 fixes".
func count(n int, noun string) string {
	switch {
	case n == 1:
	case strings.HasSuffix(noun, "x"):
		noun += "es"
	default:
		noun += "s"
	}
	return fmt.Sprintf("%d %s", n, noun)
}
