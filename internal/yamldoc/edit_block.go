package yamldoc

import (
	"errors"
	"slices"
	"strings"
)

// changeBlock makes a change in a mapping that is written in lines.
func (e *editor) changeBlock(b block, c Change) (string, error) {
	entries, err := e.scan(b)
	if err != nil {
		return "", err
	}
	i := slices.IndexFunc(entries, func(entry blockEntry) bool { return entry.key == c.Path[0] })
	if i < 0 && c.Value == nil {
		return "", errLayout
	}
	if i < 0 {
		return e.add(b, entries, c.Path[0], nest(c.Path[1:], c.Value)), nil
	}
	entry := entries[i]
	switch {
	case len(c.Path) == 1 && c.Value == nil:
		return e.drop(b, entries, i), nil
	case len(c.Path) == 1 && e.commented(entry, c.Value):
		return "", errComments
	case len(c.Path) == 1:
		return e.put(b, entries, i, c.Value), nil
	case entry.value < entry.stop && e.text[entry.value] == '{':
		return e.changeFlow(entry.value, Change{c.Path[1:], c.Value})
	case entry.value < entry.stop:
		return "", errLayout
	case entry.deep == 0:
		return e.put(b, entries, i, nest(c.Path[1:], c.Value)), nil
	}
	first := skipSpace(e.text, entry.deep)
	if e.text[first] == '{' {
		return e.changeFlow(first, Change{c.Path[1:], c.Value})
	}
	return e.changeBlock(block{from: entry.deep, to: entry.end, indent: e.lineAt(entry.deep).indent}, Change{c.Path[1:], c.Value})
}

// add puts a new entry behind the others, as they are written.
func (e *editor) add(b block, entries []blockEntry, key string, v Value) string {
	at, made := b.to, lines(key, v, b.indent, e.step(b, entries))
	n := len(entries)
	if n > 0 && b.indent > 0 {
		at = entries[n-1].end
	}
	apart := n > 1 && strings.TrimSpace(e.text[entries[n-2].end:entries[n-1].from]) == "" && entries[n-2].end < entries[n-1].from
	if b.indent == 0 && at > b.from {
		before := strings.TrimRight(e.text[b.from:at], "\r\n")
		commented := strings.HasPrefix(before[strings.LastIndexByte(before, '\n')+1:], "#")
		apart = (apart || commented) && !strings.HasSuffix(e.text[:at], "\n"+e.eol)
	}
	if apart {
		made = append([]string{""}, made...)
	}
	return e.insert(at, made)
}

// step is by how much a level is indented: as its neighbours are, or as the file is.
func (e *editor) step(b block, entries []blockEntry) int {
	for _, entry := range entries {
		if entry.deep > 0 && !entry.literal(e.text) {
			if step := e.lineAt(entry.deep).indent - b.indent; step > 0 {
				return step
			}
		}
	}
	for at := 0; at < len(e.text); {
		l := e.lineAt(at)
		if l.indent > 0 && !l.empty() {
			return l.indent
		}
		at = l.next
	}
	return 2
}

// drop takes one entry away with the comment right above it, and with it an empty line
// where two would meet, or one would begin the mapping.
func (e *editor) drop(b block, entries []blockEntry, i int) string {
	from, to := e.commentAbove(b, entries, i), entries[i].end
	if i == 0 && b.indent > 0 && from <= b.from && to < b.to && e.lineAt(to).blank() {
		to = e.lineAt(to).next
	}
	if before := strings.TrimSuffix(e.text[:from], e.eol); len(before) < from && (before == "" || before[len(before)-1] == '\n') &&
		(to == len(e.text) || e.lineAt(to).blank()) {
		from = len(before)
	}
	if to == len(e.text) && !strings.HasSuffix(e.text, "\n") { // the line before ends like this one
		return strings.TrimSuffix(e.text[:from], e.eol)
	}
	return e.replace(from, to, "")
}

// commentAbove is where the comment begins that stands right above an entry, or the entry
// itself where none does. One that begins the file is about all of it.
func (e *editor) commentAbove(b block, entries []blockEntry, i int) int {
	from, since := entries[i].from, 0
	switch {
	case i > 0:
		since = entries[i-1].end
	case b.indent == 0:
		return from
	}
	for from > since {
		start := strings.LastIndexByte(e.text[:from-1], '\n') + 1
		if l := e.lineAt(start); l.blank() || !l.empty() || l.indent != b.indent {
			break
		}
		from = start
	}
	return from
}

// errComments is the error of a value that has comments in it, which another would lose.
var errComments = errors.New("comments inside of a value would be lost")

// commented reports whether comments would be lost if an entry got the value v.
func (e *editor) commented(entry blockEntry, v Value) bool {
	switch {
	case entry.value < entry.stop:
		c := e.text[entry.value]
		return (c == '{' || c == '[') && hasComment(e.text[entry.value:entry.stop])
	case entry.deep == 0 || !hasComment(e.text[entry.deep:entry.last]):
		return false
	}
	items, ok := v.(List)
	if !ok || !dash(e.lineAt(entry.deep)) {
		return true
	}
	_, err := e.putItems(entry, items)
	return err != nil
}

// put gives an entry another value.
func (e *editor) put(b block, entries []blockEntry, i int, v Value) string {
	entry := entries[i]
	fields, mapped := v.(Mapping)
	text := v.inline(false)
	switch {
	case entry.value == entry.stop && entry.deep == 0 && mapped && len(fields) > 0:
		step := e.step(b, entries)
		var made []string
		for _, f := range fields {
			made = append(made, lines(f.Key, f.Value, b.indent+step, step)...)
		}
		return e.insert(entry.end, made)
	case entry.value == entry.stop && entry.deep == 0: // nothing
		return e.replace(entry.colon, entry.colon, " "+text)
	case entry.value == entry.stop: // the value stands on the lines below
		if items, ok := v.(List); ok && dash(e.lineAt(entry.deep)) {
			if made, err := e.putItems(entry, items); err == nil {
				return made
			}
		}
		cut := &editor{text: e.replace(entry.deep, e.lineAt(entry.last).next, ""), eol: e.eol}
		return cut.replace(entry.colon, entry.colon, " "+text)
	case entry.deep > 0: // a text that goes on below
		cut := &editor{text: e.replace(entry.deep, e.lineAt(entry.last).next, ""), eol: e.eol}
		return cut.replace(entry.value, entry.stop, text)
	}
	return e.replace(entry.value, entry.stop, text)
}

// putItems gives a list that has its items one a line other items. Those that stay keep
// their lines, where the order does not change.
func (e *editor) putItems(entry blockEntry, items List) (string, error) {
	var b strings.Builder
	b.WriteString(e.text[:entry.deep])
	end := e.lineAt(entry.last).next
	indent := e.lineAt(entry.deep).indent
	written := 0
	rest := func(until int) {
		for ; written < until; written++ {
			b.WriteString(strings.Repeat(" ", indent) + "- " + Text(items[written]).inline(false) + e.eol)
		}
	}
	for at := entry.deep; at < end; {
		l := e.lineAt(at)
		switch {
		case l.empty():
			b.WriteString(e.text[at:l.next])
		case !dash(l) || l.indent != indent:
			return "", errors.New("its items are more than one line each")
		default:
			item := itemText(l)
			if j := slices.Index(items[written:], item); j >= 0 {
				rest(written + j)
				b.WriteString(e.text[at:l.next])
				written++
			}
		}
		at = l.next
	}
	if made := b.String(); !strings.HasSuffix(made, "\n") && written < len(items) {
		b.WriteString(e.eol)
	}
	rest(len(items))
	b.WriteString(e.text[end:])
	return b.String(), nil
}

// itemText is what the item of a list on a line says.
func itemText(l line) string {
	text := strings.TrimLeft(l.text[l.indent+1:], " ")
	if text == "" {
		return ""
	}
	end := plainEnd(text, 0)
	if text[0] == '"' || text[0] == '\'' {
		if stop, err := quoteEnd(text, 0); err == nil {
			end = stop
		}
	}
	return unquoted(text[:end])
}
