// Package evidence reads the source of an application to learn what its process writes at run time, on which ports it
// listens and where that is decided. Nothing is executed.
//
// Go is read with its own parser. The other languages share one tolerant reader: tokens, expressions around calls, and the
// folding of constants that are assigned once. A call that writes, and whose path does not fold to a constant, is reported
// as unknown with its place; it is never guessed.
//
// Where it is known what the container starts, only the files that this leads to by imports are evidence. If one of them is
// loaded by a name that is computed, or by the convention of a framework, every file is, save tests, examples and tools.
package evidence
