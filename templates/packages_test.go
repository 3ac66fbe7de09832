package templates

import (
	"strings"
	"testing"
)

func TestDecodePackagesRefuses(t *testing.T) {
	good := "servers:\n  - id: a\n    programs: [a]\n    families:\n      debian: {packages: [a], writes: [{path: /a, tree: true}], confidence: read, source: ['package: a']}\n"
	if _, err := DecodePackages([]byte(good)); err != nil {
		t.Fatal(err)
	}
	for old, new := range map[string]string{
		"id: a":               "id: ''",
		"programs: [a]":       "programs: []",
		"debian":              "debain",
		"confidence: read":    "confidence: sure",
		"['package: a']":      "[here]",
		"path: /a":            "path: a",
		"tree: true":          "tree: true, file: true",
		"confidence: read, ":  "confidence: read, next: b, ",
		"packages: [a], ":     "packages: [], ",
		"packages: [a]":       "packages: ['[']",
		"writes: [{path: /a,": "writes: [{path: /a, owner: '0:0',",
	} {
		if _, err := DecodePackages([]byte(strings.Replace(good, old, new, 1))); err == nil {
			t.Errorf("%q for %q was accepted", new, old)
		}
	}
}
