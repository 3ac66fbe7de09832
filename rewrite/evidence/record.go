package evidence

import (
	"path"
	"strings"
)

type effectKind int

const (
	aFile     effectKind = iota // the file is written
	aDir                        // the directory is made or filled
	aDatabase                   // the file, and a journal next to it
	anEntry                     // the name is put into its directory: rename, symlink, remove
)

// A write is one act of writing: where, what of, how it is called.
type write struct {
	at   int // offset
	kind effectKind
	verb string
	sure bool // report it only if its path is known
}

// write records that a value is written to.
func (u *unit) write(w write, v value) {
	p := Path{Place: u.place(w.at), Snippet: u.snippet(w.at), Via: v.via, What: w.verb}
	text, open := unformat(v)
	switch {
	case !v.ok || text == "" || strings.HasPrefix(text, "~") || open && (text == "/" || !strings.Contains(text, "/") && strings.TrimLeft(text, ".") == ""):
		if w.sure && v.missing == "" || w.verb == "removes" || strings.Contains(v.missing, "SOCK") {
			return
		}
		p.Via = v.missing
		p.Path = strings.TrimPrefix(v.tail, "/")
		u.report.Unknown = append(u.report.Unknown, p)
		return
	case memory(text) || text == "-":
		return
	case strings.Contains(text, "://") || len(text) > 2 && text[1] == ':' && text[2] == '\\' || strings.ContainsAny(text, "\n*?<>|"):
		return
	}
	name := path.Clean(text)
	p.Certain = !v.approx
	kind := w.kind
	if open {
		// The name is not known, but the directory that it is in.
		name = path.Dir(text)
		kind = aDir
		if name == "/" {
			u.report.Unknown = append(u.report.Unknown, p)
			return
		}
	}
	p.What += " " + name
	if open {
		p.What = strings.TrimSuffix(p.What, name) + "files in " + name
	}
	full, absolute := u.absolute(name)
	p.Path, p.Absolute, p.Dir = full, absolute, kind != aFile
	if kind == aDatabase || kind == anEntry {
		p.Path, p.File = path.Dir(full), full
	}
	p.Temp = temporary(full)
	u.report.Writes = append(u.report.Writes, p)
}

// absolute puts a relative path below the working directory.
func (u *unit) absolute(name string) (string, bool) {
	if path.IsAbs(name) {
		return name, true
	}
	if path.IsAbs(u.opts.Workdir) {
		return path.Join(u.opts.Workdir, name), true
	}
	return name, false
}

// unformat cuts a text at the first verb of a format, after which it is not known.
func unformat(v value) (string, bool) {
	text := v.text
	for _, verb := range []string{"%s", "%d", "%v", "%(", "%Y", "%m", "%i", "%u", "%DATE%", "%03d", "%05d"} {
		if i := strings.Index(text, verb); i >= 0 {
			return text[:i], true
		}
	}
	return text, v.open
}

func memory(text string) bool {
	return text == ":memory:" || strings.HasPrefix(text, ":memory:") || strings.HasPrefix(text, "file::memory:") || strings.Contains(text, "mode=memory")
}

// temporary reports whether everybody may write there anyway.
func temporary(p string) bool {
	for _, dir := range []string{"/tmp", "/var/tmp", "/dev/shm"} {
		if p == dir || strings.HasPrefix(p, dir+"/") {
			return true
		}
	}
	return strings.HasPrefix(p, "/dev/std") || p == "/dev/null" || p == "/dev/tty" || strings.HasPrefix(p, "/proc/self/fd/") || strings.HasPrefix(p, "/dev/fd/") || strings.HasPrefix(p, "/proc/1/fd/")
}

// databaseFile takes the path out of a SQLite address; ok is false if it is none.
func databaseFile(v value) (value, bool) {
	if !v.ok {
		return v, false
	}
	text := v.text
	switch {
	case strings.HasPrefix(text, "sqlite") && strings.Contains(text, ":///"):
		text = text[strings.Index(text, ":///")+4:]
	case strings.HasPrefix(text, "sqlite3:") || strings.HasPrefix(text, "sqlite:"):
		text = strings.TrimPrefix(text[strings.IndexByte(text, ':')+1:], "//")
	case strings.HasPrefix(text, "file:"):
		text = strings.TrimPrefix(strings.TrimPrefix(text, "file:"), "//")
	case strings.HasPrefix(text, "jdbc:h2:"):
		text = strings.TrimPrefix(strings.TrimPrefix(text, "jdbc:h2:"), "file:")
		if strings.Contains(text, ":") && !strings.HasPrefix(text, "/") && !strings.HasPrefix(text, ".") {
			return v, false // in memory, or on another machine
		}
	case strings.HasPrefix(text, "jdbc:hsqldb:file:"):
		text = strings.TrimPrefix(text, "jdbc:hsqldb:file:")
	case strings.HasPrefix(text, "Data Source="):
		text = strings.TrimPrefix(text, "Data Source=")
		if ext := path.Ext(strings.SplitN(text, ";", 2)[0]); !v.open && ext != ".db" && ext != ".sqlite" && ext != ".sqlite3" && ext != ".db3" {
			return v, false // a server
		}
	case strings.HasPrefix(text, "jdbc:sqlite:"):
		text = strings.TrimPrefix(text, "jdbc:sqlite:")
	default:
		return v, false
	}
	if i := strings.IndexAny(text, "?;"); i >= 0 {
		text, v.open = text[:i], false
	}
	v.text = text
	return v, text != "" || v.open
}
