package evidence

import (
	"path"
	"strings"
)

// A builder is a command that compiles or installs where it runs, by its first words.
var builders = map[string][]string{
	"go":      {"run", "build", "install", "generate"},
	"cargo":   {"run", "build", "watch", "install"},
	"mvn":     {"spring-boot:run", "quarkus:dev", "exec:java", "jetty:run", "tomcat7:run", "compile", "package", "install", "verify"},
	"gradle":  {"bootRun", "run", "build", "assemble", "quarkusDev", "jar", "bootJar"},
	"dotnet":  {"run", "watch", "build", "publish", "restore"},
	"sbt":     {"run", "compile", "stage"},
	"lein":    {"run"},
	"mix":     {"phx.server", "run", "compile", "deps.get"},
	"swift":   {"run", "build"},
	"bundle":  {"install"},
	"rails":   {"assets:precompile", "webpacker:compile"},
	"rake":    {"assets:precompile"},
	"next":    {"build", "dev"},
	"nuxt":    {"build", "dev", "generate"},
	"nuxi":    {"build", "dev", "generate"},
	"nest":    {"start", "build"},
	"vite":    {"", "build", "dev", "serve"},
	"ng":      {"serve", "build"},
	"gatsby":  {"build", "develop"},
	"astro":   {"build", "dev"},
	"remix":   {"build", "dev"},
	"prisma":  {"generate"},
	"webpack": {"", "build", "serve", "watch"},
	"tsc":     {""}, "esbuild": {""}, "rollup": {""}, "parcel": {""}, "air": {""}, "gulp": {""}, "grunt": {""}, "turbo": {"run", "build"},
	"react-scripts":   {"start", "build"},
	"vue-cli-service": {"serve", "build"},
	"composer":        {"install", "update"},
	"pip":             {"install"}, "pip3": {"install"}, "poetry": {"install"}, "pipenv": {"install"},
}

// packageManagers run the scripts of package.json.
var packageManagers = map[string]bool{"npm": true, "yarn": true, "pnpm": true, "bun": true}

// wrappers run the program that follows them.
var wrappers = map[string]bool{
	"exec": true, "npx": true, "env": true, "cross-env": true, "dumb-init": true, "tini": true, "time": true, "sudo": true, "bunx": true,
	"sh": true, "bash": true, "-c": true, "--": true, "command": true, "nohup": true, "poetry run": true, "gosu": false,
}

// BuildsAtStart reports whether a command line compiles or installs something when it runs, for which it needs a writable
// source tree or a cache, and what does: "go run", "npm run build", "tsc". Scripts that it calls are not followed.
func BuildsAtStart(command string) (what string, ok bool) {
	split := strings.NewReplacer("&&", "\n", "||", "\n", ";", "\n", "|", "\n", "&", "\n", "(", "\n", ")", "\n", `"`, " ", "'", " ")
	for part := range strings.SplitSeq(split.Replace(command), "\n") {
		if what, ok := buildsCommand(strings.Fields(part)); ok {
			return what, true
		}
	}
	return "", false
}

func buildsCommand(words []string) (string, bool) {
	for len(words) > 0 && (wrappers[path.Base(words[0])] || strings.Contains(words[0], "=") && !strings.HasPrefix(words[0], "-")) {
		words = words[1:]
	}
	if len(words) == 0 {
		return "", false
	}
	name, args := path.Base(words[0]), plainWords(words[1:])
	switch name {
	case "mvnw":
		name = "mvn"
	case "gradlew":
		name = "gradle"
	case "nodemon", "concurrently", "watchexec", "python", "python3", "bundle":
		if name != "bundle" || len(args) > 0 && args[0] == "exec" {
			return buildsInner(args)
		}
	}
	if packageManagers[name] {
		return managerBuilds(name, args)
	}
	for _, verb := range builders[name] {
		switch {
		case verb == "" && (len(args) == 0 || args[0] != "preview" && args[0] != "info" && args[0] != "help"):
			return name, onlyVersion(words[1:])
		case verb == "":
		case len(args) > 0 && args[0] == verb, len(args) > 0 && (name == "mvn" || name == "gradle" || name == "sbt") && containsTask(args, verb):
			return name + " " + verb, true
		}
	}
	return "", false
}

// buildsInner looks at the command that another one takes as its arguments.
func buildsInner(args []string) (string, bool) {
	for i, arg := range args {
		if arg == "exec" || arg == "pip" || builders[path.Base(arg)] != nil && i == 0 {
			if arg == "exec" {
				i++
			}
			return buildsCommand(args[i:])
		}
	}
	return "", false
}

// onlyVersion is false if a command is asked for its version or help, and builds nothing.
func onlyVersion(words []string) bool {
	return !contains(words, "--version") && !contains(words, "--help") && !contains(words, "-v") && !contains(words, "--noEmit")
}

// containsTask finds a task of Maven or Gradle, with the project that it may be of: ":app:bootRun".
func containsTask(args []string, task string) bool {
	for _, arg := range args {
		if arg == task || strings.HasSuffix(arg, ":"+task) {
			return true
		}
	}
	return false
}

// plainWords are the arguments that are no options.
func plainWords(words []string) []string {
	var plain []string
	for i := 0; i < len(words); i++ {
		switch w := words[i]; {
		case w == "--prefix" || w == "-C" || w == "--filter" || w == "--cwd" || w == "-w" || w == "--workspace" || w == "-f" || w == "--dir":
			i++
		case !strings.HasPrefix(w, "-"):
			plain = append(plain, w)
		}
	}
	return plain
}

func managerBuilds(name string, args []string) (string, bool) {
	if len(args) == 0 {
		return name + " install", name == "yarn"
	}
	first := args[0]
	switch first {
	case "install", "i", "ci", "add":
		return name + " " + first, true
	case "exec", "dlx", "x":
		return buildsCommand(args[1:])
	case "run", "run-script":
		if len(args) < 2 {
			return "", false
		}
		if isBuildScript(args[1]) {
			return name + " run " + args[1], true
		}
		return "", false
	}
	switch {
	case name == "npm":
		return "", false
	case isBuildScript(first):
		return name + " " + first, true
	}
	return buildsCommand(args)
}

// isBuildScript reports whether a script of package.json is called like one that builds.
func isBuildScript(name string) bool {
	return name == "build" || strings.HasPrefix(name, "build:") || strings.HasPrefix(name, "build-") || strings.HasSuffix(name, ":build") || name == "compile"
}
