package render

// A hunk is a range of the old file and of the new one with the groups that lie in it.
type hunk struct {
	old, new span
	groups   []group
}

// hunks gathers groups whose context lines touch or overlap. oldLines and newLines are the lengths of the files.
func hunks(groups []group, oldLines, newLines int) []hunk {
	var out []hunk
	for i, g := range groups {
		if i > 0 && g.a.start-groups[i-1].a.end <= 2*contextLines {
			last := &out[len(out)-1]
			last.groups = append(last.groups, g)
		} else {
			out = append(out, hunk{groups: []group{g}})
		}
	}
	for i := range out {
		out[i].frame(oldLines, newLines)
	}
	return out
}

// frame sets the ranges: the groups and up to contextLines around them.
func (h *hunk) frame(oldLines, newLines int) {
	first, last := h.groups[0], h.groups[len(h.groups)-1]
	above := min(contextLines, first.a.start)
	below := min(contextLines, oldLines-last.a.end)
	h.old = span{first.a.start - above, last.a.end + below}
	h.new = span{first.b.start - above, min(last.b.end+below, newLines)}
}
