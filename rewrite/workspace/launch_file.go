package workspace

import (
	"regexp"
	"strings"

	"github.com/offroot/offroot/rewrite/source"
	"github.com/offroot/offroot/rewrite/yamldoc"
)

var (
	devPrivileged = regexp.MustCompile(`"privileged"\s*:\s*true|"--privileged"`)
	devUser       = regexp.MustCompile(`"containerUser"\s*:\s*"(root|0)"`)
)

// devContainer reads devcontainer.json line by line: it may hold comments, so it is no JSON.
func devContainer(name, text string) []RunLine {
	var list []RunLine
	for i, line := range strings.Split(text, "\n") {
		l := RunLine{How: "development container", Place: source.Place{Path: name, Line: i + 1}}
		if strings.HasPrefix(strings.TrimSpace(line), "//") {
			continue
		}
		l.Privileged = devPrivileged.MatchString(line)
		if m := devUser.FindStringSubmatch(line); m != nil {
			l.User = m[1]
		}
		if l.saysRoot() {
			list = append(list, l)
		}
	}
	return list
}

// quadlet reads a unit of podman. User= in its [Container] section is that of the container, not that of a service.
func quadlet(name, text string) []RunLine {
	l := RunLine{How: "quadlet"}
	var list []RunLine
	section := ""
	for i, line := range strings.Split(text, "\n") {
		line = strings.TrimSpace(line)
		if strings.HasPrefix(line, "[") {
			section = line
			continue
		}
		key, value, ok := strings.Cut(line, "=")
		if !ok || section != "[Container]" {
			continue
		}
		one := RunLine{How: l.How, Place: source.Place{Path: name, Line: i + 1}}
		switch strings.TrimSpace(key) {
		case "Image":
			l.Image = strings.TrimSpace(value)
		case "User":
			one.User = strings.TrimSpace(value)
		case "PodmanArgs":
			one.Privileged = strings.Contains(" "+value+" ", " --privileged ")
		case "AddCapability":
			for _, c := range strings.Fields(value) {
				one.Adds = append(one.Adds, strings.TrimPrefix(strings.ToUpper(c), "CAP_"))
			}
		}
		if one.saysRoot() {
			list = append(list, one)
		}
	}
	for i := range list {
		list[i].Image = l.Image
	}
	return list
}

// taskDefinition reads the containers of an ECS task definition.
func taskDefinition(name, text string) []RunLine {
	if !strings.Contains(text, `"containerDefinitions"`) {
		return nil
	}
	doc, err := yamldoc.Parse(source.NewFile(name, []byte(text)))
	if err != nil {
		return nil
	}
	var list []RunLine
	for _, root := range doc.Roots() {
		definitions := root.Get("containerDefinitions")
		if definitions == nil {
			definitions = root.Get("taskDefinition").Get("containerDefinitions")
		}
		for _, c := range definitions.Items() {
			l := RunLine{How: "ECS task definition", Image: c.Get("image").Text(), User: c.Get("user").Text(), Place: c.Place()}
			l.Privileged, _ = c.Get("privileged").Bool()
			switch {
			case l.Privileged:
				l.Place = c.Get("privileged").Place()
			case l.User != "":
				l.Place = c.Get("user").Place()
			}
			if l.saysRoot() {
				list = append(list, l)
			}
		}
	}
	return list
}
