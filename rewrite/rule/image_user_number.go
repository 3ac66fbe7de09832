package rule

import (
	"fmt"

	"github.com/offroot/offroot/rewrite/decide"
	"github.com/offroot/offroot/rewrite/dockerfile"
	"github.com/offroot/offroot/rewrite/source"
)

// ImageUserNotNumeric is for images that a pod runs and that name their user.
var ImageUserNotNumeric = &Rule{
	ID:    "image-user-not-numeric",
	Group: "image",
	Title: "USER is a name, which kubelet cannot verify",
	Doc: `A pod that demands runAsNonRoot starts only if kubelet can see that the user is not root. It looks at the image's
configuration and not into its passwd file, so a name is refused: "image has non-numeric user, cannot verify user is
non-root". Reported only for images that a pod template of the repository runs.

The fix writes the numbers of the user in place of its name.`,
	FixSafety: `Safe if the numbers stand in the Dockerfile or in the image table.`,
	Bad: []Example{{"web/Dockerfile", `FROM node:22-slim
USER node
CMD ["node", "--version"]
`}, {"k8s.yaml", podExample("web", "")}},
	Good: []Example{{"web/Dockerfile", `FROM node:22-slim
USER 1000:1000
CMD ["node", "--version"]
`}, {"k8s.yaml", podExample("web", "")}},
	Check: checkNumber,
}

// ImageUserWithoutGroup is for images that a pod runs and that state a number without a group.
var ImageUserWithoutGroup = &Rule{
	ID:    "image-user-without-group",
	Group: "image",
	Title: "USER states no group, so the process is in root's group",
	Doc: `USER 1000 runs with the group of that number's passwd entry, and with group 0 where there is no entry. Images that are
built for group 0, as OpenShift wants them, keep it: there it is the point.

The fix adds the group where the passwd entry is known from the Dockerfile or the image table. Reported only for images that
a pod template of the repository runs.`,
	FixSafety: `Safe: the entry's group is what the engine uses already.`,
	Bad: []Example{{"web/Dockerfile", `FROM debian:bookworm-slim
RUN groupadd -g 1500 app && useradd -u 1500 -g 1500 app
USER 1500
CMD ["sleep", "infinity"]
`}, {"k8s.yaml", podExample("web", "")}},
	Good: []Example{{"web/Dockerfile", `FROM debian:bookworm-slim
RUN groupadd -g 1500 app && useradd -u 1500 -g 1500 app
USER 1500:1500
CMD ["sleep", "infinity"]
`}, {"k8s.yaml", podExample("web", "")}},
	Check: checkNumber,
}

func checkNumber(p *Pass) {
	t := p.Target
	if t.Verdict != decide.Unprivileged || t.Workload.Build == nil || len(t.Workload.Pods) == 0 {
		return
	}
	u := t.Workload.Build.User
	if u.From == nil || u.UID <= 0 {
		return
	}
	byName := u.Name != ""
	if byName != (p.Rule.ID == "image-user-not-numeric") {
		return
	}
	gid := u.GID
	if !byName {
		if gid >= 0 {
			return
		}
		gid = t.Workload.Build.GroupOf(u.UID)
	}
	if gid < 0 || gid == 0 && !byName {
		return
	}
	if t.Workload.Build.InMoreGroups(u.UID, u.Name) {
		return // an explicit group would take the other groups of the account away
	}
	text := fmt.Sprintf("%d:%d", u.UID, gid)
	fix := &Fix{Title: "states USER as " + text, Level: decide.Safe, Ops: []source.Op{
		&dockerfile.SetWords{At: u.From, Words: []string{text}},
	}}
	if byName {
		p.Shared.Made(t, fix)
	}
	p.Report(&Finding{Place: u.From.Place(), Message: p.Rule.Title, Fix: fix})
}
