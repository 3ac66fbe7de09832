package plan

import (
	"regexp"
	"strings"

	"github.com/offroot/offroot/rewrite/rule"
	"github.com/offroot/offroot/rewrite/source"
	"github.com/offroot/offroot/rewrite/workspace"
)

// notes are what people wrote into files about findings, for offroot or for other tools.
type notes struct {
	files   map[string]*source.File
	regions []region
}

func newNotes(items []*Item) *notes {
	n := &notes{files: map[string]*source.File{}}
	seen := map[*workspace.Workload]bool{}
	for _, it := range items {
		if w := it.Workload; !seen[w] {
			seen[w] = true
			n.addWorkload(w)
		}
	}
	return n
}

func (n *notes) addWorkload(w *workspace.Workload) {
	if w.Build != nil {
		n.add(w.Build.Doc.File())
	}
	for _, s := range w.Services {
		n.add(s.Doc.File())
		n.regions = append(n.regions, regionsOfService(w, s)...)
	}
	for _, p := range w.Pods {
		n.add(p.Object.Node.Document().File())
		n.regions = append(n.regions, regionsOfPod(w, p)...)
	}
}

func (n *notes) add(f *source.File) { n.files[f.Path] = f }

var (
	ignoreHere = regexp.MustCompile(`#\s*offroot:\s*ignore\[([^\]]*)\]\s*(.*)`)
	ignoreFile = regexp.MustCompile(`#\s*offroot:\s*ignore-file\[([^\]]*)\]\s*(.*)`)
	foreign    = regexp.MustCompile(`(?i)#\s*(hadolint\s+(?:global\s+)?ignore=|checkov:skip=|trivy:ignore:|kics-scan\s+(?:ignore-line|ignore-block|ignore\b|disable=))([^\s:]*)(.*)`)
)

// suppressed reports whether a person wrote that the place shall stay, and notes it as the outcome.
func (it *Item) suppressed(n *notes) bool {
	reason, ok := it.annotated()
	if f := n.files[it.Place.Path]; f != nil && !ok {
		reason, ok = above(f, it.Place.Line, it.Rule)
		if !ok {
			reason, ok = wholeFile(f, it.Rule)
		}
	}
	if !ok {
		reason, ok = n.around(it)
	}
	if !ok {
		return false
	}
	it.Outcome, it.Reason = Suppressed, reason
	return true
}

// ignored reports whether the configuration suppresses the finding.
func (it *Item) ignored(opts Options) bool {
	for _, i := range opts.Ignores {
		if i.holds(it, opts.Today) {
			it.Outcome, it.Reason = Suppressed, "ignored by "+i.Place.String()+": "+i.Reason
			return true
		}
	}
	return false
}

// above reads the comment lines directly above a line.
func above(f *source.File, line int, r *rule.Rule) (string, bool) {
	for i := line - 1; i >= 1; i-- {
		text := strings.TrimSpace(f.LineText(i))
		if !strings.HasPrefix(text, "#") {
			return "", false
		}
		if m := ignoreHere.FindStringSubmatch(text); m != nil && names(m[1], r) {
			return "ignored by a note: " + orNone(m[2]), true
		}
		if m := foreign.FindStringSubmatch(text); m != nil && r.Equals(m[2], m[1]) {
			return "ignored by a note for another tool: " + strings.TrimSpace(strings.TrimLeft(text, "# ")), true
		}
	}
	return "", false
}

// wholeFile reads notes that hold for a whole file: ours, hadolint's global one, and those of tools that judge a Dockerfile
// as a whole.
func wholeFile(f *source.File, r *rule.Rule) (string, bool) {
	for i := 1; i <= f.Lines(); i++ {
		text := strings.TrimSpace(f.LineText(i))
		if !strings.HasPrefix(text, "#") {
			continue
		}
		if m := ignoreFile.FindStringSubmatch(text); m != nil && names(m[1], r) {
			return "ignored by a note for the file: " + orNone(m[2]), true
		}
		m := foreign.FindStringSubmatch(text)
		if m == nil || !forFile(m[1], r) {
			continue
		}
		if r.Equals(m[2], m[1]) {
			return "ignored by a note for another tool: " + strings.TrimSpace(strings.TrimLeft(text, "# ")), true
		}
	}
	return "", false
}

// forFile reports whether a note of another tool holds for a whole file, and the rule for what is in it.
func forFile(tool string, r *rule.Rule) bool {
	tool = strings.Join(strings.Fields(strings.ToLower(tool)), " ")
	switch {
	case tool == "hadolint ignore=" || tool == "kics-scan ignore-line" || tool == "kics-scan ignore-block":
		return false
	case strings.HasPrefix(tool, "kics-scan"):
		return true
	}
	return r.Group == "image"
}

// names reports whether a list of ids or groups holds the rule.
func names(list string, r *rule.Rule) bool {
	for _, id := range strings.FieldsFunc(list, func(c rune) bool { return c == ',' || c == ' ' }) {
		if id == r.ID || id == r.Group || id == "*" || id == "all" {
			return true
		}
	}
	return false
}

func orNone(reason string) string {
	if reason = strings.TrimSpace(reason); reason == "" {
		return "no reason given"
	}
	return reason
}

// annotated reads annotations on a Kubernetes object: ours, and those of kube-linter, checkov and polaris.
func (it *Item) annotated() (string, bool) {
	for _, p := range it.Workload.Pods {
		if p.Object.Node.Document().File().Path != it.Place.Path || !holds(p, it.Place.Line) {
			continue
		}
		for key, value := range workspace.Annotations(p.Object) {
			id, reason, _ := strings.Cut(value, ":")
			switch {
			case key == "offroot.dev/ignore" && names(id, it.Rule):
				return "ignored by an annotation: " + orNone(reason), true
			case strings.HasPrefix(key, "ignore-check.kube-linter.io/") && it.Rule.Equals(strings.TrimPrefix(key, "ignore-check.kube-linter.io/"), ""):
				return "ignored by an annotation for kube-linter: " + orNone(value), true
			case strings.HasPrefix(key, "checkov.io/skip"):
				if id, reason, _ := strings.Cut(value, "="); it.Rule.Equals(id, "") {
					return "ignored by an annotation for checkov: " + orNone(reason), true
				}
			case strings.HasPrefix(key, "polaris.fairwinds.com/") && value == "true":
				if id := strings.TrimSuffix(strings.TrimPrefix(key, "polaris.fairwinds.com/"), "-exempt"); it.Rule.Equals(id, "") {
					return "ignored by an annotation for polaris", true
				}
			}
		}
	}
	return "", false
}

func holds(p *workspace.Pod, line int) bool {
	return p.Object.Node.Line() <= line && line <= p.Object.Node.EndLine()
}
