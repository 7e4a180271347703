package render

import (
	"fmt"
	"strings"
	"unicode"
	"unicode/utf8"
)

// Safe returns s so that a terminal shows it and does nothing else, on one line:
// control characters and bytes that are not UTF-8 become \xNN, and characters
// that are invisible or turn the direction of the text (C1 controls, category Cf,
// U+2028, U+2029) become \uNNNN or \UNNNNNNNN. A backslash stays as it is.
func Safe(s string) string { return escape(s, false) }

// SafeLines is Safe for text of several lines: it leaves \n and \t.
func SafeLines(s string) string { return escape(s, true) }

func escape(s string, lines bool) string {
	start := plainPrefix(s, lines)
	if start == len(s) {
		return s
	}
	var b strings.Builder
	b.Grow(len(s) + 16)
	b.WriteString(s[:start])
	for i := start; i < len(s); {
		r, size := utf8.DecodeRuneInString(s[i:])
		writeRune(&b, r, s[i:i+size], lines)
		i += size
	}
	return b.String()
}

// plainPrefix is the length of the part of s, from its start, that is printable
// ASCII and so needs no closer look. Most strings are that as a whole.
func plainPrefix(s string, lines bool) int {
	for i := range len(s) {
		if c := s[i]; (c < 0x20 || c >= 0x7f) && !(lines && (c == '\n' || c == '\t')) {
			return i
		}
	}
	return len(s)
}

// writeRune writes the rune r, whose bytes are raw.
func writeRune(b *strings.Builder, r rune, raw string, lines bool) {
	switch {
	case lines && (r == '\n' || r == '\t'):
		b.WriteString(raw)
	case r < 0x20, r == 0x7f, r == utf8.RuneError && len(raw) == 1:
		fmt.Fprintf(b, `\x%02x`, raw[0])
	case !unsafeRune(r):
		b.WriteString(raw)
	case r > 0xffff:
		fmt.Fprintf(b, `\U%08x`, r)
	default:
		fmt.Fprintf(b, `\u%04x`, r)
	}
}

// unsafeRune reports whether r, beyond ASCII, acts on a terminal or is not to be seen.
func unsafeRune(r rune) bool {
	return r >= 0x80 && r <= 0x9f || r == '\u2028' || r == '\u2029' || unicode.Is(unicode.Cf, r)
}
