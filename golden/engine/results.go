package engine

import (
	"fmt"
	"slices"
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

// markdown is the table, sorted by name.
func (r *results) markdown() string {
	r.mu.Lock()
	defer r.mu.Unlock()
	slices.SortFunc(r.rows, func(a, b row) int { return strings.Compare(a.name, b.name) })
	var b strings.Builder
	b.WriteString(resultsHead)
	for _, l := range r.rows {
		fmt.Fprintf(&b, "| %s | %s | %s | %s | %s | %s |\n", cell(l.name), cell(l.about), cell(l.before), cell(l.classic), cell(l.buildkit), cell(l.notes))
	}
	return b.String()
}

func cell(text string) string {
	return or(strings.ReplaceAll(strings.Join(strings.Fields(text), " "), "|", `\|`), "-")
}
