package main

import (
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
)

// A rewriter runs offroot in copies of repositories.
type rewriter struct{ program, work string }

// list returns the repositories of the directories: what each holds directly, as directories.
func list(dirs []string) ([]string, error) {
	var out []string
	for _, dir := range dirs {
		entries, err := os.ReadDir(dir)
		if err != nil {
			return nil, err
		}
		for _, e := range entries {
			if e.IsDir() {
				out = append(out, filepath.Join(dir, e.Name()))
			}
		}
	}
	return out, nil
}

// rewrite makes a copy of a repository as offroot --write leaves it. The caller removes it.
func (r rewriter) rewrite(dir string) (string, error) {
	if err := os.MkdirAll(r.work, 0o755); err != nil {
		return "", err
	}
	copied, err := os.MkdirTemp(r.work, filepath.Base(dir)+"-")
	if err != nil {
		return "", err
	}
	if err := copyTree(copied, dir); err != nil {
		return copied, err
	}
	run := exec.Command(r.program, "--write", "--root=.")
	run.Dir = copied
	out, err := run.CombinedOutput()
	var exit *exec.ExitError
	if errors.As(err, &exit) && exit.ExitCode() == 2 {
		return copied, nil // a file of the repository does not parse; the others were written
	}
	if err != nil {
		return copied, fmt.Errorf("offroot --write: %w\n%s", err, out)
	}
	return copied, nil
}

// copyTree copies the regular files of a tree and leaves out what git keeps for itself. Links are left out as well: what is
// in the tree is there under its own name.
func copyTree(to, from string) error {
	return filepath.WalkDir(from, func(path string, d os.DirEntry, err error) error {
		if err != nil {
			return err
		}
		rel, err := filepath.Rel(from, path)
		if err != nil {
			return err
		}
		switch {
		case d.Name() == ".git" && path != from:
			if d.IsDir() {
				return filepath.SkipDir
			}
			return nil
		case d.IsDir():
			return os.MkdirAll(filepath.Join(to, rel), 0o755)
		case !d.Type().IsRegular():
			return nil
		}
		content, err := os.ReadFile(path)
		if err != nil {
			return err
		}
		return os.WriteFile(filepath.Join(to, rel), content, 0o644)
	})
}
