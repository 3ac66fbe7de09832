package rule

import (
	"fmt"

	"github.com/offroot/offroot/rewrite/decide"
	"github.com/offroot/offroot/rewrite/source"
	"github.com/offroot/offroot/rewrite/workspace"
	"github.com/offroot/offroot/rewrite/yamldoc"
)

// DaemonLacksUserNamespaceRemap is for a daemon.json under which root in a container is root on the host.
var DaemonLacksUserNamespaceRemap = &Rule{
	ID:    "daemon-lacks-user-namespace-remap",
	Group: "host",
	Title: "root in a container is root on the host",
	Doc: `With userns-remap the engine maps root of every container to a number that is nobody on the host. It is the one remedy
for images that must be root.

It changes the whole host, so it is done only where it is asked for: images, containers and volumes of before seem to be gone,
because they stay in the old directory; bind mounts belong to nobody; /etc/subuid needs a range of 65536 for dockremap.
Services of the repository that cannot run under it are named, and the fix is refused then.`,
	FixSafety: `Always review, and never without --only.`,
	OptIn:     true,
	Bad:       []Example{{"daemon.json", "{\n  \"log-driver\": \"json-file\"\n}\n"}},
	Good:      []Example{{"daemon.json", "{\n  \"log-driver\": \"json-file\",\n  \"userns-remap\": \"default\"\n}\n"}},
	Equivalents: Equivalents{
		CIS: []string{"Docker 2.9"},
	},
	Check: func(p *Pass) {
		d := p.Workload.Daemon
		if d == nil || d.Node.Own("userns-remap") != nil {
			return
		}
		f := &Finding{Place: d.Node.Place(), Message: "the engine does not remap users: root in a container is root on the host"}
		p.Report(f)
		if why, at, ok := breaksRemap(d); ok {
			f.Refusal = &Refusal{Reason: fmt.Sprintf("%s (%s)", why, at), Next: "give that service userns_mode: host, or leave the engine as it is"}
			return
		}
		f.Fix = &Fix{Title: "maps root of containers to nobody of the host", Level: decide.Review,
			Assumes: "no other container of that host shares namespaces with it, and /etc/subuid has a range for dockremap",
			Notes:   []string{"images, containers and volumes that exist stay in the old directory and seem to be gone; pull and fill them again", "directories of the host that are mounted need another owner"},
			Ops:     []source.Op{&yamldoc.Set{In: d.Node, Path: []string{"userns-remap"}, Value: "default"}}}
	},
}

// breaksRemap finds a service that the engine refuses to start under userns-remap.
func breaksRemap(d *workspace.Daemon) (string, source.Place, bool) {
	for _, s := range d.Services {
		if s.Get("userns_mode").Text() == "host" {
			continue
		}
		switch {
		case s.Flag("privileged").On:
			return "service " + s.Name + " is privileged, which the engine refuses then", s.Get("privileged").Place(), true
		case s.Get("network_mode").Text() == "host":
			return "service " + s.Name + " uses the network of the host, which the engine refuses then", s.Get("network_mode").Place(), true
		case s.Get("pid").Text() == "host":
			return "service " + s.Name + " shares the processes of the host, which the engine refuses then", s.Get("pid").Place(), true
		}
	}
	return "", source.Place{}, false
}
