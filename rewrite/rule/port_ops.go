package rule

import (
	"fmt"
	"sort"
	"strings"

	"github.com/offroot/offroot/rewrite/decide"
	"github.com/offroot/offroot/rewrite/source"
	"github.com/offroot/offroot/rewrite/workspace"
	"github.com/offroot/offroot/rewrite/yamldoc"
)

// portOps move a port in every place that names it, or tell every runner that it may stay.
func portOps(t *decide.Target) []source.Op {
	var ops []source.Op
	for _, m := range t.Ports {
		if m.Strategy != decide.Move {
			ops = append(ops, keepOps(t)...)
			continue
		}
		for _, p := range m.Places {
			if p.Ops != nil {
				ops = append(ops, p.Ops(m.To)...)
			}
		}
	}
	return ops
}

// moveCommands are the commands that move listeners which the base image decides.
func moveCommands(t *decide.Target) []string {
	var commands []string
	for _, m := range t.Ports {
		for _, p := range m.Places {
			if m.Strategy == decide.Move && p.Commands != nil {
				commands = append(commands, p.Commands(m.To)...)
			}
		}
	}
	return commands
}

// moveVariables are the environment variables that move a listener.
func moveVariables(t *decide.Target) []string {
	var vars []string
	seen := map[string]bool{}
	for _, m := range t.Ports {
		for _, p := range m.Places {
			if m.Strategy != decide.Move || p.Env == nil || seen[p.Env(m.To)] {
				continue
			}
			seen[p.Env(m.To)] = true
			vars = append(vars, p.Env(m.To))
		}
	}
	return vars
}

const unprivilegedPorts = "net.ipv4.ip_unprivileged_port_start"

// keepOps write the sysctl that lets anybody bind a low port, for the services and pods that run the image. It is a safe
// sysctl for Kubernetes since 1.22, and Pod Security "restricted" allows it.
func keepOps(t *decide.Target) []source.Op {
	var ops []source.Op
	for _, s := range t.Workload.Services {
		if s.Override {
			continue
		}
		n := s.Get("sysctls")
		switch {
		case strings.Contains(n.Get(unprivilegedPorts).Text(), "0") || hasItem(n, unprivilegedPorts+"=0"):
		case n.Kind() == yamldoc.Mapping:
			ops = append(ops, &yamldoc.Set{In: s.Node, Path: []string{"sysctls", unprivilegedPorts}, Value: 0})
		default:
			ops = append(ops, &yamldoc.Append{In: s.Node, Path: []string{"sysctls"}, Value: unprivilegedPorts + "=0"})
		}
	}
	for _, p := range t.Workload.Pods {
		has := p.Chart != nil
		for _, item := range p.Spec.Get("securityContext").Get("sysctls").Items() {
			has = has || item.Get("name").Text() == unprivilegedPorts
		}
		if !has {
			value := yamldoc.Map{{Key: "name", Value: unprivilegedPorts}, {Key: "value", Value: yamldoc.Quoted("0")}}
			ops = append(ops, &yamldoc.Append{In: p.Spec, Path: []string{"securityContext", "sysctls"}, Value: value, At: podPlace})
		}
	}
	return ops
}

func hasItem(n *yamldoc.Node, text string) bool {
	for _, item := range n.Items() {
		if item.Text() == text {
			return true
		}
	}
	return false
}

// portTitle says what moves, and in how many files; what people type stays.
func portTitle(t *decide.Target) string {
	var parts []string
	for _, m := range t.Ports {
		if m.Strategy != decide.Move {
			parts = append(parts, fmt.Sprintf("keeps port %d", m.From))
			continue
		}
		files := map[string]bool{}
		published := map[string]bool{}
		for _, p := range m.Places {
			files[p.Place.Path] = true
			if p.Role == workspace.Translation {
				published[p.What] = true
			}
		}
		part := fmt.Sprintf("moves port %d to %d in %d file%s", m.From, m.To, len(files), plural(len(files)))
		if len(published) > 0 {
			part += "; what is published stays"
		}
		parts = append(parts, part)
	}
	sort.Strings(parts)
	return strings.Join(parts, ", ")
}

func plural(n int) string {
	if n == 1 {
		return ""
	}
	return "s"
}
