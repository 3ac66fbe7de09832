package engine

import (
	"encoding/json"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
)

// What has to become of an application.
const (
	expectRewritten = "rewritten"  // every image of its own runs as a numeric user that is not root
	expectLeftAlone = "left-alone" // nothing changes but the files of MayChange, and the reason is given
)

// composeNames are the files that make an application a compose project, in the order in which compose looks for them.
var composeNames = []string{"compose.yaml", "compose.yml", "docker-compose.yml", "docker-compose.yaml"}

// App is what app.json says of an application: what has to become of it and what to ask of it while it runs.
type App struct {
	// About is one line for the table of results.
	About  string
	Expect string
	// Reason is a regular expression that the notes of offroot have to match.
	Reason string
	// MayChange names the files that may differ afterwards although the application is left alone.
	MayChange []string `json:"may_change"`

	// Images says which Dockerfile, with #TARGET if need be, makes the image of a service. Without it there is one: Dockerfile.
	Images map[string]string
	// Others says who runs in the services whose image is not made here, or is left alone: "UID:GID", "root", or "any".
	Others map[string]string
	// Volumes are named volumes, name to path, of an application without a compose file.
	Volumes map[string]string
	// Environment is that of an application without a compose file.
	Environment map[string]string
	// Args replace the command of an application without a compose file.
	Args []string

	// Service and Port are those of a request that names none. Port is the published one, as it is before the change.
	Service string
	Port    int
	Asks    []Request
	// Writes leave something behind that Reads find, at once and after a restart.
	Writes []Request
	Reads  []Request
	// Logs match what docker logs has to show of the service.
	Logs map[string]string
	// Processes are names that have to be among the running ones, per service.
	Processes map[string][]string
	// Exits are services that end by themselves, with their status.
	Exits map[string]int
	// Inspect holds, per service, a format for docker inspect and what has to come out afterwards.
	Inspect []Inspection
	// HardenAdd are capabilities that the application needs: they are given back when all are dropped.
	HardenAdd []string `json:"harden_add"`
	// Pending says why the application does not pass yet. Its failures are then only written down; once it passes, this has to go.
	Pending string
	// Needs are files of this machine without which the application cannot run.
	Needs []string
	// NoHarden says why the run without capabilities is not made.
	NoHarden string `json:"no_harden"`

	name, dir string
	compose   string // the compose file's name, or nothing
}

// Inspection is one question to docker inspect.
type Inspection struct {
	Service, Format, Want string
}

// Request is one question to a running application: by HTTP unless Exec, DNS or Send is given.
type Request struct {
	Service string
	Port    int
	Scheme  string
	Method  string
	Path    string
	Body    string
	Header  map[string]string
	Status  int
	// Want is a regular expression for the body, or for what was printed or sent back.
	Want       string
	WantHeader map[string]string `json:"want_header"`
	// Exec is a command to run in the container of the service.
	Exec []string
	// DNS is the network, udp or tcp, over which Path is looked up.
	DNS string
	// Send is sent over TCP.
	Send string
	// Varies says that the answer need not be the same from one run to the next.
	Varies bool
}

// loadApps reads every application below the folder.
func loadApps(root string) ([]*App, error) {
	entries, err := os.ReadDir(root)
	if err != nil {
		return nil, err
	}
	var apps []*App
	for _, e := range entries {
		app, err := loadApp(filepath.Join(root, e.Name()))
		if err != nil {
			return nil, fmt.Errorf("application %q: %w", e.Name(), err)
		}
		apps = append(apps, app)
	}
	return apps, nil
}

func loadApp(dir string) (*App, error) {
	f, err := os.Open(filepath.Join(dir, "app.json"))
	if err != nil {
		return nil, err
	}
	defer f.Close()
	app := &App{name: filepath.Base(dir), dir: dir}
	d := json.NewDecoder(f)
	d.DisallowUnknownFields()
	if err := d.Decode(app); err != nil {
		return nil, err
	}
	for _, name := range composeNames {
		if _, err := os.Stat(filepath.Join(dir, name)); err == nil {
			app.compose = name
			break
		}
	}
	app.fill()
	return app, app.check()
}

// fill sets what app.json leaves out.
func (a *App) fill() {
	if a.Service == "" {
		a.Service = "app"
	}
	if a.Images == nil {
		a.Images = map[string]string{a.Service: "Dockerfile"}
	}
	for _, list := range [][]Request{a.Asks, a.Writes, a.Reads} {
		for i := range list {
			r := &list[i]
			r.Service = or(r.Service, a.Service)
			r.Port = or(r.Port, a.Port)
			r.Scheme = or(r.Scheme, "http")
			r.Method = or(r.Method, "GET")
			r.Path = or(r.Path, "/")
			r.Status = or(r.Status, 200)
		}
	}
}

func (a *App) check() error {
	switch {
	case a.Expect != expectRewritten && a.Expect != expectLeftAlone:
		return fmt.Errorf("expect %q: want %q or %q", a.Expect, expectRewritten, expectLeftAlone)
	case a.Expect == expectLeftAlone && a.Reason == "":
		return fmt.Errorf("left alone without a reason to look for")
	case len(a.Asks) == 0:
		return fmt.Errorf("nothing is asked of it")
	}
	for _, r := range slices.Concat(a.Asks, a.Writes, a.Reads) {
		if _, err := regexp.Compile(r.Want); err != nil {
			return err
		}
	}
	_, err := regexp.Compile(a.Reason)
	return err
}

// text is every Dockerfile and compose file of the application in one string, to look for the images that it needs.
func (a *App) text() (string, error) {
	var all strings.Builder
	err := filepath.WalkDir(a.dir, func(path string, e fs.DirEntry, err error) error {
		if err != nil || e.IsDir() {
			return err
		}
		if !strings.Contains(e.Name(), "Dockerfile") && !slices.Contains(composeNames, e.Name()) {
			return nil
		}
		content, err := os.ReadFile(path)
		all.Write(content)
		all.WriteByte('\n')
		return err
	})
	return all.String(), err
}

// or is the first of the two that is not the zero value.
func or[T comparable](a, b T) T {
	var zero T
	if a != zero {
		return a
	}
	return b
}
