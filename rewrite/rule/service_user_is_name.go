package rule

import (
	"fmt"
	"strings"

	"github.com/offroot/offroot/rewrite/workspace"
	"github.com/offroot/offroot/rewrite/yamldoc"
)

// ServiceUserIsName is for user: with a name, whose number only the image knows.
var ServiceUserIsName = &Rule{
	ID:    "service-user-is-name",
	Group: "service",
	Title: "user: is a name, which only the image can resolve",
	Doc: `A name in user: is looked up in /etc/passwd of the image at every start: an image without the account does not start,
and who owns the volumes is nowhere to be read. A number says both.

It is told where the number is known; nothing is changed, because the name works today.`,
	FixSafety: `There is no fix.`,
	Unfixed:   true,
	Bad:       []Example{{"compose.yaml", "services:\n  web:\n    image: nginxinc/nginx-unprivileged:1.27\n    user: nginx\n"}},
	Good:      []Example{{"compose.yaml", "services:\n  web:\n    image: nginxinc/nginx-unprivileged:1.27\n    user: \"101:101\"\n"}},
	OptIn:     true,
	Check: func(p *Pass) {
		eachService(p, "user", func(s *workspace.Service, n *yamldoc.Node) {
			name, _, _ := strings.Cut(s.UserText(), ":")
			if name == "" || name == "root" || strings.ContainsAny(name, "$0123456789") {
				return
			}
			message := fmt.Sprintf("user: %s is looked up in the image", n.Text())
			if uid, gid := accountOf(p, s, name); uid > 0 {
				message += fmt.Sprintf("; its number there is %d:%d", uid, gid)
			}
			p.Report(&Finding{Place: n.Place(), Message: message})
		})
	},
}

// accountOf is the number of a user of the image, 0 if it is not known.
func accountOf(p *Pass, s *workspace.Service, name string) (uid, gid int) {
	if p.Workload.Build != nil {
		uid, gid = p.Workload.Build.Account(name)
		return max(uid, 0), gid
	}
	if a, ok := s.Image.Facts.AccountNamed(name); ok {
		return max(a.UID, 0), a.GID
	}
	return 0, 0
}
