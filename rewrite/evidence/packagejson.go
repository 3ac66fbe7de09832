package evidence

import (
	"encoding/json"
	"io/fs"
	"path"
	"regexp"
	"strconv"
	"strings"

	"github.com/offroot/offroot/rewrite/source"
)

// PackageScript returns the command of a script of package.json in dir, with its line. ok is false if there is none.
func PackageScript(fsys fs.FS, dir, script string) (command string, place source.Place, ok bool) {
	name := path.Join(dir, "package.json")
	content, err := fs.ReadFile(fsys, name)
	if err != nil {
		return "", source.Place{}, false
	}
	var manifest struct {
		Scripts map[string]string `json:"scripts"`
	}
	if json.Unmarshal(content, &manifest) != nil {
		return "", source.Place{}, false
	}
	command, ok = manifest.Scripts[script]
	if !ok {
		return "", source.Place{}, false
	}
	return command, keyPlace(source.NewFile(name, content), "scripts", script), true
}

// keyPlace is the line of a key of an object of a JSON file.
func keyPlace(f *source.File, object, key string) source.Place {
	text := string(f.Content)
	quote := func(s string) string { return regexp.QuoteMeta(strconv.Quote(s)) + `\s*:` }
	at := 0
	if m := regexp.MustCompile(quote(object)).FindStringIndex(text); m != nil {
		at = m[1]
	}
	if m := regexp.MustCompile(quote(key)).FindStringIndex(text[at:]); m != nil {
		at += m[0]
	}
	return f.PlaceAt(at)
}

var (
	nextStart = regexp.MustCompile(`(?:^|[\s&;])next\s+start\b(?:.*?(?:-p|--port)[\s=]+([0-9]+))?`)
	jsonServe = regexp.MustCompile(`(?:^|[\s&;])(?:http-server|serve|vite preview|vite|json-server)\s.*?(?:-p|-l|--port|--listen)[\s=]+(?:tcp://[^:\s]*:)?([0-9]+)`)
)

// nextServers reads package.json for servers that are no source: Next.js keeps a cache and listens on 3000.
func (s *scanner) nextServers() {
	name := path.Join(s.dir, "package.json")
	command, place, ok := PackageScript(s.fsys, s.dir, "start")
	if !ok || s.ignored("package.json") {
		return
	}
	content, _ := fs.ReadFile(s.fsys, name)
	u := &unit{scanner: s, path: name, text: string(content), file: source.NewFile(name, content)}
	at := u.file.LineSpan(place.Line).Start
	if m := nextStart.FindStringSubmatch(command); m != nil {
		u.write(write{at: at, kind: aDir, verb: "caches in"}, literal(".next/cache"))
		v := u.env("PORT").or(literal("3000"))
		if m[1] != "" {
			v = literal(m[1])
		}
		if port, ok := portOf(v); ok {
			u.addListen(port, v, false, at)
		}
		return
	}
	if m := jsonServe.FindStringSubmatch(command); m != nil {
		port, _ := strconv.Atoi(m[1])
		u.addListen(port, literal(strings.TrimSpace(m[1])), false, at)
	}
}
