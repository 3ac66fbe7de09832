// Package discover finds the files of a repository and says what each one is.
//
// It is the only package that reads the file system. Whatever it opens lies below the root: symbolic links that lead out
// of it are refused. What git ignores is left out, unless somebody names it on the command line.
package discover
