package workspace

import (
	"io/fs"
	"strings"
)

// defaults replaces ${VAR:-default} and ${VAR-default} by the default, as compose does when the variable is not set.
// Variables without a default stay as they are written.
func defaults(text string) string { return expand(text, nil) }

// expand replaces variables as compose does: by what env says, else by their default. What has neither stays as it is
// written.
func expand(text string, env map[string]string) string {
	var out strings.Builder
	for i := 0; i < len(text); {
		if text[i] != '$' || i+1 >= len(text) {
			out.WriteByte(text[i])
			i++
			continue
		}
		n, value := variable(text[i:], env)
		out.WriteString(value)
		i += n
	}
	return out.String()
}

// variable reads the reference that text starts with: how long it is, and what stands for it.
func variable(text string, env map[string]string) (length int, value string) {
	if text[1] == '$' {
		return 2, "$$"
	}
	if text[1] != '{' {
		n := 1
		for n < len(text) && isVariableByte(text[n]) {
			n++
		}
		if v := env[text[1:n]]; v != "" {
			return n, v
		}
		return n, text[:n]
	}
	end := closing(text)
	if end < 0 {
		return len(text), text
	}
	body := text[2:end]
	n := 0
	for n < len(body) && isVariableByte(body[n]) {
		n++
	}
	rest := body[n:]
	set := env[body[:n]]
	switch {
	case strings.HasPrefix(rest, ":+") || strings.HasPrefix(rest, "+"):
		if set == "" {
			return end + 1, ""
		}
		return end + 1, expand(strings.TrimLeft(rest, ":+"), env)
	case set != "":
		return end + 1, set
	case strings.HasPrefix(rest, ":-"):
		return end + 1, expand(rest[2:], env)
	case strings.HasPrefix(rest, "-"):
		return end + 1, expand(rest[1:], env)
	}
	return end + 1, text[:end+1]
}

func isVariableByte(c byte) bool {
	return c == '_' || '0' <= c && c <= '9' || 'a' <= c && c <= 'z' || 'A' <= c && c <= 'Z'
}

// closing returns the index of the brace that closes the one at index 1, or -1.
func closing(text string) int {
	depth := 0
	for i := 1; i < len(text); i++ {
		switch text[i] {
		case '{':
			depth++
		case '}':
			depth--
			if depth == 0 {
				return i
			}
		}
	}
	return -1
}

// readEnv reads an environment file of compose. One that is not there, or not in the repository, says nothing.
func readEnv(fsys fs.FS, name string) map[string]string {
	env := map[string]string{}
	if fsys == nil || !fs.ValidPath(name) {
		return env
	}
	text, err := fs.ReadFile(fsys, name)
	if err != nil || len(text) > 1<<20 {
		return env
	}
	for line := range strings.Lines(string(text)) {
		line = strings.TrimPrefix(strings.TrimSpace(line), "export ")
		key, value, ok := strings.Cut(line, "=")
		if !ok || strings.HasPrefix(line, "#") {
			continue
		}
		env[strings.TrimSpace(key)] = unquoted(strings.TrimSpace(value), env)
	}
	return env
}

// unquoted is a value of an environment file: quotes are taken off, a comment behind blanks goes.
func unquoted(value string, env map[string]string) string {
	if len(value) > 1 && (value[0] == '"' || value[0] == '\'') {
		if end := strings.IndexByte(value[1:], value[0]); end >= 0 {
			if value[0] == '\'' {
				return value[1 : 1+end]
			}
			return expand(value[1:1+end], env)
		}
	}
	if i := strings.Index(value, " #"); i >= 0 {
		value = strings.TrimSpace(value[:i])
	}
	return expand(value, env)
}
