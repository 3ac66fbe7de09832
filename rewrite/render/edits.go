package render

import (
	"unicode/utf8"

	"github.com/sergi/go-diff/diffmatchpatch"
)

// A span is a half-open range of line indexes.
type span struct{ start, end int }

// A group replaces the lines a of the old file by the lines b of the new one. Either may be empty, not both.
type group struct{ a, b span }

// Every distinct line becomes a rune of its own, from the first behind the surrogates, which no string can hold.
const (
	firstRune = 0xE000
	maxRunes  = utf8.MaxRune - firstRune
)

// edits returns which lines of a and which of b have no partner in the other, by a shortest edit.
//
// It is not the shortest if there are more than a million distinct lines, which no file has that offroot reads: then
// everything between the first and the last difference counts as replaced.
func edits(a, b []string) (marksA, marksB []bool) {
	marksA, marksB = make([]bool, len(a)), make([]bool, len(b))
	i := commonPrefix(a, b)
	j, tail := i, commonSuffix(a[i:], b[i:])
	middleA, middleB := a[i:len(a)-tail], b[j:len(b)-tail]
	alphabet := map[string]rune{}
	runesA, runesB := encode(middleA, alphabet), encode(middleB, alphabet)
	if len(alphabet) > maxRunes {
		fill(marksA, i, len(middleA))
		fill(marksB, j, len(middleB))
		return marksA, marksB
	}
	dmp := diffmatchpatch.New()
	dmp.DiffTimeout = 0 // no clock: the same input has the same output
	for _, d := range dmp.DiffMainRunes(runesA, runesB, false) {
		n := utf8.RuneCountInString(d.Text)
		switch d.Type {
		case diffmatchpatch.DiffEqual:
			i, j = i+n, j+n
		case diffmatchpatch.DiffDelete:
			i = fill(marksA, i, n)
		case diffmatchpatch.DiffInsert:
			j = fill(marksB, j, n)
		}
	}
	return marksA, marksB
}

func commonPrefix(a, b []string) int {
	n := 0
	for n < len(a) && n < len(b) && a[n] == b[n] {
		n++
	}
	return n
}

func commonSuffix(a, b []string) int {
	n := 0
	for n < len(a) && n < len(b) && a[len(a)-1-n] == b[len(b)-1-n] {
		n++
	}
	return n
}

func fill(marks []bool, from, n int) int {
	for k := from; k < from+n; k++ {
		marks[k] = true
	}
	return from + n
}

func encode(lines []string, alphabet map[string]rune) []rune {
	out := make([]rune, len(lines))
	for i, line := range lines {
		r, ok := alphabet[line]
		if !ok {
			r = firstRune + rune(len(alphabet))
			alphabet[line] = r
		}
		out[i] = r
	}
	return out
}
