package render

import (
	"bytes"
	"unicode/utf8"
)

// maxText bounds what is shown of a text.
const maxText = 64 << 10

// textual reports whether data, which may be cut off at its end, is UTF-8 text:
// without control characters but those that text has.
func textual(data []byte) bool {
	for i := 0; i < len(data); {
		r, size := utf8.DecodeRune(data[i:])
		switch {
		case r == utf8.RuneError && size == 1:
			return i > 0 && !utf8.FullRune(data[i:])
		case r == 0x7f, r < 0x20 && !bytes.ContainsRune([]byte("\t\n\r\f\x1b"), r):
			return false
		}
		i += size
	}
	return true
}

// cutText is data as a string of at most n bytes that does not end within a character.
func cutText(data []byte, n int) string {
	if len(data) <= n {
		return string(data)
	}
	for back := range utf8.UTFMax {
		if n > back && utf8.RuneStart(data[n-back]) {
			n -= back
			break
		}
	}
	return string(data[:n])
}
