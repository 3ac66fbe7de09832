package discover

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"path"
	"strings"
	"unicode/utf8"

	"github.com/offroot/offroot/rewrite/source"
)

// Larger files are not read: no Dockerfile is that long, and one that is would only be slow.
const (
	maxText     = 1 << 20  // Dockerfiles, and whatever lies in a build context
	maxManifest = 10 << 20 // YAML and JSON
)

// errTooLarge is wrapped in the error about a file beyond its limit.
var errTooLarge = errors.New("too large")

// Read returns a file below the root, the same *source.File at every call. Its Content is not nil.
//
// A file that is too large, no regular file, not UTF-8 or that holds a NUL byte is a *source.Error. What cannot be opened,
// a symbolic link out of the root among it, is an *fs.PathError.
func (t *Tree) Read(name string) (*source.File, error) {
	t.mu.Lock()
	defer t.mu.Unlock()
	if f := t.cache[name]; f != nil {
		return f, nil
	}
	content, mode, err := t.load(name)
	if err == nil {
		err = checkText(name, content)
	}
	if err != nil {
		return nil, err
	}
	f := source.NewFile(name, content)
	f.Mode = mode
	t.cache[name] = f
	return f, nil
}

// load reads the bytes of a file within its limit.
func (t *Tree) load(name string) ([]byte, fs.FileMode, error) {
	info, err := t.dir.Stat(name) // before opening: a named pipe would block
	if err != nil {
		return nil, 0, err
	}
	if !info.Mode().IsRegular() {
		return nil, 0, fileError(name, 0, "it is no regular file")
	}
	limit := limitOf(name)
	if info.Size() > int64(limit) {
		return nil, 0, tooLarge(name, limit)
	}
	f, err := t.dir.Open(name)
	if err != nil {
		return nil, 0, err
	}
	defer f.Close()
	content := make([]byte, 0, info.Size()+1)
	buf := bytes.NewBuffer(content)
	if _, err := buf.ReadFrom(io.LimitReader(f, int64(limit)+1)); err != nil {
		return nil, 0, err
	}
	if buf.Len() > limit {
		return nil, 0, tooLarge(name, limit)
	}
	return buf.Bytes(), info.Mode(), nil
}

func limitOf(name string) int {
	if hasExt(name, manifestExts) {
		return maxManifest
	}
	return maxText
}

func tooLarge(name string, limit int) error {
	return fmt.Errorf("%w: %w", errTooLarge, fileError(name, 0, fmt.Sprintf("it is larger than %d MiB", limit>>20)))
}

func checkText(name string, content []byte) error {
	if at := bytes.IndexByte(content, 0); at >= 0 {
		return fileError(name, lineAt(content, at), "it holds a NUL byte: it is no text, or UTF-16")
	}
	if !utf8.Valid(content) {
		return fileError(name, lineAt(content, firstInvalid(content)), "it is not UTF-8")
	}
	return nil
}

func firstInvalid(content []byte) int {
	for at := 0; at < len(content); {
		r, n := utf8.DecodeRune(content[at:])
		if r == utf8.RuneError && n <= 1 {
			return at
		}
		at += n
	}
	return len(content)
}

func lineAt(content []byte, at int) int { return 1 + bytes.Count(content[:at], []byte{'\n'}) }

func fileError(name string, line int, msg string) *source.Error {
	return &source.Error{Place: source.Place{Path: name, Line: line}, Msg: msg}
}

var manifestExts = []string{".yml", ".yaml", ".json"}

func hasExt(name string, exts []string) bool {
	ext := strings.ToLower(path.Ext(name))
	for _, e := range exts {
		if ext == e {
			return true
		}
	}
	return false
}
