package decide

import (
	"strings"

	"github.com/offroot/offroot/rewrite/dockerfile"
	"github.com/offroot/offroot/rewrite/workspace"
)

// commonStage is the nearest stage that both builds go through, nil if they share none.
func commonStage(a, b *workspace.Build) *dockerfile.Stage {
	for _, s := range a.Stage.Chain() {
		for _, o := range b.Stage.Chain() {
			if s == o {
				return s
			}
		}
	}
	return nil
}

// share gives targets of one Dockerfile that create the same user one stage to create it in: the nearest one that all of
// them are built from. It also joins a stage with the shipped one that it is built from.
func (d *decider) share(targets []*Target) {
	for _, t := range targets {
		if t.Verdict != Change || t.Workload.Build == nil {
			continue
		}
		for _, other := range targets {
			if other == t || other.Verdict != Change || other.Workload.Build == nil || other.Workload.Build.Doc != t.Workload.Build.Doc {
				continue
			}
			stage := commonStage(t.Workload.Build, other.Workload.Build)
			if stage != nil && t.Identity.Origin == FromCreation && other.Identity.Origin == FromCreation {
				t.CreateIn = stage
				if hasHome(other.Identity.Create) && t.Identity.UID == other.Identity.UID {
					t.Identity.Create = other.Identity.Create // one account for both, with the home that one of them needs
				}
			}
			if stage != nil && stage == other.Workload.Build.Stage && t.Below == nil {
				t.Below = other
			}
		}
	}
}

func hasHome(commands []string) bool {
	for _, c := range commands {
		if strings.Contains(c, "--create-home") || strings.HasPrefix(c, "adduser") && !strings.Contains(c, " -H ") {
			return true
		}
	}
	return false
}
