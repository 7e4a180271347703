package shape

import (
	"strings"
)

// idPatterns are what keys look like that are ids, dates or addresses.
var idPatterns = lazily(`^(?:` + strings.Join([]string{
	`[+-]?[0-9]+(?:\.[0-9]+)*`,          // a number, a version, an IPv4 address
	`\+[0-9][0-9()./-]*`,                // a telephone number
	`[0-9]{4}-[0-9]{2}(?:-[0-9]{2}.*)?`, // a month, a date, a time
	`[0-9a-fA-F]{8}(?:-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}`,
	`.+@.+`,
	`(?s).*[\s\p{Z}].*`, // names of people, and texts for them
	`[a-z]+://.*`,
}, "|") + `)$`)

// minRandom is how long a word without a meaning is at least, and minDigits how many
// digits such a word has. minTail is how long one of both cases is behind a prefix.
const (
	minRandom = 16
	minDigits = 4
	minTail   = 8
	maxName   = 80
)

// camelCase is how names are written that have digits in them, too: sha256Hash.
var camelCase = lazily(`^(?:[A-Z]?[a-z]{2,}[0-9]{0,4}|[A-Z]{2,}|[A-Z])+$`)

// isID reports whether a key is an id rather than the name of a property.
func isID(key string) bool {
	if len(key) > maxName || idPatterns().MatchString(key) {
		return true
	}
	word := key[strings.LastIndexAny(key, "_-.:/")+1:]
	var digits, upper, lower int
	for _, r := range word {
		switch {
		case r >= '0' && r <= '9':
			digits++
		case r >= 'A' && r <= 'Z':
			upper++
		case r >= 'a' && r <= 'z':
			lower++
		}
	}
	if len(word) >= minRandom && digits >= minDigits {
		return true
	}
	mixed := digits > 0 && upper > 0 && lower > 0
	return mixed && len(word) >= minTail && len(word) < len(key) && !camelCase().MatchString(word)
}
