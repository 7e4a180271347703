package shape_test

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/hookctl/hookctl/internal/shape"
	"pgregory.net/rapid"
)

// What breaks a handler is told, whatever form the schema has now; what does not is no
// alarm.
func TestDiffOfOtherForms(t *testing.T) {
	draft7 := `"$schema":"http://json-schema.org/draft-07/schema#",`
	for name, test := range map[string]struct {
		before, after string
		there, back   []string
	}{
		"plain to alternatives": {
			`{"properties":{"a":{"type":"string"}}}`, `{"oneOf":[{"properties":{"a":{"type":"string"}}},{"properties":{"a":{"type":"integer"}}}]}`,
			[]string{"! type_widened /a", "rule_added "}, []string{"alternative_removed  anything with a"},
		},
		"plain to alternatives, nested": {
			`{"properties":{"o":{"type":"object","properties":{"a":{"type":"string"}}}}}`,
			`{"properties":{"o":{"type":"object","anyOf":[{"properties":{"a":{"type":"string"}}},{"properties":{"a":{"type":["string","null"]}}}]}}}`,
			[]string{"! nullable /o/a", "rule_added /o"}, []string{"alternative_removed /o anything with a"},
		},
		"each alternative is narrower": {
			`{"type":"string","maxLength":9}`, `{"oneOf":[{"type":"string","maxLength":8},{"type":"string","maxLength":7}]}`,
			[]string{"rule_added "}, []string{"! rule_dropped ", "rule_added "},
		},
		"an alternative of a property among groups": {
			`{"properties":{"a":{"type":"string"}},"oneOf":[{"required":["x"]},{"required":["y"]}]}`,
			`{"oneOf":[{"required":["x"],"properties":{"a":{"type":"integer"}}},{"required":["y"],"properties":{"a":{"type":"string"}}}]}`,
			[]string{"! type_widened /a"}, []string{"! type_changed /a"},
		},
		"fewer alternatives": {
			`{"oneOf":[{"properties":{"k":{"const":"a"},"x":{"type":"string"}}},{"properties":{"k":{"const":"b"}}}]}`, `{"properties":{"k":{"const":"a"},"x":{"type":"string"}}}`,
			[]string{`alternative_removed  k: "b"`}, []string{`! enum_value_added /k "b"`, "rule_added "},
		},
		"under a map": {
			`{"properties":{"a":{"type":"string"}},"required":["a"]}`, `{"additionalProperties":{"type":"string"}}`,
			[]string{"! property_optional /a", "type_narrowed /*"}, []string{"! type_widened /*", "property_added /a", "property_required /a"},
		},
		"out of a map": {
			`{"additionalProperties":{"type":"string"}}`, `{"properties":{"a":{"type":"integer"}},"additionalProperties":{"type":"string"}}`,
			[]string{"! type_changed /a", "property_added /a"}, []string{"! type_changed /a"},
		},
		"what then refers to": {
			`{"if":{"required":["a"]},"then":{"$ref":"#/$defs/x"},"$defs":{"x":{"required":["b"]}}}`, `{"if":{"required":["a"]},"then":{"$ref":"#/$defs/x"},"$defs":{"x":{"required":["c"]}}}`,
			[]string{"! rule_changed "}, []string{"! rule_changed "},
		},
		"what contains refers to": {
			`{"contains":{"allOf":[{"$ref":"#/$defs/x"}]},"$defs":{"x":{"type":"string"}}}`, `{"contains":{"allOf":[{"$ref":"#/$defs/x"}]},"$defs":{"x":{"type":"integer"}}}`,
			[]string{"! rule_changed "}, []string{"! rule_changed "},
		},
		"a reference renamed": {
			`{"not":{"$ref":"#/$defs/x"},"propertyNames":{"$ref":"#/$defs/n"},"$defs":{"x":{"required":["b","a"]},"n":{"pattern":"^a"}}}`,
			`{"not":{"$ref":"#/$defs/y"},"propertyNames":{"pattern":"^a","description":"n"},"$defs":{"y":{"title":"y","required":["a","b"]}}}`, nil, nil,
		},
		"more contained":           {`{"contains":{"type":"string"},"minContains":1}`, `{"contains":{"type":"string"},"minContains":2}`, []string{"rule_tightened "}, []string{"! rule_loosened "}},
		"int32 to int64":           {`{"type":"integer","format":"int32"}`, `{"type":"integer","format":"int64"}`, []string{"! rule_loosened "}, []string{"rule_tightened "}},
		"int32 dropped":            {`{"type":"integer","format":"int32"}`, `{"type":"integer"}`, []string{"! rule_dropped "}, []string{"rule_added "}},
		"a text format of numbers": {`{"type":"integer","format":"uuid"}`, `{"type":"integer"}`, nil, nil},
		"whole numbers":            {`{"type":"integer","minimum":0,"maximum":5}`, `{"type":"integer","exclusiveMinimum":-1,"exclusiveMaximum":5.5}`, nil, nil},
		"negative whole numbers":   {`{"type":"integer","minimum":-2.5,"maximum":-1.5}`, `{"type":"integer","minimum":-2,"maximum":-2}`, nil, nil},
		"exclusive":                {`{"type":"number","minimum":0}`, `{"type":"number","exclusiveMinimum":0}`, []string{"rule_tightened "}, []string{"! rule_loosened "}},
		"of texts, about numbers":  {`{"type":"string","maximum":5}`, `{"type":"string"}`, nil, nil},
		"a tuple becomes a list": {
			`{"type":"array","prefixItems":[{"type":"string"}],"items":false}`, `{"type":"array","items":{"type":"string"}}`,
			[]string{"! rule_dropped "}, []string{"rule_added "},
		},
		"a tuple, spelled with a number": {
			`{"type":"array","prefixItems":[{"type":"string"}],"items":false}`, `{"type":"array","prefixItems":[{"type":"string"}],"maxItems":1}`, nil, nil,
		},
		"renamed and reordered": {
			`{"oneOf":[{"$ref":"#/$defs/a"},{"$ref":"#/$defs/b"}],"$defs":{"a":{"properties":{"x":{"type":"string"}}},"b":{"properties":{"x":{"type":"integer"}}}}}`,
			`{"oneOf":[{"$ref":"#/$defs/a"},{"$ref":"#/$defs/c"}],"$defs":{"c":{"properties":{"x":{"type":"string"}}},"a":{"properties":{"x":{"type":"integer"}}}}}`, nil, nil,
		},
		"groups swapped": {
			`{"allOf":[{"oneOf":[{"required":["a"]},{"required":["b"]}]},{"anyOf":[{"required":["c"]},{"required":["d"]}]}]}`,
			`{"allOf":[{"anyOf":[{"required":["d"]},{"required":["c"]}]},{"oneOf":[{"required":["a"]},{"required":["b"]}]}]}`, nil, nil,
		},
		"an alternative parted in two": {
			`{"oneOf":[{"type":"string"},{"type":"array"}]}`, `{"oneOf":[{"type":"string","maxLength":3},{"type":"string","minLength":5},{"type":"array"}]}`,
			[]string{"rule_added ", "rule_added "}, []string{"! rule_dropped ", "alternative_removed  string"},
		},
		"beside a reference of draft 7": {
			`{` + draft7 + `"properties":{"a":{"$ref":"#/definitions/x"}},"definitions":{"x":{"type":"string"}}}`,
			`{` + draft7 + `"properties":{"a":{"$ref":"#/definitions/x","maxLength":3,"allOf":[{"minLength":2}]}},"definitions":{"x":{"type":"string"}}}`, nil, nil,
		},
		"beside a reference": {
			`{"properties":{"a":{"$ref":"#/$defs/x"}},"$defs":{"x":{"type":"string"}}}`, `{"properties":{"a":{"$ref":"#/$defs/x","maxLength":3}},"$defs":{"x":{"type":"string"}}}`,
			[]string{"rule_added /a"}, []string{"! rule_dropped /a"},
		},
		"a tree of alternatives": {
			`{"$ref":"#/$defs/n","$defs":{"n":{"properties":{"v":{"type":"string"},"kids":{"items":{"oneOf":[{"$ref":"#/$defs/n"},{"type":"null"},{"type":"integer"}]}}}}}}`,
			`{"$ref":"#/$defs/m","$defs":{"m":{"properties":{"v":{"type":"string"},"kids":{"items":{"oneOf":[{"type":"integer"},{"$ref":"#/$defs/m"},{"type":"null"}]}}}}}}`, nil, nil,
		},
	} {
		if got := lines(diff(t, test.before, test.after)); !slices.Equal(got, test.there) {
			t.Errorf("%s: want %q, got %q", name, test.there, got)
		}
		if got := lines(diff(t, test.after, test.before)); !slices.Equal(got, test.back) {
			t.Errorf("%s, back: want %q, got %q", name, test.back, got)
		}
	}
}

// No number of safe changes hides one that breaks.
func TestDiffTellsWhatBreaksAmongManySafeChanges(t *testing.T) {
	schema := func(kind string, count int) string {
		var b strings.Builder
		b.WriteString(`{"properties":{"zz":{"type":"` + kind + `"}`)
		for i := range count {
			fmt.Fprintf(&b, `,"a%d":{}`, i)
		}
		return b.String() + "}}"
	}
	source := func(text string) shape.Source {
		return shape.Source{URL: "https://example.com/a", Text: []byte(text)}
	}
	changes, more, err := shape.Diff(source(schema("string", 0)), source(schema("integer", 1500)))
	if err != nil || len(changes) != 1001 || more != 500 || !changes[0].Breaking || changes[0].Pointer != "/zz" {
		t.Errorf("got %d and %d more, the first %v, %v", len(changes), more, changes[0], err)
	}
	changes, more, err = shape.Diff(source(schema("string", 1500)), source(schema("integer", 0)))
	if err != nil || len(changes) != 1501 || more != 0 {
		t.Errorf("back: got %d and %d more, %v", len(changes), more, err)
	}
}

// Alternatives in one another are compared within bounds.
func TestDiffOfManyAlternativesIsBounded(t *testing.T) {
	text := func(keyword string) string {
		groups := `{"allOf":[true`
		for i := range 30 {
			groups += fmt.Sprintf(`,{%q:[{"required":["a%d"]},{"required":["b%d"]},{"required":["c%d"]}]}`, keyword, i, i, i)
		}
		return groups + "]}"
	}
	diff(t, `{}`, text("anyOf"))
	diff(t, text("anyOf"), `{}`)
	diff(t, text("anyOf"), strings.ReplaceAll(text("oneOf"), "c", "d"))
}

// What may come now and could not before is a breaking change, whatever the two schemas
// look like.
func TestDiffFindsWhatNoLongerFits(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		parts := []any{opened(drawSchema(t, 1)), opened(drawSchema(t, 1)), opened(drawSchema(t, 0))}
		texts := make([][]byte, 2)
		for i := range texts {
			text, err := json.Marshal(combined(t, parts, 2))
			if err != nil {
				t.Fatal(err)
			}
			texts[i] = text
		}
		changes := diff(t, string(texts[0]), string(texts[1]))
		if slices.ContainsFunc(changes, func(c shape.Change) bool { return c.Breaking }) {
			return
		}
		made, err := shape.Candidates("https://example.com/root", texts[1], nil)
		if err != nil { // it allows nothing
			return
		}
		for _, one := range made {
			if valid(t, texts[1], one.Text) && !valid(t, texts[0], one.Text) {
				t.Fatalf("%s fits %s and not %s, and that is safe: %v", one.Text, texts[1], texts[0], changes)
			}
		}
	})
}

// combined is a schema of some of the parts.
func combined(t *rapid.T, parts []any, depth int) any {
	one := func(label string) any {
		if depth > 0 && rapid.Bool().Draw(t, label+" nested") {
			return combined(t, parts, depth-1)
		}
		return rapid.SampledFrom(parts).Draw(t, label)
	}
	switch rapid.SampledFrom([]string{"one", "anyOf", "allOf", "property", "items"}).Draw(t, "form") {
	case "anyOf":
		return map[string]any{"anyOf": []any{one("first"), one("second")}}
	case "allOf":
		return map[string]any{"allOf": []any{one("first"), one("second")}}
	case "property":
		return map[string]any{"type": "object", "properties": map[string]any{"a": one("a"), "b": one("b")}}
	case "items":
		return map[string]any{"type": "array", "items": one("items")}
	}
	return one("only")
}

// opened is a schema whose objects may have other properties.
func opened(schema any) any {
	switch s := schema.(type) {
	case map[string]any:
		open := map[string]any{}
		for key, inner := range s {
			if key != "additionalProperties" {
				open[key] = opened(inner)
			}
		}
		return open
	case []any:
		var list []any
		for _, inner := range s {
			list = append(list, opened(inner))
		}
		return list
	}
	return schema
}
