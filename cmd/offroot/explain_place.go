package main

import (
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"

	"github.com/offroot/offroot/rewrite/discover"
	"github.com/offroot/offroot/rewrite/render"
	"github.com/offroot/offroot/rewrite/source"
)

// splitPlace reads FILE:LINE. An existing file without a line means its first one.
func splitPlace(text string) (file string, line int, ok bool) {
	if i := strings.LastIndexByte(text, ':'); i > 0 {
		if n, err := strconv.Atoi(text[i+1:]); err == nil && n > 0 {
			return text[:i], n, true
		}
	}
	if info, err := os.Stat(text); err == nil && info.Mode().IsRegular() {
		return text, 1, true
	}
	return "", 0, false
}

// explainPlace prints everything that led to the decision about the workload at a line.
func (s *session) explainPlace(file string, line int) int {
	root, err := discover.Root([]string{file})
	if err != nil {
		return s.fail(err)
	}
	sc, p := scope{Paths: []string{root}, Root: root}, policy{}
	opts, err := sc.options(&p)
	if err != nil {
		return s.fail(err)
	}
	result, err := s.analyse(opts)
	if err != nil {
		return s.fail(err)
	}
	defer result.Tree.Close()
	at, err := belowRoot(result.Tree.Root, file)
	if err != nil {
		return s.fail(err)
	}
	found, err := render.Explain(s.out, newReport(result, opts, "explain"), source.Place{Path: at, Line: line})
	switch {
	case err != nil:
		return s.fail(err)
	case !found:
		return s.fail(fmt.Errorf("no workload at %s:%d: it is neither in a stage that is shipped, nor in a service, nor in an object with a pod template", at, line))
	}
	return exitOK
}

// belowRoot names a file as the run does: relative to the root, with slashes.
func belowRoot(root, file string) (string, error) {
	abs, err := filepath.Abs(file)
	if err != nil {
		return "", err
	}
	if resolved, err := filepath.EvalSymlinks(abs); err == nil {
		abs = resolved
	}
	if resolved, err := filepath.EvalSymlinks(root); err == nil {
		root = resolved
	}
	rel, err := filepath.Rel(root, abs)
	if err != nil || strings.HasPrefix(rel, "..") {
		return "", fmt.Errorf("explain %q: it lies outside of the root %s", file, root)
	}
	return filepath.ToSlash(rel), nil
}
