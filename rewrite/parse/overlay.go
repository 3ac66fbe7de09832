package parse

import (
	"bytes"
	"io/fs"
	"path"
	"time"

	"github.com/offroot/offroot/rewrite/dockerfile"
	"github.com/offroot/offroot/rewrite/source"
	"github.com/offroot/offroot/rewrite/yamldoc"
)

// With returns the documents as they would be after a change of some files, without writing any. Documents of other files
// are shared. A changed file that no longer parses is an error.
func (docs *Documents) With(changed map[string][]byte) (*Documents, error) {
	next := *docs
	next.FS = overlay{docs.FS, changed}
	next.Dockerfiles = make([]*dockerfile.Document, len(docs.Dockerfiles))
	for i, doc := range docs.Dockerfiles {
		next.Dockerfiles[i] = doc
		if after, ok := changed[doc.File().Path]; ok {
			parsed, err := dockerfile.Parse(source.NewFile(doc.File().Path, after))
			if err != nil {
				return nil, err
			}
			next.Dockerfiles[i] = parsed
		}
	}
	for _, list := range []*[]*yamldoc.Document{&next.Compose, &next.Kubernetes, &next.Kustomizations, &next.HelmValues} {
		again := make([]*yamldoc.Document, len(*list))
		for i, doc := range *list {
			again[i] = doc
			if after, ok := changed[doc.File().Path]; ok {
				parsed, err := yamldoc.Parse(source.NewFile(doc.File().Path, after))
				if err != nil {
					return nil, err
				}
				again[i] = parsed
			}
		}
		*list = again
	}
	return &next, nil
}

// An overlay is a file system in which some files have other content.
type overlay struct {
	fs.FS
	changed map[string][]byte
}

func (o overlay) Open(name string) (fs.File, error) {
	if content, ok := o.changed[name]; ok {
		return &memFile{Reader: bytes.NewReader(content), name: path.Base(name), size: int64(len(content))}, nil
	}
	return o.FS.Open(name)
}

// A memFile is a regular file of an overlay.
type memFile struct {
	*bytes.Reader
	name string
	size int64
}

func (f *memFile) Stat() (fs.FileInfo, error) { return f, nil }
func (f *memFile) Close() error               { return nil }
func (f *memFile) Name() string               { return f.name }
func (f *memFile) Size() int64                { return f.size }
func (f *memFile) Mode() fs.FileMode          { return 0o644 }
func (f *memFile) ModTime() time.Time         { return time.Time{} }
func (f *memFile) IsDir() bool                { return false }
func (f *memFile) Sys() any                   { return nil }
