package rule

import (
	"github.com/offroot/offroot/rewrite/workspace"
	"github.com/offroot/offroot/rewrite/yamldoc"
)

// serviceList writes a list as the lists of the service are written: in one line if its ports are, or else all of them.
func serviceList(s *workspace.Service, items ...any) any {
	if ports := s.Node.Get("ports"); len(ports.Items()) > 0 {
		return inStyle(ports.Style() == yamldoc.Flow, items)
	}
	flow, block := 0, 0
	for _, key := range s.Node.Keys() {
		switch n := s.Node.Get(key); {
		case n.Kind() != yamldoc.Sequence || key == "command" || key == "entrypoint":
		case n.Style() == yamldoc.Flow:
			flow++
		default:
			block++
		}
	}
	return inStyle(flow > block, items)
}

func inStyle(flow bool, items []any) any {
	if flow {
		return yamldoc.Inline(items)
	}
	return yamldoc.List(items)
}

func anys(names []string) []any {
	list := make([]any, len(names))
	for i, n := range names {
		list[i] = n
	}
	return list
}

// reachesOthers finds a service that gets what is written into the mapping of s, although it is decided differently: one
// that merges it, extends it, or overrides it.
func reachesOthers(p *Pass, s *workspace.Service, alike func(*workspace.Service) bool) (string, bool) {
	for _, t := range p.Shared.Targets {
		for _, other := range t.Workload.Services {
			if other != s && other.Inherits(s.Node) && !alike(other) {
				return other.Name, true
			}
		}
	}
	return "", false
}

// eachService calls check for the services of the workload whose own file says something with the key; what they only
// inherit is told once, where it is written.
func eachService(p *Pass, key string, check func(*workspace.Service, *yamldoc.Node)) {
	for _, s := range p.Workload.Services {
		n := s.Get(key)
		told := toldOnce{p.Rule, n}
		if n == nil || p.Shared.Fix(told) != nil {
			continue
		}
		p.Shared.Made(told, missing)
		check(s, n)
	}
}

// toldOnce marks a node that several services inherit, and of which a rule has told.
type toldOnce struct {
	rule *Rule
	node *yamldoc.Node
}
