package yamldoc

import (
	"fmt"

	"gopkg.in/yaml.v3"
)

// compare says where got differs from what is wanted. path names the place.
func (e *expectation) compare(want, got *yaml.Node, path string) error {
	if want.Kind != got.Kind {
		return fmt.Errorf("%s is of another kind than asked for", named(path))
	}
	if want.Anchor != got.Anchor {
		return fmt.Errorf("the anchor of %s is %q, want %q", named(path), got.Anchor, want.Anchor)
	}
	if want.Kind == yaml.MappingNode {
		return e.compareMaps(want, got, path)
	}
	if want.Kind == yaml.ScalarNode || want.Kind == yaml.AliasNode {
		return compareScalars(want, got, path)
	}
	if len(want.Content) != len(got.Content) {
		return fmt.Errorf("%s has %d items, want %d", named(path), len(got.Content), len(want.Content))
	}
	for i := range want.Content {
		if err := e.compare(want.Content[i], got.Content[i], fmt.Sprintf("%s[%d]", path, i)); err != nil {
			return err
		}
	}
	return nil
}

func named(path string) string {
	if path == "" {
		return "the root"
	}
	return path
}

func compareScalars(want, got *yaml.Node, path string) error {
	if want.ShortTag() != got.ShortTag() {
		return fmt.Errorf("%s is a %s, want %s", named(path), got.ShortTag(), want.ShortTag())
	}
	if want.ShortTag() == "!!null" && want.Kind == yaml.ScalarNode {
		return nil
	}
	if want.Value != got.Value {
		return fmt.Errorf("%s is %q, want %q", named(path), got.Value, want.Value)
	}
	return nil
}

// compareMaps wants the pairs that were there in their order, and new ones anywhere between.
func (e *expectation) compareMaps(want, got *yaml.Node, path string) error {
	if want.ShortTag() != got.ShortTag() {
		return fmt.Errorf("%s has the tag %s, want %s", named(path), got.ShortTag(), want.ShortTag())
	}
	if len(want.Content) != len(got.Content) {
		return fmt.Errorf("%s has %d keys, want %d", named(path), len(got.Content)/2, len(want.Content)/2)
	}
	fresh := map[string]*yaml.Node{}
	var old []*yaml.Node
	for i := 0; i+1 < len(want.Content); i += 2 {
		if e.fresh[want.Content[i]] {
			fresh[want.Content[i].Value] = want.Content[i+1]
			continue
		}
		old = append(old, want.Content[i], want.Content[i+1])
	}
	for i := 0; i+1 < len(got.Content); i += 2 {
		k, v := got.Content[i], got.Content[i+1]
		at := path + "." + k.Value
		if wanted, ok := fresh[k.Value]; ok && k.Kind == yaml.ScalarNode && k.ShortTag() == "!!str" {
			delete(fresh, k.Value)
			if err := e.compare(wanted, v, at); err != nil {
				return err
			}
			continue
		}
		if len(old) == 0 {
			return fmt.Errorf("%s was not asked for", at)
		}
		if err := e.compare(old[0], k, "key "+at); err != nil {
			return err
		}
		if err := e.compare(old[1], v, at); err != nil {
			return err
		}
		old = old[2:]
	}
	return nil
}
