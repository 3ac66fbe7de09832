package dockerfile

import "strings"

// Styled gives new lines the habits of the file: they continue with its escape character, and their keywords are in lower
// case if most of its own are. The lines are written with a backslash and with capitals.
func (d *Document) Styled(lines []string) []string {
	out := make([]string, len(lines))
	lower, open := d.lowerCase(), false
	for i, line := range lines {
		if !open && lower {
			line = lowerKeyword(line)
		}
		rest, continues := strings.CutSuffix(line, "\\")
		if open = continues; open {
			line = rest + string(rune(d.Escape))
		}
		out[i] = line
	}
	return out
}

func (d *Document) lowerCase() bool {
	lower := 0
	for _, i := range d.Instructions {
		if keyword := d.file.Text(i.keyword); keyword == strings.ToLower(keyword) {
			lower++
		}
	}
	return 2*lower > len(d.Instructions)
}

func lowerKeyword(line string) string {
	keyword, rest, spaced := strings.Cut(line, " ")
	if !spaced || strings.HasPrefix(keyword, "#") {
		return line
	}
	return strings.ToLower(keyword) + " " + rest
}
