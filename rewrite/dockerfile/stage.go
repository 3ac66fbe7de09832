package dockerfile

import (
	"regexp"
	"strings"
)

// A Stage is what one FROM starts.
type Stage struct {
	Doc   *Document
	Index int
	// Name is the AS name in lower case, "" if there is none.
	Name string
	From *Instruction
	// Base is the word after FROM as it is written.
	Base string
	// Ref is Base with the defaults of the ARGs before the first FROM and with the platform arguments that every builder
	// sets, "" if an argument that it needs has no value.
	Ref string
	// Unresolved names the argument that lacks a value.
	Unresolved string
	// Defaulted is true if Ref holds the default of an argument, which a build may override.
	Defaulted bool
	// Parent is the earlier stage that FROM names, nil for an image.
	Parent *Stage
	// Platform is the value of --platform as it is written.
	Platform string
	// Instructions are those after FROM.
	Instructions []*Instruction
}

func (d *Document) addStage(from *Instruction) {
	s := &Stage{Doc: d, Index: len(d.Stages), From: from, Base: from.Words[0].Raw, Platform: from.Flag("platform")}
	if len(from.Words) >= 3 && strings.EqualFold(from.Words[1].Text, "as") {
		s.Name = strings.ToLower(from.Words[2].Text)
	}
	from.setStage(s)
	s.Ref, s.Unresolved, s.Defaulted = s.resolve(nil)
	if s.Ref != "" {
		s.Parent = stageByName(d.Stages, s.Ref)
	}
	d.Stages = append(d.Stages, s)
}

// stageByName is how FROM looks a stage up: by name alone, the last one wins.
func stageByName(stages []*Stage, name string) *Stage {
	for k := len(stages) - 1; k >= 0; k-- {
		if stages[k].Name != "" && strings.EqualFold(stages[k].Name, name) {
			return stages[k]
		}
	}
	return nil
}

// RefWith is Ref as a build with these arguments sees it. unresolved names the argument that still lacks a value.
func (s *Stage) RefWith(args map[string]string) (ref, unresolved string) {
	ref, unresolved, _ = s.resolve(args)
	return ref, unresolved
}

func (s *Stage) resolve(args map[string]string) (ref, unresolved string, defaulted bool) {
	env, defaults := s.Doc.globalEnv(args)
	for name, value := range platformArgs {
		if _, set := env[name]; !set {
			env[name] = value
		}
	}
	v := expand(s.Base, s.Doc.Escape, env)
	if len(v.missing) > 0 {
		return "", v.missing[0], false
	}
	for _, name := range v.used {
		if defaults[name] {
			defaulted = true
		}
	}
	return v.text, "", defaulted || v.modified
}

// Chain is the stage, its parent, and so on up to the stage that is FROM an image.
func (s *Stage) Chain() []*Stage {
	var out []*Stage
	for ; s != nil; s = s.Parent {
		out = append(out, s)
	}
	return out
}

// Children are the stages FROM this one, in order.
func (s *Stage) Children() []*Stage {
	var out []*Stage
	for _, other := range s.Doc.Stages {
		if other.Parent == s {
			out = append(out, other)
		}
	}
	return out
}

// CopiedBy are the instructions of other stages that take files from this one: COPY --from and RUN --mount=from.
func (s *Stage) CopiedBy() []*Instruction {
	var out []*Instruction
	for _, other := range s.Doc.Stages[s.Index+1:] {
		for _, i := range other.Instructions {
			for _, name := range i.takesFrom() {
				if stageIn(s.Doc.Stages[:other.Index], name) == s {
					out = append(out, i)
					break
				}
			}
		}
	}
	return out
}

var mountFrom = regexp.MustCompile(`(?:^|,)from=([^,]+)`)

// takesFrom names the stages and images that an instruction reads files of.
func (i *Instruction) takesFrom() []string {
	var out []string
	for _, f := range i.Flags {
		switch {
		case f.Name == "from" && (i.Name == "COPY" || i.Name == "ADD"):
			out = append(out, f.Value)
		case f.Name == "mount" && i.Name == "RUN":
			if m := mountFrom.FindStringSubmatch(f.Value); m != nil {
				out = append(out, m[1])
			}
		}
	}
	for k, name := range out {
		if value, missing := i.Stage.Expand(name, i, nil); len(missing) == 0 {
			out[k] = value
		}
	}
	return out
}

// All are the instructions of the stage with one of these names, in order.
func (s *Stage) All(names ...string) []*Instruction {
	var out []*Instruction
	for _, i := range s.Instructions {
		for _, name := range names {
			if i.Name == name {
				out = append(out, i)
			}
		}
	}
	return out
}

// Last is the last instruction of the stage with one of these names, nil if there is none.
func (s *Stage) Last(names ...string) *Instruction {
	all := s.All(names...)
	if len(all) == 0 {
		return nil
	}
	return all[len(all)-1]
}

// Shell is the SHELL in force at the end of the stage, nil for the default of the builder.
func (s *Stage) Shell() []string { return s.ShellAt(nil) }

// ShellAt is the SHELL in force at an instruction of the stage (nil means the end). An image's own SHELL is not known here.
func (s *Stage) ShellAt(until *Instruction) []string {
	var out []string
	s.before(until, func(i *Instruction) {
		if i.Name != "SHELL" || !i.Exec {
			return
		}
		out = make([]string, 0, len(i.Words))
		for _, w := range i.Words {
			out = append(out, w.Text)
		}
	})
	return out
}

// before visits the instructions of the chain of stages that come before until, the oldest first. An instruction that is
// not in this stage means the end of the stage.
func (s *Stage) before(until *Instruction, visit func(*Instruction)) {
	if until != nil && until.outer != nil {
		until = until.outer
	}
	chain := s.Chain()
	for k := len(chain) - 1; k >= 0; k-- {
		for _, i := range chain[k].Instructions {
			if i == until {
				return
			}
			visit(i)
		}
	}
}
