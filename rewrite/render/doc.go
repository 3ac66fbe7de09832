// Package render turns the result of a run into what people and programs read: a unified diff, or the files themselves.
//
// Everything in it is a pure function of its inputs that writes to an io.Writer, except write.go, the one place of offroot
// that changes files.
package render
