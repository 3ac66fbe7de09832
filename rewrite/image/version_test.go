package image

import "testing"

func TestOlder(t *testing.T) {
	tests := []struct {
		tag, version string
		want         bool
	}{
		{"1.16", "1.17", true},
		{"1.16.1-alpine", "1.17", true},
		{"1.17", "1.17", false},
		{"1.17", "1.17.3", false},
		{"1.17.2-alpine", "1.17.3", true},
		{"1", "1.17", false},
		{"0", "1.17", true},
		{"1.9", "1.17", true},
		{"v2.3", "2.4", true},
		{"v3", "2.4", false},
		{"8u111-jre", "9", true},
		{"8rc1", "9", true},
		{"8.0-rc1", "9", true},
		{"latest", "9", false},
		{"alpine3.7", "9", false},
		{"5c5a8d2f", "9", false},
		{"20210101", "9", false},
		{"", "9", false},
		{"99999999999999999999", "9", false},
	}
	for _, tt := range tests {
		if got := older(tt.tag, tt.version); got != tt.want {
			t.Errorf("older(%q, %q) = %v", tt.tag, tt.version, got)
		}
	}
}

func TestTooOld(t *testing.T) {
	lines := []string{"8.5.46", "9.0.26"}
	tests := []struct {
		tag   string
		since []string
		want  bool
	}{
		{"7", lines, true},
		{"8.0.53", lines, true},
		{"8", lines, false},
		{"8.5", lines, false},
		{"8.5.45-jre8", lines, true},
		{"8.5.46", lines, false},
		{"8.7.1", lines, false},
		{"9.0.25", lines, true},
		{"9", lines, false},
		{"10.1", lines, false},
		{"latest", lines, false},
		{"jre8", lines, false},
		{"7", []string{"8"}, true},
		{"8.0.1", []string{"8"}, false},
		{"1", nil, false},
	}
	for _, tt := range tests {
		if got := tooOld(tt.tag, tt.since); got != tt.want {
			t.Errorf("tooOld(%q, %q) = %v", tt.tag, tt.since, got)
		}
	}
}
