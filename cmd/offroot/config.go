package main

import (
	"fmt"
	"os"
	"path/filepath"

	"github.com/offroot/offroot/rewrite/config"
	"github.com/offroot/offroot/rewrite/discover"
	"github.com/offroot/offroot/rewrite/source"
)

// readConfig reads the configuration that is named, or the nearest one from the first path up to the root. Without one it
// returns an empty configuration.
func (p *policy) readConfig(root string, paths []string) (*config.Config, error) {
	if p.NoConfig {
		return &config.Config{}, nil
	}
	name := p.Config
	if name == "" {
		name = findConfig(root, paths)
	}
	if name == "" {
		return &config.Config{}, nil
	}
	content, err := os.ReadFile(name)
	if err != nil {
		return nil, fmt.Errorf("read the configuration: %w", err)
	}
	return config.Parse(source.NewFile(filepath.ToSlash(name), content))
}

// findConfig looks in the directory of the first path and in every one above it, up to the root.
func findConfig(root string, paths []string) string {
	if root == "" {
		found, err := discover.Root(paths)
		if err != nil {
			return "" // the run itself says what is wrong with the path
		}
		root = found
	}
	root, err := filepath.Abs(root)
	if err != nil {
		return ""
	}
	dir, err := filepath.Abs(paths[0])
	if err != nil {
		return ""
	}
	if info, err := os.Stat(dir); err == nil && !info.IsDir() {
		dir = filepath.Dir(dir)
	}
	for {
		for _, name := range config.Names {
			file := filepath.Join(dir, filepath.FromSlash(name))
			if info, err := os.Stat(file); err == nil && info.Mode().IsRegular() {
				return relative(file)
			}
		}
		if dir == root || dir == filepath.Dir(dir) {
			return ""
		}
		dir = filepath.Dir(dir)
	}
}

// relative names a file as seen from the working directory, if that is shorter.
func relative(file string) string {
	wd, err := os.Getwd()
	if err != nil {
		return file
	}
	if rel, err := filepath.Rel(wd, file); err == nil && len(rel) < len(file) {
		return rel
	}
	return file
}
