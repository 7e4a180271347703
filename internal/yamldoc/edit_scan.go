package yamldoc

import (
	"errors"
	"strings"
)

// A block is the lines of one mapping, and how far these are indented.
type block struct{ from, to, indent int }

// A blockEntry is one entry of a mapping in lines, by its places in the text.
type blockEntry struct {
	key string
	// from is where its first line begins, end where the line behind its last begins:
	// comments that are indented deeper are part of it.
	from, end int
	// colon is behind the colon. value is where the value begins on that line, stop where
	// it ends, on whatever line; both are colon where nothing stands there.
	colon, value, stop int
	// deep is where the first line below the key begins that is part of the value, last
	// where the last one ends; 0 where there is none.
	deep, last int
}

// literal reports whether the value is text in lines, behind a sign.
func (b *blockEntry) literal(text string) bool {
	return b.value < b.stop && (text[b.value] == '|' || text[b.value] == '>')
}

var errLayout = errors.New("its lines are not understood")

// scan returns the entries of a mapping in lines.
func (e *editor) scan(b block) ([]blockEntry, error) {
	var entries []blockEntry
	for at := b.from; at < b.to; {
		l := e.lineAt(at)
		var last *blockEntry
		if n := len(entries); n > 0 {
			last = &entries[n-1]
		}
		switch {
		case l.blank(), l.empty() && l.indent <= b.indent:
		case l.indent > b.indent && last == nil:
			if !l.empty() {
				return nil, errLayout
			}
		case l.indent > b.indent, dash(l) && last.value == last.stop && l.indent == b.indent:
			if last.end = l.next; !l.empty() || last.literal(e.text) {
				last.last = at + len(l.text)
				if last.deep == 0 {
					last.deep = at
				}
			}
		case l.indent < b.indent:
			return nil, errLayout
		default:
			entry, err := e.entryAt(at, l)
			if err != nil {
				return nil, err
			}
			entries = append(entries, entry)
			at = entry.end
			continue
		}
		at = l.next
	}
	return entries, nil
}

// dash reports whether a line is an item of a list.
func dash(l line) bool {
	rest, ok := strings.CutPrefix(l.text[l.indent:], "-")
	return ok && (rest == "" || rest[0] == ' ')
}

// entryAt is the entry whose key stands on the line that begins at at, as far as that
// line, or the brackets and quotes that open there, go.
func (e *editor) entryAt(at int, l line) (blockEntry, error) {
	eol := at + len(l.text)
	keyFrom := at + l.indent
	keyTo, err := e.keyEnd(keyFrom, eol)
	if err != nil {
		return blockEntry{}, err
	}
	colon := keyTo
	for colon < eol && e.text[colon] == ' ' {
		colon++
	}
	if colon == eol || e.text[colon] != ':' {
		return blockEntry{}, errLayout
	}
	entry := blockEntry{key: unquoted(e.text[keyFrom:keyTo]), from: at, end: l.next, colon: colon + 1}
	entry.value, entry.stop = entry.colon, entry.colon
	start := entry.colon
	for start < eol && strings.IndexByte(" \t", e.text[start]) >= 0 {
		start++
	}
	if start == eol || e.text[start] == '#' {
		return entry, nil
	}
	entry.value = start
	switch e.text[start] {
	case '"', '\'':
		entry.stop, err = quoteEnd(e.text, start)
	case '{', '[':
		entry.stop, err = bracketEnd(e.text, start)
	default:
		entry.stop = plainEnd(e.text[:eol], start)
	}
	if err == nil && entry.stop > eol {
		entry.end = e.lineAt(entry.stop).next
	}
	return entry, err
}

// keyEnd is where the key ends that begins at at.
func (e *editor) keyEnd(at, eol int) (int, error) {
	if e.text[at] == '"' || e.text[at] == '\'' {
		end, err := quoteEnd(e.text, at)
		if err != nil || end > eol {
			return 0, errLayout
		}
		return end, nil
	}
	for i := at; i < eol; i++ {
		if e.text[i] == ':' && (i+1 == eol || strings.IndexByte(" \t", e.text[i+1]) >= 0) {
			return at + len(strings.TrimRight(e.text[at:i], " ")), nil
		}
	}
	return 0, errLayout
}

// plainEnd is where a word without quotes ends on its line: before a comment.
func plainEnd(text string, at int) int {
	for i := at; i < len(text); i++ {
		if text[i] == '#' && (i == 0 || text[i-1] == ' ' || text[i-1] == '\t') {
			text = text[:i]
		}
	}
	return at + len(strings.TrimRight(text[at:], " \t"))
}
