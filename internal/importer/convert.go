package importer

import (
	"encoding/json"
	"slices"

	"github.com/hookctl/hookctl/internal/jsontext"
)

// convert says as JSON Schema does what a schema says in the way of OpenAPI 3.0, which is
// also found in documents of 3.1, or of the third draft. out is the copy of source.
func (b *bundle) convert(source, out *jsontext.Object) *jsontext.Object {
	asReference(out)
	b.limits(out)
	b.tuples(out)
	b.dependencies(out)
	types(out)
	examples(source, out)
	oldKeywords(source, out)
	if (source.Truth("nullable") || source.Truth("x-nullable")) && !allows(out, nil) {
		return nullable(out)
	}
	return out
}

// asReference makes the references of which a schema has its own form plain ones.
func asReference(out *jsontext.Object) {
	for _, key := range []string{"$dynamicRef", "$recursiveRef"} {
		if out.Has(key) && !out.Has("$ref") {
			out.Set("$ref", out.Get(key))
		}
		out.Drop(key)
	}
}

// limits turns flags beside a limit into limits of their own. The fourth draft has them
// as flags itself.
func (b *bundle) limits(out *jsontext.Object) {
	if b.draft == draft4 {
		return
	}
	for exclusive, limit := range map[string]string{"exclusiveMinimum": "minimum", "exclusiveMaximum": "maximum"} {
		flag, ok := out.Get(exclusive).(bool)
		if !ok {
			continue
		}
		number, there := out.Get(limit).(json.Number)
		if flag && there {
			out.Set(exclusive, number)
			out.Drop(limit)
		} else {
			out.Drop(exclusive)
		}
	}
}

// tuples says with prefixItems and items what older drafts say with items and
// additionalItems. In the newest draft a list of items can mean nothing else.
func (b *bundle) tuples(out *jsontext.Object) {
	list, tuple := out.Get("items").([]any)
	if b.draft != draft2020 || !tuple || out.Has("prefixItems") {
		return
	}
	rest, more := out.Get("additionalItems"), out.Has("additionalItems")
	out.Drop("items", "additionalItems")
	if len(list) > 0 {
		out.Set("prefixItems", list)
	}
	if more {
		out.Set("items", rest)
	}
}

// dependencies parts what newer drafts have two keywords for.
func (b *bundle) dependencies(out *jsontext.Object) {
	all := out.Object("dependencies")
	if all == nil || age(b.from) >= age(draft2019) || age(b.draft) < age(draft2019) {
		return
	}
	required, schemas := &jsontext.Object{}, &jsontext.Object{}
	for name, value := range all.All() {
		if _, names := value.([]any); names {
			required.Set(name, value)
		} else {
			schemas.Set(name, value)
		}
	}
	out.Drop("dependencies")
	if required.Len() > 0 {
		out.Set("dependentRequired", required)
	}
	if schemas.Len() > 0 {
		out.Set("dependentSchemas", schemas)
	}
}

// types makes of the type what every draft reads: in YAML null may be no text, and any
// means that there is no such rule.
func types(out *jsontext.Object) {
	switch t := out.Get("type").(type) {
	case nil:
		if out.Has("type") {
			out.Set("type", "null")
		}
	case string:
		if t == "any" {
			out.Drop("type")
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
				out.Drop("type")
				return
			}
			if !slices.ContainsFunc(kept, func(other any) bool { return equal(one, other) }) {
				kept = append(kept, one)
			}
		}
		out.Set("type", kept)
	}
}

// examples puts the example of a schema among its examples, which are a list.
func examples(source, out *jsontext.Object) {
	switch all := out.Get("examples").(type) {
	case []any:
	case *jsontext.Object: // by name, as OpenAPI has them elsewhere
		list := []any{}
		for _, one := range all.All() {
			if named, ok := one.(*jsontext.Object); ok && named.Has("value") {
				list = append(list, named.Get("value"))
			} else {
				list = append(list, one)
			}
		}
		out.Set("examples", list)
	default:
		if out.Has("examples") {
			out.Set("examples", []any{all})
		}
	}
	if source.Has("example") && !out.Has("examples") {
		out.Set("examples", []any{source.Get("example")})
	}
}

// oldKeywords says what the third draft says with keywords that are gone.
func oldKeywords(source, out *jsontext.Object) {
	if number, ok := source.Get("divisibleBy").(json.Number); ok && !out.Has("multipleOf") {
		out.Set("multipleOf", number)
	}
	if _, flag := out.Get("required").(bool); flag {
		out.Drop("required") // the object around has it
	}
}

// withoutRequiredFlags returns a schema in which the properties that say of themselves
// that they are required are in its list. It is the same where none does.
func withoutRequiredFlags(source *jsontext.Object) *jsontext.Object {
	properties := source.Object("properties")
	if properties == nil || source.Has("required") && source.List("required") == nil {
		return source
	}
	var flagged []any
	listed := map[any]bool{}
	for _, name := range source.List("required") {
		if text, ok := name.(string); ok {
			listed[text] = true
		}
	}
	for _, name := range properties.Keys() {
		if property := properties.Object(name); property.Truth("required") && !listed[name] {
			flagged = append(flagged, name)
		}
	}
	if len(flagged) == 0 {
		return source
	}
	out := &jsontext.Object{}
	for key, value := range source.All() {
		out.Set(key, value)
	}
	out.Set("required", append(slices.Clone(source.List("required")), flagged...))
	return out
}

// allows reports whether a schema says itself that a value may be v, a scalar, with
// nothing else to be asked.
func allows(out *jsontext.Object, v any) bool {
	for _, key := range []string{"$ref", "allOf", "anyOf", "oneOf", "not", "if", "const"} {
		if out.Has(key) {
			return false
		}
	}
	if out.Has("enum") && !slices.ContainsFunc(out.List("enum"), func(one any) bool { return equal(one, v) }) {
		return false
	}
	switch t := out.Get("type").(type) {
	case string:
		return t == "null"
	case []any:
		return slices.Contains(t, any("null"))
	}
	return true
}

// nullable returns a schema that allows null too.
func nullable(out *jsontext.Object) *jsontext.Object {
	for _, key := range []string{"$ref", "allOf", "anyOf", "oneOf", "not", "if"} {
		if out.Has(key) {
			return nullOr(out)
		}
	}
	switch t := out.Get("type").(type) {
	case string:
		out.Set("type", []any{t, "null"})
	case []any:
		if !slices.Contains(t, any("null")) {
			out.Set("type", append(slices.Clone(t), "null"))
		}
	}
	if values := out.List("enum"); values != nil && !slices.Contains(values, nil) {
		out.Set("enum", append(slices.Clone(values), nil))
	}
	if out.Has("const") && out.Get("const") != nil {
		out.Set("enum", []any{out.Get("const"), nil})
		out.Drop("const")
	}
	return out
}

// nullOr returns a schema that allows null or what inner allows.
func nullOr(inner *jsontext.Object) *jsontext.Object {
	out, null := &jsontext.Object{}, &jsontext.Object{}
	null.Set("type", "null")
	out.Set("anyOf", []any{inner, null})
	for _, key := range slices.Clone(inner.Keys()) {
		if isAnnotation(key) {
			out.Set(key, inner.Get(key))
			inner.Drop(key)
		}
	}
	return out
}
