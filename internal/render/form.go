package render

import (
	"net/url"
	"strings"
)

const (
	// maxPairs bounds the fields shown of a form.
	maxPairs = 1000
	// maxKey bounds the column that keys are aligned in.
	maxKey = 32
)

// formLines are the fields of a form, decoded, as "key = value" below each other.
// What cannot be decoded is shown as it is.
func formLines(body string) []string {
	parts := strings.Split(strings.Trim(body, "\r\n"), "&")
	left := len(parts) - maxPairs
	parts = parts[:min(len(parts), maxPairs)]
	keys, values, widest := make([]string, len(parts)), make([]string, len(parts)), 0
	for i, part := range parts {
		key, value, _ := strings.Cut(part, "=")
		keys[i], values[i] = decodedPair(key, value)
		if w := columns(keys[i]); w <= maxKey {
			widest = max(widest, w)
		}
	}
	lines := make([]string, len(parts))
	for i := range parts {
		lines[i] = strings.TrimRight(keys[i]+padding(keys[i], widest)+" = "+values[i], " ")
	}
	if left > 0 {
		lines = append(lines, ellipsis+" "+counted(left, "more field")+"; --body writes all")
	}
	return lines
}

// decodedPair is both or none decoded, and safe.
func decodedPair(key, value string) (string, string) {
	plainKey, err := url.QueryUnescape(key)
	if err != nil {
		return Safe(key), Safe(value)
	}
	plainValue, err := url.QueryUnescape(value)
	if err != nil {
		return Safe(key), Safe(value)
	}
	return Safe(plainKey), Safe(plainValue)
}
