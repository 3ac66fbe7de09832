package evidence

import (
	"io/fs"
	"path"
	"regexp"
	"strings"
)

var (
	prismaSQLite = regexp.MustCompile(`(?m)^\s*provider\s*=\s*"sqlite"`)
	prismaURL    = regexp.MustCompile(`(?m)^\s*url\s*=\s*(?:"(file:[^"]*)"|env\("([A-Za-z0-9_]+)"\))`)
	dotenvLine   = `(?m)^\s*(?:export\s+)?%s\s*=\s*["']?([^"'\s#]+)`
)

// prisma reads where schema.prisma keeps a SQLite database: relative to the schema.
func (u *unit) prisma() {
	if !prismaSQLite.MatchString(u.text) {
		return
	}
	m := prismaURL.FindStringSubmatchIndex(u.text)
	if m == nil {
		return
	}
	w := write{at: m[0], kind: aDatabase, verb: "creates"}
	v := u.here()
	if m[2] >= 0 {
		v = literal(u.text[m[2]:m[3]])
	} else {
		v = u.env(u.text[m[4]:m[5]])
		if !v.ok {
			v = v.or(u.dotenv(u.text[m[4]:m[5]]))
		}
	}
	via := v.via
	if v.ok && !strings.HasPrefix(v.text, "file:") {
		return
	}
	file, ok := databaseFile(v)
	if !ok {
		u.write(w, v)
		return
	}
	if !path.IsAbs(file.text) {
		file = join([]value{u.here().parent(), file}, true)
	}
	file.via = via
	u.write(w, file)
}

// dotenv is what a file .env of the context gives to a variable, if it comes with the image.
func (u *unit) dotenv(name string) value {
	re := regexp.MustCompile(strings.Replace(dotenvLine, "%s", regexp.QuoteMeta(name), 1))
	for _, dir := range []string{path.Dir(u.path), path.Dir(path.Dir(u.path)), u.dir} {
		file := path.Join(dir, ".env")
		if u.ignored(u.under(file)) {
			continue
		}
		content, err := fs.ReadFile(u.fsys, file)
		if err != nil {
			continue
		}
		if m := re.FindSubmatch(content); m != nil {
			return literal(string(m[1]))
		}
	}
	return unknown()
}

var (
	logFile    = regexp.MustCompile(`(?i)(?:<file>\s*([^<\s]+)\s*</file>|\bfileName\s*=\s*"([^"]+)")`)
	logbackVar = regexp.MustCompile(`\$\{([A-Za-z0-9_.]+)(?::-?([^}]*))?\}`)
)

// logging reads the files of logback.xml and log4j2.xml.
func (u *unit) logging() {
	for _, m := range logFile.FindAllStringSubmatchIndex(u.text, -1) {
		start, end := m[2], m[3]
		if start < 0 {
			start, end = m[4], m[5]
		}
		text := u.text[start:end]
		for k := 0; k < 4 && strings.Contains(text, "${"); k++ {
			text = logbackVar.ReplaceAllStringFunc(text, u.logProperty)
		}
		v := literal(text)
		if i := strings.IndexAny(text, "$%"); i >= 0 {
			v.text, v.open = text[:i], true
		}
		u.write(write{at: start, kind: anEntry, verb: "logs to", sure: true}, v)
	}
}

// logProperty puts in the value that the file itself, the environment or a default gives to a variable.
func (u *unit) logProperty(ref string) string {
	m := logbackVar.FindStringSubmatch(ref)
	if set, ok := u.opts.Env[m[1]]; ok {
		return set
	}
	re := regexp.MustCompile(`(?i)<(?:property|variable)\s+name="` + regexp.QuoteMeta(m[1]) + `"(?:\s+value="([^"]*)"|\s*>([^<]*)<)`)
	if p := re.FindStringSubmatch(u.text); p != nil && p[1]+p[2] != ref {
		return p[1] + p[2]
	}
	if strings.Contains(ref, ":") {
		return m[2]
	}
	return "$"
}
