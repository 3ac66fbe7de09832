package discover

import "fmt"

// A UsageError says that a PATH, a glob or the root is wrong as it was typed. It ends the run with exit code 2.
type UsageError struct {
	Arg string // as typed
	Msg string
}

func (e *UsageError) Error() string { return fmt.Sprintf("%q: %s", e.Arg, e.Msg) }
