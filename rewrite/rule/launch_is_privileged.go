package rule

import (
	"fmt"

	"github.com/offroot/offroot/rewrite/workspace"
)

// LaunchIsPrivileged is for docker run --privileged and its kin outside of compose files and manifests.
var LaunchIsPrivileged = &Rule{
	ID:    "launch-is-privileged",
	Group: "host",
	Title: "a script, unit or task definition starts a privileged container",
	Doc: `docker run --privileged, --cap-add ALL, and what says the same in quadlets, ECS task definitions and devcontainer.json:
every capability, every device, no seccomp. The remedy is that of a compose file: --device and --cap-add with what it uses.

Images that register interpreters in the kernel (binfmt) need it, do so once, and are not told.`,
	FixSafety: `There is no fix: scripts are not parsed to the byte.`,
	Unfixed:   true,
	Bad:       []Example{{"run.sh", "#!/bin/sh\ndocker run --rm \\\n  --privileged -p 80:80 nginx\n"}},
	Good:      []Example{{"run.sh", "#!/bin/sh\ndocker run --rm --privileged tonistiigi/binfmt --install all\n"}},
	Check: func(p *Pass) {
		for _, l := range p.Workload.Launches {
			switch {
			case l.Privileged:
				p.Report(&Finding{Place: l.Place, Message: launched(l) + " is privileged; name its devices and capabilities instead"})
			case len(l.Adds) > 0 && !workspace.RootUser(l.User):
				p.Report(&Finding{Place: l.Place, Message: launched(l) + " adds all capabilities; name those that it uses instead"})
			}
		}
	},
}

// launched names what is started and how.
func launched(l workspace.RunLine) string {
	if l.Image == "" {
		return "a container (" + l.How + ")"
	}
	return fmt.Sprintf("%s (%s)", l.Image, l.How)
}
