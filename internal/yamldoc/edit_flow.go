package yamldoc

import (
	"errors"
	"strings"
)

// A flowEntry is one entry of a mapping in braces, by its places in the text.
type flowEntry struct {
	key      string
	from, to int // key and value
	// colon is where the colon stands, 0 where there is none; value where the value
	// begins, which ends at to.
	colon, value int
	comma        int // 0 where none follows
}

var errUnreadable = errors.New("its brackets and quotes are not understood")

// changeFlow makes a change in the mapping whose brace stands at at.
func (e *editor) changeFlow(at int, c Change) (string, error) {
	entries, err := e.flowEntries(at)
	if err != nil {
		return "", err
	}
	for i, entry := range entries {
		if entry.key != c.Path[0] {
			continue
		}
		switch {
		case len(c.Path) == 1 && c.Value == nil:
			return e.dropFlow(entries, i), nil
		case len(c.Path) > 1 && entry.value < entry.to && e.text[entry.value] == '{':
			return e.changeFlow(entry.value, Change{c.Path[1:], c.Value})
		case entry.colon == 0:
			return e.replace(entry.to, entry.to, ": "+nest(c.Path[1:], c.Value).inline(true)), nil
		case entry.value == entry.to: // nothing follows the colon
			return e.replace(entry.colon+1, entry.colon+1, " "+nest(c.Path[1:], c.Value).inline(true)), nil
		}
		if hasComment(e.text[entry.value:entry.to]) {
			return "", errComments
		}
		lead := ""
		if entry.value == entry.colon+1 {
			lead = " "
		}
		return e.replace(entry.value, entry.to, lead+nest(c.Path[1:], c.Value).inline(true)), nil
	}
	if c.Value == nil {
		return "", errUnreadable
	}
	added := keyText(c.Path[0]) + ": " + nest(c.Path[1:], c.Value).inline(true)
	if len(entries) == 0 {
		return e.replace(at+1, at+1, added), nil
	}
	last := entries[len(entries)-1].to
	return e.replace(last, last, ", "+added), nil
}

// dropFlow takes one entry away, with the comma that parts it from the others.
func (e *editor) dropFlow(entries []flowEntry, i int) string {
	from, to := entries[i].from, entries[i].to
	if i+1 < len(entries) {
		if to = entries[i].comma + 1; strings.TrimSpace(e.text[to:entries[i+1].from]) == "" && !strings.Contains(e.text[to:entries[i+1].from], "\n") {
			to = entries[i+1].from
		}
		return e.replace(from, to, "")
	}
	if i == 0 {
		if entries[i].comma > 0 {
			to = entries[i].comma + 1
		}
		return e.replace(from, to, "")
	}
	comma := entries[i-1].comma
	between := e.text[comma+1 : from]
	if strings.TrimSpace(between) == "" {
		between = ""
	}
	return e.text[:comma] + between + e.text[to:]
}

// flowEntries are the entries of the mapping whose brace stands at at.
func (e *editor) flowEntries(at int) ([]flowEntry, error) {
	var entries []flowEntry
	for i := at + 1; ; {
		i = skipSpace(e.text, i)
		if i >= len(e.text) {
			return nil, errUnreadable
		}
		if e.text[i] == '}' {
			return entries, nil
		}
		entry, err := e.flowEntry(i)
		if err != nil {
			return nil, err
		}
		if i = skipSpace(e.text, entry.to); entry.value > 0 && entry.value == entry.to {
			i = skipSpace(e.text, entry.colon+1)
		}
		if i < len(e.text) && e.text[i] == ',' {
			entry.comma = i
			i++
		} else if i >= len(e.text) || e.text[i] != '}' {
			return nil, errUnreadable
		}
		entries = append(entries, entry)
	}
}

func (e *editor) flowEntry(at int) (flowEntry, error) {
	end, err := scalarEnd(e.text, at)
	if err != nil || end == at {
		return flowEntry{}, errUnreadable
	}
	entry := flowEntry{key: unquoted(e.text[at:end]), from: at, to: end}
	colon := skipSpace(e.text, end)
	if colon >= len(e.text) || e.text[colon] != ':' {
		key, _, parted := strings.Cut(e.text[at:end], ":")
		if parted && strings.IndexByte(`"'`, e.text[at]) < 0 { // {a:1}, which is read like {a: 1}
			entry.key, entry.colon, entry.value = key, at+len(key), at+len(key)+1
		}
		return entry, nil
	}
	entry.colon = colon
	entry.value = skipSpace(e.text, colon+1)
	if entry.value < len(e.text) && strings.IndexByte(",}", e.text[entry.value]) >= 0 {
		entry.value, entry.to = colon+1, colon+1
		return entry, nil
	}
	entry.to, err = valueEnd(e.text, entry.value)
	return entry, err
}

// valueEnd is where the value that begins at at ends, which stands in brackets.
func valueEnd(text string, at int) (int, error) {
	if at < len(text) && (text[at] == '{' || text[at] == '[') {
		return bracketEnd(text, at)
	}
	return scalarEnd(text, at)
}

// bracketEnd is behind the bracket that closes the one at at.
func bracketEnd(text string, at int) (int, error) {
	depth := 0
	for i := at; i < len(text); {
		switch c := text[i]; {
		case c == '{' || c == '[':
			depth++
			i++
		case c == '}' || c == ']':
			if depth--; depth == 0 {
				return i + 1, nil
			}
			i++
		case c == ',' || c == ':':
			i++
		case c == ' ' || c == '\t' || c == '\n' || c == '\r' || c == '#':
			next := skipSpace(text, i)
			if next == i {
				return 0, errUnreadable
			}
			i = next
		default:
			end, err := scalarEnd(text, i)
			if err != nil || end == i {
				return 0, errUnreadable
			}
			i = end
		}
	}
	return 0, errUnreadable
}

// scalarEnd is where the word in brackets ends that begins at at.
func scalarEnd(text string, at int) (int, error) {
	if at < len(text) && (text[at] == '"' || text[at] == '\'') {
		return quoteEnd(text, at)
	}
	end := at
	for i := at; i < len(text); i++ {
		switch c := text[i]; {
		case strings.IndexByte(",[]{}", c) >= 0:
			return end, nil
		case c == ':' && (i+1 == len(text) || strings.IndexByte(" \t\r\n,[]{}", text[i+1]) >= 0):
			return end, nil
		case c == '#' && i > at && strings.IndexByte(" \t\n", text[i-1]) >= 0:
			return end, nil
		case c == ' ' || c == '\t' || c == '\r' || c == '\n':
		default:
			end = i + 1
		}
	}
	return end, nil
}

// quoteEnd is behind the quote that closes the one at at.
func quoteEnd(text string, at int) (int, error) {
	quote := text[at]
	for i := at + 1; i < len(text); i++ {
		switch {
		case text[i] == '\\' && quote == '"':
			i++
		case text[i] == quote && quote == '\'' && i+1 < len(text) && text[i+1] == quote:
			i++
		case text[i] == quote:
			return i + 1, nil
		}
	}
	return 0, errUnreadable
}

// skipSpace is the next place from at where neither space nor a comment is.
func skipSpace(text string, at int) int {
	for at < len(text) {
		switch {
		case strings.IndexByte(" \t\r\n", text[at]) >= 0:
			at++
		case text[at] == '#' && (at == 0 || strings.IndexByte(" \t\n", text[at-1]) >= 0):
			end := strings.IndexByte(text[at:], '\n')
			if end < 0 {
				return len(text)
			}
			at += end
		default:
			return at
		}
	}
	return at
}

// hasComment reports whether there is a comment in a part of a text, outside of quotes.
func hasComment(text string) bool {
	begins := true // a word, where a quote opens
	for i := 0; i < len(text); i++ {
		c := text[i]
		switch {
		case c == '#' && (i == 0 || strings.IndexByte(" \t\n", text[i-1]) >= 0):
			return true
		case begins && (c == '"' || c == '\''):
			if end, err := quoteEnd(text, i); err == nil {
				i = end - 1
			}
		}
		begins = strings.IndexByte(" \t\n[{,:", c) >= 0
	}
	return false
}

// unquoted is what a key says.
func unquoted(text string) string {
	if text == "" || text[0] != '"' && text[0] != '\'' {
		return text
	}
	node, err := ParseValue("key", text)
	if err != nil {
		return text
	}
	word, _ := node.Text()
	return word
}
