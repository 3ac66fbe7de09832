package workspace

import "github.com/offroot/offroot/rewrite/yamldoc"

// matrixOf lists the values of each job of a matrix; without one there is one job. Values that a job computes are left open.
func matrixOf(n *yamldoc.Node) []map[string]string {
	open := []map[string]string{{}}
	if n.Kind() != yamldoc.Mapping {
		return open
	}
	all := open
	for _, key := range n.Keys() {
		items := n.Own(key).Items()
		if key == "include" || key == "exclude" || len(items) == 0 {
			continue
		}
		if len(items)*len(all) > 64 {
			return open
		}
		var next []map[string]string
		for _, have := range all {
			for _, item := range items {
				next = append(next, scope(have, flatNode("matrix."+key, item)))
			}
		}
		all = next
	}
	return include(all, n.Get("include").Items())
}

// include adds the jobs that a matrix includes: to those that they agree with, else as jobs of their own.
func include(all []map[string]string, items []*yamldoc.Node) []map[string]string {
	base := len(all)
	for _, item := range items {
		values := flatNode("matrix", item)
		joined := false
		for i, have := range all[:base] {
			if agrees(have, values) {
				all[i], joined = scope(have, values), true
			}
		}
		if !joined {
			all = append(all, values)
		}
	}
	if len(all) > 1 && len(all[0]) == 0 {
		return all[1:]
	}
	return all
}

func agrees(have, values map[string]string) bool {
	shared := false
	for k, v := range have {
		if other, ok := values[k]; ok {
			if other != v {
				return false
			}
			shared = true
		}
	}
	return shared
}
