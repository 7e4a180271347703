// Package jsontext reads and writes JSON that is exact, keeps its order, and can be printed
// anywhere.
package jsontext

import (
	"bytes"
	"encoding/json"
	"fmt"
	"unicode"
	"unicode/utf16"
	"unicode/utf8"
)

// Marshal is v as compact JSON in which <, > and & stay as they are, and every
// character that a terminal would act on rather than show is an escape, which any
// JSON reader turns back.
func Marshal(v any) ([]byte, error) {
	var buf bytes.Buffer
	enc := json.NewEncoder(&buf)
	enc.SetEscapeHTML(false)
	if err := enc.Encode(v); err != nil {
		return nil, err
	}
	return escape(bytes.TrimSuffix(buf.Bytes(), []byte("\n"))), nil
}

// escape works on valid JSON without white space between its tokens: what is not
// printable then stands in strings only. The encoder has done what is below U+0020.
func escape(data []byte) []byte {
	start := bytes.IndexFunc(data, unprintable)
	if start < 0 {
		return data
	}
	out := append(make([]byte, 0, len(data)+len(data)/8), data[:start]...)
	for i := start; i < len(data); {
		r, size := utf8.DecodeRune(data[i:])
		switch {
		case !unprintable(r):
			out = append(out, data[i:i+size]...)
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

func unprintable(r rune) bool { return r > 0x7e && !unicode.IsPrint(r) || r == 0x7f }
