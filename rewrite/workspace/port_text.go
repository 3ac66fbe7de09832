package workspace

import (
	"regexp"
	"strings"

	"github.com/offroot/offroot/rewrite/source"
)

// portsInText finds where a text names a port of one of the hosts: "web:80", or "http://web/" where the scheme means it.
// The spans are of the digits; an empty span is where ":port" has to be added.
func portsInText(text string, hosts []string, port int) []source.Span {
	var spans []source.Span
	for _, host := range hosts {
		re := regexp.MustCompile(`(?i)((?:[a-z][a-z0-9+.-]*)://)?(?:[^\s/@"']*@)?(` + regexp.QuoteMeta(host) + `)(:(\d+))?`)
		for _, m := range re.FindAllStringSubmatchIndex(text, -1) {
			scheme := ""
			if m[2] >= 0 {
				scheme = strings.ToLower(text[m[2]:m[3]])
			}
			if m[2] < 0 && m[4] > 0 && isNameByte(text[m[4]-1]) {
				continue // the end of a longer name
			}
			if m[8] >= 0 {
				if text[m[8]:m[9]] == itoa(port) && !digitAt(text, m[9]) {
					spans = append(spans, source.Span{Start: m[8], End: m[9]})
				}
				continue
			}
			if end := m[5]; end < len(text) && isNameByte(text[end]) {
				continue // the beginning of a longer name
			}
			if scheme == "http://" && port == 80 || scheme == "https://" && port == 443 || scheme == "ws://" && port == 80 || scheme == "wss://" && port == 443 {
				spans = append(spans, source.Span{Start: m[5], End: m[5]})
			}
		}
	}
	return spans
}

func isNameByte(b byte) bool {
	return b == '-' || b == '_' || b == '.' || b >= '0' && b <= '9' || b >= 'a' && b <= 'z' || b >= 'A' && b <= 'Z'
}

func digitAt(text string, i int) bool { return i < len(text) && text[i] >= '0' && text[i] <= '9' }

// withPort replaces the spans of portsInText by another port.
func withPort(text string, spans []source.Span, to int) string {
	var edits []source.Edit
	for _, s := range spans {
		edits = append(edits, source.Edit{Span: s, New: portText(s, to)})
	}
	after, err := source.Apply([]byte(text), edits)
	if err != nil {
		return text
	}
	return string(after)
}

func portText(s source.Span, to int) string {
	if s.Len() == 0 {
		return ":" + itoa(to)
	}
	return itoa(to)
}

var localHosts = []string{"localhost", "127.0.0.1", "0.0.0.0", "[::1]", "[::]"}

// flagPort finds the digits of a port in one argument of a command: --port=80, :80, 0.0.0.0:80, or 80 behind a flag that
// takes a port.
func flagPort(word, before string, port int) (int, bool) {
	number := itoa(port)
	if word == number && portFlags[before] {
		return 0, true
	}
	if !strings.HasSuffix(word, number) {
		return 0, false
	}
	at := len(word) - len(number)
	if at == 0 {
		return 0, false
	}
	head := word[:at]
	flag, _, joined := strings.Cut(head, "=")
	switch {
	case joined && strings.HasSuffix(head, "=") && (portFlags[flag] || strings.Contains(flag, "port")):
		return at, true
	case strings.HasSuffix(head, ":") && (head == ":" || strings.HasSuffix(head, "=:") || strings.HasSuffix(head, "0.0.0.0:") || strings.HasSuffix(head, "]:") ||
		strings.HasSuffix(head, "127.0.0.1:") || strings.HasSuffix(head, "*:") || strings.HasSuffix(head, "localhost:") || strings.HasSuffix(head, "http://+:")):
		return at, true
	case head == "-p" || head == "-P":
		return at, true
	}
	return 0, false
}

var portFlags = map[string]bool{
	"-p": true, "--port": true, "-port": true, "--http-port": true, "--listen-port": true, "--server.port": true, "-Dserver.port": true,
	"--https-port": true, "--bind-port": true, "--http.port": true, "-P": true, "--server-port": true,
	"http.server": true, // python -m http.server 80
}
