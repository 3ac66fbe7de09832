package workspace

import (
	"maps"
	"path"
	"strings"

	"github.com/offroot/offroot/rewrite/parse"
	"github.com/offroot/offroot/rewrite/yamldoc"
)

// A project is what compose reads a file with: the directory that relative paths start from, and the variables that files
// of the repository set.
type project struct {
	dir string
	env map[string]string
}

// projects finds the project of each compose file. One that another file includes is read as that file says.
func projects(docs *parse.Documents) map[string]project {
	all := map[string]project{}
	for _, doc := range docs.Compose {
		dir := path.Dir(doc.File().Path)
		all[doc.File().Path] = project{dir, readEnv(docs.FS, path.Join(dir, ".env"))}
	}
	for _, doc := range docs.Compose {
		own := all[doc.File().Path]
		for _, root := range doc.Roots() {
			for _, item := range root.Get("include").Items() {
				for _, name := range paths(item, "path") {
					all[path.Join(own.dir, name)] = included(docs, own, item, name)
				}
			}
		}
	}
	return all
}

// included is the project of a file that is included under a name. The variables of the file that includes it come first.
func included(docs *parse.Documents, own project, item *yamldoc.Node, name string) project {
	p := project{dir: path.Join(own.dir, path.Dir(name)), env: map[string]string{}}
	if dir := item.Get("project_directory").Text(); dir != "" {
		p.dir = path.Join(own.dir, dir)
	}
	files := paths(item, "env_file")
	if len(files) == 0 {
		maps.Copy(p.env, readEnv(docs.FS, path.Join(p.dir, ".env")))
	}
	for _, f := range files {
		maps.Copy(p.env, readEnv(docs.FS, path.Join(own.dir, f)))
	}
	maps.Copy(p.env, own.env)
	return p
}

// paths reads a key that is a path or a list of paths; an item that is no mapping is the path itself.
func paths(item *yamldoc.Node, key string) []string {
	if item.Kind() == yamldoc.Scalar {
		if key == "path" {
			return []string{item.Text()}
		}
		return nil
	}
	n := item.Get(key)
	if n.Kind() == yamldoc.Scalar {
		return []string{n.Text()}
	}
	var list []string
	for _, i := range n.Items() {
		list = append(list, i.Text())
	}
	return list
}

// services returns the services of all compose files, completed from each other.
func services(docs *parse.Documents) []*Service {
	var all []*Service
	files := map[string]map[string]*Service{}
	projects := projects(docs)
	for _, doc := range docs.Compose {
		name := doc.File().Path
		files[name] = map[string]*Service{}
		for _, root := range doc.Roots() {
			section := root.Get("services")
			if section == nil && root.Get("version") == nil {
				section = versionOne(root)
			}
			for _, key := range section.AllKeys() {
				node := section.Get(key)
				if node.Kind() != yamldoc.Mapping {
					continue
				}
				s := &Service{Name: key, Doc: doc, Node: node, project: projects[name]}
				files[name][key] = s
				all = append(all, s)
			}
		}
	}
	for _, s := range all {
		s.parents = s.completedFrom(files)
	}
	for _, s := range all {
		s.readImage()
		s.readBuild()
	}
	return all
}

// versionOne returns the root itself for a file of the first compose format, which has services at the top level.
func versionOne(root *yamldoc.Node) *yamldoc.Node {
	for _, key := range root.Keys() {
		n := root.Get(key)
		if n.Get("image") == nil && n.Get("build") == nil && n.Get("extends") == nil {
			return nil
		}
	}
	return root
}

// completedFrom finds what a service extends, and the service of the same name that its file overrides.
func (s *Service) completedFrom(files map[string]map[string]*Service) []*Service {
	var parents []*Service
	file := s.Doc.File().Path
	if ext := s.Node.Get("extends"); ext != nil {
		name, in := ext.Text(), file
		if ext.Kind() == yamldoc.Mapping {
			name = ext.Get("service").Text()
			if f := ext.Get("file").Text(); f != "" {
				in = path.Join(path.Dir(file), f)
			}
		}
		if p := files[in][name]; p != nil && p != s && !p.completes(s) {
			parents = append(parents, p)
		}
	}
	if base := overridden(file, files); base != "" {
		if p := files[base][s.Name]; p != nil && !p.completes(s) {
			s.Override = true
			parents = append(parents, p)
		}
	}
	return parents
}

// completes reports whether s is completed from other, so that the reverse would go in circles.
func (s *Service) completes(other *Service) bool {
	for _, p := range s.parents {
		if p == other || p.completes(other) {
			return true
		}
	}
	return false
}

var plainNames = []string{"compose.yaml", "compose.yml", "docker-compose.yaml", "docker-compose.yml"}

// overridden names the compose file that a file such as compose.override.yaml or compose.dev.yaml is laid over: the plain
// one of the same directory. A file which is complete in itself is laid over nothing.
func overridden(file string, files map[string]map[string]*Service) string {
	base := path.Base(file)
	for _, plain := range plainNames {
		if base == plain {
			return ""
		}
	}
	dir := path.Dir(file)
	for _, plain := range plainNames {
		candidate := path.Join(dir, plain)
		if files[candidate] == nil {
			continue
		}
		for name, s := range files[file] {
			partial := s.Node.Get("image") == nil && s.Node.Get("build").Get("context") == nil && s.Node.Get("build").Text() == ""
			if partial && files[candidate][name] != nil {
				return candidate
			}
		}
		if strings.Contains(base, "override") {
			return candidate
		}
	}
	return ""
}
