package workspace

import (
	"regexp"
	"strings"
)

var (
	assignment = regexp.MustCompile(`(?m)^[ \t-]*(?:export[ \t]+|readonly[ \t]+|local[ \t]+|override[ \t]+)?([A-Za-z_][A-Za-z0-9_]*)[ \t]*(\?=|::?=|=)[ \t]*(.*?)[ \t\r]*$`)
	makeCall   = regexp.MustCompile(`\$\(([^()]*)\)`)
	plainName  = regexp.MustCompile(`^[A-Za-z_][A-Za-z0-9_.-]*$`)
	required   = regexp.MustCompile(`\$\{([A-Za-z0-9_]+):?\?[^{}]*\}`)
	plainVar   = regexp.MustCompile(`\$([A-Za-z_][A-Za-z0-9_]*)`)
	scriptDir  = regexp.MustCompile(`\$\(\s*dirname\s+(--\s+)?"?\$(0|\{?BASH_SOURCE(\[0\])?\}?)"?\s*\)`)
	workDir    = regexp.MustCompile(`\$\(\s*pwd\s*\)`)
	quotes     = strings.NewReplacer(`"`, "", `'`, "")
)

// literalVariables are the variables of make or of a shell to which a file gives one value, which may name other variables.
func literalVariables(text string) map[string]string {
	vars := map[string]string{}
	unknown := map[string]bool{}
	for _, m := range assignment.FindAllStringSubmatch(text, -1) {
		name, value := m[1], m[3]
		if i := strings.Index(value, " #"); i >= 0 {
			value = strings.TrimSpace(value[:i])
		}
		value = tidy(value)
		if value == "${"+name+"}" {
			continue
		}
		if strings.ContainsAny(value, " \t;|&`") || value == "" {
			unknown[name] = true
			continue
		}
		if have, twice := vars[name]; twice && have != value {
			unknown[name] = true
		}
		vars[name] = value
	}
	for name := range unknown {
		delete(vars, name)
	}
	return vars
}

// tidy brings a word of make or of a shell into one form: quotes go, defaults are taken, and every variable is ${NAME}.
// The output of a command is not known: ${?}.
func tidy(text string) string {
	text = scriptDir.ReplaceAllString(text, "${here}")
	text = workDir.ReplaceAllString(text, "${PWD}")
	text = makeNames(quotes.Replace(text), "${?}")
	text = required.ReplaceAllString(text, "$${$1}") // ${TAG:?is missing} has no value of its own
	return defaults(plainVar.ReplaceAllString(text, "$${$1}"))
}

// makeNames turns $(NAME) into ${NAME}, and $(shell ...) and its like into what stands for the unknown.
func makeNames(text, unknown string) string {
	for depth := 0; depth < 4 && strings.Contains(text, "$("); depth++ {
		text = makeCall.ReplaceAllStringFunc(text, func(m string) string {
			if inner := m[2 : len(m)-1]; plainName.MatchString(inner) {
				return "${" + inner + "}"
			}
			return unknown
		})
	}
	return text
}

// substitute puts in the values of the variables that are known, through several levels.
func substitute(text string, vars map[string]string) string {
	for depth := 0; depth < 6 && strings.Contains(text, "${"); depth++ {
		next := reference.ReplaceAllStringFunc(text, func(m string) string {
			if v := vars[m[2:len(m)-1]]; v != "" {
				return v
			}
			return m
		})
		if next == text || len(next) > 1<<12 {
			break // nothing that is a name or a path is that long
		}
		text = next
	}
	return text
}

// scope is a copy of the variables with more of them.
func scope(vars, more map[string]string) map[string]string {
	all := make(map[string]string, len(vars)+len(more))
	for k, v := range vars {
		all[k] = v
	}
	for k, v := range more {
		all[k] = v
	}
	return all
}

var expression = regexp.MustCompile(`\$\{\{[^{}]*\}\}`)

// maskExpressions gives each ${{ expression }} of a workflow the form of a shell variable, of the same length.
func maskExpressions(text string) (string, map[string]string) {
	values := map[string]string{}
	text = expression.ReplaceAllStringFunc(text, func(m string) string {
		name := "X" + itoa(len(values)) + "_"
		for len(name) < len(m)-3 {
			name += "_"
		}
		values[name] = plainExpression(m)
		return "${" + name + "}"
	})
	return text, values
}

// plainExpression makes ${name} of ${{ name }}, and ${?} of what is more than a name.
func plainExpression(text string) string {
	return expression.ReplaceAllStringFunc(text, func(m string) string {
		if inner := strings.TrimSpace(m[3 : len(m)-2]); plainName.MatchString(inner) {
			return "${" + inner + "}"
		}
		return "${?}"
	})
}
