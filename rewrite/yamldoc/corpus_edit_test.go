package yamldoc

import (
	"errors"
	"regexp"
	"sort"
	"testing"

	"github.com/offroot/offroot/rewrite/source"
)

// refusals counts reasons, numbers left out.
type refusals struct {
	done    int
	reasons map[string]int
	example map[string]string
}

var numbers = regexp.MustCompile(`[0-9]+|&\S+|"[^"]*"|'[^']*'|the (key|tag) \S+`)

// try lowers, applies and confirms ops; a refusal is counted, anything else that goes wrong fails the test.
func (r *refusals) try(t *testing.T, d *Document, ops ...source.Op) {
	t.Helper()
	edits, err := d.Lower(ops)
	var refusal *source.Refusal
	if errors.As(err, &refusal) {
		reason := numbers.ReplaceAllString(refusal.Reason, "N")
		r.reasons[reason]++
		r.example[reason] = refusal.Error()
		return
	}
	if err != nil {
		t.Errorf("%s: %s: %v", d.file.Path, ops[0], err)
		return
	}
	r.done++
	after, err := source.Apply(d.file.Content, edits)
	if err == nil {
		err = d.Confirm(ops, after)
	}
	if err != nil {
		t.Errorf("%s: %s: %v", ops[0].Place(), ops[0], err)
	}
	if d.file.HasFinalNewline() != source.NewFile("", after).HasFinalNewline() && len(after) > 0 {
		t.Errorf("%s: %s: the final newline changed", ops[0].Place(), ops[0])
	}
}

func (r *refusals) report(t *testing.T) {
	t.Helper()
	var all []string
	refused := 0
	for reason, n := range r.reasons {
		all = append(all, reason)
		refused += n
	}
	sort.Slice(all, func(i, j int) bool { return r.reasons[all[i]] > r.reasons[all[j]] })
	t.Logf("%d done, %d refused", r.done, refused)
	for _, reason := range all {
		t.Logf("%6d %s  (%s)", r.reasons[reason], reason, r.example[reason])
	}
}

func newRefusals() *refusals {
	return &refusals{reasons: map[string]int{}, example: map[string]string{}}
}

// sample picks at most n nodes, evenly.
func sample(nodes []*Node, n int) []*Node {
	if len(nodes) <= n {
		return nodes
	}
	var out []*Node
	for i := range n {
		out = append(out, nodes[i*len(nodes)/n])
	}
	return out
}

func collect(d *Document, pick func(*Node) bool) []*Node {
	var out []*Node
	for _, r := range d.roots {
		walk(r, func(n *Node) {
			isKey := n.up.isMapping() && n.index%2 == 0
			if !isKey && pick(n) {
				out = append(out, n)
			}
		})
	}
	return out
}

const perFile = 12

// TestCorpusSet sets a key in every pod spec and container at once, then in single mappings of all sorts.
func TestCorpusSet(t *testing.T) {
	workloads, single := newRefusals(), newRefusals()
	path := []string{"securityContext", "seccompProfile", "list"}
	corpus(t, func(t *testing.T, d *Document) {
		var ops []source.Op
		for _, n := range collect(d, (*Node).isMapping) {
			if n.Key() == "spec" && n.Own("containers") != nil || n.up.isSequence() && n.up.Key() == "containers" {
				ops = append(ops, &Append{In: n, Path: path, Value: "x", At: Place{Above: []string{"containers", "volumeMounts"}}})
			}
		}
		if len(ops) > 0 {
			workloads.try(t, d, ops...)
		}
		for _, n := range sample(collect(d, (*Node).isMapping), perFile) {
			single.try(t, d, &Set{In: n, Path: []string{"offroot", "a"}, Value: Map{{"c", List{1, "true", Quoted("q")}}}})
		}
	})
	workloads.report(t)
	single.report(t)
}

func TestCorpusAppend(t *testing.T) {
	r := newRefusals()
	corpus(t, func(t *testing.T, d *Document) {
		for _, n := range sample(collect(d, (*Node).isSequence), perFile) {
			r.try(t, d, &Append{In: n, Value: "x"}, &Append{In: n, Value: Map{{"a", 1}, {"b", List{2}}}})
		}
	})
	r.report(t)
}

func TestCorpusDelete(t *testing.T) {
	r := newRefusals()
	corpus(t, func(t *testing.T, d *Document) {
		for i, n := range sample(collect(d, func(n *Node) bool { return n.up != nil }), perFile) {
			r.try(t, d, &Delete{Node: n, KeepComments: i%3 == 0})
		}
	})
	r.report(t)
}

func TestCorpusSetText(t *testing.T) {
	r := newRefusals()
	corpus(t, func(t *testing.T, d *Document) {
		for i, n := range sample(collect(d, (*Node).isScalar), perFile) {
			text := n.Text()
			switch at := len(text) / 2; i % 4 {
			case 0:
				text = "8080"
			case 1:
				text = text[:at] + "x'\"y" + text[at:]
			case 2:
				text = text[:at]
			case 3:
				text = "new\n" + text
			}
			r.try(t, d, &SetText{Node: n, Text: text})
		}
	})
	r.report(t)
}

func TestCorpusReplace(t *testing.T) {
	r := newRefusals()
	with := Map{{"offroot_b", List{"x"}}, {"offroot_a", Map{{"y", 1}}}}
	corpus(t, func(t *testing.T, d *Document) {
		for i, n := range sample(collect(d, func(n *Node) bool { return n.key() != nil }), perFile) {
			if i%2 == 0 {
				r.try(t, d, &Replace{Node: n, With: with})
				continue
			}
			r.try(t, d, &Set{In: n.up, Path: []string{n.Key()}, Value: []any{true, "text", List{1}, Map{{"a", nil}}}[i/2%4]})
		}
	})
	r.report(t)
}
