package dockerfile

import (
	"testing"

	"github.com/offroot/offroot/rewrite/source"
)

var seeds = []string{
	"FROM a\nRUN b \\\n  # c\n\n  d\nUSER 1\n",
	"# syntax=docker/dockerfile:1\n# escape=`\nFROM a AS b\r\nCOPY --from=b `\r\n  x y\r\n",
	"\ufeff# c\nFROM a\nENTRYPOINT [\"sh\", \"-c\", \"x \\\" y\"]",
	"ARG A=1 B\nFROM ${A:-x}\nRUN <<-EOF cat <<\"F\"\n\ta\n\tEOF\nb\nF\nCMD x",
	"from a\nonbuild run --mount=type=cache,target=/x y\nhealthcheck --interval=1s cmd [\"x\"]\nenv a=1 b=\"c d\" \\\n e='f'\nlabel x y z\n",
	"FROM a\nRUN x \\",
	"FROM a\nWORKDIR /a b\nARG x=\"a\\\"b\" y\nEXPOSE 80 \\\n# c\n 81/tcp\nSHELL [\"a\"]\nVOLUME [\"/a\", \"/b\"]\n",
	"FROM a\nCOPY <<a <<b /x\n1\na\n2\nb\nRUN python3 <<EOF\n#!/x\nprint()\nEOF\n",
	"FROM a\nRUN a\\\nb \\ \n\t&& c\n \\\nUSER x\n",
}

// FuzzSpans: whatever parses satisfies checkSlices, and every op that is not refused is confirmed. Nothing panics.
func FuzzSpans(f *testing.F) {
	for _, s := range seeds {
		f.Add([]byte(s))
	}
	f.Fuzz(func(t *testing.T, content []byte) {
		d, err := Parse(source.NewFile("Dockerfile", content))
		if err != nil {
			if _, ok := err.(*source.Error); !ok {
				t.Fatalf("error without a place: %v", err)
			}
			return
		}
		checkSlices(t, d)
		checkOps(t, d)
		for _, s := range d.Stages {
			s.Env(nil)
			s.RunEnv()
			s.Workdir(nil, "")
			s.CopiedBy()
			for _, i := range s.Instructions {
				i.Argv()
				i.Comments()
			}
		}
		d.Comments()
	})
}
