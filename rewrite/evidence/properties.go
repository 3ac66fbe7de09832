package evidence

import (
	"path"
	"regexp"
	"strconv"
	"strings"
)

// springDefault matches ${NAME:default}.
var springDefault = regexp.MustCompile(`^\$\{([A-Za-z0-9_.]+)(?::([^}]*))?\}`)

// properties reads settings of Spring (properties, or the plain nesting of application.yml) and of ASP.NET.
func (u *unit) properties() {
	if strings.HasSuffix(u.path, ".json") {
		u.appSettings()
		return
	}
	yaml := path.Ext(u.path) != ".properties"
	var stack []indented
	offset := 0
	for _, line := range strings.SplitAfter(u.text, "\n") {
		at := offset
		offset += len(line)
		code := strings.TrimSpace(line)
		if code == "" || strings.HasPrefix(code, "#") || strings.HasPrefix(code, "-") || strings.HasPrefix(code, "!") {
			continue
		}
		sep := strings.IndexAny(code, "=:")
		if yaml {
			sep = strings.IndexByte(code, ':')
		}
		if sep < 0 {
			continue
		}
		key, text := strings.TrimSpace(code[:sep]), strings.Trim(strings.TrimSpace(code[sep+1:]), `"'`)
		if yaml {
			width := len(line) - len(strings.TrimLeft(line, " "))
			for len(stack) > 0 && stack[len(stack)-1].width >= width {
				stack = stack[:len(stack)-1]
			}
			stack = append(stack, indented{width, key})
			key = dottedKey(stack)
		}
		if text != "" {
			u.property(key, text, at)
		}
	}
}

type indented struct {
	width int
	key   string
}

func dottedKey(stack []indented) string {
	var keys []string
	for _, s := range stack {
		keys = append(keys, s.key)
	}
	return strings.Join(keys, ".")
}

// spring folds a value with placeholders.
func (u *unit) spring(text string) value {
	v := literal("")
	for text != "" {
		i := strings.Index(text, "${")
		if i != 0 {
			if i < 0 {
				i = len(text)
			}
			v = v.plus(literal(text[:i]))
			text = text[i:]
			continue
		}
		m := springDefault.FindStringSubmatch(text)
		if m == nil {
			return unknown()
		}
		w := u.env(strings.ToUpper(strings.NewReplacer(".", "_", "-", "").Replace(m[1])))
		if strings.Contains(m[0], ":") {
			w = w.or(literal(m[2]))
		}
		if v.text == "" && !w.ok {
			return w
		}
		v = v.plus(w)
		text = text[len(m[0]):]
	}
	return v
}

func (u *unit) property(key, text string, at int) {
	v := u.spring(text)
	switch key {
	case "server.port", "management.server.port":
		if set, ok := u.opts.Env[strings.ToUpper(strings.ReplaceAll(key, ".", "_"))]; ok {
			v = literal(set)
			v.via = "env:" + strings.ToUpper(strings.ReplaceAll(key, ".", "_"))
		}
		if port, ok := portOf(v); ok || v.missing != "" {
			u.addListen(port, v, false, at)
		}
	case "logging.file.name", "logging.file":
		u.write(write{at: at, kind: anEntry, verb: "logs to"}, v)
	case "logging.file.path", "logging.path":
		u.write(write{at: at, kind: aDir, verb: "logs to"}, v)
	case "spring.servlet.multipart.location", "server.tomcat.basedir", "storage.location", "file.upload-dir", "server.tomcat.accesslog.directory":
		u.write(write{at: at, kind: aDir, verb: "stores files in"}, v)
	case "spring.datasource.url", "spring.datasource.jdbc-url", "quarkus.datasource.jdbc.url":
		if file, ok := databaseFile(v); ok && strings.HasPrefix(text, "jdbc:") && !strings.Contains(text, ":mem:") {
			u.write(write{at: at, kind: aDatabase, verb: "creates"}, file)
		}
	}
}

var (
	dataSource  = regexp.MustCompile(`(?i)(?:data source|datasource|filename)\s*=\s*([^;"]+\.(?:db|sqlite3?|db3))`)
	settingURLs = regexp.MustCompile(`(?i)"(?:urls|url|applicationurl)"\s*:\s*"([^"]+)"`)
	urlPort     = regexp.MustCompile(`://[^/;:]*:([0-9]+)`)
	urlPlain    = regexp.MustCompile(`^(https?)://[^/;:]+/?$`)
)

// appSettings reads appsettings.json.
func (u *unit) appSettings() {
	if strings.Contains(path.Base(u.path), "Development") {
		return
	}
	for _, m := range dataSource.FindAllStringSubmatchIndex(u.text, -1) {
		u.write(write{at: m[0], kind: aDatabase, verb: "creates"}, literal(strings.TrimSpace(u.text[m[2]:m[3]])))
	}
	for _, m := range settingURLs.FindAllStringSubmatchIndex(u.text, -1) {
		for _, url := range strings.Split(u.text[m[2]:m[3]], ";") {
			if p := urlPort.FindStringSubmatch(url); p != nil {
				port, _ := strconv.Atoi(p[1])
				u.addListen(port, literal(p[1]), false, m[0])
			} else if p := urlPlain.FindStringSubmatch(url); p != nil {
				u.addListen(map[string]int{"http": 80, "https": 443}[p[1]], literal(""), false, m[0])
			}
		}
	}
}
