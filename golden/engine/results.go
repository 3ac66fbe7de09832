package engine

import (
	"fmt"
	"strings"
	"sync"
)

// row is one application in the table of results.
type row struct {
	name, about, before, classic, buildkit, notes string
}

// results collects rows from tests that run side by side.
type results struct {
	mu   sync.Mutex
	rows []row
}

func (r *results) add(line row) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.rows = append(r.rows, line)
}

const resultsHead = `# What an engine says

Every application below ` + "`apps/`" + ` was built and run as it is, changed by ` + "`offroot --write`" + `, then built with the classic builder and with
BuildKit and run again. *ok* means: the same questions have the same answers, what is written is found again, also on a
fresh volume and after a restart, the health check passes, the logs are there, and every process runs as the user that the
changed files name. *bare* means that it also serves and writes with ` + "`--cap-drop ALL --security-opt no-new-privileges`" + `.
Written by ` + "`go test ./golden/engine -update`" + `.

| application | what it is | before | after, classic | after, BuildKit | notes |
|---|---|---|---|---|---|
`

// markdown is the table, sorted by name. Applications that were not run keep the line that they have in the old table.
func (r *results) markdown(apps []*App, old string) string {
	r.mu.Lock()
	defer r.mu.Unlock()
	lines := map[string]string{}
	for line := range strings.Lines(old) {
		if name, _, ok := strings.Cut(strings.TrimPrefix(line, "| "), " | "); ok {
			lines[name] = line
		}
	}
	for _, l := range r.rows {
		lines[l.name] = fmt.Sprintf("| %s | %s | %s | %s | %s | %s |\n",
			cell(l.name), cell(l.about), cell(l.before), cell(l.classic), cell(l.buildkit), cell(l.notes))
	}
	var b strings.Builder
	b.WriteString(resultsHead)
	for _, app := range apps {
		b.WriteString(lines[app.name])
	}
	return b.String()
}

func cell(text string) string {
	return or(strings.ReplaceAll(strings.Join(strings.Fields(text), " "), "|", `\|`), "-")
}
