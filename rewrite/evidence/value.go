package evidence

import (
	"path"
	"strings"
)

// A value is what an expression folds to. Text is known as far as it goes; open says that something unknown follows.
type value struct {
	text    string
	ok      bool
	open    bool
	via     string // what could decide otherwise
	approx  bool   // rests on a guess about where a file lies in the image
	missing string // of an unknown value: what would decide it ("env:X", "arg:--dir")
	tail    string // of a missing value: what is known to follow it
}

func literal(text string) value { return value{text: text, ok: true} }

func unknown() value { return value{} }

func missing(what string) value { return value{missing: what} }

// plus joins two texts.
func (v value) plus(w value) value {
	switch {
	case !v.ok:
		if v.missing != "" && w.ok {
			v.tail += w.text
		}
		return v
	case v.open:
		return v
	case !w.ok:
		v.open = true
		return v
	}
	if len(v.text)+len(w.text) > 4096 {
		v.open = true
		return v
	}
	v.text += w.text
	v.open, v.approx = w.open, v.approx || w.approx
	if v.via == "" {
		v.via = w.via
	}
	return v
}

// join joins path elements. If reset is set, an absolute element starts anew, as in os.path.join and path.resolve.
func join(parts []value, reset bool) value {
	if len(parts) == 0 {
		return unknown()
	}
	v := parts[0]
	for _, w := range parts[1:] {
		if reset && w.ok && path.IsAbs(w.text) {
			v = w
			continue
		}
		v = v.plus(literal("/")).plus(w)
	}
	if v.ok {
		v.text = clean(v.text, v.open)
	}
	return v
}

// clean shortens a path and keeps a final slash where more follows.
func clean(text string, open bool) string {
	if text == "" {
		return ""
	}
	c := path.Clean(text)
	if open && strings.HasSuffix(text, "/") && c != "/" {
		c += "/"
	}
	return c
}

// parent is the directory of a path.
func (v value) parent() value {
	if v.ok && !v.open && v.text == "" {
		return unknown()
	}
	if v.ok && !v.open {
		v.text = path.Dir(v.text)
	}
	return v
}

// or is `a || b`: the first that is known. A variable without a value leaves the second as its default.
func (v value) or(w value) value {
	if v.ok {
		return v
	}
	if w.ok && v.missing != "" {
		w.via = v.missing
		return w
	}
	if w.ok {
		// Something unknown may come first.
		return unknown()
	}
	if v.missing != "" {
		return v
	}
	return w
}
