package importer

import (
	"encoding/json"
	"fmt"

	"github.com/hookctl/hookctl/internal/jsontext"
)

// encode writes a value as a file has it: indented, with a line end.
func encode(value any) []byte {
	return append(appendValue(nil, value, "\n"), '\n')
}

// appendValue appends a value; indent is what a line of it begins with.
func appendValue(out []byte, value any, indent string) []byte {
	inner := indent + "  "
	switch v := value.(type) {
	case *object:
		if len(v.keys) == 0 {
			return append(out, "{}"...)
		}
		out = append(out, '{')
		for i, key := range v.keys {
			if i > 0 {
				out = append(out, ',')
			}
			out = append(appendText(append(out, inner...), key), ": "...)
			out = appendValue(out, v.values[key], inner)
		}
		return append(append(out, indent...), '}')
	case []any:
		if len(v) == 0 {
			return append(out, "[]"...)
		}
		out = append(out, '[')
		for i, item := range v {
			if i > 0 {
				out = append(out, ',')
			}
			out = appendValue(append(out, inner...), item, inner)
		}
		return append(append(out, indent...), ']')
	case string:
		return appendText(out, v)
	case json.Number:
		return append(out, v...)
	case bool:
		return fmt.Append(out, v)
	}
	return append(out, "null"...)
}

func appendText(out []byte, text string) []byte {
	quoted, err := jsontext.Marshal(text)
	if err != nil {
		panic(err) // of a string, which always can be written
	}
	return append(out, quoted...)
}

// sameJSON reports whether two texts are the same JSON.
func sameJSON(a, b []byte) bool {
	values, _, err := parse(a)
	others, _, otherErr := parse(b)
	return err == nil && otherErr == nil && equal(values, others)
}

// equal reports whether two values are the same JSON, in whatever order of keys.
func equal(a, b any) bool {
	switch a := a.(type) {
	case *object:
		b, ok := b.(*object)
		if !ok || len(a.keys) != len(b.keys) {
			return false
		}
		for _, key := range a.keys {
			if !b.has(key) || !equal(a.values[key], b.values[key]) {
				return false
			}
		}
		return true
	case []any:
		b, ok := b.([]any)
		if !ok || len(a) != len(b) {
			return false
		}
		for i := range a {
			if !equal(a[i], b[i]) {
				return false
			}
		}
		return true
	}
	if _, container := b.(*object); container {
		return false
	}
	if _, container := b.([]any); container {
		return false
	}
	return a == b
}
