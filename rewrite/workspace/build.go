package workspace

import (
	"path"
	"strings"

	"github.com/offroot/offroot/rewrite/dockerfile"
	"github.com/offroot/offroot/rewrite/image"
	"github.com/offroot/offroot/rewrite/shell"
	"github.com/offroot/offroot/rewrite/source"
)

// A Build is a stage of a Dockerfile that is shipped: the last one, or one that something names as its target.
type Build struct {
	Doc     *dockerfile.Document
	Stage   *dockerfile.Stage
	Shipped string // why it counts as shipped
	Context Context
	Args    map[string]string // build arguments that compose gives
	Base    Base
	User    User
	// Accounts are created by RUN instructions of the stage and its parents.
	Accounts []Account
	Groups   []Group
	Runs     []Run // RUN instructions of the chain, oldest first, with what they do
	Start    Start
	Named    string // what a build command calls the image
	Dev      bool   // the last stage, by its name one to develop or test with, while another one is what is run
	UsedBy   []Use  // FROM lines of other Dockerfiles that build on it

	fs      contextFS
	sources []string
}

// Place is the FROM line of the stage.
func (b *Build) Place() source.Place { return b.Stage.From.Place() }

// A Base is the image below the first stage of a chain.
type Base struct {
	Ref        string // expanded; "" if unresolved
	Unresolved string // build argument without a value
	Defaulted  bool   // the reference holds a default of a build argument
	Facts      image.Facts
	Known      bool         // Facts come from the table
	Family     string       // distribution family, from the table or from a package manager that is used
	FamilyFrom source.Place // of the RUN that uses the package manager, zero if the table says it
	// RootFrom is the RUN that installs packages before any USER, which proves that an unknown base starts as root.
	RootFrom source.Place
	// Local is the build of this repository that makes the base; Facts then are what it inherits and ends with.
	Local *Build
}

// A User is who a stage ends as. Known is false where the file and the table do not say it: unknown is a fact, not zero.
type User struct {
	Known bool
	UID   int    // -1 if only the name is known
	GID   int    // -1 if it is not stated
	Name  string // as written, if it is a name
	Text  string // as written
	From  *dockerfile.Instruction
	Base  bool   // it comes from the base image
	Why   string // for unknown ones: what is missing
}

// Root reports whether the process would have uid 0 for all that is known.
func (u User) Root() bool { return u.Known && u.UID == 0 }

// Numeric reports whether kubelet can see that the user is not root: a number, and not 0.
func (u User) Numeric() bool { return u.Known && u.Name == "" && u.UID > 0 }

// An Account is a user that a RUN creates.
type Account struct {
	shell.User
	At    *dockerfile.Instruction
	Fixed bool // the command states the number; else the system picks one
}

// A Group is a group that a RUN creates by itself, not together with a user.
type Group struct {
	shell.Group
	At    *dockerfile.Instruction
	Fixed bool // the command states the number
}

// A Run is a RUN instruction with the commands of its script.
type Run struct {
	At       *dockerfile.Instruction
	Commands []shell.Command
	Offset   int   // of the script in the file
	Err      error // the script could not be read
}

// newBuild reads the facts of a stage. Build arguments of compose outrank the defaults of the file.
func newBuild(stage *dockerfile.Stage, args map[string]string) *Build {
	b := &Build{Doc: stage.Doc, Stage: stage, Args: args}
	chain := stage.Chain()
	root := chain[len(chain)-1]
	b.Runs = RunsOf(stage)
	b.readBase(root)
	b.readAccounts()
	b.User = b.userOf(chain)
	return b
}

func (b *Build) readAccounts() {
	b.Accounts, b.Groups = nil, nil
	for _, run := range b.Runs {
		for _, u := range shell.Users(run.Commands, busyboxOr(b.Base.Family)) {
			b.Accounts = append(b.Accounts, Account{u, run.At, statesNumber(u.Command)})
		}
		for _, g := range shell.Groups(run.Commands) {
			b.Groups = append(b.Groups, Group{g, run.At, statesNumber(g.Command)})
		}
	}
}

// statesNumber reports whether a command that creates a user or a group is told which number to take.
func statesNumber(c *shell.Command) bool {
	if c == nil || len(c.Args) == 0 {
		return true // a line of passwd
	}
	letter, long := "u", "--uid"
	if strings.Contains(c.Name, "group") {
		letter, long = "g", "--gid"
	}
	for _, w := range c.Args[1:] {
		flag, _, _ := strings.Cut(w.Text, "=")
		if flag == long || strings.HasPrefix(flag, "-") && !strings.HasPrefix(flag, "--") && strings.Contains(flag, letter) {
			return true
		}
	}
	return !creates(c.Name)
}

// creates holds for the commands that take a number as an option.
func creates(name string) bool {
	switch name {
	case "useradd", "adduser", "groupadd", "addgroup":
		return true
	}
	return false
}

func busyboxOr(family string) string {
	switch family {
	case "busybox", "wolfi":
		return "alpine"
	}
	return family
}

// RunsOf are the RUN instructions of a stage and of the stages that it builds on, oldest first.
func RunsOf(stage *dockerfile.Stage) []Run {
	var runs []Run
	chain := stage.Chain()
	for i := len(chain) - 1; i >= 0; i-- {
		for _, in := range chain[i].All("RUN") {
			run := Run{At: in}
			text, offset, ok := in.Script()
			if !ok {
				run.Commands, run.Err = shell.Parse(strings.Join(in.Argv(), " "))
				run.Offset = -1
			} else {
				run.Commands, run.Err = shell.ParseWith(text, in.Stage.Env(in))
				run.Offset = offset
			}
			runs = append(runs, run)
		}
	}
	return runs
}

func (b *Build) readBase(root *dockerfile.Stage) {
	b.Base.Ref, b.Base.Unresolved = root.RefWith(b.Args)
	b.Base.Defaulted = root.Defaulted
	if ref, ok := image.ParseRef(b.Base.Ref); ok && b.Base.Unresolved == "" {
		b.Base.Facts, b.Base.Known = image.Lookup(ref)
		b.Base.Family = b.Base.Facts.Family
	}
	seenUser := false
	for _, in := range root.Instructions {
		if in.Name == "USER" {
			seenUser = true
		}
		run := b.run(in)
		if run == nil {
			continue
		}
		pm := shell.PackageManager(run.Commands)
		if pm == "" {
			continue
		}
		if !seenUser && len(shell.Installs(run.Commands)) > 0 && b.Base.RootFrom.Path == "" {
			b.Base.RootFrom = in.Place()
		}
		if b.Base.Family == "" {
			b.Base.Family, b.Base.FamilyFrom = image.FamilyOf(pm), in.Place()
		}
	}
}

func (b *Build) run(in *dockerfile.Instruction) *Run {
	for i := range b.Runs {
		if b.Runs[i].At == in {
			return &b.Runs[i]
		}
	}
	return nil
}

// userOf finds the last USER of the chain of stages; without one, the base decides.
func (b *Build) userOf(chain []*dockerfile.Stage) User {
	for _, stage := range chain {
		if in := stage.Last("USER"); in != nil {
			return b.readUser(in)
		}
	}
	return b.BaseUser()
}

// BaseUser is who the base image starts as.
func (b *Build) BaseUser() User {
	switch {
	case b.Base.Unresolved != "":
		return User{UID: -1, GID: -1, Base: true, Why: "its base image is the build argument " + b.Base.Unresolved + ", which has no value here"}
	case b.Base.Known && b.Base.Facts.DefaultUser.Known:
		return factsUser(b.Base.Facts)
	case b.Base.RootFrom.Path != "":
		return User{Known: true, Base: true, Text: ""}
	}
	return User{UID: -1, GID: -1, Base: true, Why: "nothing is known of the base image " + b.Base.Ref}
}

func factsUser(f image.Facts) User {
	d := f.DefaultUser
	u := User{Known: true, UID: d.UID, GID: d.GID, Text: d.Value, Base: true}
	if d.ByName {
		u.Name = d.Value
	}
	if d.Root() {
		u.UID, u.GID, u.Name = 0, 0, ""
	}
	return u
}

// readUser reads a USER instruction as an engine would: numbers, names of accounts that the chain or the base has, and
// build arguments with a value.
func (b *Build) readUser(in *dockerfile.Instruction) User {
	u := User{UID: -1, GID: -1, From: in}
	if len(in.Words) == 0 {
		u.Why = "its USER instruction is empty"
		return u
	}
	u.Text = in.Words[0].Text
	text, missing := in.Stage.Expand(u.Text, in, b.environment())
	if base := b.Base.Facts.DefaultUser; len(missing) > 0 && b.Base.Known && base.Known && !base.Root() {
		// A variable that the file does not know comes from the base image, which names its own user so.
		u = factsUser(b.Base.Facts)
		u.From, u.Text = in, in.Words[0].Text
		return u
	}
	if len(missing) > 0 {
		u.Why = "its USER is the variable " + missing[0] + ", which has no value here"
		return u
	}
	name, group, hasGroup := strings.Cut(text, ":")
	if name == "" || isZeros(name) || name == "root" {
		return User{Known: true, From: in, Text: u.Text}
	}
	if id, ok := number(name); ok {
		u.Known, u.UID = true, id
	} else {
		u.Name = name
		u.UID, u.GID = b.lookup(name)
		u.Known = true
		if u.UID == 0 {
			u.Name = ""
		}
	}
	if hasGroup {
		if id, ok := number(group); ok {
			u.GID = id
		} else if gid, ok := b.lookupGroup(group); ok {
			u.GID = gid
		}
	}
	return u
}

// environment is what a base image is known to set and an instruction may use.
func (b *Build) environment() map[string]string {
	env := map[string]string{}
	for k, v := range b.Args {
		env[k] = v
	}
	for local := b.Base.Local; local != nil; local = local.Base.Local {
		for k, v := range local.Stage.RunEnv() {
			if _, set := env[k]; !set {
				env[k] = v
			}
		}
	}
	if b.Base.Known && strings.Contains(b.Base.Ref, "dotnet/") && b.Base.Facts.RunAs != nil {
		env["APP_UID"] = itoa(b.Base.Facts.RunAs.UID) // set by the .NET images since version 8
	}
	return env
}

func (b *Build) lookup(name string) (uid, gid int) {
	for i := len(b.Accounts) - 1; i >= 0; i-- {
		if a := b.Accounts[i]; a.Name == name {
			return a.UID, a.GID
		}
	}
	for _, a := range b.Base.Facts.Users {
		if a.Name == name {
			return a.UID, a.GID
		}
	}
	if r := b.Base.Facts.RunAs; r != nil && r.Name == name {
		return r.UID, r.GID
	}
	return -1, -1
}

func (b *Build) lookupGroup(name string) (int, bool) {
	if name == "root" {
		return 0, true
	}
	for _, run := range b.Runs {
		for _, g := range shell.Groups(run.Commands) {
			if g.Name == name && g.GID > 0 {
				return g.GID, true
			}
		}
	}
	if _, gid := b.lookup(name); gid >= 0 {
		return gid, true
	}
	return 0, false
}

// builds makes a Build for every stage that is shipped.
func (ws *Workspace) builds(docs []*dockerfile.Document, hints []Hint) []*Build {
	var all []*Build
	for _, doc := range docs {
		if len(doc.Stages) == 0 {
			continue
		}
		last := doc.Stages[len(doc.Stages)-1]
		shipped := map[*dockerfile.Stage]string{}
		args := map[*dockerfile.Stage]map[string]string{}
		for _, s := range ws.Services {
			if s.Build == nil || s.Build.Dockerfile != doc.File().Path || s.Build.Inline || s.Build.Remote != "" {
				continue
			}
			stage := last
			if s.Build.Target == "" {
				shipped[last] = "service " + s.Name + " builds it in " + s.Build.Place.String()
			}
			if t := doc.Stage(s.Build.Target); s.Build.Target != "" && t != nil {
				stage = t
				shipped[stage] = "service " + s.Name + " names it as its target in " + s.Build.Place.String()
			}
			args[stage] = s.Build.Args
		}
		for _, h := range hints {
			if t := doc.Stage(h.Target); h.Dockerfile == doc.File().Path && h.Target != "" && t != nil {
				if shipped[t] == "" {
					shipped[t] = "named as a target in " + h.Place.String()
				}
			}
		}
		// The last stage is what a plain build gives. One to develop or to test with is not what ships, where something
		// says that another stage is.
		dev := len(shipped) > 0 && shipped[last] == "" && devStage(last.Name)
		if shipped[last] == "" {
			shipped[last] = "the last stage is what a plain build gives"
		}
		for _, stage := range doc.Stages {
			if why := shipped[stage]; why != "" {
				b := newBuild(stage, args[stage])
				b.Shipped = why
				b.Dev = dev && stage == last
				ws.readContext(b, hints)
				b.readStart()
				all = append(all, b)
			}
		}
	}
	return all
}

// devStage holds for names of stages to develop, test or debug with.
func devStage(name string) bool {
	switch name {
	case "dev", "dev-envs", "devenv", "devcontainer", "development", "develop", "test", "tests", "testing", "lint", "debug", "ci", "docs", "vscode":
		return true
	}
	return false
}

// Dir is the directory of the Dockerfile.
func (b *Build) Dir() string { return path.Dir(b.Doc.File().Path) }

// ReadUser reads a USER instruction of the chain.
func (b *Build) ReadUser(in *dockerfile.Instruction) User { return b.readUser(in) }

// Account returns the numbers of a user by name or number, -1 for what is not known.
func (b *Build) Account(name string) (uid, gid int) {
	if id, ok := number(name); ok {
		return id, -1
	}
	return b.lookup(name)
}

// WorkdirAfter is the working directory that a WORKDIR instruction sets.
func (b *Build) WorkdirAfter(in *dockerfile.Instruction) string {
	if len(in.Words) == 0 {
		return b.Workdir(in)
	}
	dir, _ := in.Stage.Expand(in.Words[0].Text, in, b.environment())
	return b.absolute(dir, in)
}

// InMoreGroups reports whether a RUN puts an account into groups beside its own: USER with an explicit group drops them
// (https://docs.docker.com/reference/dockerfile/#user).
func (b *Build) InMoreGroups(uid int, name string) bool {
	for _, a := range b.Accounts {
		if a.UID == uid {
			name = a.Name
		}
	}
	for _, a := range b.Base.Facts.Users {
		if a.UID == uid && name == "" {
			name = a.Name
		}
	}
	for _, run := range b.Runs {
		if len(shell.Memberships(run.Commands)[name]) > 0 && name != "" {
			return true
		}
	}
	return false
}

// GroupOf is the group of the passwd entry that a number has, -1 if no entry is known.
func (b *Build) GroupOf(uid int) int {
	for _, a := range b.Accounts {
		if a.UID == uid {
			return a.GID
		}
	}
	for _, a := range b.Base.Facts.Users {
		if a.UID == uid {
			return a.GID
		}
	}
	return -1
}
