package evidence

import (
	"regexp"
	"strings"
)

// A homeUse is a way to come by the home directory.
type homeUse struct {
	hints string // a file or line without one of these is not looked at
	re    *regexp.Regexp
	what  string
	unset string // variables of the environment that lead elsewhere
	langs string // names of languages, "" for all
}

var homeUses = []homeUse{
	{"expanduser Path.home HOME", regexp.MustCompile(`\bexpanduser\(|\bPath\.home\(\)|environ(?:\.get\(|\[)\s*['"]HOME['"]|getenv\(\s*['"]HOME['"]`), "looks for its home directory", "", "python"},
	{"homedir env.HOME env['HOME env[\"HOME", regexp.MustCompile(`\bhomedir\(\)|\bprocess\.env(?:\.HOME\b|\[['"]HOME['"]\])`), "looks for its home directory", "", "javascript"},
	{"UserHomeDir HomeDir UserConfigDir UserCacheDir HOME", regexp.MustCompile(`\bos\.User(?:Home|Config|Cache)Dir\(\)|\bhomedir\.(?:Dir|Expand|HomeDir)\(|\b(?:Getenv|LookupEnv)\("HOME"\)`), "looks for its home directory", "", "go"},
	{"home HOME", regexp.MustCompile(`\bDir\.home\b|\bENV(?:\[|\.fetch\()\s*['"]HOME['"]`), "looks for its home directory", "", "ruby"},
	{"HOME", regexp.MustCompile(`\bgetenv\(\s*['"]HOME['"]|\$_(?:SERVER|ENV)\[['"]HOME['"]\]`), "looks for its home directory", "", "php"},
	{"user.home HOME", regexp.MustCompile(`["'{]user\.home\b|\bgetenv\("HOME"\)`), "looks for its home directory", "", "java properties logging"},
	{"SpecialFolder HOME", regexp.MustCompile(`\bSpecialFolder\.(?:UserProfile|ApplicationData|LocalApplicationData|Personal|MyDocuments)\b|GetEnvironmentVariable\("HOME"\)`), "looks for its home directory", "", "csharp"},
	{"HOME ~/", regexp.MustCompile(`\$\{?HOME\b|(?:^|[\s=:"'])~/`), "uses its home directory", "", "shell"},
	{"~/", regexp.MustCompile(`['"=]~/\.?[A-Za-z]|:h2:(?:file:)?~/`), "names a path below its home directory", "", "python java properties ruby"},
	{"%h", regexp.MustCompile(`["']%h/`), "names a path below its home directory", "", "java properties"},

	{"prefect", regexp.MustCompile(`^\s*(?:from|import)\s+prefect\b`), "Prefect keeps its profile and database in the home directory", "PREFECT_HOME", "python"},
	{"huggingface_hub transformers diffusers datasets", regexp.MustCompile(`^\s*(?:from|import)\s+(?:huggingface_hub|transformers|sentence_transformers|diffusers|datasets)\b`), "Hugging Face libraries keep downloads in the home directory", "HF_HOME XDG_CACHE_HOME TRANSFORMERS_CACHE", "python"},
	{"torch.hub torchvision whisper easyocr", regexp.MustCompile(`\btorch\.hub\b|^\s*(?:from|import)\s+(?:torchvision\.models|whisper|easyocr)\b`), "it keeps downloaded models in the home directory", "TORCH_HOME XDG_CACHE_HOME", "python"},
	{"matplotlib", regexp.MustCompile(`^\s*(?:from|import)\s+matplotlib\b`), "Matplotlib keeps a cache in the home directory", "MPLCONFIGDIR", "python"},
	{"nltk", regexp.MustCompile(`\bnltk\.download\(`), "NLTK downloads to the home directory", "NLTK_DATA", "python"},
	{"streamlit", regexp.MustCompile(`^\s*import\s+streamlit\b`), "Streamlit keeps its settings in the home directory", "", "python"},
	{"playwright", regexp.MustCompile(`^\s*(?:from|import)\s+playwright\b|\bfrom\s+['"]playwright(?:-core|-chromium)?['"]|\brequire\(['"]playwright(?:-core|-chromium)?['"]\)`), "Playwright looks for browsers in the home directory", "PLAYWRIGHT_BROWSERS_PATH", "python javascript"},
	{"puppeteer", regexp.MustCompile(`\bfrom\s+['"]puppeteer['"]|\brequire\(['"]puppeteer['"]\)`), "Puppeteer looks for browsers in the home directory", "PUPPETEER_CACHE_DIR PUPPETEER_EXECUTABLE_PATH", "javascript"},
	{"DataProtection AddAntiforgery AddCookie AddSession", regexp.MustCompile(`\.(?:AddDataProtection|AddAntiforgery|AddCookie|AddSession)\(`), "ASP.NET keeps keys in the home directory", "", "csharp"},
	{"npx npm yarn pnpm", regexp.MustCompile(`(?:^|[\s;&|("'` + "`" + `])(?:npx|npm|yarn|pnpm)\s+[a-z@-]`), "a package manager keeps a cache in the home directory", "npm_config_cache NPM_CONFIG_CACHE", "shell"},
	{"npx npm yarn pnpm", regexp.MustCompile(`\b(?:exec|execSync|spawn|spawnSync|execa)\(\s*['"` + "`" + `](?:npx|npm|yarn|pnpm)\b`), "a package manager keeps a cache in the home directory", "npm_config_cache NPM_CONFIG_CACHE", "javascript"},
}

// home notes where the file comes by the home directory.
func (u *unit) home(lang *language) {
	var uses []*homeUse
	for i := range homeUses {
		h := &homeUses[i]
		if (h.langs == "" || contains(strings.Fields(h.langs), lang.name)) && hinted(u.text, h.hints) && !u.anySet(h.unset) {
			uses = append(uses, h)
		}
	}
	if len(uses) == 0 || lang == shell && builds.MatchString(u.path[strings.LastIndexByte(u.path, '/')+1:]) {
		return
	}
	u.lines(lang, func(at int, line string) {
		for _, h := range uses {
			if hinted(line, h.hints) && h.re.MatchString(line) {
				u.report.UsesHome = append(u.report.UsesHome, Finding{u.place(at), u.snippet(at), h.what, ""})
				return
			}
		}
	})
}

// anySet reports whether one of the variables has a value.
func (u *unit) anySet(names string) bool {
	for name := range strings.FieldsSeq(names) {
		if u.opts.Env[name] != "" {
			return true
		}
	}
	return false
}

// lines visits the lines that are no comment, at most 2000 bytes long.
func (u *unit) lines(lang *language, visit func(at int, line string)) {
	offset := 0
	for line := range strings.SplitAfterSeq(u.text, "\n") {
		at := offset
		offset += len(line)
		code := strings.TrimSpace(line)
		if code != "" && len(line) <= 2000 && !commented(code, lang) {
			visit(at, line)
		}
	}
}
