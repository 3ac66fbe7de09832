package discover

import (
	"fmt"
	"path"
	"sort"
	"strings"
)

// charts are the directories that hold a Chart.yaml, and how many templates each has.
type charts map[string]int

func newCharts(names []string) charts {
	c := charts{}
	for _, name := range names {
		if path.Base(name) == "Chart.yaml" {
			c[path.Dir(name)] = 0
		}
	}
	return c
}

// template returns the chart of which name is a template.
func (c charts) template(name string) (chart string, ok bool) {
	for at := 0; ; {
		i := strings.Index(name[at:], "templates/")
		if i < 0 {
			return "", false
		}
		at += i
		if at == 0 || name[at-1] == '/' {
			dir := path.Clean(name[:at] + ".")
			if _, ok := c[dir]; ok {
				return dir, true
			}
		}
		at += len("templates/")
	}
}

// values reports whether a file of this name is one of values for a chart: beside Chart.yaml, or below its ci directory.
func (c charts) values(name string) bool {
	dir := path.Dir(name)
	if path.Base(dir) == "ci" {
		dir = path.Dir(dir)
	}
	_, ok := c[dir]
	return ok && isValuesName(path.Base(name))
}

// skips says of each chart once that its templates were left alone.
func (c charts) skips() []Skip {
	var out []Skip
	for dir, n := range c {
		if n > 0 {
			s := Skip{Reason: fmt.Sprintf("%s of a Helm chart, no YAML before rendering; the values of the chart can be changed", count(n, "template"))}
			s.Place.Path = path.Join(dir, "templates")
			out = append(out, s)
		}
	}
	sort.Slice(out, func(i, j int) bool { return out[i].Place.Path < out[j].Place.Path })
	return out
}

func count(n int, thing string) string {
	if n == 1 {
		return "1 " + thing
	}
	return fmt.Sprintf("%d %ss", n, thing)
}
