package evidence

import (
	"path"
	"regexp"
	"strings"
)

var shellWrites = []struct {
	re   *regexp.Regexp
	kind effectKind
	verb string
}{
	{regexp.MustCompile(`(?:^|[\s;&|(])mkdir\s+(?:-[a-z]+\s+|--[a-z-]+(?:=\S+)?\s+|-m\s*\d+\s+)*(/[^\s;&|)]+)`), aDir, "creates"},
	{regexp.MustCompile(`(?:^|[\s;&|(])touch\s+(/[^\s;&|)]+)`), aFile, "creates"},
	{regexp.MustCompile(`(?:^|\s)>>?\s*"?(/[^\s;&|)"]+)`), aFile, "writes"},
	{regexp.MustCompile(`\|\s*tee\s+(?:-a\s+)?(/[^\s;&|)]+)`), aFile, "writes"},
}

// builds matches the names of scripts that make the image rather than run in it.
var builds = regexp.MustCompile(`^(?:build|install|release|deploy|publish|upgrade|postinst|preinst|prerm|postrm)`)

// shellScript reads what a script plainly writes by absolute path. Whether it runs in the container is for others to say.
func (u *unit) shellScript() {
	if strings.Contains(u.text, "collectstatic") {
		u.scanner.collectstatic = true
	}
	if builds.MatchString(path.Base(u.path)) {
		return
	}
	offset := 0
	for _, line := range strings.SplitAfter(u.text, "\n") {
		at := offset
		offset += len(line)
		if strings.HasPrefix(strings.TrimSpace(line), "#") {
			continue
		}
		for _, w := range shellWrites {
			for _, m := range w.re.FindAllStringSubmatch(line, -1) {
				name := strings.Trim(m[1], `"'`)
				if strings.HasPrefix(name, "/dev/") || strings.HasPrefix(name, "/proc/") || len(name) < 4 || strings.ContainsAny(name, "\\'\"()") {
					continue
				}
				v := value{text: name, ok: true, approx: true}
				if i := strings.IndexAny(name, "$`{"); i >= 0 {
					v.text, v.open = name[:i], true
				}
				u.write(write{at: at, kind: w.kind, verb: w.verb}, v)
			}
		}
	}
}
