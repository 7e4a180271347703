package shape

import (
	"encoding/json"
	"slices"

	"github.com/hookctl/hookctl/internal/jsontext"
)

// sortedKeys are the keys of an object, or of none.
func sortedKeys(o *jsontext.Object) []string {
	keys := slices.Clone(o.Keys())
	slices.Sort(keys)
	return keys
}

// sorted is a value whose objects have their members sorted, and whose numbers are
// written in one way.
func sorted(value any) any {
	switch v := value.(type) {
	case *jsontext.Object:
		o := &jsontext.Object{}
		for _, key := range sortedKeys(v) {
			o.Set(key, sorted(v.Get(key)))
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
