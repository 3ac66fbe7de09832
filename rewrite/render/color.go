package render

// palette holds the escape codes of one kind of line each. The zero value writes no codes.
type palette struct{ meta, frag, del, add string }

var gitColors = palette{meta: "\x1b[1m", frag: "\x1b[36m", del: "\x1b[31m", add: "\x1b[32m"}

// off ends a colour that was begun.
func (palette) off(color string) string {
	if color == "" {
		return ""
	}
	return "\x1b[m"
}
