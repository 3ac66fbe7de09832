package workspace

import (
	"fmt"
	"strings"

	"github.com/offroot/offroot/rewrite/serverconf"
	"github.com/offroot/offroot/rewrite/source"
	"github.com/offroot/offroot/rewrite/yamldoc"
)

// service finds the places of a compose service and of its neighbours.
func (c *portCollector) service(s *Service) {
	for _, p := range s.Ports() {
		c.published(s, p)
	}
	for _, n := range s.Get("expose").Items() {
		if text, _, _ := strings.Cut(n.Text(), "/"); text == itoa(c.port) {
			c.setText(Declaration, n, "expose", func(to int) string { return strings.Replace(n.Text(), itoa(c.port), itoa(to), 1) })
		}
	}
	c.scalars(s.Get("healthcheck").Get("test"), Probe, "healthcheck of "+s.Name, localHosts)
	c.serviceArguments(s)
	c.labels(s)
	for _, name := range []string{"VIRTUAL_PORT", "LETSENCRYPT_PORT"} {
		env := s.Get("environment")
		if v := env.Get(name); env.Kind() == yamldoc.Mapping && v.Text() == itoa(c.port) {
			c.setText(Consumer, v, name, itoa)
		}
		for _, item := range env.Items() {
			if item.Text() == name+"="+itoa(c.port) {
				c.setText(Consumer, item, name, func(to int) string { return name + "=" + itoa(to) })
			}
		}
	}
	for _, other := range c.ws.Siblings(s) {
		c.neighbour(s, other)
	}
}

func (c *portCollector) setText(role PortRole, n *yamldoc.Node, what string, text func(to int) string) {
	c.add(PortPlace{Role: role, Place: n.Place(), What: what, Ops: func(to int) []source.Op {
		return []source.Op{&yamldoc.SetText{Node: n, Text: text(to)}}
	}})
}

// published is one entry of ports: only its container side ever changes.
func (c *portCollector) published(s *Service, p PortMapping) {
	n := p.Node
	switch {
	case p.Opaque:
		c.add(PortPlace{Role: Translation, Place: n.Place(), What: "ports of " + s.Name, Blocked: fmt.Sprintf("the container side of %s is a variable", n.Text())})
	case p.Container > c.port || p.Last < c.port:
	case p.Last != p.Container:
		c.add(PortPlace{Role: Translation, Place: n.Place(), What: "ports of " + s.Name, Blocked: fmt.Sprintf("the range %s holds the port", n.Text())})
	case p.Long:
		c.setText(Translation, n.Get("target"), "ports of "+s.Name, itoa)
	default:
		c.setText(Translation, n, "ports of "+s.Name, func(to int) string {
			rest := strings.TrimPrefix(n.Text(), p.Host)
			return p.Host + strings.Replace(rest, itoa(c.port), itoa(to), 1)
		})
	}
}

// serviceArguments finds listeners in the command of a service.
func (c *portCollector) serviceArguments(s *Service) {
	for _, key := range []string{"command", "entrypoint"} {
		n := s.Get(key)
		if n.Kind() == yamldoc.Scalar {
			words := strings.Fields(n.Text())
			for i, w := range words {
				before := ""
				if i > 0 {
					before = words[i-1]
				}
				if _, ok := flagPort(w, before, c.port); ok {
					old := n.Text()
					c.setText(Listener, n, key+" of "+s.Name, func(to int) string {
						return strings.Replace(old, w, strings.TrimSuffix(w, itoa(c.port))+itoa(to), 1)
					})
				}
			}
			continue
		}
		before := ""
		for _, item := range n.Items() {
			w := item.Text()
			if _, ok := flagPort(w, before, c.port); ok {
				c.setText(Listener, item, key+" of "+s.Name, func(to int) string { return strings.TrimSuffix(w, itoa(c.port)) + itoa(to) })
			}
			before = w
		}
	}
}

// labels are what reverse proxies read: the port of the service behind them.
func (c *portCollector) labels(s *Service) {
	n := s.Get("labels")
	for _, item := range n.Items() {
		key, value, _ := strings.Cut(item.Text(), "=")
		if strings.HasSuffix(key, "loadbalancer.server.port") && value == itoa(c.port) {
			c.setText(Consumer, item, "label of "+s.Name, func(to int) string { return key + "=" + itoa(to) })
		}
	}
	for _, key := range n.Keys() {
		v := n.Get(key)
		if strings.HasSuffix(key, "loadbalancer.server.port") && v.Text() == itoa(c.port) {
			c.setText(Consumer, v, "label of "+s.Name, itoa)
		}
		if key == "caddy.reverse_proxy" && strings.Contains(v.Text(), "upstreams "+itoa(c.port)) {
			c.setText(Consumer, v, "label of "+s.Name, func(to int) string {
				return strings.Replace(v.Text(), "upstreams "+itoa(c.port), "upstreams "+itoa(to), 1)
			})
		}
	}
}

// neighbour finds what another service of the project says about this one: there is no translation between containers, so
// a URL names the container port.
func (c *portCollector) neighbour(s, other *Service) {
	hosts := s.hostNames()
	for _, key := range []string{"command", "entrypoint", "environment", "healthcheck", "labels", "args"} {
		c.scalars(other.Node.Get(key), Consumer, key+" of "+other.Name, hosts)
	}
	if other.Build != nil {
		c.scalars(other.Node.Get("build").Get("args"), Consumer, "build arguments of "+other.Name, hosts)
	}
	for _, doc := range c.ws.neighbourConfigs(other) {
		for _, u := range doc.Upstreams() {
			for _, h := range hosts {
				if u.Host == h && u.Port == c.port {
					c.add(PortPlace{Role: Consumer, Place: source.Place{Path: doc.File().Path, Line: u.Line}, What: fmt.Sprintf("%s (byte %d)", u.Raw, u.Span.Start), Ops: func(to int) []source.Op {
						return []source.Op{&serverconf.SetUpstream{Doc: doc, Upstream: u, Port: to}}
					}})
				}
			}
		}
	}
}

// hostNames are the names under which other containers of the project reach the service.
func (s *Service) hostNames() []string {
	names := []string{s.Name}
	for _, key := range []string{"container_name", "hostname"} {
		if t := s.Get(key).Text(); t != "" && !strings.Contains(t, "$") {
			names = append(names, t)
		}
	}
	networks := s.Get("networks")
	for _, key := range networks.Keys() {
		for _, a := range networks.Get(key).Get("aliases").Items() {
			names = append(names, a.Text())
		}
	}
	seen := map[string]bool{}
	return filter(names, func(n string) bool {
		if seen[n] {
			return false
		}
		seen[n] = true
		return true
	})
}

// scalars adds every scalar below a node that names the port of one of the hosts.
func (c *portCollector) scalars(n *yamldoc.Node, role PortRole, what string, hosts []string) {
	switch n.Kind() {
	case yamldoc.Scalar:
		if spans := portsInText(n.Text(), hosts, c.port); len(spans) > 0 {
			c.setText(role, n, what, func(to int) string { return withPort(n.Text(), spans, to) })
		}
	case yamldoc.Sequence:
		for _, item := range n.Items() {
			c.scalars(item, role, what, hosts)
		}
	case yamldoc.Mapping:
		for _, key := range n.Keys() {
			c.scalars(n.Get(key), role, what, hosts)
		}
	}
}

// neighbourConfigs are the server configurations that a neighbour is built with or mounts.
func (ws *Workspace) neighbourConfigs(s *Service) []*serverconf.Document {
	var docs []*serverconf.Document
	if s.Image.Build != nil {
		for _, f := range ws.configFiles(&Workload{Build: s.Image.Build, Services: []*Service{s}}) {
			docs = append(docs, f.doc)
		}
		return docs
	}
	for _, m := range s.Mounts() {
		if m.Kind != "bind" || strings.Contains(m.Source, "$") {
			continue
		}
		for _, kind := range []serverconf.Kind{serverconf.Nginx, serverconf.HAProxy, serverconf.Caddy, serverconf.Apache} {
			if doc := ws.config(joinDir(s, m.Source), kind, m.Target); doc != nil {
				docs = append(docs, doc)
			}
		}
	}
	return docs
}
