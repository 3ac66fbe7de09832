package judges

import (
	"bytes"
	"fmt"

	"github.com/moby/buildkit/frontend/dockerfile/instructions"
	"github.com/moby/buildkit/frontend/dockerfile/parser"
)

// JudgeDockerfile parses a Dockerfile as the builder does and returns the USER that each stage ends with, "" where the
// stage has none.
func JudgeDockerfile(content []byte) (users []string, err error) {
	tree, err := parser.Parse(bytes.NewReader(content))
	if err != nil {
		return nil, fmt.Errorf("parse: %w", err)
	}
	stages, _, err := instructions.Parse(tree.AST, nil)
	if err != nil {
		return nil, fmt.Errorf("instructions: %w", err)
	}
	for _, stage := range stages {
		user := ""
		for _, command := range stage.Commands {
			if c, ok := command.(*instructions.UserCommand); ok {
				user = c.User
			}
		}
		users = append(users, user)
	}
	return users, nil
}
