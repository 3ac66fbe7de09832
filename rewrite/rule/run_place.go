package rule

import (
	"path"
	"strings"

	"github.com/offroot/offroot/rewrite/decide"
	"github.com/offroot/offroot/rewrite/dockerfile"
)

// run inserts one RUN that makes the account and owns paths. It goes below the last RUN of the stage and below every COPY
// that brings an owned path; an account alone stays above the COPY of the sources, so that a change of these does not
// repeat it.
func (e *stageEdit) run(stage *dockerfile.Stage, owns []decide.Own, create []string) {
	at := lastRun(stage)
	for _, c := range e.build.Copies() {
		if c.At.Stage == stage && e.bringsAny(c.Dest, owns) && index(stage, c.At) > index(stage, at) {
			at = c.At
		}
	}
	if wd := stage.Last("WORKDIR"); len(owns) > 0 && wd != nil && e.relative(owns) && index(stage, wd) > index(stage, at) {
		at = wd
	}
	if at == nil {
		if first := firstCopy(stage); first != nil && len(owns) == 0 {
			e.above(first, runLines(create)...)
			return
		}
		at = stage.From
		if n := lastOf(stage, "COPY", "ADD", "WORKDIR", "ENV", "ARG", "SHELL"); n != nil {
			at = n
		}
	}
	commands := append(append([]string{}, create...), e.ownCommands(owns, nextTo(stage, at))...)
	e.below(at, runLines(commands)...)
}

// nextTo is the instruction that follows, nil at the end of the stage: working directories are asked for there.
func nextTo(stage *dockerfile.Stage, at *dockerfile.Instruction) *dockerfile.Instruction {
	i := index(stage, at)
	if i+1 < len(stage.Instructions) {
		return stage.Instructions[i+1]
	}
	return nil
}

// lastRun is the last RUN of a stage, but not one that already runs as somebody else.
func lastRun(stage *dockerfile.Stage) *dockerfile.Instruction {
	return stage.Last("RUN")
}

func lastOf(stage *dockerfile.Stage, names ...string) *dockerfile.Instruction {
	return stage.Last(names...)
}

func firstCopy(stage *dockerfile.Stage) *dockerfile.Instruction {
	if all := stage.All("COPY", "ADD"); len(all) > 0 {
		return all[0]
	}
	return nil
}

// bringsAny reports whether a COPY to dest may bring one of the paths.
func (e *stageEdit) bringsAny(dest string, owns []decide.Own) bool {
	for _, o := range owns {
		if dest == o.Path || dest == "/" || strings.HasPrefix(o.Path, strings.TrimSuffix(dest, "/")+"/") || strings.HasPrefix(dest, o.Path+"/") {
			return true
		}
	}
	return false
}

func (e *stageEdit) relative(owns []decide.Own) bool {
	wd := e.build.Workdir(nil)
	for _, o := range owns {
		if shorten(o.Path, wd) != o.Path {
			return true
		}
	}
	return false
}

// runLines writes commands as one RUN: on one line if it is short, else one command a line.
func runLines(commands []string) []string {
	one := "RUN " + strings.Join(commands, " && ")
	if len(commands) <= 2 && len(one) <= 110 {
		return []string{one}
	}
	lines := []string{"RUN " + commands[0] + " \\"}
	for i, c := range commands[1:] {
		line := "    && " + c
		if i < len(commands)-2 {
			line += " \\"
		}
		lines = append(lines, line)
	}
	return lines
}

// withoutShell owns paths in an image that has no shell: the directories are made in a stage that has one and copied with
// their owner. Numbers are used, because scratch resolves no name.
func (e *stageEdit) withoutShell(owns []decide.Own) {
	if len(owns) == 0 {
		return
	}
	from, dir := e.builder()
	if from == nil {
		e.reason = "the image has no shell to make " + owns[0].Path + " with, and no stage to copy it from"
		return
	}
	ref := from.Name
	if ref == "" {
		e.reason = "the image has no shell to make " + owns[0].Path + " with, and the stage to copy it from has no name"
		return
	}
	var made, copies []string
	for _, o := range owns {
		src := path.Join(dir, path.Base(o.Path))
		made = append(made, src)
		copies = append(copies, "COPY --from="+ref+" --chown="+e.target.Identity.User()+" "+src+" "+o.Path)
	}
	flag := ""
	if dir == "/empty" {
		flag = "-p "
	}
	at := from.Last("RUN")
	if at == nil {
		at = from.From
		if n := len(from.Instructions); n > 0 {
			at = from.Instructions[n-1]
		}
	}
	e.below(at, "RUN mkdir "+flag+strings.Join(made, " "))
	last := lastOf(e.stage, "COPY", "ADD")
	if last == nil {
		last = e.stage.From
	}
	if v := e.volumeOf(owns[0].Path); v != nil && index(e.stage, v) < index(e.stage, last) && v.Stage == e.stage {
		e.above(v, copies...)
		return
	}
	e.below(last, copies...)
}

// builder is the stage that the program is copied from, and a directory of it that is there.
func (e *stageEdit) builder() (*dockerfile.Stage, string) {
	for _, c := range e.build.Copies() {
		if c.From == nil || len(c.Sources) == 0 {
			continue
		}
		dir := path.Dir(c.Sources[0])
		if dir == "/" || dir == "." || !path.IsAbs(dir) {
			dir = "/empty"
		}
		return c.From, dir
	}
	return nil, ""
}
