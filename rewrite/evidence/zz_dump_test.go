package evidence

import (
	"fmt"
	"os"
	"strings"
	"testing"
)

func TestDump(t *testing.T) {
	for _, d := range strings.Fields(os.Getenv("DIRS")) {
		wd := os.Getenv("WD")
		if wd == "" {
			wd = "/app"
		}
		r := Scan(os.DirFS(d), ".", Options{Workdir: wd, Mapped: func(p string) (string, bool) { return wd + "/" + p, true }})
		fmt.Println("==", d, r.Files, r.Languages, r.EnvRead, "trunc", r.Truncated)
		for _, p := range r.Writes {
			fmt.Printf("  W %s dir=%v file=%s temp=%v cert=%v via=%s  %s %s | %s\n", p.Path, p.Dir, p.File, p.Temp, p.Certain, p.Via, p.Place, p.What, p.Snippet)
		}
		for _, p := range r.Unknown {
			fmt.Printf("  ? %s via=%s %s %s | %s\n", p.Path, p.Via, p.Place, p.What, p.Snippet)
		}
		for _, l := range r.Listens {
			fmt.Printf("  L %d env=%s arg=%s def=%v udp=%v %s | %s\n", l.Port, l.Env, l.Arg, l.Default, l.UDP, l.Place, l.Snippet)
		}
		for _, l := range append(r.RootOnly, r.Account...) {
			fmt.Printf("  R %s %s %s | %s\n", l.What, l.Capability, l.Place, l.Snippet)
		}
	}
}
