package store

import (
	"bytes"
	"errors"
	"strings"

	"github.com/hookctl/hookctl/internal/hook"
)

// Headers are kept as lines "Name: value", which a person can read in the raw
// file. A backslash and a newline, and a colon within a name, have a backslash
// before them (the newline as \n), so that any header comes back as it was.

var errHeaders = errors.New("malformed header lines")

// appendHeaders appends the lines of h to buf.
func appendHeaders(buf []byte, h hook.Header) []byte {
	for i := range h {
		buf = appendEscaped(buf, h[i].Name, "\\\n:")
		buf = append(buf, ": "...)
		buf = appendEscaped(buf, h[i].Value, "\\\n")
		buf = append(buf, '\n')
	}
	return buf
}

func appendEscaped(buf []byte, s, special string) []byte {
	for {
		i := strings.IndexAny(s, special)
		if i < 0 {
			return append(buf, s...)
		}
		buf = append(buf, s[:i]...)
		if s[i] == '\n' {
			buf = append(buf, `\n`...)
		} else {
			buf = append(buf, '\\', s[i])
		}
		s = s[i+1:]
	}
}

// parseHeaders reads what appendHeaders wrote.
func parseHeaders(lines []byte) (hook.Header, error) {
	if len(lines) == 0 {
		return nil, nil
	}
	h := make(hook.Header, 0, bytes.Count(lines, []byte{'\n'}))
	rest := string(lines)
	for rest != "" {
		line, after, ok := strings.Cut(rest, "\n")
		if !ok {
			return nil, errHeaders
		}
		rest = after
		end := nameEnd(line)
		if end < 0 || !strings.HasPrefix(line[end:], ": ") {
			return nil, errHeaders
		}
		h = append(h, hook.Field{Name: unescape(line[:end]), Value: unescape(line[end+2:])})
	}
	return h, nil
}

// nameEnd is the place of the first colon that has no backslash before it, or -1.
func nameEnd(line string) int {
	for i := 0; i < len(line); i++ {
		switch line[i] {
		case '\\':
			i++
		case ':':
			return i
		}
	}
	return -1
}

func unescape(s string) string {
	if strings.IndexByte(s, '\\') < 0 {
		return s
	}
	plain := make([]byte, 0, len(s))
	for i := 0; i < len(s); i++ {
		c := s[i]
		if c == '\\' && i+1 < len(s) {
			i++
			if c = s[i]; c == 'n' {
				c = '\n'
			}
		}
		plain = append(plain, c)
	}
	return string(plain)
}
