package render

import "strings"

// splitLines cuts content into lines that keep their newline; the last one may have none.
func splitLines(content []byte) []string {
	if len(content) == 0 {
		return nil
	}
	lines := strings.SplitAfter(string(content), "\n")
	if lines[len(lines)-1] == "" {
		lines = lines[:len(lines)-1]
	}
	return lines
}

// cutEnding parts a line from its CRLF or LF.
func cutEnding(line string) (body, ending string) {
	body = strings.TrimSuffix(line, "\n")
	if body == line {
		return line, ""
	}
	body = strings.TrimSuffix(body, "\r")
	return body, line[len(body):]
}
