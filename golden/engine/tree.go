package engine

import (
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
)

// copyTree copies an application without its app.json, which is ours and not the application's.
func copyTree(from, to string) error {
	return filepath.WalkDir(from, func(path string, e fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		rel, _ := filepath.Rel(from, path)
		if rel == "app.json" {
			return nil
		}
		target := filepath.Join(to, rel)
		if e.IsDir() {
			return os.MkdirAll(target, 0o755)
		}
		content, err := os.ReadFile(path)
		if err != nil {
			return err
		}
		info, err := e.Info()
		if err != nil {
			return err
		}
		return os.WriteFile(target, content, info.Mode().Perm())
	})
}

// changedFiles are the paths of which the content differs between two trees, or that only one of them has.
func changedFiles(before, after string) ([]string, error) {
	a, err := readTree(before)
	if err != nil {
		return nil, err
	}
	b, err := readTree(after)
	if err != nil {
		return nil, err
	}
	var changed []string
	for path, content := range b {
		if old, ok := a[path]; !ok || old != content {
			changed = append(changed, path)
		}
	}
	for path := range a {
		if _, ok := b[path]; !ok {
			changed = append(changed, path)
		}
	}
	slices.Sort(changed)
	return changed, nil
}

func readTree(root string) (map[string]string, error) {
	files := map[string]string{}
	err := filepath.WalkDir(root, func(path string, e fs.DirEntry, err error) error {
		if err != nil || e.IsDir() {
			return err
		}
		content, err := os.ReadFile(path)
		rel, _ := filepath.Rel(root, path)
		files[filepath.ToSlash(rel)] = string(content)
		return err
	})
	return files, err
}

var (
	fromLine = regexp.MustCompile(`(?i)^\s*FROM\s+(?:--\S+\s+)*(\S+)(?:\s+AS\s+(\S+))?\s*$`)
	userLine = regexp.MustCompile(`(?i)^\s*USER\s+(\S+)\s*$`)
)

// lastUser is the user that a stage of a Dockerfile ends with, its parents' included; without a target it is the last
// stage. It reads lines on purpose, so that it shares nothing with the parser that it judges.
func lastUser(dockerfile, target string) string {
	users, last := map[string]string{}, ""
	for line := range strings.Lines(dockerfile) {
		line = strings.TrimSpace(line)
		if m := fromLine.FindStringSubmatch(line); m != nil {
			if target != "" && strings.EqualFold(last, target) {
				break
			}
			last = strings.ToLower(or(m[2], "\x00"))
			users[last] = users[strings.ToLower(m[1])]
		} else if m := userLine.FindStringSubmatch(line); m != nil {
			users[last] = m[1]
		}
	}
	return users[last]
}
