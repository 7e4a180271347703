package jsontext

import (
	"bytes"
	"encoding/json"
	"iter"
	"slices"
	"strings"
)

// Lookup returns the part of a JSON text that path leads to, as it is written.
// Of a repeated key it takes the last, as most parsers do. It reads no more than
// it must and does not notice every fault of the text: where it returns a part
// of a faulty one, no parser need agree.
func Lookup(text []byte, path Path) ([]byte, bool) {
	for _, step := range path {
		text = trimSpace(text)
		var ok bool
		if step.Key != "" {
			text, ok = inObject(text, step.Key)
		} else {
			text, ok = inArray(text, step.Index)
		}
		if !ok {
			return nil, false
		}
	}
	text = trimSpace(text)
	end := skipValue(text, 0)
	if end <= 0 {
		return nil, false
	}
	return text[:end], true
}

// Items returns the items of a JSON array, as they are written; false for any
// other text.
func Items(text []byte) ([][]byte, bool) {
	text = trimSpace(text)
	if len(text) == 0 || text[0] != '[' {
		return nil, false
	}
	items := [][]byte{}
	for item := range elements(text) {
		items = append(items, item)
	}
	return items, true
}

// FirstKey returns the first key of an object whose value is an object or array,
// else its first key.
func FirstKey(text []byte) (string, bool) {
	first, found := "", false
	for key, value := range members(trimSpace(text)) {
		if name, ok := unquote(key); ok && (value[0] == '{' || value[0] == '[') {
			return name, true
		} else if ok && !found {
			first, found = name, true
		}
	}
	return first, found
}

// Plain returns what a value says without JSON's own marks: the characters of a
// string, a number or word as it is written, and any other value as its text.
// null says nothing.
func Plain(value []byte) (string, bool) {
	switch {
	case len(value) == 0 || string(value) == "null":
		return "", false
	case value[0] == '"':
		return unquote(value)
	}
	return string(value), true
}

func unquote(quoted []byte) (string, bool) {
	if len(quoted) < 2 {
		return "", false
	}
	if inner := quoted[1 : len(quoted)-1]; bytes.IndexByte(inner, '\\') < 0 {
		return strings.ToValidUTF8(string(inner), "\uFFFD"), true
	}
	var s string
	err := json.Unmarshal(quoted, &s)
	return s, err == nil
}

func inObject(text []byte, key string) ([]byte, bool) {
	var found []byte
	for name, value := range members(text) {
		if isKey(name, key) {
			found = value
		}
	}
	return found, found != nil
}

// Ambiguous returns the key, as text has it, by which a parser may find something else
// at path than Lookup does: one that is there twice, or in another case, as many
// parsers match keys in any case.
func Ambiguous(text []byte, path Path) (key string, found bool) {
	for _, step := range path {
		text = trimSpace(text)
		if step.Key != "" {
			key, text, found = soleMember(text, step.Key)
		} else {
			text, _ = inArray(text, step.Index)
		}
		if found || text == nil {
			return key, found
		}
	}
	return "", false
}

// soleMember returns the value of key, or the key of another member that may be taken
// for that of key.
func soleMember(text []byte, key string) (other string, value []byte, found bool) {
	for name, v := range members(text) {
		plain, ok := unquote(name)
		if !ok || !strings.EqualFold(plain, key) {
			continue
		}
		if plain != key || value != nil {
			return plain, nil, true
		}
		value = v
	}
	return "", value, false
}

// isKey reports whether name, which has its quotes, is key.
func isKey(name []byte, key string) bool {
	if bytes.IndexByte(name, '\\') < 0 {
		return len(name) == len(key)+2 && string(name[1:len(name)-1]) == key
	}
	plain, ok := unquote(name)
	return ok && plain == key
}

// Members are the members of an object, for several lookups in one text.
type Members []member

type member struct{ name, value []byte }

// MembersOf returns the members of the object that text is, up to where it is
// faulty; none where it is something else.
func MembersOf(text []byte) Members {
	if text = trimSpace(text); len(text) == 0 || text[0] != '{' {
		return nil
	}
	all := make(Members, 0, 16)
	for name, value := range members(text) {
		all = append(all, member{name, value})
	}
	return all
}

// Keys goes over the keys, as they are written between their quotes.
func (all Members) Keys() iter.Seq[[]byte] {
	return func(yield func([]byte) bool) {
		for _, m := range all {
			if !yield(m.name[1 : len(m.name)-1]) {
				return
			}
		}
	}
}

// Lookup does what the function Lookup does in the text of the members. A path that
// does not begin with a key leads nowhere.
func (all Members) Lookup(path Path) ([]byte, bool) {
	if len(path) == 0 || path[0].Key == "" {
		return nil, false
	}
	for _, m := range slices.Backward(all) {
		if isKey(m.name, path[0].Key) {
			return Lookup(m.value, path[1:])
		}
	}
	return nil, false
}

func inArray(text []byte, index int) ([]byte, bool) {
	for item := range elements(text) {
		if index == 0 {
			return item, true
		}
		index--
	}
	return nil, false
}

// members goes over the members of an object until it ends or is faulty. Keys
// come with their quotes.
func members(text []byte) iter.Seq2[[]byte, []byte] {
	return func(yield func(key, value []byte) bool) {
		if len(text) == 0 || text[0] != '{' {
			return
		}
		for at := skipSpace(text, 1); at < len(text) && text[at] == '"'; {
			end := skipString(text, at)
			if end < 0 {
				return
			}
			key := text[at:end]
			at = skipSpace(text, end)
			if at >= len(text) || text[at] != ':' {
				return
			}
			at = skipSpace(text, at+1)
			if end = skipValue(text, at); end <= at {
				return
			}
			if !yield(key, text[at:end]) {
				return
			}
			if at = skipSpace(text, end); at >= len(text) || text[at] != ',' {
				return
			}
			at = skipSpace(text, at+1)
		}
	}
}

// elements goes over the items of an array until it ends or is faulty.
func elements(text []byte) iter.Seq[[]byte] {
	return func(yield func([]byte) bool) {
		if len(text) == 0 || text[0] != '[' {
			return
		}
		for at := skipSpace(text, 1); at < len(text); at = skipSpace(text, at+1) {
			end := skipValue(text, at)
			if end <= at || !yield(text[at:end]) {
				return
			}
			if at = skipSpace(text, end); at >= len(text) || text[at] != ',' {
				return
			}
		}
	}
}

// skipValue returns where the value that begins at at ends, or -1.
func skipValue(text []byte, at int) int {
	if at >= len(text) {
		return -1
	}
	switch text[at] {
	case '"':
		return skipString(text, at)
	case '{', '[':
		return skipNested(text, at)
	case '}', ']', ',', ':':
		return -1
	}
	end := at
	for end < len(text) && !isDelimiter(text[end]) {
		end++
	}
	return end
}

func skipNested(text []byte, at int) int {
	depth := 0
	for at < len(text) {
		switch text[at] {
		case '"':
			if at = skipString(text, at); at < 0 {
				return -1
			}
			continue
		case '{', '[':
			depth++
		case '}', ']':
			if depth--; depth == 0 {
				return at + 1
			}
		}
		at++
	}
	return -1
}

// skipString returns what follows the string that begins at at, or -1.
func skipString(text []byte, at int) int {
	for from := at + 1; ; {
		i := bytes.IndexByte(text[from:], '"')
		if i < 0 {
			return -1
		}
		end := from + i
		escapes := 0
		for text[end-1-escapes] == '\\' && end-1-escapes > at {
			escapes++
		}
		if escapes%2 == 0 {
			return end + 1
		}
		from = end + 1
	}
}

func skipSpace(text []byte, at int) int {
	for at < len(text) && isSpace(text[at]) {
		at++
	}
	return at
}

func trimSpace(text []byte) []byte { return text[skipSpace(text, 0):] }

func isSpace(c byte) bool { return c == ' ' || c == '\n' || c == '\t' || c == '\r' }

func isDelimiter(c byte) bool {
	return isSpace(c) || c == ',' || c == ']' || c == '}' || c == ':' || c == '"' || c == '{' || c == '['
}
