package render

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path"
)

// Write makes the changes on disk, below root: all of them or none.
//
// Every new content is first written and synced to a file of its own beside the old one, with the mode and the owner of
// the old one. Only when all of them are there are they renamed into place. If a rename fails, those before it are taken
// back. If ctx ends before the first rename, nothing has changed; after it, Write goes through to the end. Either way no
// file is ever half written, and no temporary file stays.
//
// It refuses, before anything is changed: a path that leads out of root, a symbolic link anywhere in a path, what is no
// regular file, a file whose content is no longer Before, and a file whose owner cannot be kept.
//
// What it cannot guarantee: a power cut between two renames leaves some files new and some old, each whole. A hard link to
// a changed file keeps the old content.
func Write(ctx context.Context, root string, changes []Change) error {
	dir, err := os.OpenRoot(root)
	if err != nil {
		return fmt.Errorf("open root: %w", err)
	}
	defer dir.Close()
	t := &transaction{root: dir}
	defer t.clean()
	for _, c := range effective(changes) {
		if err := ctx.Err(); err != nil {
			return fmt.Errorf("write: nothing was changed: %w", context.Cause(ctx))
		}
		if err := t.stage(c); err != nil {
			return fmt.Errorf("write %q: %w; nothing was changed", c.Path, err)
		}
	}
	if err := t.recheck(); err != nil {
		return err
	}
	if ctx.Err() != nil {
		return fmt.Errorf("write: nothing was changed: %w", context.Cause(ctx))
	}
	return t.commit()
}

// errChanged says that somebody else wrote the file while we were thinking.
var errChanged = errors.New("it changed since it was read; run again")

// A transaction holds what was staged and can be renamed into place or thrown away.
type transaction struct {
	root  *os.Root
	items []item
	temps []string // to be removed at the end, whatever happens
}

// item is one file: where it goes, the new content beside it and a second name of the old content.
type item struct {
	path, temp, backup string
	old                fs.FileInfo // nil for a new file
}

// stage checks a change against the disk and writes its content to a temporary file.
func (t *transaction) stage(c Change) error {
	old, err := t.check(c)
	if err != nil {
		return err
	}
	for _, it := range t.items {
		if it.path == c.Path {
			return errors.New("it is changed twice")
		}
	}
	it := item{path: c.Path, old: old}
	if it.temp, err = t.create(c, old); err != nil {
		return err
	}
	if old != nil {
		if it.backup, err = t.keep(c, old); err != nil {
			return err
		}
	}
	t.items = append(t.items, it)
	return nil
}

// check returns what is on disk: nil for a file that is new and not there.
func (t *transaction) check(c Change) (fs.FileInfo, error) {
	if !fs.ValidPath(c.Path) || c.Path == "." {
		return nil, errors.New("it is no path below the root")
	}
	info, err := lstatAll(t.root, c.Path)
	switch {
	case c.isNew() && errors.Is(err, fs.ErrNotExist):
		return nil, nil
	case err != nil:
		return nil, err
	case c.isNew():
		return nil, errors.New("it exists already")
	case !info.Mode().IsRegular():
		return nil, fmt.Errorf("it is no regular file (%s)", info.Mode().Type())
	}
	content, err := t.root.ReadFile(c.Path)
	if err != nil {
		return nil, err
	}
	if !bytes.Equal(content, c.Before) {
		return nil, errChanged
	}
	return info, nil
}

// lstatAll looks at every part of name and refuses symbolic links.
func lstatAll(root *os.Root, name string) (fs.FileInfo, error) {
	if dir := path.Dir(name); dir != "." {
		if _, err := lstatAll(root, dir); err != nil {
			return nil, err
		}
	}
	info, err := root.Lstat(name)
	if err != nil {
		return nil, err
	}
	if info.Mode()&fs.ModeSymlink != 0 {
		return nil, fmt.Errorf("%q is a symbolic link, which is not written through", name)
	}
	return info, nil
}

// recheck looks once more whether the files are those that were compared, just before they are replaced.
func (t *transaction) recheck() error {
	for _, it := range t.items {
		now, err := t.root.Lstat(it.path)
		if it.old == nil {
			if !errors.Is(err, fs.ErrNotExist) {
				return fmt.Errorf("write %q: it exists already; nothing was changed", it.path)
			}
			continue
		}
		if err != nil {
			return fmt.Errorf("write %q: %w; nothing was changed", it.path, err)
		}
		if !os.SameFile(now, it.old) || now.Size() != it.old.Size() || !now.ModTime().Equal(it.old.ModTime()) {
			return fmt.Errorf("write %q: %w; nothing was changed", it.path, errChanged)
		}
	}
	return nil
}

// commit renames everything into place. If that fails half-way, it takes back what was done.
func (t *transaction) commit() error {
	for i, it := range t.items {
		if err := t.root.Rename(it.temp, it.path); err != nil {
			err = fmt.Errorf("write %q: %w", it.path, err)
			if undo := t.undo(t.items[:i]); undo != nil {
				return errors.Join(err, undo)
			}
			return fmt.Errorf("%w; the other files were put back", err)
		}
	}
	for _, it := range t.items {
		syncDir(t.root, path.Dir(it.path))
	}
	return nil
}

// undo puts the old files back. A file that cannot be put back is named with where its old content is.
func (t *transaction) undo(done []item) error {
	var errs []error
	for _, it := range done {
		var err error
		if it.old == nil {
			err = t.root.Remove(it.path)
		} else {
			err = t.root.Rename(it.backup, it.path)
		}
		if err != nil && it.backup != "" {
			t.forget(it.backup)
			err = fmt.Errorf("put %q back: %w; its old content is in %q", it.path, err, it.backup)
		}
		errs = append(errs, err)
	}
	return errors.Join(errs...)
}
