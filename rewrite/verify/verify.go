// Package verify takes a plan to bytes and checks them by a second road. What is not confirmed is withdrawn from every file
// that its fix touches, and reported as a bug of offroot.
package verify

import (
	"bytes"
	"fmt"
	"sort"

	"github.com/offroot/offroot/rewrite/plan"
	"github.com/offroot/offroot/rewrite/source"
)

// Plan lowers the ops of all planned fixes and checks each file that changes:
//
//   - the edits do not overlap, and the bytes outside of them are the same;
//   - the document confirms by a road of its own that the file now says what the ops say, and nothing else;
//   - line endings, byte order mark and the missing or present final newline are as before;
//   - a second run, which again performs on the changed files, has nothing to change.
//
// again returns the file that a second run would change, and why; it may be nil, then the last check is left out.
func Plan(p *plan.Plan, again func([]Change) (string, error)) *Result {
	r := &Result{Plan: p}
	for {
		changes, doc, err := lower(p)
		if err == nil && again != nil && len(changes) > 0 {
			var path string
			if path, err = again(changes); err != nil {
				doc = document(p, path)
			}
		}
		if err == nil {
			r.Changes = changes
			return r
		}
		r.Bugs = append(r.Bugs, err.Error())
		if doc == nil { // nothing of ours is at that place: nothing that was planned can be trusted
			for _, d := range documents(p) {
				p.Withdraw(d, err.Error())
			}
			continue
		}
		p.Withdraw(doc, err.Error())
	}
}

func documents(p *plan.Plan) []source.Document {
	docs, _ := p.Ops()
	return docs
}

func document(p *plan.Plan, path string) source.Document {
	for _, d := range documents(p) {
		if d.File().Path == path {
			return d
		}
	}
	return nil
}

// lower makes and checks every change. On an error it names the document that it is about.
func lower(p *plan.Plan) ([]Change, source.Document, error) {
	docs, ops := p.Ops()
	var changes []Change
	for _, doc := range docs {
		file := doc.File()
		edits, err := doc.Lower(ops[doc])
		if err != nil {
			return nil, doc, err
		}
		after, err := source.Apply(file.Content, edits)
		if err != nil {
			return nil, doc, fmt.Errorf("%s: %w", file.Path, err)
		}
		if bytes.Equal(after, file.Content) {
			continue
		}
		if err := sameForm(file, after); err != nil {
			return nil, doc, fmt.Errorf("%s: %w", file.Path, err)
		}
		if err := doc.Confirm(ops[doc], after); err != nil {
			return nil, doc, fmt.Errorf("%s: not confirmed: %w", file.Path, err)
		}
		changes = append(changes, Change{Path: file.Path, Before: file.Content, After: after, Mode: file.Mode})
	}
	sort.Slice(changes, func(i, j int) bool { return changes[i].Path < changes[j].Path })
	return changes, nil, nil
}

var bom = []byte("\xef\xbb\xbf")

// sameForm checks what no parser looks at.
func sameForm(file *source.File, after []byte) error {
	before := file.Content
	if bytes.HasPrefix(before, bom) != bytes.HasPrefix(after, bom) {
		return fmt.Errorf("the byte order mark changed")
	}
	if file.HasFinalNewline() != (len(after) == 0 || after[len(after)-1] == '\n') {
		return fmt.Errorf("the final newline changed")
	}
	if bare(before) == 0 && bare(after) > 0 && bytes.Contains(before, []byte("\r\n")) {
		return fmt.Errorf("a line of a file with CRLF ends in LF")
	}
	return nil
}

// bare counts the line ends without CR.
func bare(b []byte) int { return bytes.Count(b, []byte("\n")) - bytes.Count(b, []byte("\r\n")) }
