package image

import (
	"path"
	"regexp"
	"slices"
	"strings"
	"sync"

	"github.com/offroot/offroot/templates"
)

// Lookup returns what is known of an image. It is false for a name that the table does not hold and for a digest without
// a tag: the facts depend on the tag, and no entry is a default for another.
func Lookup(ref Ref) (Facts, bool) {
	if ref.Tag == "" && !ref.Scratch() {
		return Facts{}, false
	}
	t := index()
	name := t.rewrite(ref.Name())
	entry := t.find(name)
	if entry == nil {
		return Facts{}, false
	}
	fields := t.resolve(entry, ref.Tag)
	fields.Confidence = weaker(fields.Confidence, entry.DoubtfulNames[name])
	f := newFacts(fields.ImageFields)
	f.ID, f.Ref = fields.id, ref
	return f, true
}

// All returns the ids of all entries, in the order of the table.
func All() []string {
	var ids []string
	for _, e := range templates.Images().Images {
		ids = append(ids, e.ID)
	}
	return ids
}

type table struct {
	rewrites []templates.Rewrite
	byID     map[string]*templates.Image
	byName   map[string]*templates.Image
	patterns []pattern
	tags     map[string]*regexp.Regexp
}

type pattern struct {
	glob  string
	entry *templates.Image
}

var index = sync.OnceValue(func() *table { return newTable(templates.Images()) })

func newTable(images *templates.ImageTable) *table {
	t := &table{
		rewrites: images.Rewrites,
		byID:     map[string]*templates.Image{},
		byName:   map[string]*templates.Image{},
		tags:     map[string]*regexp.Regexp{},
	}
	for _, e := range images.Images {
		t.byID[e.ID] = e
		for _, n := range e.Names {
			if strings.Contains(n, "*") {
				t.patterns = append(t.patterns, pattern{n, e})
			} else {
				t.byName[n] = e
			}
		}
		for _, v := range e.Variants {
			t.tags[v.Tag] = regexp.MustCompile(v.Tag)
		}
	}
	return t
}

// rewrite maps a registry that serves the images of another one. A hub name may then lack its namespace.
func (t *table) rewrite(name string) string {
	for _, r := range t.rewrites {
		if rest, ok := strings.CutPrefix(name, r.From); ok {
			name = r.To + rest
		}
	}
	if rest, ok := strings.CutPrefix(name, "docker.io/"); ok && !strings.Contains(rest, "/") {
		name = "docker.io/library/" + rest
	}
	return name
}

// find prefers an exact name to a pattern.
func (t *table) find(name string) *templates.Image {
	if e := t.byName[name]; e != nil {
		return e
	}
	i := slices.IndexFunc(t.patterns, func(p pattern) bool {
		ok, _ := path.Match(p.glob, name)
		return ok
	})
	if i < 0 {
		return nil
	}
	return t.patterns[i].entry
}

// fits reports whether the variant is meant for the tag.
func (t *table) fits(v templates.Variant, tag string) bool {
	return t.tags[v.Tag].MatchString(tag) &&
		(v.Since == "" || !older(tag, v.Since)) &&
		(v.Before == "" || older(tag, v.Before))
}

type resolved struct {
	id string
	templates.ImageFields
}

// resolve applies the variants that fit the tag. "see" goes on in another entry at once. What was read of newer versions is
// no more than a guess for the older ones.
func (t *table) resolve(e *templates.Image, tag string) resolved {
	r := resolved{e.ID, e.ImageFields}
	if tooOld(tag, e.Since) {
		r.Confidence = weaker(r.Confidence, "unverified")
	}
	for _, v := range e.Variants {
		if !t.fits(v, tag) {
			continue
		}
		if v.See != "" {
			return t.resolve(t.byID[v.See], tag)
		}
		r.ImageFields = replaced(r.ImageFields, v)
	}
	return r
}
