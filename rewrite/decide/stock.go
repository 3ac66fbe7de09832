package decide

import (
	"fmt"
	"path"
	"slices"
	"strings"

	"github.com/offroot/offroot/rewrite/image"
	"github.com/offroot/offroot/rewrite/workspace"
)

// stockContainer decides for an image that is not built here, from what the table knows of it.
func (d *decider) stockContainer(t *PodTarget, c *workspace.Container) {
	f := c.Image.Facts
	u := f.DefaultUser
	switch {
	case !u.Known:
		t.refuse(c.Image.Place, fmt.Sprintf("who the image %s runs as is not known here", c.Image.Ref), "state runAsUser and runAsGroup by hand")
	case u.Root():
		d.rootContainer(t, c)
	case u.ByName && u.UID <= 0:
		t.refuse(c.Image.Place, fmt.Sprintf("the image %s names its user %s, whose number is not known here", c.Image.Ref, u.Value), "state runAsUser with its number")
	default:
		id := Identity{UID: u.UID, GID: max(u.GID, 0), Name: u.Value, Origin: FromImage}
		t.runs[c] = id
		if u.ByName {
			t.state(c, id)
		}
		if !f.Trusted("default_user") {
			t.assume("the image %s runs as %s", c.Image.Ref, u.Value)
		}
		d.fileCapabilities(t, c)
	}
}

func (d *decider) fileCapabilities(t *PodTarget, c *workspace.Container) {
	names := c.Image.Facts.FileCapabilityNames()
	if len(names) == 0 {
		return
	}
	var kept []string
	for _, add := range c.Node.Get("securityContext").Get("capabilities").Get("add").Items() {
		kept = append(kept, strings.TrimPrefix(strings.ToUpper(add.Text()), "CAP_"))
	}
	for _, name := range names {
		if !slices.Contains(kept, name) {
			t.refuse(c.Image.Place, fmt.Sprintf("the program in %s carries the capability %s, and would not start without it", c.Image.Ref, name),
				"drop ALL and add "+name+" by hand")
		}
	}
}

// rootContainer gives an image that starts as root everything that it needs to start as somebody else, or nothing.
func (d *decider) rootContainer(t *PodTarget, c *workspace.Container) {
	f := c.Image.Facts
	if f.MustBeRoot != "" {
		t.refuse(c.Image.Place, fmt.Sprintf("%s must start as root: %s", c.Image.Ref, f.MustBeRoot), alternative(f, "run it where a root container may run"))
		return
	}
	if !runsOwnServer(c) {
		d.toolContainer(t, c, launched(c))
		return
	}
	d.serverContainer(t, c)
}

// launched is the command line that a container of a plain image runs.
func launched(c *workspace.Container) []string { return c.Launch().Argv() }

// runsOwnServer reports whether the container runs what the image is made for: nothing is said, flags are passed to it, or
// it is called by its name.
func runsOwnServer(c *workspace.Container) bool {
	f, l := c.Image.Facts, c.Launch()
	if f.Kind != "server" {
		return false
	}
	if len(l.Command) == 0 {
		return len(l.Args) == 0 || strings.HasPrefix(l.Args[0], "-") || isServer(f, path.Base(l.Args[0])) || shellNames[path.Base(l.Args[0])] && servesOnly(f, l.Args)
	}
	return servesOnly(f, l.Argv())
}

func servesOnly(f image.Facts, argv []string) bool {
	seen := readLaunch(argv)
	for _, s := range seen.servers {
		if !isServer(f, s) {
			return false
		}
	}
	return len(seen.servers) > 0 && seen.root == "" && seen.unknown == ""
}

// servers are the programs that an image is made for, where they are not called like it.
var servers = map[string]string{
	"httpd": "httpd httpd-foreground apachectl", "php-apache": "apache2-foreground", "php-fpm": "php-fpm", "redis": "redis-server redis-sentinel",
	"mysql": "mysqld", "mariadb": "mariadbd mysqld", "mongo": "mongod mongos", "rabbitmq": "rabbitmq-server", "postgres": "postgres",
	"zookeeper": "zkServer.sh", "influxdb": "influxd", "valkey": "valkey-server", "nats": "nats-server", "minio": "minio server", "vault": "vault server", "consul": "consul agent", "tomcat": "catalina.sh",
	"openresty": "openresty nginx", "clickhouse": "clickhouse-server", "registry": "registry serve", "caddy": "caddy", "etcd": "etcd",
}

func isServer(f image.Facts, program string) bool {
	program = strings.TrimSuffix(program, "-debug")
	return program == f.ID || slices.Contains(strings.Fields(servers[f.ID]), program) || strings.HasPrefix(program, "docker-entrypoint")
}

// serverContainer applies the recipe of a server image.
func (d *decider) serverContainer(t *PodTarget, c *workspace.Container) {
	f := c.Image.Facts
	id, ok := serverIdentity(f)
	if !ok {
		d.cannotServe(t, c, "what it needs without root is not known: "+f.EntrypointNote)
		return
	}
	if blocker, next := d.dataDirectory(t, c, id); blocker != "" {
		d.cannotServeNext(t, c, blocker, next)
		return
	}
	if blocker := d.scratch(t, c, id); blocker != "" {
		d.cannotServe(t, c, blocker)
		return
	}
	t.state(c, id)
	d.lowContainerPorts(t, c)
	for name, value := range recipeEnv(f) {
		if _, set, _ := c.Env(name); !set {
			t.Env = append(t.Env, Variable{c, name, value})
		}
	}
	t.assume("%s starts as %d:%d as its Dockerfile and entrypoint say; %s", c.Image.Ref, id.UID, id.GID, d.recipeSays(t, c))
	d.fileCapabilities(t, c)
}

func recipeEnv(f image.Facts) map[string]string {
	if f.Stock == nil {
		return nil
	}
	return f.Stock.Env
}

// serverIdentity is who a server image can be. It is false where the table does not say what else that takes.
func serverIdentity(f image.Facts) (Identity, bool) {
	if f.WorksAsNonRoot != "true" && (f.WorksAsNonRoot != "with-conditions" || f.Stock == nil) {
		return Identity{}, false
	}
	switch {
	case f.RunAs != nil:
		return Identity{UID: f.RunAs.UID, GID: f.RunAs.GID, Name: f.RunAs.Name, Origin: FromImage}, true
	case f.DropsTo != nil && f.DropsTo.UID > 0:
		return Identity{UID: f.DropsTo.UID, GID: f.DropsTo.GID, Name: f.DropsTo.Name, Origin: FromImage}, true
	case f.Drops != "":
		return Identity{}, false
	}
	return Identity{UID: 10001, GID: 10001, Origin: FromNumber}, true
}

// recipeSays names what a reader has to believe of the image.
func (d *decider) recipeSays(t *PodTarget, c *workspace.Container) string {
	var dirs []string
	for _, s := range t.Scratch {
		if s.Container == c {
			dirs = append(dirs, s.Path)
		}
	}
	if len(dirs) == 0 {
		return "it writes nothing but its own directories"
	}
	return "beside its own directories it writes only " + strings.Join(dirs, " and ")
}

// cannotServe refuses, or leaves alone what gives up root by itself.
func (d *decider) cannotServe(t *PodTarget, c *workspace.Container, blocker string) {
	d.cannotServeNext(t, c, blocker, "")
}

func (d *decider) cannotServeNext(t *PodTarget, c *workspace.Container, blocker, next string) {
	f := c.Image.Facts
	if dropsByTool(f.Drops) {
		who := "its own user"
		if f.DropsTo != nil {
			who = fmt.Sprint(f.DropsTo.UID)
		}
		if next == "" {
			next = blocker + "; clear that, then run offroot again"
		}
		t.leave(c.Image.Place, fmt.Sprintf("%s starts as root and drops to %s by itself", c.Image.Ref, who), next)
		return
	}
	if next == "" {
		next = alternative(f, "state runAsUser and what the process then needs by hand")
	}
	t.refuse(c.Image.Place, fmt.Sprintf("the image %s starts as root: %s", c.Image.Ref, blocker), next)
}

func alternative(f image.Facts, otherwise string) string {
	if f.NonRootAlternative != "" {
		return "consider " + f.NonRootAlternative
	}
	return otherwise
}
