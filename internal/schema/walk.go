package schema

import (
	"maps"
	"slices"
	"strconv"

	"github.com/hookctl/hookctl/internal/jsontext"
)

// A place says which schemas the value of a keyword holds.
type place int

const (
	isSchema place = 1 << iota // the value is a schema
	inList                     // its items are
	inObject                   // the values of its members are
)

// places are the keywords of all drafts that hold schemas.
func places(keyword string) place {
	switch keyword {
	case "not", "additionalProperties", "additionalItems", "propertyNames", "contains", "if", "then", "else",
		"unevaluatedProperties", "unevaluatedItems", "contentSchema":
		return isSchema
	case "items":
		return isSchema | inList
	case "allOf", "anyOf", "oneOf", "prefixItems":
		return inList
	case "properties", "patternProperties", "definitions", "$defs", "dependentSchemas", "dependencies":
		return inObject
	}
	return 0
}

// A subschema is a schema inside another: below is its pointer from there.
type subschema struct {
	below string
	node  any
}

// subschemas are the schemas right inside a schema, in a fixed order. What only looks
// like one, such as a member of an enum or a default, is not among them.
func subschemas(object map[string]any) []subschema {
	var all []subschema
	for _, keyword := range slices.Sorted(maps.Keys(object)) {
		where := places(keyword)
		if where == 0 {
			continue
		}
		switch value := object[keyword].(type) {
		case map[string]any:
			if where&isSchema != 0 {
				all = append(all, subschema{jsontext.Pointer(keyword), value})
				continue
			}
			for _, name := range slices.Sorted(maps.Keys(value)) {
				if _, isList := value[name].([]any); where&inObject != 0 && !isList {
					all = append(all, subschema{jsontext.Pointer(keyword, name), value[name]})
				}
			}
		case []any:
			for i, item := range value {
				if where&inList != 0 {
					all = append(all, subschema{jsontext.Pointer(keyword, strconv.Itoa(i)), item})
				}
			}
		}
	}
	return all
}
