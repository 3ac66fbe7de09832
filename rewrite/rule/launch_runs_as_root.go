package rule

import (
	"github.com/offroot/offroot/rewrite/workspace"
)

// LaunchRunsAsRoot is for docker run --user root and its kin outside of compose files and manifests.
var LaunchRunsAsRoot = &Rule{
	ID:    "launch-runs-as-root",
	Group: "host",
	Title: "a script, unit or task definition starts a container as root",
	Doc: `docker run --user 0, User=root of a quadlet, user of an ECS task definition: they outrank the USER of the image, as user:
does in a compose file. Where the image is not root, the option can go.`,
	FixSafety: `There is no fix: scripts are not parsed to the byte.`,
	Unfixed:   true,
	Bad:       []Example{{"run.sh", "#!/bin/sh\nexec docker run --rm -u 0:0 nginx\n"}},
	Good:      []Example{{"run.sh", "#!/bin/sh\nexec docker run --rm -u 101:101 nginx\n"}},
	Check: func(p *Pass) {
		for _, l := range p.Workload.Launches {
			if workspace.RootUser(l.User) && !l.Privileged {
				p.Report(&Finding{Place: l.Place, Message: launched(l) + " runs as root, whatever its image says"})
			}
		}
	},
}
