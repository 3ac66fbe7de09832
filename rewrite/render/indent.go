package render

import "cmp"

// Where a run may stand in several places, git takes the one where its two borders cut the text best: before a line that
// starts a block, behind a blank line, never inside a deeper block. The weights are those that git was tuned to with a
// corpus of diffs rated by hand; another set would be as good a taste but not the same diff.
const (
	startOfFile      = 1
	endOfFile        = 21
	perBlank         = -30
	perBlankBelow    = 6
	indented         = -4
	indentedByBlank  = 10
	outdented        = 24
	outdentedByBlank = 17
	dedented         = 23
	dedentedByBlank  = 17
	perIndent        = 60
	maxIndent        = 200
	maxBlanks        = 20
	maxPlaces        = 100 // places that are looked at, from the lowest
	noIndent         = -1  // of a blank line, or beyond the file
	tabWidth         = 8
)

// bestEnd returns where a run of size lines should end, of the places from highest to lowest.
func bestEnd(lines []string, size, highest, lowest int) int {
	best, bestScore := -1, score{}
	for end := max(highest, lowest-size-1, lowest-maxPlaces); end <= lowest; end++ {
		s := score{}
		s.cut(lines, end)
		s.cut(lines, end-size)
		if best < 0 || s.compare(bestScore) <= 0 {
			best, bestScore = end, s
		}
	}
	return best
}

// score rates a place: the lower the better.
type score struct{ indent, penalty int }

func (s score) compare(t score) int {
	return perIndent*cmp.Compare(s.indent, t.indent) + s.penalty - t.penalty
}

// cut adds what speaks against a border above the line with this index.
func (s *score) cut(lines []string, at int) {
	indent := indentAt(lines, at)
	above, blanksAbove := nearest(lines, at, -1)
	below, blanksBelow := nearest(lines, at, 1)
	if above == noIndent && blanksAbove == 0 {
		s.penalty += startOfFile
	}
	if at >= len(lines) {
		s.penalty += endOfFile
	}
	if indent == noIndent {
		blanksBelow++
		indent = below
	} else {
		blanksBelow = 0
	}
	blanks := blanksAbove + blanksBelow
	s.penalty += perBlank*blanks + perBlankBelow*blanksBelow
	s.indent += indent
	s.penalty += step(indent, above, below, blanks > 0)
}

// step is the penalty for the change of indentation at a border.
func step(indent, above, below int, blank bool) int {
	weight := func(plain, withBlank int) int {
		if blank {
			return withBlank
		}
		return plain
	}
	switch {
	case indent == noIndent || above == noIndent || indent == above:
		return 0
	case indent > above:
		return weight(indented, indentedByBlank)
	case below != noIndent && below > indent:
		return weight(outdented, outdentedByBlank)
	default:
		return weight(dedented, dedentedByBlank)
	}
}

// nearest returns the indentation of the nearest line above (step -1) or below (step 1) that is not blank, and how many
// blank ones lie between.
func nearest(lines []string, at, step int) (indent, blanks int) {
	for i := at + step; i >= 0 && i < len(lines); i += step {
		if n := indentAt(lines, i); n != noIndent {
			return n, blanks
		}
		if blanks++; blanks == maxBlanks {
			return 0, blanks
		}
	}
	return noIndent, blanks
}

func indentAt(lines []string, at int) int {
	if at < 0 || at >= len(lines) {
		return noIndent
	}
	width := 0
	for i := 0; i < len(lines[at]) && width < maxIndent; i++ {
		switch lines[at][i] {
		case ' ':
			width++
		case '\t':
			width += tabWidth - width%tabWidth
		case '\n', '\v', '\f', '\r':
		default:
			return width
		}
	}
	if width >= maxIndent {
		return maxIndent
	}
	return noIndent
}
