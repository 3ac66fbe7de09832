package yamldoc

import (
	"regexp"
	"strings"

	"gopkg.in/yaml.v3"
)

// Words and numbers that some reader of YAML 1.1 takes for something else than text, although yaml.v3 does not.
var (
	oldBool   = regexp.MustCompile(`^(y|Y|yes|Yes|YES|n|N|no|No|NO|on|On|ON|off|Off|OFF)$`)
	oldNumber = regexp.MustCompile(`^[-+]?[0-9][0-9_]*(:[0-5]?[0-9])+(\.[0-9_]*)?$|^[-+]?0[bxo]?[0-9a-fA-F_]+$|^[-+]?[0-9][0-9_,]*$`)
)

// plainTag is the tag to which a plain scalar resolves.
func plainTag(text string) string {
	n := yaml.Node{Kind: yaml.ScalarNode, Value: text}
	return n.ShortTag()
}

// readsAsString reports whether every reader takes the plain text for a string.
func readsAsString(text string) bool {
	return plainTag(text) == "!!str" && !oldBool.MatchString(text) && !oldNumber.MatchString(text) && text != "=" && text != "<<"
}

// plainSafe reports whether text can stand as a plain scalar on one line, whatever it resolves to.
func plainSafe(text string, inFlow bool) bool {
	if text == "" || text == "<<" || strings.TrimSpace(text) != text || needsEscape(text) || strings.Contains(text, "{{") {
		return false
	}
	if strings.Contains(text, ": ") || strings.Contains(text, " #") || strings.HasSuffix(text, ":") {
		return false
	}
	if inFlow && strings.ContainsAny(text, ",[]{}?") {
		return false
	}
	if strings.HasPrefix(text, "---") || strings.HasPrefix(text, "...") {
		return false
	}
	if strings.IndexByte(",[]{}#&*!|>'\"%@`", text[0]) >= 0 {
		return false
	}
	if strings.IndexByte("-?:", text[0]) >= 0 {
		return len(text) > 1 && text[1] != ' ' && !(inFlow && text[0] != '-')
	}
	return true
}

func doubleQuote(text string) string { return `"` + escapeDouble(text) + `"` }

// keyText writes a key: plain if it is read as a string, and quoted where the neighbours are.
func keyText(key string, inFlow, quoted bool) string {
	if !quoted && plainSafe(key, inFlow) && readsAsString(key) {
		return key
	}
	return doubleQuote(key)
}

// newScalar writes a scalar value. quoted asks for quotes around every string, as JSON does.
func newScalar(v any, inFlow, quoted bool) string {
	text, _ := scalarText(v)
	switch {
	case !isString(v):
		return text
	case quoted:
		return doubleQuote(text)
	}
	if _, always := v.(Quoted); !always && plainSafe(text, inFlow) && readsAsString(text) {
		return text
	}
	return doubleQuote(text)
}
