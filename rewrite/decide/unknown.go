package decide

// UnknownImages are the images of a workload that is not built here and of which nothing is known, if that is why it was
// refused.
func (t *Target) UnknownImages() []string {
	if t.Verdict != Refused || t.Workload.Build != nil {
		return nil
	}
	var refs []string
	add := func(ref string) {
		for _, r := range refs {
			if r == ref {
				return
			}
		}
		refs = append(refs, ref)
	}
	for _, s := range t.Workload.Services {
		if s.Build == nil && s.Image.Ref != "" && !s.Image.Known && !isSocket(s) {
			add(s.Image.Ref)
		}
	}
	for _, p := range t.Workload.Pods {
		for _, c := range p.Containers {
			if c.Image.Ref != "" && c.Image.Build == nil && !c.Image.Known && c.Image.Ambiguous == nil && c.Image.Place == t.Place {
				add(c.Image.Ref)
			}
		}
	}
	return refs
}
