package render

// A run of added or deleted lines can often be shifted without changing what the diff says: of two equal blank lines,
// either may be the new one. compact shifts every run to where git would show it: beside a change of the other file if
// there is one, else to the place that the indentation speaks for.

// side is one of the two files: its lines, and for every gap between unchanged lines how many changed lines stand in it.
// gaps[k] are those directly above the unchanged line k; the last gap is the end of the file. Both sides have equally many
// gaps, and gap k of one is gap k of the other.
type side struct {
	lines []string
	gaps  []int
}

func newSide(lines []string, marks []bool) side {
	s := side{lines: lines, gaps: []int{0}}
	for _, changed := range marks {
		if changed {
			s.gaps[len(s.gaps)-1]++
		} else {
			s.gaps = append(s.gaps, 0)
		}
	}
	return s
}

// compact shifts the runs of both files and returns them as groups from top to bottom.
func compact(a, b []string) []group {
	marksA, marksB := edits(a, b)
	left, right := newSide(a, marksA), newSide(b, marksB)
	left.shift(right.gaps)
	right.shift(left.gaps)
	return groups(left, right)
}

func groups(left, right side) []group {
	var out []group
	i, j := 0, 0
	for k, deleted := range left.gaps {
		added := right.gaps[k]
		if deleted+added > 0 {
			out = append(out, group{span{i, i + deleted}, span{j, j + added}})
		}
		i, j = i+deleted+1, j+added+1
	}
	return out
}

// shift moves every run of s to its place, from top to bottom. other is the gaps of the other file.
func (s side) shift(other []int) {
	start := 0
	for k := 0; k < len(s.gaps); k++ {
		if s.gaps[k] > 0 {
			r := run{side: s, gap: k, start: start}
			r.settle(other)
			k, start = r.gap, r.start
		}
		start += s.gaps[k] + 1
	}
}

// A run is the changed lines of one gap while they are shifted. start is the index of its first line.
type run struct {
	side
	gap, start int
}

func (r *run) size() int { return r.gaps[r.gap] }
func (r *run) end() int  { return r.start + r.size() }

// up shifts the run by one line if the line above it equals its last one. A run that it then touches joins it.
func (r *run) up() bool {
	if r.gap == 0 || r.lines[r.start-1] != r.lines[r.end()-1] {
		return false
	}
	above := r.gaps[r.gap-1]
	r.join(r.gap - 1)
	r.start -= 1 + above
	return true
}

// down is the same in the other direction.
func (r *run) down() bool {
	if r.gap == len(r.gaps)-1 || r.lines[r.start] != r.lines[r.end()] {
		return false
	}
	r.join(r.gap + 1)
	r.start++
	return true
}

func (r *run) join(gap int) {
	r.gaps[gap] += r.gaps[r.gap]
	r.gaps[r.gap] = 0
	r.gap = gap
}

// settle shifts the run to its place: the lowest one beside a change of the other file, else the one that reads best.
func (r *run) settle(other []int) {
	highest, beside := r.explore(other)
	switch {
	case highest == r.end():
		return // it cannot be shifted
	case beside:
		for other[r.gap] == 0 && r.up() {
		}
	default:
		best := bestEnd(r.lines, r.size(), highest, r.end())
		for r.end() > best && r.up() {
		}
	}
}

// explore leaves the run at its lowest place, together with all runs that it can reach, and returns where it ended at its
// highest place and whether any place is beside a change of the other file.
func (r *run) explore(other []int) (highest int, beside bool) {
	for size := 0; size != r.size(); {
		size = r.size()
		for r.up() {
		}
		highest, beside = r.end(), other[r.gap] > 0
		for r.down() {
			beside = beside || other[r.gap] > 0
		}
	}
	return highest, beside
}
