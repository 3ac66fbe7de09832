package decide

// A Policy is what people may set about decisions, by flags or configuration. The zero value is the default.
type Policy struct {
	UID, GID int    // 0: decided per image
	UserName string // "": "app", or the name that the image already has
	Level    Level  // lowest level that is applied; Manual (zero) means Review, the default
	Ports    PortStrategy
}

// Lowest is the lowest level that is applied.
func (p Policy) Lowest() Level {
	if p.Level == Safe {
		return Safe
	}
	return Review
}

// A PortStrategy says what to do with a container port below 1024.
type PortStrategy string

const (
	Move   PortStrategy = "move"   // 80 -> 8080 in every file that names it; the default
	Setcap PortStrategy = "setcap" // grant cap_net_bind_service to the program
	Keep   PortStrategy = "keep"   // rely on net.ipv4.ip_unprivileged_port_start=0
)
