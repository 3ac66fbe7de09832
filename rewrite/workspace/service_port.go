package workspace

import (
	"strconv"
	"strings"

	"github.com/offroot/offroot/rewrite/yamldoc"
)

// A PortMapping is one entry of ports. Host is as written, Container is 0 if it is a variable.
type PortMapping struct {
	Node      *yamldoc.Node // the entry
	Host      string        // everything before the container port, with its colon
	Container int
	Last      int // last port of a range, else Container
	Proto     string
	Long      bool
	Opaque    bool // the container side holds a variable
}

// Ports returns the published ports of the service, in both forms.
func (s *Service) Ports() []PortMapping {
	var ports []PortMapping
	for _, n := range s.Get("ports").Items() {
		if n.Kind() == yamldoc.Mapping {
			port, ok := n.Get("target").Int()
			proto := n.Get("protocol").Text()
			ports = append(ports, PortMapping{Node: n, Container: port, Last: port, Proto: orTCP(proto), Long: true, Opaque: !ok})
			continue
		}
		ports = append(ports, shortPort(n))
	}
	return ports
}

func shortPort(n *yamldoc.Node) PortMapping {
	text := n.Text()
	m := PortMapping{Node: n, Proto: "tcp"}
	rest := text
	if i := strings.LastIndexByte(rest, '/'); i >= 0 {
		m.Proto, rest = rest[i+1:], rest[:i]
	}
	if i := strings.LastIndexByte(rest, ':'); i >= 0 {
		m.Host, rest = rest[:i+1], rest[i+1:]
	}
	first, last, isRange := strings.Cut(rest, "-")
	var err1, err2 error
	m.Container, err1 = strconv.Atoi(first)
	m.Last = m.Container
	if isRange {
		m.Last, err2 = strconv.Atoi(last)
	}
	m.Opaque = err1 != nil || err2 != nil
	return m
}

func orTCP(proto string) string {
	if proto == "" {
		return "tcp"
	}
	return strings.ToLower(proto)
}
