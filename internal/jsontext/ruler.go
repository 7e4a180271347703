package jsontext

import (
	"bytes"
	"unicode/utf8"
)

// A Ruler tells lines and columns of offsets in a text. It is quick where the offsets
// grow from call to call.
type Ruler struct {
	text         []byte
	offset       int
	line, column int
}

// NewRuler is a Ruler for text.
func NewRuler(text []byte) *Ruler { return &Ruler{text: text, line: 1, column: 1} }

// At is the line and column of an offset, both from 1. Columns are in characters, a tab
// is one, and what is not UTF-8 is one for each byte. Lines end with a line feed.
func (r *Ruler) At(offset int) (line, column int) {
	offset = min(max(offset, 0), len(r.text))
	if offset < r.offset {
		r.offset, r.line, r.column = 0, 1, 1
	}
	part := r.text[r.offset:offset]
	if lines := bytes.Count(part, []byte("\n")); lines > 0 {
		r.line += lines
		r.column = 1
		part = part[bytes.LastIndexByte(part, '\n')+1:]
	}
	r.column += utf8.RuneCount(part)
	r.offset = offset
	return r.line, r.column
}
