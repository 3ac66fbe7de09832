package workspace

import (
	"path"
	"strings"
)

// byTag decides between images that share a name and differ in their tags: app:web and app:worker.
func byTag(all []*candidate, tag string) []*candidate {
	for _, fits := range []func(*candidate) bool{
		func(c *candidate) bool { return c.tagged(tag) },
		func(c *candidate) bool { return isTagWord(path.Base(c.build.Dir()), tag) },
	} {
		var fit []*candidate
		for _, c := range all {
			if fits(c) {
				fit = append(fit, c)
			}
		}
		if len(fit) == 1 {
			return fit
		}
	}
	return all
}

// isTagWord holds for a directory that is a word of the tag: server/alpine for server:alpine-7.0.
func isTagWord(dir, tag string) bool {
	for _, w := range strings.FieldsFunc(tag, func(r rune) bool { return r == '-' || r == '_' }) {
		if w == dir {
			return true
		}
	}
	return false
}

func (c *candidate) tagged(tag string) bool {
	for _, e := range c.clues {
		if fitsTag(e.tag, tag) {
			return true
		}
	}
	return false
}

// fitsTag compares a tag with one as a build command writes it. A command that gives nothing but a variable fits none.
func fitsTag(pattern, tag string) bool {
	parts := reference.Split(pattern, -1)
	if strings.Trim(strings.Join(parts, ""), "-_.") == "" {
		return false
	}
	at := 0
	for i, part := range parts {
		n := strings.Index(tag[at:], part)
		if n < 0 || i == 0 && n != 0 {
			return false
		}
		at += n + len(part)
	}
	return at == len(tag) || parts[len(parts)-1] == ""
}
