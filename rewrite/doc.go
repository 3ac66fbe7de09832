// Package rewrite turns a repository whose containers run as root into edits that make them stop.
//
// The promise: bytes that a fix does not need to change stay as they are; a fix is whole or absent, over every file that it
// touches; what cannot be done without guessing is reported with its place, a reason and a next step.
//
// Run is one straight line:
//
//	discover -> parse -> link -> decide -> plan -> verify        (render is behind it)
//
// No stage reads backwards, and none of them writes: package render does.
package rewrite
