package decide

import (
	"fmt"
	"path"

	"github.com/offroot/offroot/rewrite/source"
)

// A Policy is what people may set about decisions, by flags or configuration. The zero value is the default.
type Policy struct {
	UID, GID int    // 0: decided per image
	UserName string // "": "app", or the name that the image already has
	Level    Level  // lowest level that is applied; Manual (zero) means Review, the default
	Ports    PortStrategy
	// Workloads are overrides by name; the first one that matches counts.
	Workloads []Override
}

// Lowest is the lowest level that is applied.
func (p Policy) Lowest() Level {
	if p.Level == Safe {
		return Safe
	}
	return Review
}

// An Override is what the configuration says about workloads whose name matches Glob.
type Override struct {
	Glob         string
	UID, GID     int
	Ports        PortStrategy
	Writable     []string // paths in the image that the process writes as well
	Capabilities []string // what a process that stays root may keep
	Skip         string   // why nothing is changed
	Place        source.Place
}

// For is the policy for one workload, and the override that it comes from, nil if there is none.
func (p Policy) For(name string) (Policy, *Override) {
	for i := range p.Workloads {
		o := &p.Workloads[i]
		if ok, _ := path.Match(o.Glob, name); !ok {
			continue
		}
		if o.UID != 0 {
			p.UID, p.GID = o.UID, o.GID
		}
		if o.Ports != "" {
			p.Ports = o.Ports
		}
		return p, o
	}
	return p, nil
}

// A PortStrategy says what to do with a container port below 1024.
type PortStrategy string

const (
	Move PortStrategy = "move" // 80 -> 8080 in every file that names it; the default
	Keep PortStrategy = "keep" // rely on net.ipv4.ip_unprivileged_port_start=0
)

// ParsePorts reads a strategy.
func ParsePorts(s string) (PortStrategy, error) {
	switch p := PortStrategy(s); p {
	case Move, Keep:
		return p, nil
	}
	return "", fmt.Errorf("unknown port strategy %q: it is move or keep", s)
}
