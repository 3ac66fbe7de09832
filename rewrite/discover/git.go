package discover

import (
	"bytes"
	"os"
	"os/exec"
	"regexp"
	"strings"
)

// askGit lists what git tracks or would track. It reports false if git cannot tell: it is not installed, the root is in no
// work tree, the work tree belongs to somebody whom git does not trust, or git ignores the root itself.
func (l *listing) askGit() bool {
	var stdout, stderr bytes.Buffer
	cmd := l.git("ls-files", "--cached", "--others", "--exclude-standard", "-z")
	cmd.Stdout, cmd.Stderr = &stdout, &stderr
	if cmd.Run() != nil {
		return false
	}
	if stdout.Len() == 0 && l.ignored(".") {
		return false
	}
	for name := range strings.SplitSeq(stdout.String(), "\x00") {
		if name != "" {
			l.add(name)
		}
	}
	for _, m := range unreadable.FindAllStringSubmatch(stderr.String(), -1) {
		l.skip(strings.TrimSuffix(m[1], "/"), "the directory cannot be read: "+m[2], true)
	}
	return true
}

// unreadable is how git warns of a directory that it goes past.
var unreadable = regexp.MustCompile(`(?m)^warning: could not open directory '(.*)': (.*)$`)

// leftOut reports whether a directory that the user named is not in git's list because git ignores it, or because it lies
// in a repository of its own.
func (l *listing) leftOut(dir string) bool {
	for repo := range l.nested {
		if dir == repo || strings.HasPrefix(dir, repo+"/") {
			return true
		}
	}
	return dir != "." && l.ignored(dir)
}

func (l *listing) ignored(name string) bool {
	return l.git("check-ignore", "-q", "--", name).Run() == nil
}

// git prepares a command that asks about the root alone. The variables that a hook sets for another repository do not
// count, and the configuration of the repository cannot make git run a program of its own.
func (l *listing) git(args ...string) *exec.Cmd {
	cmd := exec.Command("git", append([]string{"-c", "core.fsmonitor=false", "-C", l.root}, args...)...)
	for _, v := range os.Environ() {
		name, _, _ := strings.Cut(v, "=")
		switch name {
		case "GIT_DIR", "GIT_WORK_TREE", "GIT_INDEX_FILE", "GIT_COMMON_DIR", "GIT_PREFIX", "GIT_OBJECT_DIRECTORY":
		default:
			cmd.Env = append(cmd.Env, v)
		}
	}
	cmd.Env = append(cmd.Env, "LC_ALL=C", "GIT_OPTIONAL_LOCKS=0")
	return cmd
}
