package workspace

import (
	"path"
	"regexp"
	"strings"
)

// byNames adds what the names of the Dockerfile and of its directory say.
func (l *linker) byNames(c *candidate, name, tag, file string) {
	last := plain(path.Base(name))
	for _, n := range l.names[c.build] {
		e := clue{kind: "name"}
		switch {
		case n.tagged(last, tag):
			e.what, e.tag = "the image "+name+":"+tag+" is named like the directories of the Dockerfile", tag
		case n.plain() == last && l.likely(n, name, file):
			e.what = "the image " + name + " is named like " + n.of
		case l.belongs(n, name, file):
			e.what = "the image " + name + " ends like " + n.of
		default:
			continue
		}
		c.clues = append(c.clues, e)
		return
	}
}

// mostNamesakes is how many Dockerfiles a person can be asked to choose from.
const mostNamesakes = 3

// namesakes are the Dockerfiles that are named like an image for which there is no other evidence, if there are several: none
// of them is likelier than the others.
func (l *linker) namesakes(img *Image) []*candidate {
	name := imageName(img.Ref)
	last := plain(path.Base(name))
	if publicName(name) || officialName(path.Base(name)) || noNames[last] {
		return nil
	}
	var all []*candidate
	for _, b := range l.ws.Builds {
		for _, n := range l.names[b] {
			if n.plain() == last && imageName(b.Base.Ref) != name {
				all = append(all, &candidate{build: b, clues: []clue{{what: "named like " + n.of, kind: "name"}}})
			}
		}
	}
	if len(all) < 2 || len(all) > mostNamesakes {
		return nil
	}
	return all
}

func (l *linker) named(b *Build, name, file string) bool {
	c := candidate{build: b}
	l.byNames(&c, name, "", file)
	return len(c.clues) > 0
}

// likely says whether an image that is named like a directory is likely to be built there.
func (l *linker) likely(n dockerfileName, name, file string) bool {
	switch {
	case noNames[n.plain()] || !l.only(n, file):
		return false
	case officialName(path.Base(name)):
		// Somebody's own nginx or redis: built beside the manifest, by an owner of whom more images are built here.
		return under(file, n.parents) && len(l.owners[path.Dir(name)]) > 0
	case dashes.Replace(strings.ToLower(n.text)) != dashes.Replace(strings.ToLower(path.Base(name))):
		return len(l.owners[path.Dir(name)]) > 1 // webapi in web-api: alike, not equal
	}
	return true
}

// noNames are words that say nothing about what an image holds.
var noNames = map[string]bool{"test": true, "tests": true, "example": true, "examples": true, "image": true, "images": true,
	"main": true, "base": true, "common": true, "hello": true, "demo": true, "sample": true, "samples": true, "build": true, "docker": true}

// only says whether no other Dockerfile has the name, or this one is in the project of the manifest.
func (l *linker) only(n dockerfileName, file string) bool {
	return l.count[n.plain()] < 2 || under(file, n.parents)
}

// A dockerfileName is a name that a Dockerfile has by where it lies.
type dockerfileName struct {
	text, of string
	parents  string // the directory above, without those that say nothing
}

// dockerfileNames are the names by which an image may be called like a Dockerfile: the directory, or what the file's own
// name adds to Dockerfile. A directory such as src or docker says nothing, the one above it does.
func dockerfileNames(b *Build) []dockerfileName {
	if b.Stage != b.Doc.Stages[len(b.Doc.Stages)-1] {
		return nil
	}
	file := b.Doc.File().Path
	dir, base := path.Dir(file), path.Base(file)
	if lower := strings.ToLower(base); lower != "dockerfile" && lower != "containerfile" {
		variant := variantOf(lower)
		if variant == "" || commonVariant[variant] {
			return nil
		}
		return []dockerfileName{{variant, "the Dockerfile " + base, dir}}
	}
	if dir = meaningful(dir); dir == "." {
		return nil
	}
	return []dockerfileName{{path.Base(dir), "the directory of the Dockerfile", meaningful(path.Dir(dir))}}
}

// meaningful goes up from directories whose name says nothing about what is in them.
func meaningful(dir string) string {
	for dir != "." && emptyDirs[strings.ToLower(path.Base(dir))] {
		dir = path.Dir(dir)
	}
	return dir
}

// variantOf is the word that a file name adds to Dockerfile: web in Dockerfile.web, web.Dockerfile and Dockerfile-web.
func variantOf(base string) string {
	for _, word := range []string{"dockerfile", "containerfile"} {
		if rest, ok := strings.CutPrefix(base, word); ok {
			return strings.TrimLeft(rest, ".-_")
		}
		if rest, ok := strings.CutSuffix(base, "."+word); ok {
			return rest
		}
	}
	return ""
}

var emptyDirs = map[string]bool{"src": true, "docker": true, "build": true, "image": true, "container": true, "rootfs": true, ".docker": true, "package": true}

var commonVariant = map[string]bool{"dev": true, "prod": true, "production": true, "test": true, "tests": true, "ci": true, "local": true,
	"build": true, "builder": true, "base": true, "alpine": true, "debian": true, "ubuntu": true, "arm": true, "arm64": true, "amd64": true,
	"release": true, "debug": true, "development": true, "run": true, "tilt": true, "windows": true, "distroless": true, "slim": true, "gpu": true, "cpu": true}

var (
	separators = strings.NewReplacer("-", "", "_", "", ".", "")
	dashes     = strings.NewReplacer("_", "-", ".", "-")
)

func plain(name string) string { return separators.Replace(strings.ToLower(name)) }

func (n dockerfileName) plain() string { return plain(n.text) }

// tagged holds for a directory that is named like the tag, inside of one that is named like the image.
func (n dockerfileName) tagged(last, tag string) bool {
	return tag != "" && tag != "latest" && n.text == tag && plain(path.Base(n.parents)) == last
}

var version = regexp.MustCompile(`-v[0-9][0-9.]*$`)

// rest is what stands in front of the Dockerfile's name at the end of an image's name: shop of shop-api for api/. A version
// at the end (ratings-v2) tells variants of one image apart.
func (n dockerfileName) rest(image string) (string, bool) {
	base := version.ReplaceAllString(strings.ToLower(path.Base(image)), "")
	suffix := strings.ToLower(n.text)
	for _, sep := range []string{"-", "_"} {
		if rest, ok := strings.CutSuffix(base, sep+suffix); ok && rest != "" && len(suffix) > 1 {
			return rest, true
		}
	}
	return "", false
}

// belongs says whether an image whose name merely ends like a directory is likely to be built there: the manifest is in the
// same project, the rest of the name is a directory above, or other images share the rest and fit directories beside it.
func (l *linker) belongs(n dockerfileName, name, file string) bool {
	rest, ok := n.rest(name)
	if !ok || !l.only(n, file) {
		return false
	}
	for _, part := range strings.FieldsFunc(rest, func(c rune) bool { return c == '-' || c == '_' }) {
		if len(part) > 2 && strings.Contains(strings.ToLower(n.parents), part) {
			return true
		}
	}
	if n.parents != "." && under(file, n.parents) {
		return true
	}
	return len(l.family[n.parents+" "+rest]) > 1
}

// families counts, for each directory and each beginning of image names, the directories in it that images with that
// beginning end like: shop-api and shop-web fit api/ and web/. For each owner it counts the images that are named like a
// directory.
func (l *linker) families() {
	l.family, l.owners = map[string]map[string]bool{}, map[string]map[string]bool{}
	seen := map[string]bool{}
	for _, p := range l.ws.Pods {
		for _, c := range p.Containers {
			l.countFamily(imageName(c.Image.Ref), seen)
		}
	}
	for _, s := range l.ws.Services {
		l.countFamily(imageName(s.Image.Ref), seen)
	}
}

func (l *linker) countFamily(name string, seen map[string]bool) {
	if seen[name] || name == "" {
		return
	}
	seen[name] = true
	base := path.Base(name)
	for _, names := range l.names {
		for _, n := range names {
			if n.plain() == plain(base) && !officialName(base) {
				mark(l.owners, path.Dir(name), base)
			}
			if rest, ok := n.rest(name); ok {
				mark(l.family, n.parents+" "+rest, n.text)
			}
		}
	}
}

func mark(sets map[string]map[string]bool, key, item string) {
	if sets[key] == nil {
		sets[key] = map[string]bool{}
	}
	sets[key][item] = true
}
