package rule

import (
	"strings"

	"github.com/offroot/offroot/rewrite/workspace"
	"github.com/offroot/offroot/rewrite/yamldoc"
)

// ServiceHasUnconfinedProfile is for compose services that switch a security profile off.
var ServiceHasUnconfinedProfile = &Rule{
	ID:    "service-has-unconfined-profile",
	Group: "service",
	Title: "the service switches a security profile off",
	Doc: `seccomp, AppArmor and SELinux bar calls that no ordinary service makes. security_opt with unconfined, or label:disable,
switches one of them off, which matters most for a process that is root.

It is told and not changed: some programs, debuggers and browsers among them, do need such calls.`,
	FixSafety:   `There is no fix.`,
	Unfixed:     true,
	Bad:         []Example{{"compose.yaml", "services:\n  web:\n    image: nginxinc/nginx-unprivileged:1.27\n    security_opt:\n      - seccomp:unconfined\n"}},
	Good:        []Example{{"compose.yaml", "services:\n  web:\n    image: nginxinc/nginx-unprivileged:1.27\n    security_opt:\n      - no-new-privileges:true\n"}},
	Equivalents: Equivalents{CIS: []string{"Docker 5.1", "Docker 5.21"}},
	Check: func(p *Pass) {
		eachService(p, "security_opt", func(s *workspace.Service, list *yamldoc.Node) {
			for _, n := range list.Items() {
				name, value, _ := strings.Cut(strings.ReplaceAll(n.Text(), "=", ":"), ":")
				if value == "unconfined" || name == "label" && value == "disable" || name == "systempaths" {
					p.Report(&Finding{Place: n.Place(), Message: "service " + s.Name + " runs without " + profileName(name)})
				}
			}
		})
	},
}

func profileName(option string) string {
	switch option {
	case "seccomp":
		return "seccomp"
	case "apparmor":
		return "AppArmor"
	case "label":
		return "SELinux"
	}
	return "masked paths of /proc and /sys"
}
