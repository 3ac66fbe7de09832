// Package golden reads the archives of golden/testdata: small repositories together with what offroot has to make of them.
//
// An archive is a txtar file. Its comment says what the case is and why it is right, in lines that begin with #; then come
// directives and a script, then the files of the repository, then want/PATH for each file that must change. Every other
// file must stay byte for byte as it was.
//
//	# A base image that already has an account: reuse it.
//	offroot
//	stderr 1000:1000
//	-- Dockerfile --
//	FROM node:22
//	CMD ["node", "server.js"]
//	-- want/Dockerfile --
//	FROM node:22
//	USER 1000:1000
//	CMD ["node", "server.js"]
//
// Directives, which hold for a file and for its want/ alike:
//
//	crlf FILE            its lines end in CRLF
//	bom FILE             it starts with a byte order mark
//	chop FILE            it has no final newline
//	exec FILE            it is executable
//	pending REASON       the outcome is not reached yet: only the checks that hold for any outcome are made
//	except CHECK REASON  one of those checks does not hold here, and why
//
// The script:
//
//	offroot ARG...       runs the command in the repository; without this line it is run without arguments
//	stdin FILE           the next run reads this file of the repository
//	exit N               of the run above; if it is not given, 1 where something would change, else 0
//	stdout REGEXP        matches somewhere in the run's output, ^ and $ being the ends of lines
//	stderr REGEXP
//	! stdout REGEXP      does not match
//	! stderr REGEXP
//
// The files out/stdout and out/stderr, if they are there, are the exact output of the last run.
package golden
