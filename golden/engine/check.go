package engine

import (
	"context"
	"errors"
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"
)

// patience is how long a service may take until it answers for the first time.
const patience = 60 * time.Second

// mostRestarts is how often a service may start again because a neighbour is not there yet.
const mostRestarts = 4

// serves asks everything that the application answers, lets it write, and finds the writing again.
// The first question is repeated until the service is up.
func (p *project) serves(ctx context.Context) ([]answer, error) {
	answers, err := p.awaken(ctx, p.app.Asks)
	if err != nil {
		return nil, p.explain(ctx, err)
	}
	for _, r := range slices.Concat(p.app.Writes, p.app.Reads) {
		a, err := p.ask(ctx, r)
		if err != nil {
			return nil, p.explain(ctx, err)
		}
		answers = append(answers, a)
	}
	return answers, nil
}

// awaken asks the questions until all are answered.
func (p *project) awaken(ctx context.Context, asks []Request) ([]answer, error) {
	var answers []answer
	deadline := time.Now().Add(patience)
	for len(answers) < len(asks) {
		a, err := p.ask(ctx, asks[len(answers)])
		switch {
		case err == nil:
			answers = append(answers, a)
		case time.Now().After(deadline):
			return nil, err
		default:
			if gone := p.gone(ctx); gone != nil {
				return nil, errors.Join(gone, err)
			}
			time.Sleep(300 * time.Millisecond)
		}
	}
	return answers, nil
}

// gone says which service has ended although it should run.
func (p *project) gone(ctx context.Context) error {
	all, err := p.containers(ctx)
	if err != nil {
		return err
	}
	if len(all) == 0 {
		return errors.New("there is no container")
	}
	for _, c := range all {
		if _, ends := p.app.Exits[c.service]; ends || c.exit == "0" {
			continue
		}
		state, _ := p.docker.output(ctx, "inspect", "--format", "{{.State.Restarting}} {{.RestartCount}}", c.id)
		restarting, count, _ := strings.Cut(state, " ")
		if times, _ := strconv.Atoi(count); restarting == "true" && times > mostRestarts || restarting != "true" && !c.running {
			return fmt.Errorf("service %q ended with status %s, %s restarts", c.service, c.exit, count)
		}
	}
	return nil
}

// explain adds to an error what the containers printed last.
func (p *project) explain(ctx context.Context, err error) error {
	all, _ := p.containers(ctx)
	for _, c := range all {
		out, _ := p.docker.run(ctx, "logs", "--tail", "12", c.id)
		err = fmt.Errorf("%w\n    log of %s: %s", err, c.service, strings.ReplaceAll(out, "\n", "\n      "))
	}
	return err
}

// survives restarts everything, waits for the first of the answers, and finds what was written before.
func (p *project) survives(ctx context.Context) error {
	if err := p.restart(ctx); err != nil {
		return err
	}
	if _, err := p.awaken(ctx, p.app.Asks[:1]); err != nil {
		return p.explain(ctx, err)
	}
	for _, r := range slices.Concat(p.app.Reads, p.app.Writes, p.app.Reads) {
		if _, err := p.ask(ctx, r); err != nil {
			return p.explain(ctx, err)
		}
	}
	return nil
}

// reports runs the health checks once, as the container's user, and looks for the expected lines in the logs, for the
// processes that have to be there, and for the status of services that end.
func (p *project) reports(ctx context.Context) error {
	all, err := p.containers(ctx)
	if err != nil {
		return err
	}
	var errs []error
	for _, c := range all {
		if _, ends := p.app.Exits[c.service]; ends {
			errs = append(errs, p.ended(ctx, c))
		} else if c.running {
			errs = append(errs, p.healthy(ctx, c), p.named(ctx, c))
		}
		errs = append(errs, p.logged(ctx, c))
	}
	return errors.Join(errs...)
}

func (p *project) healthy(ctx context.Context, c container) error {
	out, err := p.docker.output(ctx, "inspect", "--format", `{{with .Config.Healthcheck}}{{range .Test}}{{println .}}{{end}}{{end}}`, c.id)
	if err != nil || out == "" || strings.HasPrefix(out, "NONE") {
		return err
	}
	test := strings.Split(out, "\n")
	argv := test[1:]
	if test[0] == "CMD-SHELL" {
		argv = []string{"sh", "-c", strings.Join(test[1:], "\n")}
	}
	deadline := time.Now().Add(15 * time.Second)
	for {
		out, err = p.docker.run(ctx, append([]string{"exec", c.id}, argv...)...)
		if err == nil || time.Now().After(deadline) {
			break
		}
		time.Sleep(300 * time.Millisecond)
	}
	if err != nil {
		return fmt.Errorf("health check of %q: %s: %w", c.service, shorten(out), err)
	}
	return nil
}

func (p *project) named(ctx context.Context, c container) error {
	rows, err := p.processes(ctx, c)
	if err != nil {
		return err
	}
	for _, name := range p.app.Processes[c.service] {
		if !slices.ContainsFunc(rows, func(r process) bool { return strings.Contains(r.args, name) }) {
			return fmt.Errorf("service %q runs no %q: %v", c.service, name, rows)
		}
	}
	return nil
}

func (p *project) logged(ctx context.Context, c container) error {
	want, ok := p.app.Logs[c.service]
	if !ok {
		return nil
	}
	// What a process prints may reach the engine a little after it has answered.
	deadline := time.Now().Add(10 * time.Second)
	for {
		out, err := p.docker.run(ctx, "logs", c.id)
		switch {
		case err != nil:
			return err
		case regexp.MustCompile(want).MatchString(out):
			return nil
		case time.Now().After(deadline):
			return fmt.Errorf("logs of %q do not show %q: %s", c.service, want, shorten(out))
		}
		time.Sleep(200 * time.Millisecond)
	}
}

func (p *project) ended(ctx context.Context, c container) error {
	want, ok := p.app.Exits[c.service]
	if !ok {
		return nil
	}
	wait, cancel := context.WithTimeout(ctx, 30*time.Second)
	defer cancel()
	got, err := p.docker.output(wait, "wait", c.id)
	if err == nil && got != strconv.Itoa(want) {
		err = p.explain(ctx, fmt.Errorf("service %q ended with status %s, want %d", c.service, got, want))
	}
	return err
}

// process is one line of docker top.
type process struct{ owner, args string }

func (p *project) processes(ctx context.Context, c container) ([]process, error) {
	out, err := p.docker.output(ctx, "top", c.id, "-o", "pid,uid,gid,args")
	if err != nil {
		return nil, err
	}
	var rows []process
	for _, line := range strings.Split(out, "\n")[1:] {
		if f := strings.Fields(line); len(f) > 3 {
			rows = append(rows, process{owner: f[1] + ":" + f[2], args: strings.Join(f[3:], " ")})
		}
	}
	return rows, nil
}

var numeric = regexp.MustCompile(`^[1-9]\d*:\d+$`)

// owned checks who runs: in a service of which the image is made here every process is the user that the rewritten files
// name, in the others who app.json says. It returns the decision for the table of results.
func (p *project) owned(ctx context.Context, decided map[string]string) error {
	all, err := p.containers(ctx)
	if err != nil {
		return err
	}
	var errs []error
	for _, c := range all {
		want, ours := decided[c.service]
		if !ours {
			if want, ours = p.app.Others[c.service]; !ours {
				errs = append(errs, fmt.Errorf("app.json does not say who runs in %q", c.service))
			}
		} else {
			errs = append(errs, p.configured(ctx, c, want))
		}
		if want != "any" && c.running {
			errs = append(errs, p.runsAs(ctx, c, want))
		}
	}
	return errors.Join(errs...)
}

func (p *project) configured(ctx context.Context, c container, want string) error {
	image, err := p.docker.output(ctx, "image", "inspect", "--format", "{{.Config.User}}", c.image)
	switch {
	case err != nil:
		return err
	case !numeric.MatchString(want):
		return fmt.Errorf("service %q: user %q is not a number with a group", c.service, want)
	case image != want && c.user != want:
		return fmt.Errorf("service %q: image has user %q and container %q, want %q", c.service, image, c.user, want)
	}
	return nil
}

func (p *project) runsAs(ctx context.Context, c container, want string) error {
	if want == "root" {
		want = "0:0"
	}
	rows, err := p.processes(ctx, c)
	if err != nil {
		return err
	}
	for _, r := range rows {
		if r.owner != want {
			return fmt.Errorf("service %q: process %q runs as %s, want %s", c.service, r.args, r.owner, want)
		}
	}
	return nil
}

// inspected asks docker inspect what app.json wants to know of the changed project.
func (p *project) inspected(ctx context.Context) error {
	var errs []error
	for _, i := range p.app.Inspect {
		c, err := p.container(ctx, i.Service)
		if err == nil {
			var out string
			if out, err = p.docker.output(ctx, "inspect", "--format", i.Format, c.id); err == nil && !regexp.MustCompile(i.Want).MatchString(out) {
				err = fmt.Errorf("service %q: %s is %q, want %q", i.Service, i.Format, out, i.Want)
			}
		}
		errs = append(errs, err)
	}
	return errors.Join(errs...)
}

// hardened is the project with all capabilities dropped and no way to new ones, for the services that no longer are root.
func (p *project) hardened(decided map[string]string) (*project, error) {
	var b strings.Builder
	b.WriteString("services:\n")
	for service := range decided {
		fmt.Fprintf(&b, "  %s:\n    cap_drop: [ALL]\n    security_opt: [\"no-new-privileges:true\"]\n", service)
		if len(p.app.HardenAdd) > 0 {
			fmt.Fprintf(&b, "    cap_add: [%s]\n", strings.Join(p.app.HardenAdd, ", "))
		}
	}
	return p.with("hardened", b.String())
}
