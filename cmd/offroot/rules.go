package main

import (
	"encoding/json"
	"fmt"
	"io"
	"strings"
	"text/tabwriter"

	"github.com/offroot/offroot/rewrite/rule"
)

// rulesCommand lists the rules.
type rulesCommand struct {
	Format string `enum:"text,json,markdown" default:"text" placeholder:"FORMAT" help:"text, json or markdown."`
}

func (c *rulesCommand) run(s *session) int {
	write := map[string]func(io.Writer) error{"text": rulesText, "json": rulesJSON, "markdown": rulesMarkdown}[c.Format]
	if err := write(s.out); err != nil {
		return s.fail(err)
	}
	return exitOK
}

func rulesText(w io.Writer) error {
	table := tabwriter.NewWriter(w, 0, 0, 2, ' ', 0)
	for _, r := range rule.All {
		fmt.Fprintf(table, "%s\t%s\t%s\n", r.ID, r.Group, r.Title)
	}
	return table.Flush()
}

func rulesMarkdown(w io.Writer) error {
	var b strings.Builder
	b.WriteString("| rule | group | condition | fix |\n|---|---|---|---|\n")
	cell := strings.NewReplacer("|", `\|`, "\n", " ").Replace
	for _, r := range rule.All {
		fmt.Fprintf(&b, "| `%s` | %s | %s | %s |\n", r.ID, r.Group, cell(r.Title), cell(r.FixSafety))
	}
	_, err := io.WriteString(w, b.String())
	return err
}

// A jsonRule is a rule for programs. The names of the fields are those of the JSON output of fix and check.
type jsonRule struct {
	ID          string              `json:"id"`
	Title       string              `json:"title"`
	Group       string              `json:"group"`
	Doc         string              `json:"doc"`
	FixSafety   string              `json:"fix_safety"`
	OptIn       bool                `json:"opt_in"`
	Equivalents map[string][]string `json:"equivalents"`
}

func rulesJSON(w io.Writer) error {
	list := []jsonRule{}
	for _, r := range rule.All {
		same := map[string][]string{}
		for _, e := range equivalents(r) {
			same[e.tool] = e.ids
		}
		list = append(list, jsonRule{r.ID, r.Title, r.Group, r.Doc, r.FixSafety, r.OptIn, same})
	}
	enc := json.NewEncoder(w)
	enc.SetEscapeHTML(false)
	enc.SetIndent("", "  ")
	return enc.Encode(list)
}

type equivalent struct {
	tool string
	ids  []string
}

// equivalents returns the checks of other tools for the condition, without tools that have none.
func equivalents(r *rule.Rule) []equivalent {
	e := r.Equivalents
	var list []equivalent
	for _, x := range []equivalent{
		{"hadolint", e.Hadolint}, {"trivy", e.Trivy}, {"checkov", e.Checkov}, {"kics", e.KICS}, {"kube-linter", e.KubeLinter},
		{"polaris", e.Polaris}, {"kubescape", e.Kubescape}, {"kubesec", e.Kubesec}, {"cis", e.CIS},
	} {
		if len(x.ids) > 0 {
			list = append(list, x)
		}
	}
	return list
}
