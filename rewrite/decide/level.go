package decide

import "fmt"

// A Level says what a fix rests on. The zero value is Manual, and the level of a whole is the minimum of its parts.
type Level int

const (
	// Manual: the place is known, the change is not.
	Manual Level = iota
	// Review: mechanical and complete, but one named assumption was made, which a reader of the diff can check.
	Review
	// Safe: every fact that the fix relies on was read in this run or stands in the image table with its source.
	Safe
)

func (l Level) String() string {
	switch l {
	case Safe:
		return "safe"
	case Review:
		return "review"
	}
	return "manual"
}

// ParseLevel reads "safe" or "review", the two levels that can be applied.
func ParseLevel(s string) (Level, error) {
	switch s {
	case "safe":
		return Safe, nil
	case "review":
		return Review, nil
	}
	return Manual, fmt.Errorf("unknown fix level %q: it is safe or review", s)
}
