// Command offroot rewrites Dockerfiles, compose files and Kubernetes manifests so that containers stop running as root.
package main

import (
	"context"
	"os"
)

func main() {
	os.Exit(run(context.Background(), os.Args[1:], streams{os.Stdin, os.Stdout, os.Stderr}))
}
