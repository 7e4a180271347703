package render

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"unicode/utf16"
	"unicode/utf8"

	"github.com/hookctl/hookctl/internal/hook"
)

// WriteJSON writes v as one object on one line. Values are exact. <, > and & are
// left as they are; characters that a terminal would act on are written as
// escapes, which every JSON reader turns back.
func WriteJSON(w io.Writer, v any) error {
	var b bytes.Buffer
	enc := json.NewEncoder(&b)
	enc.SetEscapeHTML(false)
	if err := enc.Encode(v); err != nil {
		return err
	}
	_, err := w.Write(escapeJSON(b.Bytes()))
	return err
}

// WriteListed writes c as WriteJSON does, without the body, as lists show captures.
func WriteListed(w io.Writer, c *hook.Capture) error {
	listed := *c
	listed.Body = nil
	return WriteJSON(w, &listed)
}

// escapeJSON escapes what Safe would in valid JSON, where such characters stand
// in strings only. The encoder has done those below U+0020.
func escapeJSON(line []byte) []byte {
	start := bytes.IndexFunc(line, unsafeInJSON)
	if start < 0 {
		return line
	}
	out := append(make([]byte, 0, len(line)+16), line[:start]...)
	for i := start; i < len(line); {
		r, size := utf8.DecodeRune(line[i:])
		switch {
		case !unsafeInJSON(r):
			out = append(out, line[i:i+size]...)
		case r > 0xffff:
			high, low := utf16.EncodeRune(r)
			out = fmt.Appendf(out, `\u%04x\u%04x`, high, low)
		default:
			out = fmt.Appendf(out, `\u%04x`, r)
		}
		i += size
	}
	return out
}

func unsafeInJSON(r rune) bool { return r == 0x7f || r >= 0x80 && unsafeRune(r) }
