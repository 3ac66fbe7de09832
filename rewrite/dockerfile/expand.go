package dockerfile

import (
	"maps"
	"path"
	"regexp"
	"slices"
	"strings"

	"github.com/moby/buildkit/frontend/dockerfile/shell"
)

// platformArgs are set by every builder before the first FROM. The values are those of the commonest platform: a
// reference that uses them names the same repository on any other.
var platformArgs = map[string]string{
	"BUILDPLATFORM": "linux/amd64", "BUILDOS": "linux", "BUILDARCH": "amd64", "BUILDVARIANT": "",
	"TARGETPLATFORM": "linux/amd64", "TARGETOS": "linux", "TARGETARCH": "amd64", "TARGETVARIANT": "",
}

// An Arg is an argument that is declared before the first FROM.
type Arg struct {
	Name string
	// Default has the arguments before it expanded.
	Default     string
	HasDefault  bool
	Instruction *Instruction
}

// GlobalArgs are the ARGs before the first FROM. FROM sees them, the instructions of a stage only if it declares them again.
func (d *Document) GlobalArgs() map[string]Arg {
	out := map[string]Arg{}
	env := map[string]string{}
	for _, i := range d.Instructions {
		if i.Name == "FROM" {
			break
		}
		for _, p := range i.Pairs() {
			arg := Arg{Name: p.Key, HasDefault: p.HasValue, Instruction: i}
			if p.HasValue {
				arg.Default = expand(p.Value.Raw, d.Escape, env).text
				env[p.Key] = arg.Default
			}
			if earlier, ok := out[p.Key]; ok && !p.HasValue {
				arg.Default, arg.HasDefault = earlier.Default, earlier.HasDefault
			}
			out[p.Key] = arg
		}
	}
	return out
}

// globalEnv is what FROM sees when args are given to the build, and which of it are defaults.
func (d *Document) globalEnv(args map[string]string) (env map[string]string, defaults map[string]bool) {
	env, defaults = map[string]string{}, map[string]bool{}
	for name, value := range args {
		if _, auto := platformArgs[name]; auto {
			env[name] = value
		}
	}
	for _, i := range d.Instructions {
		if i.Name == "FROM" {
			break
		}
		for _, p := range i.Pairs() {
			if value, given := args[p.Key]; given {
				env[p.Key] = value
			} else if p.HasValue {
				env[p.Key] = expand(p.Value.Raw, d.Escape, env).text
				defaults[p.Key] = true
			}
		}
	}
	return env, defaults
}

// Env are the variables that an instruction of the stage sees (nil means the end of the stage): ENV, and ARG with a value,
// through the chain of stages in this file. The later wins, values are expanded. The variables of the base image are not
// known here.
func (s *Stage) Env(until *Instruction) map[string]string {
	return s.envWith(until, nil)
}

// RunEnv are the variables that a container of the stage starts with: Env without the arguments of the build.
func (s *Stage) RunEnv() map[string]string {
	out := map[string]string{}
	s.before(nil, func(i *Instruction) {
		if i.Name != "ENV" {
			return
		}
		env := s.Env(i)
		for _, p := range i.Pairs() {
			out[p.Key] = expand(p.Value.Raw, s.Doc.Escape, env).text
		}
	})
	return out
}

// envWith is Env where extra, from the base image or from the build's arguments, outranks defaults of ARG and is outranked
// by ENV.
func (s *Stage) envWith(until *Instruction, extra map[string]string) map[string]string {
	env := map[string]string{}
	maps.Copy(env, extra)
	global, _ := s.Doc.globalEnv(extra)
	s.before(until, func(i *Instruction) {
		if i.Name != "ENV" && i.Name != "ARG" {
			return
		}
		now := maps.Clone(env)
		for _, p := range i.Pairs() {
			_, given := extra[p.Key]
			switch {
			case i.Name == "ARG" && given:
			case p.HasValue:
				env[p.Key] = expand(p.Value.Raw, s.Doc.Escape, now).text
			default:
				if value, ok := global[p.Key]; ok {
					env[p.Key] = value
				} else if value, ok := platformArgs[p.Key]; ok {
					env[p.Key] = value
				}
			}
		}
	})
	return env
}

// Expand replaces the variables of a word as an instruction at until sees them (nil means the end of the stage). extra
// holds variables of the base image and arguments of the build: they outrank defaults of ARG and are outranked by ENV.
// missing names the variables that have no value where one is needed.
func (s *Stage) Expand(word string, until *Instruction, extra map[string]string) (value string, missing []string) {
	v := expand(word, s.Doc.Escape, s.envWith(until, extra))
	return v.text, v.missing
}

// Workdir is the absolute path that is in force at an instruction (nil means the end of the stage). base is the working
// directory of the image that the chain of stages starts from, "" if it is not known. The result is "" if it depends on
// what is not known.
func (s *Stage) Workdir(until *Instruction, base string) string {
	chain := s.Chain()
	if base == "" && chain[len(chain)-1].Ref == "scratch" {
		base = "/"
	}
	dir := base
	s.before(until, func(i *Instruction) {
		if i.Name != "WORKDIR" || len(i.Words) == 0 {
			return
		}
		to, missing := i.Stage.Expand(i.Words[0].Raw, i, nil)
		switch {
		case len(missing) > 0:
			dir = ""
		case path.IsAbs(to):
			dir = path.Clean(to)
		case dir != "":
			dir = path.Join(dir, to)
		}
	})
	return dir
}

// An expansion is a word with its variables replaced.
type expansion struct {
	text     string
	missing  []string // have no value, and the text depends on it
	used     []string // have a value
	modified bool     // a default that stands in the word itself was used
}

type variables map[string]string

func (v variables) Get(name string) (string, bool) { value, ok := v[name]; return value, ok }
func (v variables) Keys() []string                 { return slices.Sorted(maps.Keys(v)) }

// expand is the builder's own expansion. A word that it cannot expand stays as it is and has itself as missing.
func expand(word string, escape byte, env map[string]string) expansion {
	lex := shell.NewLex(rune(escape))
	result, err := lex.ProcessWordWithMatches(word, variables(env))
	if err != nil {
		return expansion{text: word, missing: []string{requiredName(word)}}
	}
	e := expansion{text: result.Result, used: slices.Sorted(maps.Keys(result.Matched))}
	for _, name := range slices.Sorted(maps.Keys(result.Unmatched)) {
		if needsValue(word, name) && dependsOn(word, escape, env, name) {
			e.missing = append(e.missing, name)
		} else {
			e.modified = true
		}
	}
	return e
}

// needsValue is true if a word has a reference to name without a text of its own for the unset case.
func needsValue(word, name string) bool {
	quoted := regexp.QuoteMeta(name)
	plain := regexp.MustCompile(`\$` + quoted + `(?:[^A-Za-z0-9_]|$)|\$\{` + quoted + `(?:\}|[#%/]|:?\?)`)
	return plain.MatchString(word)
}

// dependsOn tries another value: in ${A:-$B} with A set, B does not matter.
func dependsOn(word string, escape byte, env map[string]string, name string) bool {
	with := maps.Clone(env)
	if with == nil {
		with = map[string]string{}
	}
	lex := shell.NewLex(rune(escape))
	unset, err := lex.ProcessWordWithMatches(word, variables(env))
	if err != nil {
		return true
	}
	with[name] = "\x01"
	set, err := lex.ProcessWordWithMatches(word, variables(with))
	return err != nil || set.Result != unset.Result
}

var reference = regexp.MustCompile(`\$\{?([A-Za-z_][A-Za-z0-9_]*)`)

// requiredName is the first variable of a word that the builder refuses to expand, or the word.
func requiredName(word string) string {
	if m := reference.FindStringSubmatch(word); m != nil {
		return m[1]
	}
	return strings.TrimSpace(word)
}
