package catalog

import "github.com/hookctl/hookctl/internal/jsontext"

// maxTreeDepth is how deep a schema may be nested to be looked into.
const maxTreeDepth = 200

// parse reads the text of a schema.
func parse(text []byte) (any, error) {
	return jsontext.Parse(text, jsontext.Limits{Depth: maxTreeDepth})
}

// textsOf are the texts that a value is or lists.
func textsOf(value any) []string {
	items, _ := value.([]any)
	if s, ok := value.(string); ok && s != "" {
		items = []any{s}
	}
	var all []string
	for _, item := range items {
		if s, ok := item.(string); ok {
			all = append(all, s)
		}
	}
	return all
}

// eachObject calls visit for every object in a value, and for itself.
func eachObject(value any, visit func(*jsontext.Object)) {
	switch v := value.(type) {
	case *jsontext.Object:
		visit(v)
		for _, inner := range v.All() {
			eachObject(inner, visit)
		}
	case []any:
		for _, item := range v {
			eachObject(item, visit)
		}
	}
}
