package workspace

import (
	"io/fs"
	"path"
	"strings"

	"github.com/offroot/offroot/rewrite/parse"
	"github.com/offroot/offroot/rewrite/source"
	"github.com/offroot/offroot/rewrite/yamldoc"
)

// A Daemon is a daemon.json of the Docker engine that the repository holds.
type Daemon struct {
	Doc  *yamldoc.Document
	Node *yamldoc.Node // the object
	// Services are those of all compose files of the repository, which the engine may run.
	Services []*Service
}

// daemonKeys are keys by which a daemon.json is known to be that of the engine.
var daemonKeys = []string{"log-driver", "log-opts", "log-level", "data-root", "storage-driver", "storage-opts", "registry-mirrors", "insecure-registries", "live-restore",
	"exec-opts", "default-runtime", "runtimes", "dns", "hosts", "iptables", "bip", "features", "userns-remap", "icc", "experimental", "debug", "default-address-pools",
	"metrics-addr", "no-new-privileges", "default-ulimits", "mtu", "ipv6", "fixed-cidr-v6", "userland-proxy", "builder", "max-concurrent-downloads", "selinux-enabled", "default-cgroupns-mode"}

// daemons reads the daemon.json files. One that cannot be read, or is that of another program, is left out.
func (ws *Workspace) daemons(docs *parse.Documents) []*Workload {
	var all []*Workload
	for _, name := range docs.Paths {
		if path.Base(name) != "daemon.json" {
			continue
		}
		text, err := fs.ReadFile(ws.FS, name)
		if err != nil || len(text) > 1<<20 || !strings.HasPrefix(strings.TrimSpace(string(text)), "{") {
			continue
		}
		file := source.NewFile(name, text)
		if info, err := fs.Stat(ws.FS, name); err == nil {
			file.Mode = info.Mode().Perm()
		}
		doc, err := yamldoc.Parse(file)
		if err != nil || len(doc.Roots()) != 1 || !ofEngine(doc.Roots()[0]) {
			continue
		}
		d := &Daemon{Doc: doc, Node: doc.Roots()[0], Services: ws.Services}
		all = append(all, &Workload{Name: name, Daemon: d})
	}
	return all
}

func ofEngine(root *yamldoc.Node) bool {
	for _, key := range daemonKeys {
		if root.Own(key) != nil {
			return true
		}
	}
	return false
}
