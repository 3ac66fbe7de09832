package render

import (
	"bytes"
	"io/fs"
	"sort"
)

// A Change is one file as it was read and as it shall be. Path is relative to the root and slash-separated. Nobody may
// change Before and After.
//
// A nil Before says that the file does not exist yet; an empty file has a Before that is empty and not nil. An After
// without bytes is an empty file, never a deleted one. Mode is what the file has, or shall have if it is new.
type Change struct {
	Path          string
	Before, After []byte
	Mode          fs.FileMode
}

func (c Change) isNew() bool { return c.Before == nil }

// effective returns the changes that do anything, in the order of their paths, byte by byte, as git sorts them.
func effective(changes []Change) []Change {
	var out []Change
	for _, c := range changes {
		if c.isNew() || !bytes.Equal(c.Before, c.After) {
			out = append(out, c)
		}
	}
	sort.SliceStable(out, func(i, j int) bool { return out[i].Path < out[j].Path })
	return out
}
