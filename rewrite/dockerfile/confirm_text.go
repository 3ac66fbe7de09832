package dockerfile

import (
	"fmt"
	"slices"
	"strings"

	"github.com/moby/buildkit/frontend/dockerfile/parser"
)

// replaced puts marks where the texts to replace are, lets BuildKit join the lines, and puts the new texts where the marks
// have gone. The keyword becomes one that BuildKit does not know, so that no mark can make the arguments invalid.
func (f *facts) replaced(k int, texts []*ReplaceText) (item, error) {
	n := f.nodes[k]
	head, body, swap, err := f.marked(n, texts)
	if err != nil {
		return item{}, err
	}
	marks := strings.NewReplacer(swap...)
	opaque, err := readLines([]string{"X" + strings.TrimLeft(head, " \t\v\f")}, f.escape)
	if err != nil || len(opaque.items) != 1 {
		return item{}, fmt.Errorf("read %s with the text taken out", n.Value)
	}
	joined := marks.Replace(strings.TrimPrefix(opaque.items[0].joined, "X"))
	lines := []string{joined}
	for _, h := range n.Heredocs {
		lines = append(lines, h.Name)
	}
	fresh, err := readLines(lines, f.escape)
	if err != nil || len(fresh.items) != 1 {
		return item{}, fmt.Errorf("read %q", joined)
	}
	it := fresh.items[0]
	it.joined, it.bodies = joined, nil
	it.bodies = bodies(marks.Replace(strings.ReplaceAll(body, "\r\n", "\n")), n.Heredocs)
	return it, nil
}

// marked returns the lines of an instruction and those of its heredocs, with marks, and what each mark stands for.
func (f *facts) marked(n *parser.Node, texts []*ReplaceText) (head, body string, swap []string, err error) {
	lines := strings.SplitAfter(string(f.content), "\n")
	first := len(strings.Join(lines[:n.StartLine-1], ""))
	headEnd := n.EndLine
	for _, h := range n.Heredocs {
		headEnd -= strings.Count(h.Content, "\n") + 1
	}
	head = strings.Join(lines[n.StartLine-1:headEnd], "")
	body = strings.Join(lines[headEnd:n.EndLine], "")
	split := first + len(head)
	texts = slices.Clone(texts)
	slices.SortStableFunc(texts, func(a, b *ReplaceText) int { return b.Span.Start - a.Span.Start })
	for k, t := range texts {
		mark := fmt.Sprintf("\x02%d\x03", k)
		part, base := &head, first
		if t.Span.Start >= split {
			part, base = &body, split
		}
		from, to := t.Span.Start-base, t.Span.End-base
		if from < 0 || to > len(*part) || from > to {
			return "", "", nil, fmt.Errorf("the text to replace is not within %s", n.Value)
		}
		*part = (*part)[:from] + mark + (*part)[to:]
		swap = append(swap, mark, strings.ReplaceAll(t.New, "\r\n", "\n"))
	}
	return strings.TrimSuffix(strings.TrimPrefix(head, "\ufeff"), "\n"), body, swap, nil
}

// bodies cuts lines at the terminators of heredocs.
func bodies(lines string, heredocs []parser.Heredoc) []string {
	rest := strings.SplitAfter(lines, "\n")
	var out []string
	for _, h := range heredocs {
		end := slices.IndexFunc(rest, func(line string) bool {
			line = strings.TrimRight(line, "\r\n")
			if h.Chomp {
				line = strings.TrimLeft(line, "\t")
			}
			return line == h.Name
		})
		if end < 0 {
			return out
		}
		out = append(out, strings.Join(rest[:end], ""))
		rest = rest[end+1:]
	}
	return out
}
