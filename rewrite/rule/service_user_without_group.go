package rule

import (
	"fmt"
	"strconv"
	"strings"

	"github.com/offroot/offroot/rewrite/workspace"
	"github.com/offroot/offroot/rewrite/yamldoc"
)

// ServiceUserWithoutGroup is for user: with a number alone, which runs in group 0 where the image has no such account.
var ServiceUserWithoutGroup = &Rule{
	ID:    "service-user-without-group",
	Group: "service",
	Title: "user: has no group, so the process is in group 0",
	Doc: `user: "1000" takes the group from the account of that number in the image. If there is none, the process runs in group
0, and may read and write whatever root's group may.

It is told where the accounts of the image are known and none has the number. Nothing is changed: images that are made for
group 0 rely on it.`,
	FixSafety: `There is no fix.`,
	Unfixed:   true,
	Bad:       []Example{{"compose.yaml", "services:\n  web:\n    image: axllent/mailpit:v1.20\n    user: \"5000\"\n"}},
	Good:      []Example{{"compose.yaml", "services:\n  web:\n    image: axllent/mailpit:v1.20\n    user: \"5000:5000\"\n"}},
	Check: func(p *Pass) {
		eachService(p, "user", func(s *workspace.Service, n *yamldoc.Node) {
			text := s.UserText()
			uid, err := strconv.Atoi(text)
			if err != nil || uid == 0 || strings.Contains(n.Text(), ":") || !s.Image.Known || s.Image.Facts.GroupZero {
				return
			}
			if _, has := s.Image.Facts.Account(uid); has || uid == s.Image.Facts.DefaultUser.UID {
				return
			}
			p.Report(&Finding{Place: n.Place(), Message: fmt.Sprintf("user: %s has no group and no account in %s, so it runs in group 0", text, s.Image.Ref)})
		})
	},
}
