package engine

import (
	"regexp"
	"strconv"
	"strings"
)

// target is a container's port that a published port leads to.
type target struct {
	port     int
	protocol string
}

// published maps, per service, the port that is published to where it leads.
type published map[string]map[int][]target

func (p published) add(service string, from int, to target) {
	if p[service] == nil {
		p[service] = map[int][]target{}
	}
	p[service][from] = append(p[service][from], to)
}

var (
	serviceLine = regexp.MustCompile(`^  ([\w.-]+):\s*$`)
	portsLine   = regexp.MustCompile(`^    ports:\s*$`)
	shortPort   = regexp.MustCompile(`^(?:[\d.]+:)?(?:(\d+):)?(\d+)(?:/(tcp|udp))?$`)
)

// freePorts rewrites the normal form of a compose file, as "compose config" prints it, so that every published port is one
// that the engine chooses on the loopback interface: applications publish 8080 as people do, and run side by side.
// Of the text nothing but the lists of ports is changed.
func freePorts(config string) (string, published) {
	var out, item []string
	ports, service, inPorts, inServices := published{}, "", false, false
	flush := func() {
		if item != nil {
			from, to := readPort(item)
			ports.add(service, from, to)
			out = append(out, `    - "127.0.0.1::`+strconv.Itoa(to.port)+"/"+to.protocol+`"`)
		}
		item = nil
	}
	for _, line := range strings.Split(config, "\n") {
		if inPorts {
			trimmed := strings.TrimLeft(line, " ")
			indent := len(line) - len(trimmed)
			switch {
			case strings.HasPrefix(trimmed, "- ") && indent >= 4:
				flush()
				item = []string{trimmed[2:]}
				continue
			case indent > 4 && trimmed != "":
				item = append(item, trimmed)
				continue
			}
			flush()
			inPorts = false
		}
		if line != "" && line[0] != ' ' {
			inServices = strings.HasPrefix(line, "services:")
		}
		if m := serviceLine.FindStringSubmatch(line); m != nil && inServices {
			service = m[1]
		}
		inPorts = inServices && portsLine.MatchString(line)
		out = append(out, line)
	}
	flush()
	return strings.Join(out, "\n"), ports
}

// readPort reads one entry of a normal form's list of ports, short or long.
func readPort(lines []string) (int, target) {
	if m := shortPort.FindStringSubmatch(strings.Trim(lines[0], `"'`)); m != nil && len(lines) == 1 {
		to, _ := strconv.Atoi(m[2])
		from, _ := strconv.Atoi(m[1])
		return or(from, to), target{port: to, protocol: or(m[3], "tcp")}
	}
	t, from := target{protocol: "tcp"}, 0
	for _, line := range lines {
		key, value, _ := strings.Cut(line, ":")
		value = strings.Trim(strings.TrimSpace(value), `"'`)
		switch strings.TrimSpace(key) {
		case "target":
			t.port, _ = strconv.Atoi(value)
		case "published":
			from, _ = strconv.Atoi(value)
		case "protocol":
			t.protocol = value
		}
	}
	return or(from, t.port), t
}
