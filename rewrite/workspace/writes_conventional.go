package workspace

import (
	"path"
	"slices"
	"strings"

	"github.com/offroot/offroot/rewrite/evidence"
)

// conventional are paths that programs write by themselves: no line of the source says so. The flag, if it is given, says
// another path.
var conventional = []struct {
	programs string
	words    string // one of these is among the arguments; empty: always
	flag     string
	file     string // below the working directory
	home     bool   // it keeps its state in HOME
	because  string
}{
	// https://docs.celeryq.dev/en/stable/reference/cli.html#celery-beat
	{programs: "celery", words: "beat -B --beat", flag: "-s --schedule", file: "celerybeat-schedule", because: "celery beat keeps its schedule in"},
	// https://docs.jupyter.org/en/latest/use/jupyter-directories.html
	{programs: "jupyter", words: "notebook lab server", flag: "--notebook-dir --ServerApp.root_dir --NotebookApp.notebook_dir", file: "notebooks", home: true, because: "jupyter keeps notebooks in"},
	{programs: "jupyter-lab jupyter-notebook jupyter-server", flag: "--notebook-dir --ServerApp.root_dir --NotebookApp.notebook_dir", file: "notebooks", home: true, because: "jupyter keeps notebooks in"},
	// https://mlflow.org/docs/latest/tracking.html
	{programs: "mlflow", words: "server ui", flag: "--backend-store-uri", file: "mlruns", because: "mlflow keeps its runs in"},
	// https://github.com/typicode/json-server
	{programs: "json-server", file: "db.json", because: "json-server writes its database in"},
}

// conventionalWrites are the paths of programs that write by convention, and the findings of those that need a home.
func (b *Build) conventionalWrites() (writes []Write, homes []evidence.Finding) {
	for _, p := range b.Start.Programs {
		if name := flagValue(p.Args, "--pidfile --pid-file"); name != "" && !strings.ContainsAny(name, "$`") {
			if at := path.Dir(b.absolute(name, nil)); at != "/tmp" && at != "/run" && at != "/var/run" && at != "/dev" {
				writes = append(writes, Write{Path: at, Because: p.Name + " keeps its pid file in " + at, Place: p.Place, Certain: true})
			}
		}
		for _, c := range conventional {
			if !slices.Contains(strings.Fields(c.programs), p.Name) || c.words != "" && !hasAny(p.Args, c.words) {
				continue
			}
			if c.home {
				homes = append(homes, evidence.Finding{Place: p.Place, Snippet: p.Name, What: p.Name + " keeps its state in HOME"})
			}
			name := c.file
			if given := flagValue(p.Args, c.flag); given != "" {
				name = given
			}
			if strings.Contains(name, "://") {
				continue
			}
			at := b.absolute(name, nil)
			if !strings.HasPrefix(c.flag, "--notebook-dir") || name == c.file {
				at = path.Dir(at)
			}
			writes = append(writes, Write{Path: at, Because: c.because + " " + at, Place: p.Place, Certain: true})
		}
	}
	return writes, homes
}

func hasAny(args []string, words string) bool {
	return slices.ContainsFunc(strings.Fields(words), func(w string) bool { return slices.Contains(args, w) })
}

// flagValue is the value of the first of the flags that is given, as --flag=value or as the word behind it.
func flagValue(args []string, flags string) string {
	for _, flag := range strings.Fields(flags) {
		for i, a := range args {
			if value, ok := strings.CutPrefix(a, flag+"="); ok {
				return value
			}
			if a == flag && i+1 < len(args) {
				return args[i+1]
			}
		}
	}
	return ""
}
