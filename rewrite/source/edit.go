package source

import (
	"bytes"
	"fmt"
	"sort"
)

// A Span is a half-open range of bytes of a file as it was read.
type Span struct{ Start, End int }

// Len is the number of bytes.
func (s Span) Len() int { return s.End - s.Start }

// Contains reports whether inner lies within s.
func (s Span) Contains(inner Span) bool { return s.Start <= inner.Start && inner.End <= s.End }

// An Edit replaces the bytes of a span. An empty span inserts.
type Edit struct {
	Span
	New string
}

// Apply returns content with all edits made. Edits may come in any order; two insertions at one offset keep their order.
// It returns an error if an edit is out of bounds or if two edits overlap: that is a bug of the caller, never a matter of
// the file.
func Apply(content []byte, edits []Edit) ([]byte, error) {
	sorted := make([]Edit, len(edits))
	copy(sorted, edits)
	sort.SliceStable(sorted, func(i, j int) bool {
		if sorted[i].Start != sorted[j].Start {
			return sorted[i].Start < sorted[j].Start
		}
		return sorted[i].End < sorted[j].End
	})
	var out bytes.Buffer
	at := 0
	for _, e := range sorted {
		if e.Start < at || e.End < e.Start || e.End > len(content) {
			return nil, fmt.Errorf("edit %d..%d of %d bytes overlaps another or is out of bounds", e.Start, e.End, len(content))
		}
		out.Write(content[at:e.Start])
		out.WriteString(e.New)
		at = e.End
	}
	out.Write(content[at:])
	return out.Bytes(), nil
}

// An Op is an intent at a place of a document, printable for notes and errors ("set securityContext.runAsNonRoot: true").
// Ops compare by identity; each kind of document defines its own.
type Op interface {
	Document() Document
	// Place is the line that is changed, or the line that an insertion follows.
	Place() Place
	String() string
}

// A Document is a parsed file that can be asked for edits.
//
// Lower turns ops into edits of the file as it was read, all in one go, so that a parent that several ops need is
// inserted once. It returns a *Refusal if an op cannot be done without guessing.
//
// Confirm checks by a second road that after, the file with those edits made, is what the ops say: it applies the ops to
// the parsed original in data space, parses after, and compares. It shares no code with Lower.
type Document interface {
	File() *File
	Lower(ops []Op) ([]Edit, error)
	Confirm(ops []Op, after []byte) error
}

// A Refusal says why an op cannot be lowered: an anchor at the target, a template, a shape that cannot be extended safely.
// It is about the file, not a bug.
type Refusal struct {
	Op     Op
	Reason string
}

func (r *Refusal) Error() string { return fmt.Sprintf("%s: %s: %s", r.Op.Place(), r.Op, r.Reason) }
