package rule

import (
	"strings"

	"github.com/offroot/offroot/rewrite/decide"
	"github.com/offroot/offroot/rewrite/source"
	"github.com/offroot/offroot/rewrite/yamldoc"
)

// ServiceTmpfsOwnedByRoot is for a tmpfs over a directory of the image that a process which is no longer root writes.
var ServiceTmpfsOwnedByRoot = &Rule{
	ID:    "service-tmpfs-owned-by-root",
	Group: "service",
	Title: "a tmpfs hides a directory that the process writes, and belongs to root",
	Doc: `A tmpfs over a directory that the image has belongs to root and has the mode of that directory, whoever owns it in the
image. Where the same run makes the process unprivileged, the entry gets uid, gid and mode.`,
	FixSafety: `Always review, and only together with the change of the image.`,
	Bad: []Example{{"compose.yaml", "services:\n  app:\n    build: .\n    tmpfs:\n      - /app/cache\n"},
		{"Dockerfile", "FROM python:3.12-slim\nWORKDIR /app\nRUN mkdir cache\nCOPY app.py .\nCMD [\"python\", \"app.py\"]\n"},
		{"app.py", "open(\"/app/cache/state\", \"w\").write(\"1\")\n"}},
	Good: []Example{{"compose.yaml", "services:\n  app:\n    build: .\n    tmpfs:\n      - /app/cache:uid=10001,gid=10001,mode=0700\n"},
		{"Dockerfile", "FROM python:3.12-slim\nWORKDIR /app\nRUN mkdir cache\nCOPY app.py .\nCMD [\"python\", \"app.py\"]\n"},
		{"app.py", "open(\"/app/cache/state\", \"w\").write(\"1\")\n"}},
	Check: func(p *Pass) {
		for _, s := range p.Workload.Services {
			st := p.Target.Services[s]
			if st == nil {
				continue
			}
			for _, tm := range st.Tmpfs {
				giveTmpfs(p, tm)
			}
		}
	},
}

func giveTmpfs(p *Pass, tm decide.TmpfsOwner) {
	if p.Shared.Fix(tm.Node) != nil {
		return
	}
	dir, _, _ := strings.Cut(tm.Text, ":")
	f := &Finding{Place: tm.Node.Place(), Message: "the tmpfs at " + dir + " belongs to root"}
	f.Fix = &Fix{Title: "owns the tmpfs at " + dir, Level: decide.Review, Assumes: p.Target.Assumption(),
		Ops: []source.Op{&yamldoc.SetText{Node: tm.Node, Text: tm.Text}}}
	if image := p.Shared.Fix(p.Target); image != nil {
		f.Fix.Needs = []*Fix{image}
	} else {
		f.Fix.Needs = []*Fix{missing}
	}
	p.Shared.Made(tm.Node, f.Fix)
	p.Report(f)
}
