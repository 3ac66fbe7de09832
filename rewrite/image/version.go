package image

import (
	"regexp"
	"slices"
	"strconv"
	"strings"
)

// versionForm is a version at the head of a tag: 1.17-alpine, v2.53.0, 8u111-jre, 4.0rc1. Something else that begins with
// digits, such as the hash of a commit, is no version.
var versionForm = regexp.MustCompile(`^v?([0-9]+(\.[0-9]+)*)($|[-_+.]|u[0-9]|-?(rc|alpha|beta)[0-9]*)`)

// older reports whether the tag names a version before the given one. A number that the tag leaves out is the newest of its
// kind: 1 is not older than 1.17. A tag without a version, such as alpine or latest, is not older than anything.
func older(tag, version string) bool {
	m := versionForm.FindStringSubmatch(tag)
	if m == nil {
		return false
	}
	have, want := strings.Split(m[1], "."), strings.Split(version, ".")
	for i := range min(len(have), len(want)) {
		a, errA := strconv.Atoi(have[i])
		b, errB := strconv.Atoi(want[i])
		if errA != nil || errB != nil {
			return false
		}
		if a != b {
			return a < b
		}
	}
	return false
}

// tooOld reports whether the tag is older than all that was read. Each version of since is the oldest one of its line, such as
// 8.5.46 and 9.0.26; what comes between two lines, or after the last, is new enough.
func tooOld(tag string, since []string) bool {
	for _, version := range slices.Backward(since) {
		line := version[:max(strings.LastIndexByte(version, '.'), 0)]
		if line == "" {
			line = version
		}
		if !older(tag, line) {
			return older(tag, version)
		}
	}
	return len(since) > 0
}
