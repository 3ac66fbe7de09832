package render

import (
	"crypto/rand"
	"errors"
	"io/fs"
	"os"
	"path"
	"slices"
)

// create writes the new content beside the old file and returns the name of what it wrote.
func (t *transaction) create(c Change, old fs.FileInfo) (string, error) {
	mode := c.Mode.Perm()
	if old != nil {
		mode = old.Mode() & (fs.ModePerm | fs.ModeSetuid | fs.ModeSetgid | fs.ModeSticky)
	} else if mode == 0 {
		mode = 0o644
	}
	name := t.temp(c.Path)
	f, err := t.root.OpenFile(name, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
	if err != nil {
		return "", err
	}
	_, err = f.Write(c.After)
	if err == nil && old != nil {
		err = keepOwner(f, old)
	}
	if err == nil {
		err = f.Chmod(mode) // after the owner, which takes setuid away
	}
	if err == nil {
		err = f.Sync()
	}
	return name, errors.Join(err, f.Close())
}

// keep gives the old content a second name, so that it can be put back even on a full disk. A file system without hard
// links gets a copy.
func (t *transaction) keep(c Change, old fs.FileInfo) (string, error) {
	name := t.temp(c.Path)
	if t.root.Link(c.Path, name) == nil {
		return name, nil
	}
	t.forget(name)
	c.After = c.Before
	return t.create(c, old)
}

// temp makes up a name in the directory of file and notes it for removal.
func (t *transaction) temp(file string) string {
	name := path.Join(path.Dir(file), ".offroot-"+rand.Text()+".tmp")
	t.temps = append(t.temps, name)
	return name
}

func (t *transaction) forget(name string) {
	t.temps = slices.DeleteFunc(t.temps, func(s string) bool { return s == name })
}

// clean removes what is left of the temporary files. Those that were renamed are gone already.
func (t *transaction) clean() {
	for _, name := range t.temps {
		t.root.Remove(name)
	}
}

// syncDir makes the renames last. Not every system can sync a directory, and the files are whole in any case.
func syncDir(root *os.Root, name string) {
	if dir, err := root.Open(name); err == nil {
		dir.Sync()
		dir.Close()
	}
}
