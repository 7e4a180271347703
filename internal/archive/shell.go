package archive

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// shellWord is s as one word of a POSIX shell, exactly, for any s without NUL
// that does not end in a line break: bare where nothing in it is special, in
// single quotes where all of it can be seen, else as what printf makes of escapes,
// so that a command that is looked at, or pasted, holds nothing hidden.
func shellWord(s string) string {
	switch {
	case isBareWord(s):
		return s
	case isVisible(s):
		return singleQuoted(s)
	}
	return `"$(printf ` + printfFormat([]byte(s)) + `)"`
}

func isBareWord(s string) bool {
	for _, c := range []byte(s) {
		letterOrDigit := c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c >= '0' && c <= '9'
		if !letterOrDigit && !strings.ContainsRune("-_./:", rune(c)) {
			return false
		}
	}
	return s != ""
}

// singleQuoted is s within single quotes, in which a shell takes every byte for
// itself; a single quote in s ends them, stands escaped, and begins them anew.
func singleQuoted(s string) string {
	return "'" + strings.ReplaceAll(s, "'", `'\''`) + "'"
}

// isVisible reports whether s is UTF-8 of which every character can be seen.
func isVisible(s string) bool {
	for i, r := range s {
		if !unicode.IsPrint(r) || r == utf8.RuneError && !strings.HasPrefix(s[i:], "\ufffd") {
			return false
		}
	}
	return true
}

// printfFormat is a quoted format for printf(1) that prints exactly data, any
// bytes: what can be seen stands for itself, the rest as the escapes that POSIX
// has for formats, which are the only ones that all shells know.
func printfFormat(data []byte) string {
	var b strings.Builder
	b.WriteByte('\'')
	for i := 0; i < len(data); {
		r, size := utf8.DecodeRune(data[i:])
		switch {
		case r == '\n':
			b.WriteString(`\n`)
		case r == '\r':
			b.WriteString(`\r`)
		case r == '\t':
			b.WriteString(`\t`)
		case r == '%', r == '\\':
			b.WriteRune(r)
			b.WriteRune(r)
		case r == '\'':
			b.WriteString(`'\''`)
		case i == 0 && r == '-', r == '!': // an option; history expansion, which reaches into double quotes
			writeOctal(&b, data[i:i+1])
		case r == utf8.RuneError && size == 1, !unicode.IsPrint(r):
			writeOctal(&b, data[i:i+size])
		default:
			b.Write(data[i : i+size])
		}
		i += size
	}
	b.WriteByte('\'')
	return b.String()
}

func writeOctal(b *strings.Builder, raw []byte) {
	for _, c := range raw {
		b.Write([]byte{'\\', '0' + c>>6, '0' + c>>3&7, '0' + c&7})
	}
}
