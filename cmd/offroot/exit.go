package main

// The exit codes, which scripts rely on. The help and the README say the same.
const (
	exitOK          = 0
	exitChanges     = 1
	exitTrouble     = 2
	exitBug         = 3
	exitInterrupted = 130
)

// exitCodes is the table for the help.
const exitCodes = `Exit codes:
  0    nothing to do; or --write did its work, even if something stayed unfixed
  1    fix without --write would change something, or check has findings
  2    usage, input or output error, or a file that does not parse
  3    offroot could not confirm one of its own changes and withdrew it: a bug of offroot
  130  interrupted; nothing half written
`
