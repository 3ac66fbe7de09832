package workspace

import (
	"fmt"

	"github.com/offroot/offroot/rewrite/yamldoc"
)

// egress finds NetworkPolicies of clients, of any namespace, that let them out to the pods: they match the port of the pod.
// A rule that leads to others as well cannot follow.
func (c *portCollector) egress(p *Pod) {
	for _, o := range c.ws.Objects {
		if o.Kind != "NetworkPolicy" {
			continue
		}
		for _, rule := range o.Node.Get("spec").Get("egress").Items() {
			peers := rule.Get("to").Items()
			leads := 0
			for _, peer := range peers {
				if c.leadsTo(o, peer, p) {
					leads++
				}
			}
			for _, n := range rule.Get("ports").Items() {
				port, ok := n.Get("port").Int()
				switch {
				case !ok || port != c.port || leads == 0:
				case leads < len(peers):
					c.add(PortPlace{Role: Translation, Place: n.Place(), What: "NetworkPolicy " + o.Name, Blocked: fmt.Sprintf("the egress rule at %s leads to other pods as well", n.Place())})
				default:
					c.setText(Translation, n.Get("port"), "NetworkPolicy "+o.Name, itoa)
				}
			}
		}
	}
}

// leadsTo reports whether a peer of a policy takes in the pods. Which namespaces a selector fits is not known here, so it
// fits those that it does not exclude by the name that every namespace carries.
func (c *portCollector) leadsTo(o *Object, peer *yamldoc.Node, p *Pod) bool {
	if !selects(peer.Get("podSelector").Get("matchLabels"), p.labels()) {
		return false
	}
	spaces := peer.Get("namespaceSelector")
	if spaces == nil {
		return o.Namespace == p.Object.Namespace || o.Namespace == "" || p.Object.Namespace == ""
	}
	name := spaces.Get("matchLabels").Get("kubernetes.io/metadata.name").Text()
	return name == "" || p.Object.Namespace == "" || name == p.Object.Namespace
}
