package workspace

import (
	"strconv"
	"strings"
)

// number reads a user or group number as an engine does: decimal digits only, up to 2147483647.
func number(s string) (int, bool) {
	for _, r := range s {
		if r < '0' || r > '9' {
			return 0, false
		}
	}
	n, err := strconv.ParseInt(s, 10, 32)
	return int(n), err == nil
}

// isZeros holds for 0, 00 and the like, which engines take for root.
func isZeros(s string) bool { return s != "" && strings.Trim(s, "0") == "" }

func itoa(n int) string { return strconv.Itoa(n) }
