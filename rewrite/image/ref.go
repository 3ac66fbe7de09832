package image

import (
	"regexp"
	"strings"
)

// A Ref is a normalised image reference: docker.io/library/node, tag 20-slim. Tag is "latest" where the text gave neither
// tag nor digest, and empty where it gave a digest alone. The reserved name scratch is Ref{Repository: "scratch"}.
type Ref struct {
	Registry, Repository, Tag, Digest string
}

// The reserved name of the empty base image, which is not in any registry.
const scratch = "scratch"

var (
	registryForm   = regexp.MustCompile(`^[A-Za-z0-9]([A-Za-z0-9.-]*[A-Za-z0-9])?(:[0-9]+)?$`)
	repositoryForm = regexp.MustCompile(`^[a-z0-9]+(([._]|__|-+)[a-z0-9]+)*(/[a-z0-9]+(([._]|__|-+)[a-z0-9]+)*)*$`)
	tagForm        = regexp.MustCompile(`^[A-Za-z0-9_][A-Za-z0-9_.-]{0,127}$`)
	digestForm     = regexp.MustCompile(`^[a-z0-9]+([+._-][a-z0-9]+)*:[0-9a-fA-F]{32,}$`)
)

// Registries that are Docker Hub under another name.
var hubAliases = []string{"index.docker.io", "registry-1.docker.io", "registry.hub.docker.com"}

// ParseRef reads a reference as a Dockerfile or a manifest writes it. It returns false for "", for text with a variable or
// a template in it, and for everything else that is no reference.
func ParseRef(s string) (Ref, bool) {
	if s == scratch {
		return Ref{Repository: scratch}, true
	}
	name, digest, hasDigest := strings.Cut(s, "@")
	var ref Ref
	if i := strings.LastIndexByte(name, ':'); i > strings.LastIndexByte(name, '/') {
		name, ref.Tag = name[:i], name[i+1:]
		if !tagForm.MatchString(ref.Tag) {
			return Ref{}, false
		}
	}
	if hasDigest {
		if !digestForm.MatchString(digest) {
			return Ref{}, false
		}
		ref.Digest = digest
	}
	ref.Registry, ref.Repository = splitName(name)
	if !registryForm.MatchString(ref.Registry) || !repositoryForm.MatchString(ref.Repository) {
		return Ref{}, false
	}
	if ref.Tag == "" && ref.Digest == "" {
		ref.Tag = "latest"
	}
	return ref, true
}

// splitName tells the registry from the repository: a first part is a registry if it has a dot or a port, or is localhost.
func splitName(name string) (registry, repository string) {
	registry, repository = "docker.io", name
	if first, rest, ok := strings.Cut(name, "/"); ok && (strings.ContainsAny(first, ".:") || first == "localhost") {
		registry, repository = first, rest
	}
	for _, alias := range hubAliases {
		if registry == alias {
			registry = "docker.io"
		}
	}
	if registry == "docker.io" && !strings.Contains(repository, "/") {
		repository = "library/" + repository
	}
	return registry, repository
}

// Scratch reports whether the reference is the empty base image.
func (r Ref) Scratch() bool { return r.Registry == "" && r.Repository == scratch }

// Name is registry and repository: "docker.io/library/node".
func (r Ref) Name() string {
	if r.Registry == "" {
		return r.Repository
	}
	return r.Registry + "/" + r.Repository
}

// String is the whole reference. ParseRef reads it back to the same value.
func (r Ref) String() string {
	s := r.Name()
	if r.Tag != "" {
		s += ":" + r.Tag
	}
	if r.Digest != "" {
		s += "@" + r.Digest
	}
	return s
}

// Base is the last part of the repository: "node".
func (r Ref) Base() string { return r.Repository[strings.LastIndexByte(r.Repository, '/')+1:] }
