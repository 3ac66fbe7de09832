package render

import (
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strings"

	"github.com/offroot/offroot/rewrite/decide"
	"github.com/offroot/offroot/rewrite/source"
)

// knownNothingOf reports whether all there is to say of a workload is that its images are not known: those are told
// together, because each of them would say the same.
func (u *unit) knownNothingOf() bool {
	if u.target == nil || u.target.Verdict != decide.Refused || len(u.target.UnknownImages()) == 0 {
		return false
	}
	for _, it := range u.items {
		if it.Reason != u.target.Reason {
			return false
		}
	}
	return true
}

// unknown writes one block for all workloads whose images are not known, an image a line.
func (n *notes) unknown(units []*unit) {
	places := map[string][]source.Place{}
	workloads := 0
	for _, u := range units {
		if !u.knownNothingOf() {
			continue
		}
		workloads++
		for _, ref := range u.target.UnknownImages() {
			places[ref] = append(places[ref], u.place())
		}
	}
	if workloads == 0 {
		return
	}
	n.printed = true
	text := fmt.Sprintf("refused: who %s of %s run as is not known here", images(len(places)), count(workloads, "workload"))
	n.write(row{label: "unknown", color: n.name, text: text})
	for _, ref := range slices.Sorted(maps.Keys(places)) {
		n.write(row{label: "", text: ref, places: places[ref]})
	}
	n.below("next: state the user by hand (user: in a compose file, runAsUser and runAsGroup in a manifest), with the numbers that docker inspect or the documentation gives")
}

func images(n int) string {
	if n == 1 {
		return "the image"
	}
	return fmt.Sprintf("the %d images", n)
}

var digest = regexp.MustCompile(`@sha256:([0-9a-f]{8})[0-9a-f]{56}`)

// shortDigests leaves so much of digests that a person can tell them apart.
func shortDigests(text string) string {
	if !strings.Contains(text, "@sha256:") {
		return text
	}
	return digest.ReplaceAllString(text, "@sha256:$1…")
}
