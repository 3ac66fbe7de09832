package main

import (
	"fmt"
	"slices"

	"github.com/offroot/offroot/rewrite/config"
	"github.com/offroot/offroot/rewrite/rule"
)

// selectRules returns the rules that run: those of --only, or all that are not opt-in, less those of --skip. Their order
// stays that of the table.
func selectRules(only, skip []string) ([]*rule.Rule, error) {
	for _, name := range slices.Concat(only, skip) {
		if !slices.ContainsFunc(rule.All, func(r *rule.Rule) bool { return named(r, name) }) {
			return nil, unknownRule(name)
		}
	}
	var rules []*rule.Rule
	for _, r := range rule.All {
		wanted := !r.OptIn
		if len(only) > 0 {
			wanted = namedByAny(r, only)
		}
		if wanted && !namedByAny(r, skip) {
			rules = append(rules, r)
		}
	}
	return rules, nil
}

func named(r *rule.Rule, name string) bool { return r.ID == name || r.Group == name }

func namedByAny(r *rule.Rule, names []string) bool {
	return slices.ContainsFunc(names, func(name string) bool { return named(r, name) })
}

// findRule returns the rule with this id.
func findRule(id string) (*rule.Rule, error) {
	for _, r := range rule.All {
		if r.ID == id {
			return r, nil
		}
	}
	return nil, unknownRule(id)
}

func unknownRule(name string) error {
	var known []string
	for _, r := range rule.All {
		known = append(known, r.ID, r.Group)
	}
	if near := config.Nearest(name, known); near != "" {
		return fmt.Errorf("unknown rule %q; did you mean %q? (offroot rules lists all)", name, near)
	}
	return fmt.Errorf("unknown rule %q (offroot rules lists all)", name)
}
