package engine

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
)

// docker runs the docker and compose commands with one environment.
type docker struct {
	bin     string   // the docker command
	compose []string // the compose command, with its first argument if it is a plugin
	env     []string
}

// findDocker returns the commands of this machine. OFFROOT_DOCKER names the docker command if the one in PATH does not
// fit the engine. The error says why there is no engine to use.
func findDocker(ctx context.Context, dir string) (*docker, error) {
	name := os.Getenv("OFFROOT_DOCKER")
	if name == "" {
		name = "docker"
	}
	bin, err := exec.LookPath(name)
	if err != nil {
		return nil, fmt.Errorf("no docker command: %w", err)
	}
	// Compose runs the builder of the docker command that it finds in PATH, so ours has to be the first one there.
	if err := os.Symlink(bin, filepath.Join(dir, "docker")); err != nil {
		return nil, err
	}
	d := &docker{bin: bin, env: append(os.Environ(),
		"PATH="+dir+string(os.PathListSeparator)+os.Getenv("PATH"),
		"COMPOSE_DOCKER_CLI_BUILD=1", "COMPOSE_IGNORE_ORPHANS=1", "BUILDKIT_PROGRESS=plain")}
	if out, err := d.run(ctx, "info", "--format", "{{.ServerVersion}}"); err != nil {
		return nil, fmt.Errorf("docker info has no answer: %s", lastLine(out, err))
	}
	if _, err := d.run(ctx, "compose", "version"); err == nil {
		d.compose = []string{bin, "compose"}
	} else if v1, err := exec.LookPath("docker-compose"); err == nil {
		d.compose = []string{v1}
	} else {
		return nil, fmt.Errorf("neither docker compose nor docker-compose is installed")
	}
	return d, nil
}

// call is one command: its arguments and what goes with them.
type call struct {
	argv  []string
	dir   string
	env   []string
	stdin io.Reader
	// stdoutOnly leaves stderr out of the returned text.
	stdoutOnly bool
}

func (d *docker) do(ctx context.Context, c call) (string, error) {
	cmd := exec.CommandContext(ctx, c.argv[0], c.argv[1:]...)
	cmd.Dir, cmd.Stdin, cmd.Env = c.dir, c.stdin, append(append([]string{}, d.env...), c.env...)
	var out, errs bytes.Buffer
	cmd.Stdout, cmd.Stderr = &out, &out
	if c.stdoutOnly {
		cmd.Stderr = &errs
	}
	if err := cmd.Run(); err != nil {
		return out.String() + errs.String(), fmt.Errorf("%s: %w", strings.Join(cmd.Args[1:], " "), err)
	}
	return out.String(), nil
}

func (d *docker) run(ctx context.Context, args ...string) (string, error) {
	out, err := d.do(ctx, call{argv: append([]string{d.bin}, args...)})
	return strings.TrimSpace(out), err
}

// output is run without what the command says on stderr.
func (d *docker) output(ctx context.Context, args ...string) (string, error) {
	out, err := d.do(ctx, call{argv: append([]string{d.bin}, args...), stdoutOnly: true})
	return strings.TrimSpace(out), err
}

// lastLine is the last line of a command's output, which is where engines put the reason, or else its error.
func lastLine(out string, err error) string {
	lines := strings.Split(strings.TrimSpace(out), "\n")
	if last := strings.TrimSpace(lines[len(lines)-1]); last != "" {
		return last
	}
	return fmt.Sprint(err)
}
