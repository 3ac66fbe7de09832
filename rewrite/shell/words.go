package shell

import (
	"regexp"
	"strings"
)

func hasWord(list, word string) bool {
	for _, w := range strings.Fields(list) {
		if w == word {
			return true
		}
	}
	return false
}

var assignment = regexp.MustCompile(`^[A-Za-z_][A-Za-z0-9_]*=`)

func isAssignment(word string) bool { return assignment.MatchString(word) }

// options is what a command line says: the options with their values, and the other words.
type options struct {
	values map[string]string // by the name that the table gives, "" for options without a value
	rest   []Word
}

func (o options) has(name string) bool { _, ok := o.values[name]; return ok }

// A grammar says which options a program knows: "u,uid=" is -u and --uid with a value, "M,no-create-home" has none. The
// first name is the one to ask for. Unknown options are taken as having no value.
type grammar []string

func (g grammar) find(name string) (canonical string, valued, known bool) {
	for _, entry := range g {
		names, valued := strings.CutSuffix(entry, "=")
		all := strings.Split(names, ",")
		for _, n := range all {
			if n == name {
				return all[0], valued, true
			}
		}
	}
	return name, false, false
}

// parse reads the words after the program: -abc, -uVALUE, -u VALUE, --uid VALUE, --uid=VALUE, and -- as the end.
func (g grammar) parse(args []Word) options {
	o := options{values: map[string]string{}}
	for k := 0; k < len(args); k++ {
		text := args[k].Text
		next := func() string {
			if k+1 < len(args) {
				k++
				return args[k].Text
			}
			return ""
		}
		switch {
		case text == "--":
			o.rest = append(o.rest, args[k+1:]...)
			return o
		case strings.HasPrefix(text, "--"):
			name, value, inline := strings.Cut(text[2:], "=")
			canonical, valued, _ := g.find(name)
			if valued && !inline {
				value = next()
			}
			o.values[canonical] = value
		case len(text) > 1 && text[0] == '-':
			g.cluster(text[1:], next, o.values)
		default:
			o.rest = append(o.rest, args[k])
		}
	}
	return o
}

// cluster reads -rmu 1000 and -u1000.
func (g grammar) cluster(letters string, next func() string, values map[string]string) {
	for k := 0; k < len(letters); k++ {
		canonical, valued, _ := g.find(letters[k : k+1])
		if !valued {
			values[canonical] = ""
			continue
		}
		if value := letters[k+1:]; value != "" {
			values[canonical] = strings.TrimPrefix(value, "=")
		} else {
			values[canonical] = next()
		}
		return
	}
}
