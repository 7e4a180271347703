package jsontext

import "encoding/json"

// Compact writes a value that Parse returns, objects in their order and numbers as they
// are written. Texts are as Marshal has them.
func Compact(value any) []byte { return appendValue(nil, value, "", "") }

// Indented is Compact for people: indented by two spaces, with a line feed at the end.
func Indented(value any) []byte { return append(appendValue(nil, value, "\n", "  "), '\n') }

// MarshalJSON is for encoding/json.
func (o *Object) MarshalJSON() ([]byte, error) { return Compact(o), nil }

// appendValue appends a value; lead is what stands before the end of what is nested, and
// with step before each member of it.
func appendValue(out []byte, value any, lead, step string) []byte {
	switch v := value.(type) {
	case *Object:
		out = append(out, '{')
		for i, key := range v.Keys() {
			out = appendValue(separate(out, i, lead+step), key, "", "")
			if out = append(out, ':'); step != "" {
				out = append(out, ' ')
			}
			out = appendValue(out, v.values[key], lead+step, step)
		}
		return end(out, v.Len(), lead, '}')
	case []any:
		out = append(out, '[')
		for i, item := range v {
			out = appendValue(separate(out, i, lead+step), item, lead+step, step)
		}
		return end(out, len(v), lead, ']')
	case json.Number:
		return append(out, v...)
	}
	text, err := Marshal(value)
	if err != nil { // Parse returns no such value
		text = []byte("null")
	}
	return append(out, text...)
}

// separate begins the member at an index.
func separate(out []byte, index int, lead string) []byte {
	if index > 0 {
		out = append(out, ',')
	}
	return append(out, lead...)
}

func end(out []byte, members int, lead string, mark byte) []byte {
	if members > 0 {
		out = append(out, lead...)
	}
	return append(out, mark)
}
