package serverconf

import (
	"regexp"
	"strconv"
	"strings"
)

// An endpoint is what `host:port` says. Start and End are the offsets of the port's digits within the text that was read;
// they are equal, and mark where ":port" would be inserted, if the port is implicit.
type endpoint struct {
	Host       string
	Port       int
	Start, End int
	Implicit   bool
	Range      bool
	Variable   string
}

var (
	digits    = regexp.MustCompile(`^[0-9]+$`)
	portRange = regexp.MustCompile(`^([0-9]+)-[0-9]*$`)
	// variable matches the spellings of every kind: ${PORT}, $PORT, {$PORT}, {$PORT:80}, {{ port }}, {env.PORT}, @PORT@.
	variable = regexp.MustCompile(`^\$\{([A-Za-z_][A-Za-z0-9_]*)(?::?-([0-9]+))?\}$|^\$([A-Za-z_][A-Za-z0-9_]*)$|^\{\$([A-Za-z_][A-Za-z0-9_]*)(?::([0-9]+))?\}$|^\{\{.*\}\}$|^\{env\.([A-Za-z0-9_]+)\}$|^@([A-Za-z0-9_]+)@$|^<%.*%>$`)
)

// parseEndpoint reads an address. ok is false for a socket path or something that is no address.
func parseEndpoint(text string) (endpoint, bool) {
	if text == "" || strings.HasPrefix(text, "/") || strings.HasPrefix(text, "unix:") || strings.HasPrefix(text, "unix@") || strings.HasPrefix(text, "abns@") || strings.HasPrefix(text, "fd@") || strings.HasPrefix(text, "fd/") {
		return endpoint{}, false
	}
	at := portStart(text)
	if at < 0 {
		if e, ok := portText(text, 0); ok {
			return e, true
		}
		return endpoint{Host: text, Start: len(text), End: len(text), Implicit: true}, !strings.ContainsAny(text, "{<")
	}
	e, ok := portText(text[at:], at)
	if !ok {
		return endpoint{}, false
	}
	e.Host = text[:at-1]
	return e, true
}

// portText reads a whole text as a port: a number, a range or a variable.
func portText(text string, at int) (endpoint, bool) {
	e := endpoint{Start: at, End: at + len(text)}
	switch {
	case digits.MatchString(text):
		n, err := strconv.Atoi(text)
		e.Port = n
		return e, err == nil && n > 0 && n < 65536
	case portRange.MatchString(text):
		n, err := strconv.Atoi(portRange.FindStringSubmatch(text)[1])
		e.Port, e.Range = n, true
		return e, err == nil && n < 65536
	}
	m := variable.FindStringSubmatchIndex(text)
	if m == nil {
		return e, false
	}
	e.Variable = strings.Trim(text, "${}<>%@ ")
	for _, g := range []int{1, 3, 4, 6, 7} {
		if m[2*g] >= 0 {
			e.Variable = text[m[2*g]:m[2*g+1]]
		}
	}
	for _, g := range []int{2, 5} {
		if m[2*g] >= 0 {
			e.Port, _ = strconv.Atoi(text[m[2*g]:m[2*g+1]])
			e.Start, e.End = at+m[2*g], at+m[2*g+1]
		}
	}
	return e, true
}

// portStart returns the offset behind the colon that separates host and port, or -1.
func portStart(text string) int {
	depth := 0
	for i := len(text) - 1; i >= 0; i-- {
		switch text[i] {
		case '}', ']':
			depth++
		case '{', '[':
			depth--
		case ':':
			if depth == 0 {
				return i + 1
			}
		}
	}
	return -1
}
