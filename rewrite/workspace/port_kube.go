package workspace

import (
	"fmt"
	"path"

	"github.com/offroot/offroot/rewrite/source"
	"github.com/offroot/offroot/rewrite/yamldoc"
)

func joinDir(s *Service, name string) string { return path.Join(path.Dir(s.Doc.File().Path), name) }

// pod finds the places of a pod template and of the objects that lead to it.
func (c *portCollector) pod(p *Pod) {
	for _, ct := range p.Containers {
		if ct.Image.Build != c.b {
			continue
		}
		c.container(ct)
	}
	c.forwarded(p)
	name := c.portName(p)
	c.egress(p)
	for _, o := range c.ws.Objects {
		if o.Namespace != p.Object.Namespace && o.Namespace != "" && p.Object.Namespace != "" {
			continue
		}
		switch {
		case o.Kind == "Service" && o.Group() == "" && selects(o.Node.Get("spec").Get("selector"), p.labels()):
			c.kubeService(o, name)
		case o.Kind == "NetworkPolicy" && selects(o.Node.Get("spec").Get("podSelector").Get("matchLabels"), p.labels()):
			c.policy(o)
		}
	}
}

// labels of the pods that the template makes.
func (p *Pod) labels() map[string]string {
	return labels(p.Spec.Parent().Get("metadata").Get("labels"))
}

// selects reports whether a selector fits labels. An empty selector of a Service selects nothing.
func selects(selector *yamldoc.Node, have map[string]string) bool {
	keys := selector.AllKeys()
	if len(keys) == 0 {
		return false
	}
	for _, k := range keys {
		if have[k] != selector.Get(k).Text() {
			return false
		}
	}
	return true
}

// portName is the name of the container port, "" if it has none.
func (c *portCollector) portName(p *Pod) string {
	for _, ct := range p.Containers {
		for _, n := range ct.Node.Get("ports").Items() {
			if port, _ := n.Get("containerPort").Int(); port == c.port && ct.Image.Build == c.b {
				return n.Get("name").Text()
			}
		}
	}
	return ""
}

func (c *portCollector) container(ct *Container) {
	for _, n := range ct.Node.Get("ports").Items() {
		if port, ok := n.Get("containerPort").Int(); ok && port == c.port {
			c.setText(Declaration, n.Get("containerPort"), "containerPort of "+ct.Name, itoa)
		}
	}
	for _, probe := range []string{"readinessProbe", "livenessProbe", "startupProbe"} {
		c.handler(ct, ct.Node.Get(probe), probe)
	}
	for _, hook := range []string{"postStart", "preStop"} {
		c.handler(ct, ct.Node.Get("lifecycle").Get(hook), hook)
	}
	before := ""
	for _, key := range []string{"command", "args"} {
		for _, item := range ct.Node.Get(key).Items() {
			w := item.Text()
			if _, ok := flagPort(w, before, c.port); ok {
				c.setText(Listener, item, key+" of "+ct.Name, func(to int) string { return w[:len(w)-len(itoa(c.port))] + itoa(to) })
			}
			before = w
		}
	}
	for _, n := range ct.Node.Get("env").Items() {
		if v := n.Get("value"); v.Text() == itoa(c.port) && (n.Get("name").Text() == "PORT" || n.Get("name").Text() == "SERVER_PORT") {
			c.setText(Listener, v, "env of "+ct.Name, itoa)
		}
	}
}

// handler is a probe or a lifecycle hook.
func (c *portCollector) handler(ct *Container, n *yamldoc.Node, what string) {
	for _, kind := range []string{"httpGet", "tcpSocket", "grpc"} {
		port := n.Get(kind).Get("port")
		if number, ok := port.Int(); ok && number == c.port {
			c.setText(Probe, port, what+" of "+ct.Name, itoa)
		}
	}
	c.scalars(n.Get("exec").Get("command"), Probe, what+" of "+ct.Name, localHosts)
}

// kubeService makes the Service lead to the new port. A named port follows by itself, and where the container port has a
// name it is used: endpoints of a named port are resolved pod by pod, so old and new pods both answer during a rollout.
func (c *portCollector) kubeService(o *Object, name string) {
	spec := o.Node.Get("spec")
	headless := spec.Get("clusterIP").Text() == "None"
	for _, n := range spec.Get("ports").Items() {
		port, _ := n.Get("port").Int()
		target := n.Get("targetPort")
		number, isNumber := target.Int()
		leads := target == nil && port == c.port || isNumber && number == c.port || target != nil && !isNumber && target.Text() == name && name != ""
		if !leads {
			continue
		}
		if headless {
			c.add(PortPlace{Role: Translation, Place: n.Place(), What: "headless Service " + o.Name, Blocked: fmt.Sprintf("the headless Service %s at %s hands out the port of the pods itself", o.Name, n.Place())})
			continue
		}
		switch {
		case target == nil:
			c.add(PortPlace{Role: Translation, Place: n.Place(), What: "targetPort of Service " + o.Name, Ops: func(to int) []source.Op {
				var value any = to
				if name != "" {
					value = name
				}
				return []source.Op{&yamldoc.Set{In: n, Path: []string{"targetPort"}, Value: value}}
			}})
		case isNumber:
			c.setText(Translation, target, "targetPort of Service "+o.Name, itoa)
		}
	}
}

// policy is a NetworkPolicy: it matches the port of the pod and not that of the Service.
func (c *portCollector) policy(o *Object) {
	for _, rule := range o.Node.Get("spec").Get("ingress").Items() {
		for _, n := range rule.Get("ports").Items() {
			if port, ok := n.Get("port").Int(); ok && port == c.port {
				c.setText(Translation, n.Get("port"), "NetworkPolicy "+o.Name, itoa)
			}
		}
	}
}
