package decide

import (
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
