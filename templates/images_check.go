package templates

import (
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strings"
)

// Levels of certainty, best first. "measured" is used for families alone: the commands were run.
var confidences = []string{"measured", "read", "derived", "unverified"}

var (
	kinds      = []string{"base", "runtime", "builder", "server", "tool"}
	managers   = []string{"", "none", "apt-get", "apk", "dnf", "yum", "microdnf", "zypper", "tdnf", "pacman"}
	drops      = []string{"none", "gosu", "su-exec", "setpriv", "s6", "itself"}
	nonRoot    = []string{"true", "false", "with-conditions"}
	vias       = []string{"file", "env", "arg", "code"}
	deletable  = []string{"run_as", "must_be_root", "note", "workdir", "stock"}
	weakFields = []string{
		"default_user", "run_as", "users", "users.home", "entrypoint", "capabilities", "file_capabilities", "family",
		"ports", "ports.directive", "writable", "writable.owner", "volumes", "workdir", "nonroot_alternative",
	}
)

var (
	identityForm   = regexp.MustCompile(`^[0-9]+:[0-9]+$`)
	modeForm       = regexp.MustCompile(`^[0-7]{4}$`)
	capabilityForm = regexp.MustCompile(`^[A-Z_]+$`)
	fileCapForm    = regexp.MustCompile(`^/\S+ cap_[a-z_]+(,cap_[a-z_]+)*(=|\+|=\+)[eip]+$`)
	versionForm    = regexp.MustCompile(`^[0-9]+(\.[0-9]+)*$`)
	dateForm       = regexp.MustCompile(`^(20[0-9]{2}-[0-9]{2}-[0-9]{2}|unknown)$`)
	sourceForm     = regexp.MustCompile(`^[\w.-]+/[\w.-]+@[0-9a-f]{12}:\S+$|^https://\S+$|^(measured|package): \S`)
	weakForm       = regexp.MustCompile(`^(derived|unverified): \S`)
	nameForm       = regexp.MustCompile(`^scratch$|^[a-z0-9.-]+\.[a-z]+(/[a-z0-9._-]+)*/([a-z0-9._-]+|\*)$`)
)

func checkImages(t *ImageTable) error {
	ids := map[string]bool{}
	names := map[string]string{}
	for _, e := range t.Images {
		if e.ID == "" || ids[e.ID] {
			return fmt.Errorf("entry %q: the id is empty or used twice", e.ID)
		}
		ids[e.ID] = true
		for _, n := range e.Names {
			if names[n] != "" {
				return fmt.Errorf("entry %s: the name %s belongs to %s already", e.ID, n, names[n])
			}
			names[n] = e.ID
		}
	}
	for _, e := range t.Images {
		if err := checkImage(e, ids); err != nil {
			return fmt.Errorf("entry %s: %w", e.ID, err)
		}
	}
	return nil
}

func checkImage(e *Image, ids map[string]bool) error {
	for _, n := range e.Names {
		if !nameForm.MatchString(n) {
			return fmt.Errorf("name %q", n)
		}
	}
	for n, level := range e.DoubtfulNames {
		if !slices.Contains(e.Names, n) || !slices.Contains(confidences[2:], level) {
			return fmt.Errorf("doubtful name %q: %q", n, level)
		}
	}
	if err := checkComplete(e); err != nil {
		return err
	}
	if err := checkFields(e.ImageFields); err != nil {
		return err
	}
	for _, v := range e.Variants {
		if err := checkVariant(v, ids); err != nil {
			return fmt.Errorf("variant %q: %w", v.Tag, err)
		}
	}
	return nil
}

// checkComplete asks for the keys that every entry has.
func checkComplete(e *Image) error {
	switch {
	case e.Kind == "":
		return fmt.Errorf("kind is absent")
	case e.Shell == nil:
		return fmt.Errorf("shell is absent")
	case e.DefaultUser == nil:
		return fmt.Errorf("default_user is absent")
	case e.Entrypoint == nil:
		return fmt.Errorf("entrypoint is absent")
	case e.Confidence == "":
		return fmt.Errorf("confidence is absent")
	case slices.ContainsFunc(e.Since, func(v string) bool { return !versionForm.MatchString(v) }):
		return fmt.Errorf("since %q: not all are versions", e.Since)
	case !dateForm.MatchString(e.Checked):
		return fmt.Errorf("checked %q is no date", e.Checked)
	case e.Family == "" && e.Confidence != "unverified":
		return fmt.Errorf("family is absent")
	case len(e.Source) == 0 && e.Confidence != "unverified":
		return fmt.Errorf("%s without a source", e.Confidence)
	}
	return nil
}

func checkVariant(v Variant, ids map[string]bool) error {
	if _, err := regexp.Compile(v.Tag); err != nil {
		return fmt.Errorf("tag: %w", err)
	}
	if v.Tag == "" && v.Since == "" && v.Before == "" {
		return fmt.Errorf("no tag, since or before")
	}
	for _, version := range []string{v.Since, v.Before} {
		if version != "" && !versionForm.MatchString(version) {
			return fmt.Errorf("since or before: %q is no version", version)
		}
	}
	if v.See != "" && !ids[v.See] {
		return fmt.Errorf("see %q: no such entry", v.See)
	}
	for _, w := range v.Without {
		if !slices.Contains(deletable, w) {
			return fmt.Errorf("without %q", w)
		}
	}
	return checkFields(v.ImageFields)
}

func checkFields(f ImageFields) error {
	if err := checkWords(f); err != nil {
		return err
	}
	if err := checkIdentities(f); err != nil {
		return err
	}
	for _, p := range f.Ports {
		if err := checkPort(p); err != nil {
			return fmt.Errorf("port %d: %w", p.Port, err)
		}
	}
	for _, p := range f.Writable {
		if !strings.HasPrefix(p.Path, "/") || p.What == "" || (p.Owner != "-" && !identityForm.MatchString(p.Owner)) ||
			(p.Mode != "" && !modeForm.MatchString(p.Mode)) {
			return fmt.Errorf("writable %+v", p)
		}
	}
	return checkTexts(f)
}

func checkWords(f ImageFields) error {
	words := []struct {
		key, value string
		set        []string
	}{
		{"kind", f.Kind, append([]string{""}, kinds...)},
		{"family", f.Family, append([]string{""}, slices.Collect(maps.Keys(Families().Families))...)},
		{"package_manager", f.PackageManager, managers},
		{"confidence", f.Confidence, append([]string{""}, confidences[1:]...)},
	}
	for _, w := range words {
		if !slices.Contains(w.set, w.value) {
			return fmt.Errorf("%s %q is not in its set", w.key, w.value)
		}
	}
	if e := f.Entrypoint; e != nil && (!slices.Contains(drops, e.Drops) || !slices.Contains(nonRoot, e.WorksAsNonRoot)) {
		return fmt.Errorf("entrypoint %+v", *e)
	}
	return nil
}

func checkIdentities(f ImageFields) error {
	if f.RunAs != "" && !identityForm.MatchString(f.RunAs) {
		return fmt.Errorf("run_as %q is not uid:gid", f.RunAs)
	}
	if u := f.DefaultUser; u != nil && (negative(u.UID) || negative(u.GID) || (u.UID == nil) != (u.GID == nil)) {
		return fmt.Errorf("default_user %q: numbers", u.Value)
	}
	for _, u := range f.Users {
		if u.Name == "" || u.Home == "" || negative(u.UID) || negative(u.GID) || (u.UID == nil) != (u.GID == nil) {
			return fmt.Errorf("user %+v", u)
		}
	}
	for _, uid := range f.TakenUIDs {
		if uid < 0 {
			return fmt.Errorf("taken uid %d", uid)
		}
	}
	return nil
}

func negative(n *int) bool { return n != nil && *n < 0 }

func checkPort(p ImagePort) error {
	switch {
	case p.Port < 0 || p.Port > 65535:
		return fmt.Errorf("out of range")
	case p.Proto != "tcp" && p.Proto != "udp":
		return fmt.Errorf("proto %q", p.Proto)
	case !slices.Contains(vias, p.Via):
		return fmt.Errorf("via %q", p.Via)
	case p.Directive == "":
		return fmt.Errorf("no directive")
	case (p.Env == "") != (p.Value == "") || (p.Env != "" && p.Via != "env"):
		return fmt.Errorf("env %q, value %q, via %q", p.Env, p.Value, p.Via)
	case p.Value != "" && !strings.Contains(p.Value, "{port}"):
		return fmt.Errorf("value %q does not name {port}", p.Value)
	case len(p.Move) > 0 && (p.Via != "file" || !p.Movable):
		return fmt.Errorf("only a movable port that stands in a file has commands")
	}
	for _, c := range p.Move {
		if !strings.Contains(c, "{port}") {
			return fmt.Errorf("command %q does not name {port}", c)
		}
	}
	return nil
}

func checkTexts(f ImageFields) error {
	for _, c := range f.Capabilities {
		if !capabilityForm.MatchString(c) || strings.HasPrefix(c, "CAP_") {
			return fmt.Errorf("capability %q", c)
		}
	}
	if !slices.IsSorted(f.Capabilities) {
		return fmt.Errorf("capabilities %v are not sorted", f.Capabilities)
	}
	for _, c := range f.FileCapabilities {
		if !fileCapForm.MatchString(c) {
			return fmt.Errorf("file capability %q", c)
		}
	}
	for _, s := range f.Source {
		if !sourceForm.MatchString(s) {
			return fmt.Errorf("source %q", s)
		}
	}
	for k, v := range f.Weak {
		if !slices.Contains(weakFields, k) || !weakForm.MatchString(v) {
			return fmt.Errorf("weak %s: %q", k, v)
		}
	}
	return nil
}
