package workspace

import (
	"path"
	"regexp"
	"strings"
)

// mayBuild is a cheap look for a build command, before anything is parsed.
var mayBuild = regexp.MustCompile(`(?i)(docker|podman|buildah|nerdctl|container|ctr|engine|depot|img)[^\n]*\s(build|bud)\b|kaniko|acr\s+build|builds\s+submit`)

// readCall reads one command, given as words. It is false for everything that builds no image.
func readCall(words []string) (buildCall, bool) {
	if len(words) < 2 {
		return buildCall{}, false
	}
	program := strings.ToLower(path.Base(words[0]))
	words = words[1:]
	switch {
	case isBuilder(program):
		return readDocker(words)
	case program == "executor":
		return readKaniko(words)
	case program == "az" && len(words) > 2 && words[0] == "acr" && words[1] == "build":
		return readFlags("az acr build", words[2:])
	case program == "gcloud" && len(words) > 2 && words[0] == "builds" && words[1] == "submit":
		call := readSubmit(words[2:])
		return call, len(call.images) > 0
	}
	return buildCall{}, false
}

// isBuilder holds for the programs that read a Dockerfile, and for the variables that Makefiles hold their names in.
func isBuilder(program string) bool {
	switch program {
	case "docker", "podman", "buildah", "nerdctl", "depot", "img":
		return true
	}
	name, ok := strings.CutPrefix(program, "${")
	return ok && (strings.Contains(name, "docker") || strings.Contains(name, "container") || strings.Contains(name, "podman") ||
		strings.HasPrefix(name, "ctr") || strings.Contains(name, "engine"))
}

// readDocker finds the word build behind the options of the program and behind buildx, image and builder.
func readDocker(words []string) (buildCall, bool) {
	for i, w := range words {
		switch {
		case w == "build" || w == "bud":
			return readFlags("docker build", words[i+1:])
		case w == "buildx" || w == "image" || w == "builder" || strings.HasPrefix(w, "-"):
		case i > 0 && strings.HasPrefix(words[i-1], "-") && !strings.Contains(words[i-1], "="):
		default:
			return buildCall{}, false
		}
	}
	return buildCall{}, false
}

// switches are the options of build that take no value.
var switches = map[string]bool{"--pull": true, "--no-cache": true, "--push": true, "--load": true, "--quiet": true, "-q": true,
	"--rm": true, "--force-rm": true, "--squash": true, "--compress": true, "--check": true, "-D": true, "--debug": true,
	"--layers": true, "--no-push": true, "--async": true, "--no-logs": true, "--disable-content-trust": true, "--no-rm": true}

func readFlags(what string, words []string) (buildCall, bool) {
	call := buildCall{what: what}
	for i := 0; i < len(words); i++ {
		w := words[i]
		if !strings.HasPrefix(w, "-") || w == "-" {
			if !isVariable(w) || call.context == "" && i == len(words)-1 {
				call.context = w
			}
			continue
		}
		flag, value, joined := strings.Cut(w, "=")
		if len(w) > 2 && !joined && (w[1] == 't' || w[1] == 'f') {
			flag, value, joined = w[:2], w[2:], true
		}
		if !joined && !switches[flag] && i+1 < len(words) {
			i++
			value = words[i]
		}
		switch flag {
		case "-t", "--tag", "--image":
			call.images = append(call.images, value)
		case "-f", "--file":
			call.file = value
		case "--target":
			call.target = value
		}
	}
	return call, true
}

// readSubmit reads gcloud builds submit --tag NAME [DIRECTORY].
func readSubmit(words []string) buildCall {
	call, _ := readFlags("gcloud builds submit", words)
	if call.context == "" {
		call.context = "."
	}
	return call
}

// isVariable holds for a word that is a variable as a whole: most often a list of further options.
func isVariable(w string) bool {
	return strings.HasPrefix(w, "$") && strings.IndexByte(w, '}') == len(w)-1
}

// readKaniko reads the options of kaniko.
func readKaniko(words []string) (buildCall, bool) {
	call := buildCall{what: "kaniko build", context: "."}
	for i := 0; i < len(words); i++ {
		flag, value, joined := strings.Cut(words[i], "=")
		if !joined && i+1 < len(words) && !strings.HasPrefix(words[i+1], "-") {
			i++
			value = words[i]
		}
		value = strings.TrimPrefix(value, "dir://")
		switch flag {
		case "-d", "--destination":
			call.images = append(call.images, value)
		case "-f", "--dockerfile":
			call.file = value
		case "-c", "--context":
			call.context = value
		case "--target":
			call.target = value
		}
	}
	return call, len(call.images) > 0
}
