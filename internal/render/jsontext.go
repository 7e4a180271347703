package render

import (
	"bytes"
	"encoding/json"
)

// maxDepth is the nesting up to which JSON is indented: beyond it the
// indentation would outgrow the text.
const maxDepth = 100

// indentJSON lays out src, one JSON value or several in a row, by white space
// alone: every token stays as it was written, numbers, escapes, order and
// repeated keys included. It stops after about limit bytes, used of src. It
// reports false where src is not JSON or is nested too deeply.
func indentJSON(src []byte, limit int) (text []byte, used int, ok bool) {
	if !isJSON(src) {
		return nil, 0, false
	}
	l := layout{}
	for used < len(src) && l.out.Len() < limit {
		n := tokenLen(src[used:])
		if !l.token(src[used : used+n]) {
			return nil, 0, false
		}
		used += n
	}
	return l.out.Bytes(), used, true
}

// isJSON reports whether src is JSON values, one or more.
func isJSON(src []byte) bool {
	if json.Valid(src) {
		return true
	}
	return isNDJSON(src)
}

// isNDJSON reports whether every line of src that is not empty is JSON.
func isNDJSON(src []byte) bool {
	found := false
	for line := range bytes.Lines(src) {
		if line = bytes.TrimSpace(line); len(line) > 0 {
			if !json.Valid(line) {
				return false
			}
			found = true
		}
	}
	return found
}

// tokenLen is the length of the token, or the white space, that src begins with.
// src is the rest of valid JSON.
func tokenLen(src []byte) int {
	switch c := src[0]; {
	case c == '"':
		return stringLen(src)
	case bytes.IndexByte([]byte("{}[],:"), c) >= 0:
		return 1
	case isSpace(c):
		return len(src) - len(bytes.TrimLeft(src, " \t\r\n"))
	}
	if end := bytes.IndexAny(src, "{}[],: \t\r\n\""); end > 0 {
		return end
	}
	return len(src)
}

func stringLen(src []byte) int {
	for i := 1; i < len(src); i++ {
		switch src[i] {
		case '\\':
			i++
		case '"':
			return i + 1
		}
	}
	return len(src)
}

func isSpace(c byte) bool { return c == ' ' || c == '\t' || c == '\r' || c == '\n' }

// A layout writes tokens with line breaks and two spaces for each level.
type layout struct {
	out   bytes.Buffer
	depth int
	fresh bool // nothing has been written since an object or array began
}

// token writes one token and reports whether the nesting is still fit to show.
func (l *layout) token(token []byte) bool {
	if isSpace(token[0]) {
		return true
	}
	switch token[0] {
	case '{', '[':
		l.before()
		l.out.Write(token)
		l.depth++
		l.fresh = true
	case '}', ']':
		l.depth--
		if !l.fresh {
			l.newline()
		}
		l.fresh = false
		l.out.Write(token)
	case ',':
		l.out.Write(token)
		l.newline()
	case ':':
		l.out.WriteString(": ")
	default:
		l.before()
		l.out.Write(token)
	}
	return l.depth <= maxDepth
}

// before begins the line of a value that is the first in its object or array,
// or one more at the top.
func (l *layout) before() {
	if l.fresh || l.depth == 0 && l.out.Len() > 0 {
		l.newline()
	}
	l.fresh = false
}

func (l *layout) newline() {
	l.out.WriteByte('\n')
	for range l.depth {
		l.out.WriteString("  ")
	}
}
