// Package judges asks programs that offroot did not write whether what it makes is right: Kubernetes' own Pod Security
// check and strict decoding for manifests, compose-go for compose files, BuildKit's instruction parser for Dockerfiles.
//
// It is a module of its own, so that what the judges need is no dependency of offroot.
package judges
