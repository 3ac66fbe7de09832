package workspace

import (
	"encoding/json"
	"path"
	"sort"
	"strings"

	"github.com/offroot/offroot/rewrite/source"
)

// A bakeTarget is a target of a bake file: its attributes, not yet evaluated, and the line it starts at.
type bakeTarget struct {
	name  string
	line  int
	attrs map[string]any // string, []any, map[string]any or mentions
}

// mentions are the texts that stand in an expression which is not evaluated.
type mentions []string

// A bakeFile is what a bake file holds: variables with their defaults, what it assigns outside of blocks, and targets.
type bakeFile struct {
	vars    map[string]string
	values  map[string]any
	targets []bakeTarget
}

func (r *hintReader) bakeHints(name, text string) []Hint {
	return r.bakedHints(name, readBake(text))
}

// bakeJSONHints reads the JSON form of a bake file.
func (r *hintReader) bakeJSONHints(name, text string) []Hint {
	var doc struct {
		Variable map[string]struct{ Default any }
		Target   map[string]map[string]any
	}
	if json.Unmarshal([]byte(text), &doc) != nil {
		return nil
	}
	f := bakeFile{vars: map[string]string{}}
	for n, v := range doc.Variable {
		if s, ok := v.Default.(string); ok {
			f.vars[n] = s
		}
	}
	for n, attrs := range doc.Target {
		line := 1 + strings.Count(text[:max(0, strings.LastIndex(text, `"`+n+`"`))], "\n")
		f.targets = append(f.targets, bakeTarget{n, line, attrs})
	}
	sort.Slice(f.targets, func(i, j int) bool { return f.targets[i].name < f.targets[j].name })
	return r.bakedHints(name, f)
}

func (r *hintReader) bakedHints(name string, f bakeFile) []Hint {
	var hints []Hint
	for _, t := range f.targets {
		for _, values := range f.matrix(t.attrs["matrix"]) {
			vars := scope(f.vars, values)
			file := f.text(t, "dockerfile", vars)
			if file == "" {
				file = "Dockerfile"
			}
			call := buildCall{what: "bake target", place: source.Place{Path: name, Line: t.line}}
			call.context = path.Join(".", f.text(t, "context", vars))
			call.file = path.Join(call.context, file)
			call.target = f.text(t, "target", vars)
			call.images = tags(f.attr(t, "tags", 0), vars)
			hints = append(hints, r.hints(call, path.Dir(name), ".")...)
		}
	}
	return hints
}

// attr is an attribute of a target or of the targets that it inherits from; the last of them wins.
func (f bakeFile) attr(t bakeTarget, name string, depth int) any {
	if v, ok := t.attrs[name]; ok || depth > 8 {
		return v
	}
	parents, _ := t.attrs["inherits"].([]any)
	for i := len(parents) - 1; i >= 0; i-- {
		for _, p := range f.targets {
			if p.name == parents[i] {
				if v := f.attr(p, name, depth+1); v != nil {
					return v
				}
			}
		}
	}
	return nil
}

func (f bakeFile) text(t bakeTarget, name string, vars map[string]string) string {
	s, _ := f.attr(t, name, 0).(string)
	return substitute(s, vars)
}

// tags are the names that a target gives its image. Of an expression that is not evaluated the texts that look like a name
// count: join("/app:", x), format("%s/app:%s", registry, tag).
func tags(v any, vars map[string]string) []string {
	var names []string
	switch v := v.(type) {
	case []any:
		for _, item := range v {
			names = append(names, tags(item, vars)...)
		}
	case string:
		if s := substitute(v, vars); s != "" {
			names = append(names, s)
		}
	case mentions:
		for _, s := range v {
			s = strings.NewReplacer("%s", "${?}", "%v", "${?}").Replace(substitute(s, vars))
			if !strings.ContainsAny(s, "/:") || strings.Contains(s, "://") {
				continue
			}
			if s = strings.TrimSuffix(s, ":"); strings.HasPrefix(s, "/") {
				s = "${?}" + s
			}
			names = append(names, s)
		}
	}
	return names
}

// matrix lists the values of each build of a target with a matrix; a target without one is built once.
func (f bakeFile) matrix(v any) []map[string]string {
	all := []map[string]string{{}}
	axes, _ := v.(map[string]any)
	keys := make([]string, 0, len(axes))
	for k := range axes {
		keys = append(keys, k)
	}
	sort.Strings(keys)
	for _, k := range keys {
		items, _ := f.value(axes[k]).([]any)
		if len(items) == 0 || len(items)*len(all) > 500 {
			return nil
		}
		var next []map[string]string
		for _, have := range all {
			for _, item := range items {
				next = append(next, scope(have, flatten(k, item)))
			}
		}
		all = next
	}
	return all
}

// value looks up what the file assigns to a name.
func (f bakeFile) value(v any) any {
	if s, ok := v.(string); ok && isVariable(s) {
		return f.values[s[2:len(s)-1]]
	}
	return v
}

// flatten gives each text inside of a value a dotted name.
func flatten(name string, v any) map[string]string {
	flat := map[string]string{}
	switch v := v.(type) {
	case string:
		flat[name] = v
	case map[string]any:
		for k, item := range v {
			for n, s := range flatten(name+"."+k, item) {
				flat[n] = s
			}
		}
	}
	return flat
}
