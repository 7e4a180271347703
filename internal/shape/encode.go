package shape

import (
	"bytes"
	"encoding/json"
	"maps"
	"slices"

	"github.com/hookctl/hookctl/internal/jsontext"
)

// encode is a value as compact JSON, with the members of objects in their order.
func encode(value any) []byte {
	var b bytes.Buffer
	write(&b, value, "", "")
	return b.Bytes()
}

// pretty is a value as JSON that people read, with a line feed at the end.
func pretty(value any) []byte {
	var b bytes.Buffer
	write(&b, value, "\n", "  ")
	b.WriteByte('\n')
	return b.Bytes()
}

// write writes a value; lead is what comes before each member, "" for compact.
func write(b *bytes.Buffer, value any, lead, indent string) {
	switch v := value.(type) {
	case *object:
		writeNested(b, '{', '}', len(v.keys), lead, indent, func(i int, lead string) {
			write(b, v.keys[i], "", "")
			b.WriteByte(':')
			if lead != "" {
				b.WriteByte(' ')
			}
			write(b, v.values[v.keys[i]], lead, indent)
		})
	case []any:
		writeNested(b, '[', ']', len(v), lead, indent, func(i int, lead string) { write(b, v[i], lead, indent) })
	case json.Number:
		b.WriteString(string(v))
	default:
		text, err := jsontext.Marshal(v)
		if err != nil { // parse makes no such value
			text = []byte("null")
		}
		b.Write(text)
	}
}

func writeNested(b *bytes.Buffer, begin, end byte, n int, lead, indent string, item func(i int, lead string)) {
	b.WriteByte(begin)
	for i := range n {
		if i > 0 {
			b.WriteByte(',')
		}
		b.WriteString(lead + indent)
		item(i, lead+indent)
	}
	if n > 0 {
		b.WriteString(lead)
	}
	b.WriteByte(end)
}

// sorted is a value whose objects have their members sorted, and whose numbers are
// written in one way.
func sorted(value any) any {
	switch v := value.(type) {
	case *object:
		o := &object{}
		for _, key := range slices.Sorted(maps.Keys(v.values)) {
			o.set(key, sorted(v.values[key]))
		}
		return o
	case []any:
		list := make([]any, len(v))
		for i, item := range v {
			list[i] = sorted(item)
		}
		return list
	case json.Number:
		return json.Number(canonical(string(v)))
	}
	return value
}
