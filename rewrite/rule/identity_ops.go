package rule

import (
	"fmt"
	"path"
	"strings"

	"github.com/offroot/offroot/rewrite/decide"
	"github.com/offroot/offroot/rewrite/dockerfile"
	"github.com/offroot/offroot/rewrite/source"
	"github.com/offroot/offroot/rewrite/workspace"
)

// identityOps are the ops that make a stage end as the identity that was decided: the account, what it owns, and USER. The
// reason is set where the shape of the Dockerfile leaves no place for them.
func identityOps(t *decide.Target) (ops []source.Op, reason string) {
	e := &stageEdit{target: t, build: t.Workload.Build, stage: t.Workload.Build.Stage}
	e.inherits = t.Below
	e.account()
	e.ownership()
	e.user()
	e.descendants()
	return append(e.ops, portOps(t)...), e.reason
}

// A stageEdit collects the ops for one stage.
type stageEdit struct {
	target *decide.Target
	build  *workspace.Build
	stage  *dockerfile.Stage
	ops    []source.Op
	reason string
	create []string // commands that make the account, to be put in front of what owns paths
	// inherits is the decision of a stage below this one that is shipped too and changes as well: what it does to the image
	// is here already.
	inherits *decide.Target
	more     bool // another RUN follows that the account can join
}

func (e *stageEdit) add(op source.Op) { e.ops = append(e.ops, op) }

// above and below insert lines at an instruction, written as its file is.
func (e *stageEdit) above(at *dockerfile.Instruction, lines ...string) {
	e.add(&dockerfile.InsertBefore{At: at, Lines: e.build.Doc.Styled(lines)})
}

func (e *stageEdit) below(at *dockerfile.Instruction, lines ...string) {
	e.add(&dockerfile.InsertAfter{At: at, Lines: e.build.Doc.Styled(lines)})
}

// account makes the new user, or writes down the number of the one that is there. In a stage that several shipped ones
// inherit it is made once; else it joins the RUN that owns paths, if there is one.
func (e *stageEdit) account() {
	id := e.target.Identity
	switch {
	case id.Origin == decide.FromCreation:
		in := e.target.CreateIn
		if in == nil || in == e.stage {
			e.create = id.Create
			return
		}
		e.run(in, nil, id.Create)
	case id.Origin == decide.FromAccount:
		for _, n := range id.Numbers {
			e.number(n)
		}
	}
}

// number writes a number in front of the name in the command that creates a user or a group.
func (e *stageEdit) number(n decide.Number) {
	run := e.build.Run(n.At)
	if run == nil || run.Offset < 0 || n.Command == nil {
		e.reason = "the command that creates " + n.Name + " cannot be edited"
		return
	}
	args := n.Command.Args
	for i := len(args) - 1; i > 0; i-- {
		if args[i].Text != n.Name || flagBefore(args[i-1].Text) {
			continue
		}
		offset := run.Offset + args[i].Start
		e.add(&dockerfile.ReplaceText{At: run.At, Span: source.Span{Start: offset, End: offset}, New: fmt.Sprintf("%s %d ", n.Flag, n.Value)})
		return
	}
	e.reason = "the command that creates " + n.Name + " cannot be edited"
}

// flagBefore reports whether a word is an option that takes the next word, such as -G.
func flagBefore(word string) bool {
	switch word {
	case "-G", "-g", "--ingroup", "--gid", "-d", "-h", "-s", "--home", "--shell", "-c", "--comment", "--gecos":
		return true
	}
	return false
}

// ownership makes the directories that the image lacks and gives the paths that are written to the identity.
func (e *stageEdit) ownership() {
	byVolume := map[*dockerfile.Instruction][]decide.Own{}
	var own []decide.Own
	for _, o := range e.target.Owns {
		if v := e.volumeOf(o.Path); v != nil {
			byVolume[v] = append(byVolume[v], o)
			continue
		}
		own = append(own, o)
	}
	if !e.hasShell() {
		e.withoutShell(e.target.Owns)
		return
	}
	e.more = len(e.notInherited(own)) > 0 || e.inherits == nil && len(moveCommands(e.target)) > 0
	for _, stage := range e.stage.Chain() {
		for _, in := range stage.All("VOLUME") {
			if owns := byVolume[in]; owns != nil {
				e.beforeVolume(in, owns)
			}
		}
	}
	commands := e.takeCreate()
	if e.inherits == nil {
		commands = append(commands, moveCommands(e.target)...)
	}
	own = e.notInherited(own)
	if len(own) > 0 || len(commands) > 0 {
		e.run(e.stage, own, commands)
	}
}

// volumeOf is the VOLUME instruction of the chain that declares a path. The classic builder discards what happens to a
// path below its VOLUME, so it has to be owned above.
func (e *stageEdit) volumeOf(name string) *dockerfile.Instruction {
	for _, stage := range e.stage.Chain() {
		for _, in := range stage.All("VOLUME") {
			for _, w := range in.Words {
				target, _ := stage.Expand(w.Text, in, nil)
				if path.Join(e.build.Workdir(in), target) == name || path.Clean(target) == name {
					return in
				}
			}
		}
	}
	return nil
}

// beforeVolume owns paths above their VOLUME. If the RUN that creates the user also makes the directory, the chown joins it.
func (e *stageEdit) beforeVolume(volume *dockerfile.Instruction, owns []decide.Own) {
	id := e.target.Identity
	if id.Origin == decide.FromAccount && volume.Stage == id.Account.At.Stage && e.makes(id.Account.At, owns) {
		if run := e.build.Run(id.Account.At); run != nil && run.Offset >= 0 && len(run.Commands) > 0 {
			end := run.Offset + run.Commands[len(run.Commands)-1].End
			text := " && " + strings.Join(e.ownCommands(owns, id.Account.At), " && ")
			e.add(&dockerfile.ReplaceText{At: run.At, Span: source.Span{Start: end, End: end}, New: text})
			return
		}
	}
	commands := e.ownCommands(owns, volume)
	if !e.more {
		commands = append(e.takeCreate(), commands...)
	}
	e.above(volume, runLines(commands)...)
}

func (e *stageEdit) takeCreate() []string {
	c := e.create
	e.create = nil
	return append([]string{}, c...)
}

// makes reports whether the RUN makes all of the paths.
func (e *stageEdit) makes(run *dockerfile.Instruction, owns []decide.Own) bool {
	for _, o := range owns {
		if !e.build.MadeBy(run, o.Path) {
			return false
		}
	}
	return true
}

// ownCommands makes what is missing and owns it, with paths as short as the working directory allows.
func (e *stageEdit) ownCommands(owns []decide.Own, at *dockerfile.Instruction) []string {
	var commands, dirs, files, plain, whole, run []string
	for _, o := range owns {
		name := o.Path
		if inChain(e.stage, "WORKDIR") {
			name = shorten(o.Path, e.build.Workdir(at))
		}
		if o.Execute {
			run = append(run, name)
			continue
		}
		if o.Make {
			if o.File {
				files = append(files, name)
			} else {
				dirs = append(dirs, name)
			}
		}
		if o.Recursive {
			whole = append(whole, name)
		} else {
			plain = append(plain, name)
		}
	}
	if len(dirs) > 0 {
		commands = append(commands, "mkdir -p "+strings.Join(dirs, " "))
	}
	if len(run) > 0 {
		commands = append(commands, "chmod a+rx "+strings.Join(run, " "))
	}
	if len(files) > 0 {
		commands = append(commands, "touch "+strings.Join(files, " "))
	}
	id := e.target.Identity.User()
	if len(whole) > 0 && onlyFiles(owns) {
		whole = append(plain, whole...)
		plain = nil
	}
	if len(plain) > 0 {
		commands = append(commands, "chown "+id+" "+strings.Join(plain, " "))
	}
	if len(whole) > 0 {
		commands = append(commands, "chown -R "+id+" "+strings.Join(whole, " "))
	}
	return commands
}

// inChain reports whether a stage that this one is built from has the instruction.
func inChain(stage *dockerfile.Stage, name string) bool {
	for _, s := range stage.Chain() {
		if s.Last(name) != nil {
			return true
		}
	}
	return false
}

func shorten(name, workdir string) string {
	if name == workdir {
		return "."
	}
	if rest, ok := strings.CutPrefix(name, strings.TrimSuffix(workdir, "/")+"/"); ok && workdir != "/" {
		return rest
	}
	return name
}

func (e *stageEdit) hasShell() bool {
	b := e.build.Base
	return b.Ref != "scratch" && (!b.Known || b.Facts.Shell)
}

// user writes USER: over a USER root that nothing follows, above the instructions that say what is started, or at the end
// of the stage.
func (e *stageEdit) user() {
	text := e.target.Identity.User()
	last := -1
	for i, in := range e.stage.Instructions {
		switch in.Name {
		case "RUN", "COPY", "ADD":
			last = i
		}
	}
	if u := e.stage.Last("USER"); u != nil && index(e.stage, u) > last {
		e.add(&dockerfile.SetWords{At: u, Words: []string{text}})
		for _, v := range moveVariables(e.target) {
			e.above(u, "ENV "+v)
		}
		return
	}
	var lines []string
	if e.inherits == nil {
		for _, v := range moveVariables(e.target) {
			lines = append(lines, "ENV "+v)
		}
	}
	lines = append(lines, "USER "+text)
	for _, in := range e.stage.Instructions[last+1:] {
		switch in.Name {
		case "HEALTHCHECK", "ENTRYPOINT", "CMD":
			e.above(in, lines...)
			return
		}
	}
	e.below(e.end(), lines...)
}

func (e *stageEdit) end() *dockerfile.Instruction {
	if n := len(e.stage.Instructions); n > 0 {
		return e.stage.Instructions[n-1]
	}
	return e.stage.From
}

// descendants gives root back to the stages that are built from this one and go on installing.
func (e *stageEdit) descendants() {
	for _, child := range e.stage.Children() {
		for _, in := range child.Instructions {
			if in.Name == "USER" {
				break
			}
			if in.Name == "RUN" {
				e.below(child.From, "USER root")
				break
			}
		}
	}
}

// notInherited drops the paths that a stage below owns already.
func (e *stageEdit) notInherited(owns []decide.Own) []decide.Own {
	if e.inherits == nil || e.inherits.Identity.User() != e.target.Identity.User() {
		return owns
	}
	var kept []decide.Own
	for _, o := range owns {
		inherited := false
		for _, other := range e.inherits.Owns {
			inherited = inherited || other.Path == o.Path
		}
		if !inherited {
			kept = append(kept, o)
		}
	}
	return kept
}

func index(stage *dockerfile.Stage, in *dockerfile.Instruction) int {
	for i, other := range stage.Instructions {
		if other == in {
			return i
		}
	}
	return -1
}

// onlyFiles reports whether all that is owned without what lies below it are files: there chown -R is the same.
func onlyFiles(owns []decide.Own) bool {
	for _, o := range owns {
		if !o.Execute && !o.Recursive && !o.File {
			return false
		}
	}
	return true
}
