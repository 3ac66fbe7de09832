package evidence

import (
	"encoding/json"
	"io/fs"
	"path"
	"regexp"
	"strings"
)

var pythonName = regexp.MustCompile(`^[A-Za-z_][A-Za-z0-9_]*(?:\.[A-Za-z_][A-Za-z0-9_]*)*$`)

// entry resolves what the container starts to a file and begins there.
func (r *reach) entry(text string) {
	text = strings.TrimSpace(text)
	if module, ok := strings.CutPrefix(text, "-m "); ok {
		if file := r.entryModule(strings.TrimSpace(module)); file != "" {
			if path.Base(file) == "__init__.py" && r.known[path.Join(path.Dir(file), "__main__.py")] {
				r.add(file)
				file = path.Join(path.Dir(file), "__main__.py")
			}
			r.begin(file, "", false)
		}
		return
	}
	if module, attr, ok := strings.Cut(text, ":"); ok && !strings.Contains(attr, "\\") {
		attr, _, _ = strings.Cut(attr, "(")
		file := r.entryFile(module)
		if file == "" && pythonName.MatchString(module) {
			file = r.entryModule(module)
		}
		r.begin(file, attr, true)
		return
	}
	if file := r.entryFile(text); file != "" {
		r.begin(file, "", false)
		return
	}
	if r.goEntry(text) {
		return
	}
	if pythonName.MatchString(text) {
		r.begin(r.entryModule(text), "", true)
	}
}

// begin adds an entry that is resolved.
func (r *reach) begin(file, attr string, served bool) {
	if file == "" {
		return
	}
	switch languageOf(file) {
	case python:
		r.scripts = true
		if served {
			r.served[file] = append(r.served[file], attr)
		} else {
			r.direct[file] = true
		}
	case javascript, ruby, php:
		r.scripts = true
	case shell:
		r.shell = true
	case golang:
		r.goEntry(path.Dir(r.under(file)))
		return
	}
	r.add(file)
}

// entryFile finds the file of the context that a start command names.
func (r *reach) entryFile(text string) string {
	rel := strings.TrimPrefix(path.Clean(text), "/")
	if path.IsAbs(text) && path.IsAbs(r.opts.Workdir) {
		if below, ok := strings.CutPrefix(path.Clean(text), strings.TrimSuffix(path.Clean(r.opts.Workdir), "/")+"/"); ok {
			rel = below
		} else if file := r.mapped(path.Clean(text)); file != "" {
			return file
		}
	}
	for _, candidate := range sourceForms(rel) {
		if file := r.exact(candidate); file != "" {
			return file
		}
	}
	if strings.Contains(rel, "..") {
		return ""
	}
	if file := r.mapped(path.Join(r.opts.Workdir, rel)); file != "" {
		return file
	}
	for _, candidate := range sourceForms(rel) {
		if file := r.below(candidate); file != "" {
			return file
		}
	}
	return ""
}

func (r *reach) exact(rel string) string {
	name := path.Join(r.dir, rel)
	if r.known[name] {
		return name
	}
	return r.javascriptFile(name)
}

// mapped finds the file that lies at a path of the image.
func (r *reach) mapped(image string) string {
	if r.opts.Mapped == nil {
		return ""
	}
	for _, form := range []string{image, image + ".js", image + "/index.js"} {
		for _, name := range r.bases[path.Base(form)] {
			if at, ok := r.opts.Mapped(r.under(name)); ok && at == form {
				return name
			}
		}
	}
	return ""
}

// below finds the one file of the context whose path ends like that: the sources lie in a directory that is copied.
func (r *reach) below(rel string) string {
	found := ""
	for _, form := range javascriptForms(rel) {
		for _, name := range r.bases[path.Base(form)] {
			if !strings.HasSuffix(name, "/"+form) || name == found || languageOf(name) == nil {
				continue
			}
			if found != "" {
				return ""
			}
			found = name
		}
		if found != "" {
			return found
		}
	}
	return ""
}

// outputDirs hold what compilers make of src.
var outputDirs = map[string]bool{"dist": true, "build": true, "lib": true, "out": true, "output": true, "compiled": true}

// sourceForms are a file and the sources that it may be compiled from: dist/x.js of src/x.ts, dist/apps/api/main.js of
// apps/api/src/main.ts.
func sourceForms(rel string) []string {
	forms := []string{rel}
	parts := strings.Split(rel, "/")
	for i, part := range parts[:len(parts)-1] {
		if !outputDirs[part] {
			continue
		}
		before, rest := strings.Join(parts[:i], "/"), strings.Join(parts[i+1:], "/")
		forms = append(forms, path.Join(before, "src", rest), path.Join(before, rest), path.Join(before, path.Dir(rest), "src", path.Base(rest)))
		// dist/server/src/main.js, dist/server/main.js
		if _, short, ok := strings.Cut(rest, "/"); ok {
			forms = append(forms, path.Join(before, short), path.Join(before, "src", short))
		}
		break
	}
	return forms
}

// entryModule finds the file of a module of Python.
func (r *reach) entryModule(module string) string {
	rel := strings.ReplaceAll(module, ".", "/")
	for _, root := range []string{"", "src", "app", "backend", "server"} {
		if file := r.pythonFile(path.Join(r.dir, root, rel)); file != "" {
			return file
		}
	}
	for _, form := range []string{rel + ".py", rel + "/__init__.py"} {
		if file := r.mapped(path.Join(r.opts.Workdir, form)); file != "" {
			return file
		}
		if file := r.below(form); file != "" {
			return file
		}
	}
	return ""
}

// packageMain is the file that package.json of a directory names, or "".
func (r *reach) packageMain(dir string) string {
	content, err := fs.ReadFile(r.fsys, path.Join(dir, "package.json"))
	if err != nil {
		return ""
	}
	var manifest struct {
		Main   string `json:"main"`
		Module string `json:"module"`
	}
	if json.Unmarshal(content, &manifest) != nil {
		return ""
	}
	for _, main := range []string{manifest.Main, manifest.Module} {
		if main == "" || path.IsAbs(main) {
			continue
		}
		for _, form := range sourceForms(path.Clean(main)) {
			if name := r.javascriptModule(path.Join(dir, form)); name != "" {
				return name
			}
		}
	}
	return ""
}
