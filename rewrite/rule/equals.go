package rule

import "strings"

// Equals reports whether an id that a note for another tool names stands for the same condition. Tool is how the note
// begins ("hadolint ignore="); those of kics but disable= take no id and stand for everything.
func (r *Rule) Equals(id, tool string) bool {
	tool = strings.ToLower(tool)
	if strings.HasPrefix(tool, "kics") && !strings.HasSuffix(tool, "=") {
		return true
	}
	for _, want := range r.foreignIDs() {
		for _, got := range strings.Split(id, ",") {
			if normal(got) == normal(want) {
				return true
			}
		}
	}
	return false
}

func (r *Rule) foreignIDs() []string {
	e := r.Equivalents
	var ids []string
	for _, list := range [][]string{e.Hadolint, e.Trivy, e.Checkov, e.KICS, e.KubeLinter, e.Polaris, e.Kubescape, e.Kubesec} {
		ids = append(ids, list...)
	}
	for _, name := range e.KICS {
		if id := kicsQueries[name]; id != "" {
			ids = append(ids, id)
		}
	}
	return ids
}

// normal makes AVD-DS-0002, DS002 and DS-0002 one.
func normal(id string) string {
	id = strings.TrimPrefix(strings.ToUpper(strings.TrimSpace(id)), "AVD-")
	for _, family := range []string{"DS", "KSV"} {
		if rest, ok := strings.CutPrefix(id, family); ok {
			return family + strings.TrimLeft(rest, "-0")
		}
	}
	return id
}
