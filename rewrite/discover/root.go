package discover

import (
	"bytes"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
)

// Root returns the git work tree that holds the first of paths (or the working directory, if there is none or it is "-").
// Outside of git it is the working directory if that holds all of paths and is somebody's project, since what belongs to them
// may lie beside them; else the first path itself, or its directory if it is a file. The result is absolute and without
// symbolic links. It does not run git. A path that does not exist is a *UsageError.
func Root(paths []string) (string, error) {
	first := "."
	if len(paths) > 0 && paths[0] != "-" {
		first = paths[0]
	}
	dir, info, err := realPath(first)
	if err != nil {
		return "", err
	}
	if !info.IsDir() {
		dir = filepath.Dir(dir)
	}
	if top, ok := workTree(dir); ok {
		return top, nil
	}
	if wd, ok := projectAround(paths); ok {
		return wd, nil
	}
	return dir, nil
}

// projectAround is the working directory if all of paths lie in it. A home directory and the root of a file system hold
// much that belongs to no project.
func projectAround(paths []string) (string, bool) {
	wd, _, err := realPath(".")
	if err != nil || wd == filepath.Dir(wd) {
		return "", false
	}
	if home, err := os.UserHomeDir(); err == nil {
		if full, _, err := realPath(home); err == nil && full == wd {
			return "", false
		}
	}
	for _, typed := range paths {
		full, _, err := realPath(typed)
		if err != nil {
			return "", false
		}
		if _, ok := below(wd, full); !ok {
			return "", false
		}
	}
	return wd, true
}

// realPath resolves a path as typed. What it leads to must exist.
func realPath(typed string) (string, fs.FileInfo, error) {
	abs, err := filepath.Abs(typed)
	if err != nil {
		return "", nil, &UsageError{typed, err.Error()}
	}
	resolved, err := filepath.EvalSymlinks(abs)
	if err != nil {
		return "", nil, &UsageError{typed, cause(err)}
	}
	info, err := os.Stat(resolved)
	if err != nil {
		return "", nil, &UsageError{typed, cause(err)}
	}
	return resolved, info, nil
}

// cause is an error without the operation and the path, which the caller names better.
func cause(err error) string {
	var at *fs.PathError
	if errors.As(err, &at) {
		return at.Err.Error()
	}
	return err.Error()
}

// workTree returns the nearest directory at or above dir that git would call the top level. Like git, it does not look
// above the directories of GIT_CEILING_DIRECTORIES.
func workTree(dir string) (string, bool) {
	ceilings := map[string]bool{}
	for _, c := range filepath.SplitList(os.Getenv("GIT_CEILING_DIRECTORIES")) {
		ceilings[filepath.Clean(c)] = true
	}
	for {
		if isWorkTree(dir) {
			return dir, true
		}
		parent := filepath.Dir(dir)
		if parent == dir || ceilings[parent] {
			return "", false
		}
		dir = parent
	}
}

// isWorkTree reports whether dir has a .git that git would take: a directory with a HEAD, or a file that names one, as
// submodules and further work trees have it.
func isWorkTree(dir string) bool {
	dotGit := filepath.Join(dir, ".git")
	info, err := os.Stat(dotGit)
	switch {
	case err != nil:
		return false
	case info.IsDir():
		_, err := os.Lstat(filepath.Join(dotGit, "HEAD"))
		return err == nil
	case info.Mode().IsRegular() && info.Size() < 1<<16:
		content, err := os.ReadFile(dotGit)
		return err == nil && bytes.HasPrefix(content, []byte("gitdir: "))
	}
	return false
}
