package importer

// A keywordKind says what the value of a keyword is.
type keywordKind int

const (
	foreign     keywordKind = iota // not a keyword of JSON Schema
	plain                          // data, and annotations
	oneSchema                      // a schema
	schemaList                     // a list of schemas
	schemaMap                      // schemas by name
	someSchemas                    // a schema or a list of schemas
	dependency                     // schemas or lists of names, by name
	definitions                    // schemas by name for others to refer to
	naming                         // an address or anchor
	reference
)

// kindOf says what the value of a keyword is.
func kindOf(keyword string) keywordKind {
	switch keyword {
	case "$ref", "$dynamicRef", "$recursiveRef":
		return reference
	case "$schema", "$id", "$anchor", "$dynamicAnchor", "$recursiveAnchor", "$vocabulary":
		return naming
	case "$defs", "definitions":
		return definitions
	case "properties", "patternProperties", "dependentSchemas":
		return schemaMap
	case "dependencies":
		return dependency
	case "allOf", "anyOf", "oneOf", "prefixItems":
		return schemaList
	case "items":
		return someSchemas
	case "additionalItems", "additionalProperties", "unevaluatedItems", "unevaluatedProperties", "contains", "not",
		"if", "then", "else", "propertyNames", "contentSchema":
		return oneSchema
	case "type", "enum", "const", "multipleOf", "maximum", "exclusiveMaximum", "minimum", "exclusiveMinimum",
		"maxLength", "minLength", "pattern", "maxItems", "minItems", "uniqueItems", "maxContains", "minContains",
		"maxProperties", "minProperties", "required", "dependentRequired", "format", "contentEncoding", "contentMediaType",
		"$comment", "title", "description", "default", "deprecated", "readOnly", "writeOnly", "examples":
		return plain
	}
	return foreign
}

// isAnnotation reports whether a keyword allows and forbids nothing.
func isAnnotation(keyword string) bool {
	switch keyword {
	case "$comment", "title", "description", "default", "deprecated", "readOnly", "writeOnly", "examples", "example",
		"summary", "externalDocs", "xml":
		return true
	}
	return len(keyword) > 1 && keyword[:2] == "x-"
}
