package rule

// ImageRunsAsRoot is the first rule: a shipped stage without USER on a base that starts as root.
var ImageRunsAsRoot = &Rule{
	ID:    "image-runs-as-root",
	Group: "image",
	Title: "the image starts its process as root",
	Doc: `A process that is root in its container is root for the kernel. Whoever breaks out of it, through a bug of the
runtime or a mount that is too wide, is root on the host; and inside, nothing stops it from changing the program.

The fix makes the stage that is shipped end as a number and a group: the base image's own unprivileged user where it has
one (node, nginx, www-data, nonroot), else a new one with a fixed number. USER goes below the last instruction that needs
root and directly above what says how to start. Paths that the process is seen to write are given to it, and nothing else:
the code stays root's.

Images that give up root by themselves, builders, GitHub actions and images whose program needs root are left alone, with
the reason.`,
	FixSafety: `Safe if the user comes from the image table with a source, the sources of the program are in sight and write
nothing outside of /tmp. Review if paths are given to the process, or if what it writes could not be read.`,
	Bad: []Example{{"Dockerfile", `FROM node:22-slim
WORKDIR /app
COPY server.js ./
CMD ["node", "server.js"]
`}, {"server.js", "require('http').createServer((q, s) => s.end('ok')).listen(3000)\n"}},
	Good: []Example{{"Dockerfile", `FROM node:22-slim
WORKDIR /app
COPY server.js ./
USER 1000:1000
CMD ["node", "server.js"]
`}, {"server.js", "require('http').createServer((q, s) => s.end('ok')).listen(3000)\n"}},
	Equivalents: Equivalents{
		Hadolint: []string{"DL3002"}, Trivy: []string{"DS-0002"}, Checkov: []string{"CKV_DOCKER_3", "CKV_DOCKER_8"},
		KICS: []string{"Missing User Instruction"}, CIS: []string{"Docker 4.1"},
	},
}

// ImageSwitchesBackToRoot is for stages that had a user, or inherited one, and end as root all the same.
var ImageSwitchesBackToRoot = &Rule{
	ID:    "image-switches-back-to-root",
	Group: "image",
	Title: "the image switches to root and does not switch back",
	Doc: `The base image, or an earlier USER of the stage, is unprivileged; a later USER root, meant for installing something,
is the last one and so decides who the container runs as.

The fix goes back to that user after the last instruction that needs root. It creates none.`,
	FixSafety: `Safe if the user is a number that the file states, or the base image's user with a source in the image table.`,
	Bad: []Example{{"Dockerfile", `FROM jenkins/jenkins:lts
USER root
RUN apt-get update && apt-get install -y make
`}},
	Good: []Example{{"Dockerfile", `FROM jenkins/jenkins:lts
USER root
RUN apt-get update && apt-get install -y make
USER 1000:1000
`}},
	Equivalents: Equivalents{
		Hadolint: []string{"DL3002"}, Trivy: []string{"DS-0002"}, Checkov: []string{"CKV_DOCKER_8"},
		KICS: []string{"Last User Is 'root'"}, CIS: []string{"Docker 4.1"},
	},
}

// ImageUserCreatedButUnused is for stages that make a user and never switch to it.
var ImageUserCreatedButUnused = &Rule{
	ID:    "image-user-created-but-unused",
	Group: "image",
	Title: "a user is created and never used",
	Doc: `A RUN creates a user, and no USER switches to it: the intention is there, the process is root all the same.

The fix switches to that user, by number. Where the command leaves the number to the system, the number that it picks is
written down, because a manifest that demands non-root cannot verify a name.`,
	FixSafety: `Review if the number was left to the system, because a cached layer changes; else as for image-runs-as-root.`,
	Bad: []Example{{"Dockerfile", `FROM alpine:3.20
RUN adduser -D -u 1500 runner
COPY run.sh /usr/local/bin/run.sh
CMD ["sleep", "infinity"]
`}, {"run.sh", "#!/bin/sh\nsleep 1\n"}},
	Good: []Example{{"Dockerfile", `FROM alpine:3.20
RUN adduser -D -u 1500 runner
USER 1500:1500
CMD ["sleep", "infinity"]
`}},
	Equivalents: Equivalents{Trivy: []string{"DS-0002"}, Checkov: []string{"CKV_DOCKER_3"}, KICS: []string{"Missing User Instruction"}, CIS: []string{"Docker 4.1"}},
}

// ImageUserUnknown reports stages whose user cannot be told.
var ImageUserUnknown = &Rule{
	ID:    "image-user-unknown",
	Group: "image",
	Title: "who the image runs as cannot be told",
	Doc: `The base image is a build argument without a value, or nothing is known of it, or USER is a variable without a value.
Guessing would break the build on one distribution or the start on another, so nothing is changed.`,
	FixSafety: `There is no fix. Give the argument a default, or state the user.`,
	Bad:       []Example{{"Dockerfile", "ARG RUNTIME\nFROM ${RUNTIME}\nCOPY dist /app\nCMD [\"/app/run\"]\n"}},
	Good:      []Example{{"Dockerfile", "ARG RUNTIME=gcr.io/distroless/static-debian12:nonroot\nFROM ${RUNTIME}\nCOPY dist /app\nCMD [\"/app/run\"]\n"}},
	Unfixed:   true,
	Equivalents: Equivalents{
		Trivy: []string{"DS-0002"}, Checkov: []string{"CKV_DOCKER_3"},
	},
}

func init() {
	for _, r := range []*Rule{ImageRunsAsRoot, ImageSwitchesBackToRoot, ImageUserCreatedButUnused, ImageUserUnknown} {
		r.Check = checkImage
	}
}
