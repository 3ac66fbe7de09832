package engine

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
)

// project is one copy of an application, run as a compose project of its own.
type project struct {
	docker *docker
	app    *App
	name   string
	dir    string // the copy of the application
	work   string // where files of ours go
	env    []string
	files  []string
	ports  published
	images map[string]bool
}

// openProject prepares the copy in dir. An application without a compose file is given one, with what app.json says.
func openProject(ctx context.Context, d *docker, p project) (*project, error) {
	p.docker, p.images = d, map[string]bool{}
	source, from := p.app.compose, p.dir
	if source == "" {
		source, from = "generated.yaml", p.work
		if err := os.WriteFile(filepath.Join(from, source), []byte(p.generated()), 0o644); err != nil {
			return nil, err
		}
	}
	args := append(slices.Clone(d.compose), "-p", p.name, "-f", source, "config")
	config, err := d.do(ctx, call{argv: args, dir: from, env: p.env, stdoutOnly: true})
	if err != nil {
		return nil, fmt.Errorf("compose does not accept %q: %s", source, lastLine(config, err))
	}
	config, p.ports = freePorts(config)
	if p.app.compose == "" {
		p.ports = published{p.app.Service: {p.app.Port: candidates(p.app.Port)}}
	}
	p.files = []string{filepath.Join(p.work, p.name+".yaml")}
	return &p, os.WriteFile(p.files[0], []byte(config), 0o644)
}

// candidates are the ports that a service may listen on when it used to listen on this one: the same, or the one it was
// moved to. Both are published where no compose file says which.
func candidates(port int) []target {
	t := []target{{port, "tcp"}}
	if port < 1024 {
		t = append(t, target{port + 8000, "tcp"})
	}
	return t
}

// generated is the compose file of an application that has none.
func (p *project) generated() string {
	var b strings.Builder
	recipe, stage, _ := strings.Cut(p.app.Images[p.app.Service], "#")
	fmt.Fprintf(&b, "services:\n  %s:\n    build:\n      context: %s\n      dockerfile: %s\n", p.app.Service, p.dir, recipe)
	if stage != "" {
		fmt.Fprintf(&b, "      target: %s\n", stage)
	}
	list := func(indent, key string, values []string) {
		if len(values) == 0 {
			return
		}
		fmt.Fprintf(&b, "%s%s:\n", indent, key)
		for _, v := range values {
			fmt.Fprintf(&b, "%s  %s\n", indent, v)
		}
	}
	var ports, mounts, names, env, args []string
	if p.app.Port != 0 {
		for _, t := range candidates(p.app.Port) {
			ports = append(ports, fmt.Sprintf("- %q", fmt.Sprint(t.port)))
		}
	}
	for name, path := range p.app.Volumes {
		mounts, names = append(mounts, "- "+name+":"+path), append(names, name+": {}")
	}
	for key, value := range p.app.Environment {
		env = append(env, fmt.Sprintf("%s: %q", key, value))
	}
	for _, a := range p.app.Args {
		args = append(args, fmt.Sprintf("- %q", a))
	}
	list("    ", "ports", ports)
	list("    ", "volumes", mounts)
	list("    ", "environment", env)
	list("    ", "command", args)
	list("", "volumes", names)
	return b.String()
}

// with is the project with one more compose file on top.
func (p *project) with(name, text string) (*project, error) {
	path := filepath.Join(p.work, p.name+"-"+name+".yaml")
	more := *p
	more.files = append(slices.Clone(p.files), path)
	if version := p.version(); version != "" {
		text = version + "\n" + text
	}
	return &more, os.WriteFile(path, []byte(text), 0o644)
}

// version is the line of the first compose file that says its format: older versions of compose want it in all of them.
func (p *project) version() string {
	content, _ := os.ReadFile(p.files[0])
	for line := range strings.Lines(string(content)) {
		if strings.HasPrefix(line, "version:") {
			return strings.TrimSpace(line)
		}
	}
	return ""
}

func (p *project) do(ctx context.Context, args ...string) error {
	argv := append(slices.Clone(p.docker.compose), "-p", p.name)
	for _, f := range p.files {
		argv = append(argv, "-f", f)
	}
	out, err := p.docker.do(ctx, call{argv: append(argv, args...), dir: p.work, env: p.env})
	if err != nil {
		return fmt.Errorf("compose %s: %s", strings.Join(args, " "), tail(out, 8))
	}
	return nil
}

func (p *project) build(ctx context.Context) error { return p.do(ctx, "build") }

func (p *project) up(ctx context.Context) error { return p.do(ctx, "up", "-d", "--no-build") }

// restart stops everything before it starts it again in the order of the dependencies: containers may get each other's
// addresses, and servers look up a neighbour's name when they start.
func (p *project) restart(ctx context.Context) error {
	if err := p.do(ctx, "stop", "-t", "2"); err != nil {
		return err
	}
	return p.do(ctx, "start")
}

// down removes containers, networks and volumes; the images stay for the next run of the same project.
func (p *project) down(ctx context.Context) error { return p.do(ctx, "down", "-v", "-t", "1") }

// forget removes the images that were built.
func (p *project) forget(ctx context.Context) {
	for id := range p.images {
		tags, _ := p.docker.output(ctx, "image", "inspect", "--format", "{{range .RepoTags}}{{.}} {{end}}", id)
		for _, tag := range strings.Fields(tags) {
			if _, base := standIns[tag]; !base && tag != debian {
				p.docker.run(ctx, "rmi", tag)
			}
		}
	}
}

// container is one that runs or ran.
type container struct {
	id, service string
	running     bool
	image, user string
	exit        string
}

func (p *project) containers(ctx context.Context) ([]container, error) {
	out, err := p.docker.output(ctx, "ps", "-aq", "--no-trunc", "--filter", "label=com.docker.compose.project="+p.name)
	if err != nil {
		return nil, err
	}
	var all []container
	for _, id := range strings.Fields(out) {
		line, err := p.docker.output(ctx, "inspect", "--format",
			`{{index .Config.Labels "com.docker.compose.service"}}|{{.State.Running}}|{{.Image}}|{{.Config.User}}|{{.State.ExitCode}}`, id)
		if err != nil {
			return nil, err
		}
		f := strings.Split(line, "|")
		all = append(all, container{id: id, service: f[0], running: f[1] == "true", image: f[2], user: f[3], exit: f[4]})
		if _, ours := p.app.Images[f[0]]; ours {
			p.images[f[2]] = true
		}
	}
	return all, nil
}

// container is the one of a service, running or not.
func (p *project) container(ctx context.Context, service string) (container, error) {
	all, err := p.containers(ctx)
	for _, c := range all {
		if c.service == service {
			return c, err
		}
	}
	return container{}, fmt.Errorf("service %q has no container", service)
}

// addresses are where a published port can be reached from here.
func (p *project) addresses(ctx context.Context, service string, from int, protocol string) ([]string, error) {
	c, err := p.container(ctx, service)
	if err != nil {
		return nil, err
	}
	var all []string
	for _, t := range p.ports[service][from] {
		if t.protocol != protocol {
			continue
		}
		out, err := p.docker.output(ctx, "port", c.id, fmt.Sprintf("%d/%s", t.port, t.protocol))
		if err != nil {
			return nil, fmt.Errorf("service %q does not publish its port %d: %s", service, t.port, lastLine(out, err))
		}
		all = append(all, strings.Fields(out)[0])
	}
	if len(all) == 0 {
		return nil, fmt.Errorf("service %q publishes no %s port %d", service, protocol, from)
	}
	return all, nil
}

// tail is the end of an output in one line.
func tail(out string, lines int) string {
	all := strings.Split(strings.TrimSpace(out), "\n")
	if len(all) > lines {
		all = all[len(all)-lines:]
	}
	return strings.Join(all, " / ")
}
