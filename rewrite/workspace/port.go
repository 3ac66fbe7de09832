package workspace

import (
	"github.com/offroot/offroot/rewrite/source"
)

// A PortRole says what a place that names a container port is to it.
type PortRole int

const (
	Listener    PortRole = iota // decides on which port the process listens
	Declaration                 // tells others: EXPOSE, containerPort, expose
	Probe                       // asks the process from inside of its network namespace
	Translation                 // the container side of a published port, a targetPort, a NetworkPolicy
	Consumer                    // a neighbour that connects to the container
)

// A PortPlace is one place that names a container port, and how it is moved.
type PortPlace struct {
	Role    PortRole
	Place   source.Place
	What    string
	Blocked string // why it cannot be moved, "" if it can
	Ops     func(to int) []source.Op
	// Commands are shell commands of a RUN that move a listener which the base image decides, Env variables that do.
	Commands func(to int) []string
	Env      func(to int) string
}

// PortPlaces lists every place of the repository that names a port of a workload that is built here, listeners first.
// published says which host ports lead to it.
func (ws *Workspace) PortPlaces(w *Workload, v Behaviour, port int) []PortPlace {
	c := &portCollector{ws: ws, w: w, b: w.Build, v: v, port: port}
	c.configs()
	c.base()
	c.code()
	c.arguments()
	c.dockerfile()
	for _, s := range w.Services {
		c.service(s)
	}
	for _, p := range w.Pods {
		if p.Chart != nil {
			c.add(PortPlace{Role: Declaration, Place: p.Place(), What: "a Helm template", Blocked: "a template of the chart " + p.Chart.Name + " names it"})
			continue
		}
		c.pod(p)
	}
	c.strangers()
	c.mentions()
	return c.places
}

// A portCollector gathers the places of one port of one workload.
type portCollector struct {
	ws     *Workspace
	w      *Workload
	b      *Build
	v      Behaviour
	port   int
	places []PortPlace
}

// add keeps one of the places that several roads lead to: two services that mount the same file, for one.
func (c *portCollector) add(p PortPlace) {
	for _, known := range c.places {
		if known.Place == p.Place && known.What == p.What && known.Role == p.Role && known.Blocked == p.Blocked {
			return
		}
	}
	c.places = append(c.places, p)
}

func (c *portCollector) has(role PortRole) bool {
	for _, p := range c.places {
		if p.Role == role {
			return true
		}
	}
	return false
}
