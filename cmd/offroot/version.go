package main

import (
	"encoding/json"
	"fmt"
	"runtime"
	"runtime/debug"
	"strings"
)

// versionCommand prints the version.
type versionCommand struct {
	JSON bool `name:"json" help:"Print it as JSON."`
}

// A buildVersion is what the Go toolchain wrote into the binary.
type buildVersion struct {
	Version  string `json:"version"`
	Revision string `json:"revision,omitempty"`
	Time     string `json:"time,omitempty"`
	Modified bool   `json:"modified"`
	Go       string `json:"go"`
	Platform string `json:"platform"`
}

func (c *versionCommand) run(s *session) int {
	v := readVersion()
	var err error
	if c.JSON {
		err = json.NewEncoder(s.out).Encode(v)
	} else {
		_, err = fmt.Fprintln(s.out, v)
	}
	if err != nil {
		return s.fail(err)
	}
	return exitOK
}

func readVersion() buildVersion {
	v := buildVersion{Version: "devel", Go: runtime.Version(), Platform: runtime.GOOS + "/" + runtime.GOARCH}
	info, ok := debug.ReadBuildInfo()
	if !ok {
		return v
	}
	if m := info.Main.Version; m != "" && m != "(devel)" {
		v.Version = strings.TrimPrefix(m, "v")
	}
	for _, s := range info.Settings {
		switch s.Key {
		case "vcs.revision":
			v.Revision = s.Value
		case "vcs.time":
			v.Time = s.Value
		case "vcs.modified":
			v.Modified = s.Value == "true"
		}
	}
	return v
}

func (v buildVersion) String() string {
	details := []string{v.Go, v.Platform}
	if v.Revision != "" {
		revision := v.Revision[:min(len(v.Revision), 12)]
		if v.Modified {
			revision += ", modified"
		}
		details = append([]string{revision}, details...)
	}
	return fmt.Sprintf("offroot %s (%s)", v.Version, strings.Join(details, ", "))
}
