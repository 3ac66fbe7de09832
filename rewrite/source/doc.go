// Package source holds what every stage of offroot speaks in: immutable files, half-open byte spans, edits, and the
// Document and Op interfaces that turn an intent ("set runAsNonRoot: true") into edits.
//
// A File never changes after it was read: every Span of a run refers to File.Content as it was on disk, so nothing has to
// be shifted when several fixes meet in one file.
package source
