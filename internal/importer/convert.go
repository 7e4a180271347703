package importer

import (
	"encoding/json"
	"slices"
)

// convert says as JSON Schema does what a schema says in the way of OpenAPI 3.0, which is
// also found in documents of 3.1, or of the third draft. out is the copy of source.
func (b *bundle) convert(source, out *object) *object {
	asReference(out)
	b.limits(out)
	types(out)
	examples(source, out)
	oldKeywords(source, out)
	if (source.truth("nullable") || source.truth("x-nullable")) && !allows(out, nil) {
		return nullable(out)
	}
	return out
}

// asReference makes the references of which a schema has its own form plain ones.
func asReference(out *object) {
	for _, key := range []string{"$dynamicRef", "$recursiveRef"} {
		if out.has(key) && !out.has("$ref") {
			out.set("$ref", out.get(key))
		}
		out.drop(key)
	}
}

// limits turns flags beside a limit into limits of their own. The fourth draft has them
// as flags itself.
func (b *bundle) limits(out *object) {
	if b.draft == draft4 {
		return
	}
	for exclusive, limit := range map[string]string{"exclusiveMinimum": "minimum", "exclusiveMaximum": "maximum"} {
		flag, ok := out.get(exclusive).(bool)
		if !ok {
			continue
		}
		number, there := out.get(limit).(json.Number)
		if flag && there {
			out.set(exclusive, number)
			out.drop(limit)
		} else {
			out.drop(exclusive)
		}
	}
}

// types makes of the type what every draft reads: in YAML null may be no text, and any
// means that there is no such rule.
func types(out *object) {
	switch t := out.get("type").(type) {
	case nil:
		if out.has("type") {
			out.set("type", "null")
		}
	case string:
		if t == "any" {
			out.drop("type")
		}
	case []any:
		if len(t) > 20 {
			return // compiling it says that this is wrong
		}
		kept := []any{}
		for _, one := range t {
			if one == nil {
				one = "null"
			}
			if one == "any" {
				out.drop("type")
				return
			}
			if !slices.ContainsFunc(kept, func(other any) bool { return equal(one, other) }) {
				kept = append(kept, one)
			}
		}
		out.set("type", kept)
	}
}

// examples puts the example of a schema among its examples, which are a list.
func examples(source, out *object) {
	switch all := out.get("examples").(type) {
	case []any:
	case *object: // by name, as OpenAPI has them elsewhere
		list := []any{}
		for _, name := range all.keys {
			if named, ok := all.values[name].(*object); ok && named.has("value") {
				list = append(list, named.values["value"])
			} else {
				list = append(list, all.values[name])
			}
		}
		out.set("examples", list)
	default:
		if out.has("examples") {
			out.set("examples", []any{all})
		}
	}
	if source.has("example") && !out.has("examples") {
		out.set("examples", []any{source.get("example")})
	}
}

// oldKeywords says what the third draft says with keywords that are gone.
func oldKeywords(source, out *object) {
	if number, ok := source.get("divisibleBy").(json.Number); ok && !out.has("multipleOf") {
		out.set("multipleOf", number)
	}
	if _, flag := out.get("required").(bool); flag {
		out.drop("required") // the object around has it
	}
}

// withoutRequiredFlags returns a schema in which the properties that say of themselves
// that they are required are in its list. It is the same where none does.
func withoutRequiredFlags(source *object) *object {
	properties := source.object("properties")
	if properties == nil || source.has("required") && source.list("required") == nil {
		return source
	}
	var flagged []any
	listed := map[any]bool{}
	for _, name := range source.list("required") {
		if text, ok := name.(string); ok {
			listed[text] = true
		}
	}
	for _, name := range properties.keys {
		if property, ok := properties.values[name].(*object); ok && property.truth("required") && !listed[name] {
			flagged = append(flagged, name)
		}
	}
	if len(flagged) == 0 {
		return source
	}
	out := newObject()
	for _, key := range source.keys {
		out.set(key, source.values[key])
	}
	out.set("required", append(slices.Clone(source.list("required")), flagged...))
	return out
}

// allows reports whether a schema says itself that a value may be v, a scalar, with
// nothing else to be asked.
func allows(out *object, v any) bool {
	for _, key := range []string{"$ref", "allOf", "anyOf", "oneOf", "not", "if", "const"} {
		if out.has(key) {
			return false
		}
	}
	if out.has("enum") && !slices.ContainsFunc(out.list("enum"), func(one any) bool { return equal(one, v) }) {
		return false
	}
	switch t := out.get("type").(type) {
	case string:
		return t == "null"
	case []any:
		return slices.Contains(t, any("null"))
	}
	return true
}

// nullable returns a schema that allows null too.
func nullable(out *object) *object {
	for _, key := range []string{"$ref", "allOf", "anyOf", "oneOf", "not", "if"} {
		if out.has(key) {
			return nullOr(out)
		}
	}
	switch t := out.get("type").(type) {
	case string:
		out.set("type", []any{t, "null"})
	case []any:
		if !slices.Contains(t, any("null")) {
			out.set("type", append(slices.Clone(t), "null"))
		}
	}
	if values := out.list("enum"); values != nil && !slices.Contains(values, nil) {
		out.set("enum", append(slices.Clone(values), nil))
	}
	if out.has("const") && out.get("const") != nil {
		out.set("enum", []any{out.get("const"), nil})
		out.drop("const")
	}
	return out
}

// nullOr returns a schema that allows null or what inner allows.
func nullOr(inner *object) *object {
	out, null := newObject(), newObject()
	null.set("type", "null")
	out.set("anyOf", []any{inner, null})
	for _, key := range slices.Clone(inner.keys) {
		if isAnnotation(key) {
			out.set(key, inner.values[key])
			inner.drop(key)
		}
	}
	return out
}
