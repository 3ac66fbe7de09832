package judges

import (
	"context"

	"github.com/compose-spec/compose-go/v2/loader"
	"github.com/compose-spec/compose-go/v2/types"
)

// JudgeCompose loads a compose file as docker compose does, without the files that it names.
func JudgeCompose(path string, content []byte) (*types.Project, error) {
	details := types.ConfigDetails{
		WorkingDir:  "/project",
		ConfigFiles: []types.ConfigFile{{Filename: path, Content: content}},
		Environment: types.Mapping{},
	}
	return loader.LoadWithContext(context.Background(), details, func(o *loader.Options) {
		o.SetProjectName("project", true)
		o.SkipInclude = true
		o.SkipResolveEnvironment = true
		o.SkipConsistencyCheck = true
	})
}
