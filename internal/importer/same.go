package importer

import "github.com/hookctl/hookctl/internal/jsontext"

// sameJSON reports whether two texts are the same JSON.
func sameJSON(a, b []byte) bool {
	values, _, err := parse(a)
	others, _, otherErr := parse(b)
	return err == nil && otherErr == nil && equal(values, others)
}

// equal reports whether two values are the same JSON, in whatever order of keys.
func equal(a, b any) bool {
	switch a := a.(type) {
	case *jsontext.Object:
		b, ok := b.(*jsontext.Object)
		if !ok || a.Len() != b.Len() {
			return false
		}
		for key, value := range a.All() {
			if !b.Has(key) || !equal(value, b.Get(key)) {
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
	if _, container := b.(*jsontext.Object); container {
		return false
	}
	if _, container := b.([]any); container {
		return false
	}
	return a == b
}
