package render

import (
	"bytes"
	"strings"
	"unicode/utf8"
)

// tabColumns is how wide a tab is in an excerpt.
const tabColumns = 4

// An excerpt is a line of text, or what fits of it, around a place. It is safe.
type excerpt struct {
	line string
	// before is how many columns of the line are before the place, under how many the
	// place itself takes: the token there.
	before, under int
}

// excerptAt shows the line of text that offset is in, in at most room columns.
func excerptAt(text []byte, offset, room int) excerpt {
	offset = max(0, min(offset, len(text)))
	start := bytes.LastIndexByte(text[:offset], '\n') + 1
	end := len(text)
	if n := bytes.IndexByte(text[offset:], '\n'); n >= 0 {
		end = offset + n
	}
	end -= len(text[start:end]) - len(bytes.TrimRight(text[start:end], "\r"))
	offset = min(offset, end)
	for offset > start && offset < end && !utf8.RuneStart(text[offset]) {
		offset--
	}
	around := window{text, start, offset, end}
	before, leftAll := around.left(room)
	after, rightAll := around.right(room)
	if !leftAll || !rightAll || columns(before)+columns(after) > room {
		before, after = around.cut(max(1, room-2*len(ellipsis)), columns(before))
	}
	return excerpt{line: before + after, before: columns(before), under: around.token(columns(after))}
}

// A window is a line of text, from start to end, and a place in it.
type window struct {
	text               []byte
	start, offset, end int
}

// cut is what is before the place and what is from there on, in room columns and two
// ellipses. What is before takes wanted columns if it can.
func (w *window) cut(room, wanted int) (before, after string) {
	after, rightAll := w.right(room - min(wanted, room*2/3))
	before, leftAll := w.left(room - columns(after))
	if !leftAll {
		before = ellipsis + before
	}
	if !rightAll {
		after += ellipsis
	}
	return before, after
}

// right is the line from the place on, safe and in at most room columns, and whether
// that is all of it.
func (w *window) right(room int) (string, bool) { return w.shown(w.offset, w.end, room) }

func (w *window) shown(from, to, room int) (string, bool) {
	var b strings.Builder
	for used := 0; from < to; {
		_, size := utf8.DecodeRune(w.text[from:to])
		piece := w.piece(from, size)
		if used += columns(piece); used > room {
			return b.String(), false
		}
		b.WriteString(piece)
		from += size
	}
	return b.String(), true
}

// left is the end of the line up to the place, as right is.
func (w *window) left(room int) (string, bool) {
	from := w.offset
	for used := 0; from > w.start; {
		_, size := utf8.DecodeLastRune(w.text[w.start:from])
		if used += columns(w.piece(from-size, size)); used > room {
			break
		}
		from -= size
	}
	whole, _ := w.shown(from, w.offset, room)
	return whole, from == w.start
}

// piece is the character at i. A second # in a row is not shown as such: it may begin
// what a CI runner takes for a command.
func (w *window) piece(i, size int) string {
	switch c := w.text[i]; {
	case c == '\t':
		return strings.Repeat(" ", tabColumns)
	case c == '#' && i > w.start && w.text[i-1] == '#':
		return `\x23`
	}
	return Safe(string(w.text[i : i+size]))
}

// token is how many columns the token at the place takes, of those shown.
func (w *window) token(shown int) int {
	src := w.text[w.offset:min(w.end, w.offset+maxPointer)]
	if len(src) == 0 || isSpace(src[0]) {
		return 1
	}
	text, _ := w.shown(w.offset, w.offset+min(tokenLen(src), len(src)), shown)
	return max(1, columns(text))
}
