package dockerfile

import (
	"testing"

	"github.com/offroot/offroot/rewrite/source"
)

func mustParse(t *testing.T, content string) *Document {
	t.Helper()
	d, err := Parse(source.NewFile("Dockerfile", []byte(content)))
	if err != nil {
		t.Fatal(err)
	}
	checkSlices(t, d)
	return d
}

func apply(t *testing.T, d *Document, ops ...source.Op) string {
	t.Helper()
	edits, err := d.Lower(ops)
	if err != nil {
		t.Fatal(err)
	}
	after, err := source.Apply(d.file.Content, edits)
	if err != nil {
		t.Fatal(err)
	}
	if err := d.Confirm(ops, after); err != nil {
		t.Fatalf("%v\n%s", err, after)
	}
	return string(after)
}
