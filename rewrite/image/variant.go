package image

import "github.com/offroot/offroot/templates"

// replaced returns f with every key that the variant has, and without those that it deletes. Keys are replaced as a
// whole, except that a variant can only lower the confidence.
func replaced(f templates.ImageFields, v templates.Variant) templates.ImageFields {
	for _, key := range v.Without {
		without(&f, key)
	}
	for _, s := range []struct {
		to   *string
		from string
	}{
		{&f.Kind, v.Kind}, {&f.Family, v.Family}, {&f.PackageManager, v.PackageManager}, {&f.RunAs, v.RunAs},
		{&f.Workdir, v.Workdir}, {&f.MustBeRoot, v.MustBeRoot}, {&f.Note, v.Note},
	} {
		if s.from != "" {
			*s.to = s.from
		}
	}
	f.Confidence = weaker(f.Confidence, v.Confidence)
	pointer(&f.Shell, v.Shell)
	pointer(&f.DefaultUser, v.DefaultUser)
	pointer(&f.Entrypoint, v.Entrypoint)
	pointer(&f.GroupZero, v.GroupZero)
	pointer(&f.FSGroup, v.FSGroup)
	pointer(&f.Stock, v.Stock)
	list(&f.Users, v.Users)
	list(&f.TakenUIDs, v.TakenUIDs)
	list(&f.Capabilities, v.Capabilities)
	list(&f.FileCapabilities, v.FileCapabilities)
	list(&f.Ports, v.Ports)
	list(&f.Writable, v.Writable)
	list(&f.Volumes, v.Volumes)
	list(&f.NonRootAlternative, v.NonRootAlternative)
	list(&f.Source, v.Source)
	return f
}

func pointer[T any](to **T, from *T) {
	if from != nil {
		*to = from
	}
}

func list[T any](to *[]T, from []T) {
	if from != nil {
		*to = from
	}
}

func without(f *templates.ImageFields, key string) {
	switch key {
	case "run_as":
		f.RunAs = ""
	case "must_be_root":
		f.MustBeRoot = ""
	case "note":
		f.Note = ""
	case "workdir":
		f.Workdir = ""
	case "stock":
		f.Stock = nil
	}
}
