package importer

import (
	"slices"

	"github.com/hookctl/hookctl/internal/jsontext"
)

// isSchema reports whether an object may be meant as a JSON Schema.
func isSchema(root *jsontext.Object) bool {
	for _, key := range []string{"allOf", "anyOf", "oneOf", "$defs"} {
		if root.Has(key) {
			return true
		}
	}
	if root.Text("$schema") != "" || root.Text("$ref") != "" {
		return true
	}
	if root.Object("properties") != nil || root.Object("definitions") != nil {
		return true
	}
	switch t := root.Get("type").(type) {
	case string:
		return slices.Contains([]string{"object", "array", "string", "number", "integer", "boolean", "null"}, t)
	case []any:
		return len(t) > 0
	}
	return !root.Has("type") && isRules(root)
}

// isRules reports whether an object is rules of JSON Schema and nothing else, one of which
// has a value that data hardly has under such a name.
func isRules(root *jsontext.Object) bool {
	sure := false
	for key, value := range root.All() {
		if kindOf(key) == foreign && !isAnnotation(key) {
			return false
		}
		items, list := value.([]any)
		_, object := value.(*jsontext.Object)
		_, truth := value.(bool)
		switch key {
		case "required":
			sure = sure || list && !slices.ContainsFunc(items, func(item any) bool { _, text := item.(string); return !text })
		case "enum":
			sure = sure || list
		case "const":
			sure = true
		case "not", "if", "then", "else", "items", "contains", "propertyNames", "patternProperties", "additionalProperties",
			"unevaluatedProperties", "dependentRequired", "dependentSchemas", "dependencies":
			sure = sure || object || truth
		}
	}
	return sure
}
