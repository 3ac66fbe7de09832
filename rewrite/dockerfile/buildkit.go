package dockerfile

import (
	"bytes"
	"errors"
	"fmt"

	"github.com/moby/buildkit/frontend/dockerfile/parser"
)

// syntaxTree is BuildKit's reading of content. The parser panics on some inputs (an empty comment where it expects a
// directive, for one), which is an error of the file for us.
func syntaxTree(content []byte) (tree *parser.Result, err error) {
	defer func() {
		if r := recover(); r != nil {
			tree, err = nil, fmt.Errorf("the parser gave up: %v", r)
		}
	}()
	return parser.Parse(bytes.NewReader(content))
}

// errorLine is the line that a parser error points to, 1 if it names none.
func errorLine(err error) int {
	var located *parser.LocationError
	if !errors.As(err, &located) {
		return 1
	}
	for _, ranges := range located.Locations {
		for _, r := range ranges {
			if r.Start.Line > 0 {
				return r.Start.Line
			}
		}
	}
	return 1
}

// errorCause is the innermost message, without the stack that BuildKit adds.
func errorCause(err error) string {
	var located *parser.LocationError
	if errors.As(err, &located) {
		return located.Unwrap().Error()
	}
	return err.Error()
}
