package shape

import (
	"strings"
)

// idPatterns are what keys look like that are ids, dates or addresses.
var idPatterns = lazily(`^(?:` + strings.Join([]string{
	`[+-]?[0-9]+(?:\.[0-9]+)*`,          // a number, a version, an IPv4 address
	`[0-9]{4}-[0-9]{2}(?:-[0-9]{2}.*)?`, // a month, a date, a time
	`[0-9a-fA-F]{8}(?:-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}`,
	`[^@\s]+@[^@\s]+`,
	`[a-z]+://.*`,
}, "|") + `)$`)

// minRandom is how long a word without a meaning is at least, and minDigits how many
// digits such a word has.
const (
	minRandom = 16
	minDigits = 4
	maxName   = 80
)

// isID reports whether a key is an id rather than the name of a property.
func isID(key string) bool {
	if len(key) > maxName || idPatterns().MatchString(key) {
		return true
	}
	word := key[strings.LastIndexAny(key, "_-.:/")+1:]
	digits := 0
	for _, r := range word {
		if r >= '0' && r <= '9' {
			digits++
		}
	}
	return len(word) >= minRandom && digits >= minDigits
}
