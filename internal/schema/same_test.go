package schema_test

import (
	"encoding/json"
	"math/rand/v2"
	"strings"
	"testing"

	"github.com/hookctl/hookctl/internal/hook"
	"github.com/hookctl/hookctl/internal/schema"
	"github.com/santhosh-tekuri/jsonschema/v5"
)

// A maker makes schemas and texts that have much to do with each other.
type maker struct{ *rand.Rand }

func (m maker) pick(from ...string) string { return from[m.IntN(len(from))] }

func (m maker) value(depth int) any {
	switch n := m.IntN(9); {
	case n < 3 && depth > 0:
		object := map[string]any{}
		for range m.IntN(4) {
			object[m.pick("a", "b", "c", "xa", "")] = m.value(depth - 1)
		}
		return object
	case n < 6 && depth > 0:
		list := []any{}
		for range m.IntN(4) {
			list = append(list, m.value(depth-1))
		}
		return list
	}
	return []any{nil, true, false, "", "a", "bc", json.Number("1"), json.Number("1.0"), json.Number("-2"), json.Number("0.5")}[m.IntN(10)]
}

func (m maker) schema(depth int, draft string) any {
	if depth == 0 || m.IntN(12) == 0 {
		return []any{true, map[string]any{}, map[string]any{"type": m.pick("string", "integer", "object", "array")}, false}[m.IntN(4)]
	}
	inner := func() any { return m.schema(depth-1, draft) }
	some := func() []any { return []any{inner(), inner()} }
	named := func(names ...string) map[string]any {
		return map[string]any{m.pick(names...): inner(), m.pick(names...): inner()}
	}
	object := map[string]any{}
	for range 1 + m.IntN(3) {
		switch m.IntN(24) {
		case 0:
			object["type"] = []any{m.pick("string", "null"), m.pick("object", "array"), m.pick("integer", "number")}
		case 1:
			object["enum"] = []any{m.value(1), m.value(1), m.value(2)}
		case 2:
			object["const"] = m.value(1)
		case 3:
			object["required"] = []any{m.pick("a", "b")}
		case 4, 5:
			object["properties"] = named("a", "b", "")
		case 6:
			object["patternProperties"] = named("^x", "a$")
		case 7:
			object["additionalProperties"] = inner()
		case 8:
			object["propertyNames"] = map[string]any{"maxLength": json.Number("1")}
		case 9, 10:
			if object["items"] = inner(); draft != "2020-12" && m.IntN(2) == 0 {
				object["items"], object["additionalItems"] = some(), inner()
			}
		case 11:
			if draft == "2020-12" {
				object["prefixItems"] = some()
			}
		case 12:
			if object["contains"] = inner(); draft > "2" && m.IntN(2) == 0 {
				object["minContains"], object["maxContains"] = json.Number(m.pick("0", "1", "2")), json.Number("2")
			}
		case 13:
			object["uniqueItems"] = true
		case 14:
			object["allOf"] = some()
		case 15:
			object["anyOf"] = some()
		case 16:
			object["oneOf"] = some()
		case 17:
			object["not"] = inner()
		case 18:
			object["if"], object["then"], object["else"] = inner(), inner(), inner()
		case 19:
			if object["dependencies"] = map[string]any{"a": []any{"b"}, "b": inner()}; draft > "2" {
				delete(object, "dependencies")
				object["dependentRequired"], object["dependentSchemas"] = map[string]any{"a": []any{"b"}}, named("b", "c")
			}
		case 20, 21:
			if draft > "2" {
				object[m.pick("unevaluatedProperties", "unevaluatedItems")] = inner()
			}
		case 22:
			object["$ref"] = "#/definitions/d"
		case 23:
			object["minimum"], object["minLength"] = json.Number("1"), json.Number("1")
		}
	}
	return object
}

// What is taken from jsonschema/v5 does what v5 does.
func TestVerdictsAreThoseOfTheEngineAlone(t *testing.T) {
	m := maker{rand.New(rand.NewPCG(1, 2))}
	valid := 0
	for i := range 6_000 {
		draft := m.pick("7", "2019-09", "2020-12")
		root, ok := m.schema(3, draft).(map[string]any)
		if !ok {
			continue
		}
		root["$schema"] = map[string]string{
			"7": "http://json-schema.org/draft-07/schema#", "2019-09": "https://json-schema.org/draft/2019-09/schema", "2020-12": "https://json-schema.org/draft/2020-12/schema",
		}[draft]
		delete(root, "$ref")
		root["definitions"] = map[string]any{"d": map[string]any{"properties": map[string]any{"a": map[string]any{"type": "string"}}, "type": []any{"object", "string"}}}
		text := string(asJSON(t, root))
		bare, err := jsonschema.CompileString("https://example.com/s.json", text)
		if err != nil {
			continue // such as an enum with a value twice
		}
		s := mustCompile(t, text, schema.Options{})
		for range 6 {
			value := m.value(3)
			v := s.Check(asJSON(t, value))
			if want := bare.Validate(value) == nil; (v.Outcome == hook.Valid) != want {
				t.Fatalf("%d: %s\n%s: %s %s, and v5 says %v", i, text, asJSON(t, value), v.Outcome, lines(v), want)
			}
			if v.Outcome == hook.Valid {
				valid++
			}
			checkFaults(t, asJSON(t, value), v)
			for _, f := range v.Faults {
				if strings.HasPrefix(f.Message, "failed") {
					t.Fatalf("%s\n%s: %s", text, asJSON(t, value), lines(v))
				}
			}
		}
	}
	if valid < 5_000 || valid > 30_000 {
		t.Errorf("%d texts are valid", valid)
	}
}
