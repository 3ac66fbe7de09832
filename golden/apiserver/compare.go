package main

import (
	"fmt"
	"maps"
	"os"
	"slices"
)

// A tally is what the server says of a repository before and after.
type tally struct {
	accepted, changed   int // documents that it takes before; of these, those that offroot changed
	stillAccepted       int
	pods, before, after int // pods that Pod Security judged both times; accepted in the restricted namespace
	unjudged            int // pods that were refused for another reason
	problems            []string
}

func (t *tally) add(o tally) {
	t.accepted += o.accepted
	t.changed += o.changed
	t.stillAccepted += o.stillAccepted
	t.pods += o.pods
	t.before += o.before
	t.after += o.after
	t.unjudged += o.unjudged
	t.problems = append(t.problems, o.problems...)
}

func (t tally) String() string {
	s := fmt.Sprintf("%d documents accepted, %d of them afterwards (%d changed); restricted: %d of %d pods, then %d",
		t.accepted, t.stillAccepted, t.changed, t.before, t.pods, t.after)
	if t.pods > 0 {
		s += fmt.Sprintf(" (%.1f%% to %.1f%%)", 100*float64(t.before)/float64(t.pods), 100*float64(t.after)/float64(t.pods))
	}
	if t.unjudged > 0 {
		s += fmt.Sprintf(", %d not judged", t.unjudged)
	}
	return s
}

// compare asks the server about a repository before and after offroot.
func compare(c *cluster, r rewriter, dir string) (tally, error) {
	var t tally
	old, err := documents(os.DirFS(dir))
	if err != nil || len(old) == 0 {
		return t, err
	}
	copied, err := r.rewrite(dir)
	defer os.RemoveAll(copied)
	if err != nil {
		return t, err
	}
	now, err := documents(os.DirFS(copied))
	if err != nil {
		return t, err
	}
	for _, name := range slices.Sorted(maps.Keys(old)) {
		if len(now[name]) != len(old[name]) {
			t.problem(dir, name, fmt.Sprintf("%d objects, there were %d", len(now[name]), len(old[name])))
			continue
		}
		for i, before := range old[name] {
			if err := t.document(c, dir, before, now[name][i]); err != nil {
				return t, err
			}
		}
	}
	return t, nil
}

func (t *tally) problem(dir, place, what string) {
	t.problems = append(t.problems, fmt.Sprintf("%s/%s: %s", dir, place, what))
}

// document asks about one object. One that did not change is asked about once.
func (t *tally) document(c *cluster, dir string, before, after document) error {
	first, err := c.try(before)
	if err != nil || !first.accepted() {
		return err
	}
	t.accepted++
	second := first
	if string(before.content) != string(after.content) {
		t.changed++
		if second, err = c.try(after); err != nil {
			return err
		}
	}
	if !second.accepted() {
		t.problem(dir, after.place, after.Kind+" is no longer accepted: "+second.message)
		return nil
	}
	t.stillAccepted++
	return t.pod(c, dir, after.place, template(before.Kind, first.body), template(after.Kind, second.body))
}

// pod asks about the pods of a template before and after.
func (t *tally) pod(c *cluster, dir, place string, before, after *podTemplate) error {
	if before == nil || after == nil {
		return nil
	}
	first, err := c.tryPod(before)
	if err != nil {
		return err
	}
	second, err := c.tryPod(after)
	if err != nil {
		return err
	}
	for _, a := range []answer{first, second} {
		if !a.accepted() && !violates(a) {
			t.unjudged++
			return nil
		}
	}
	t.pods++
	if first.accepted() {
		t.before++
	}
	if second.accepted() {
		t.after++
	}
	if first.accepted() && !second.accepted() {
		t.problem(dir, place, "its pod was restricted and is not any more: "+second.message)
	}
	return nil
}

func (c *cluster) tryPod(t *podTemplate) (answer, error) {
	d, err := t.document()
	if err != nil {
		return answer{}, err
	}
	return c.try(d)
}
