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

func diff(t rapid.TB, before, after string) []shape.Change {
	t.Helper()
	changes, _, err := shape.Diff(shape.Source{URL: "https://example.com/a", Text: []byte(before)}, shape.Source{URL: "https://example.com/b", Text: []byte(after)})
	if err != nil {
		t.Fatalf("%s and %s: %v", before, after, err)
	}
	return changes
}

// Each line turned round is what the way back says: what breaks in one direction is safe
// in the other.
func TestDiff(t *testing.T) {
	for name, test := range map[string]struct {
		before, after string
		there, back   []string
	}{
		"words only":     {`{"title":"a","description":"b","examples":[1]}`, `{"$comment":"c","default":5}`, nil, nil},
		"the order":      {`{"required":["a","b"],"properties":{"a":{},"b":{"type":["null","string"]}}}`, `{"properties":{"b":{"type":["string","null"]},"a":{}},"required":["b","a"]}`, nil, nil},
		"a reference":    {`{"properties":{"a":{"$ref":"#/$defs/x"}},"$defs":{"x":{"type":"string"}}}`, `{"properties":{"a":{"type":"string"}}}`, nil, nil},
		"spelled alike":  {`{"enum":[1,"a"],"minimum":1.0}`, `{"enum":["a",1.0],"minimum":1}`, nil, nil},
		"a property":     {`{"properties":{"a":{},"b":{"type":"string"}}}`, `{"properties":{"a":{}}}`, []string{"! property_removed /b"}, []string{"property_added /b"}},
		"false is gone":  {`{"properties":{"b":{"type":"string"}}}`, `{"properties":{"b":false}}`, []string{"! property_removed /b"}, []string{"property_added /b"}},
		"required":       {`{"required":["a"],"properties":{"a":{}}}`, `{"properties":{"a":{}}}`, []string{"! property_optional /a"}, []string{"property_required /a"}},
		"required, gone": {`{"required":["a"],"properties":{"a":{}}}`, `{}`, []string{"! property_removed /a"}, []string{"property_added /a"}},
		"null":           {`{"type":"string"}`, `{"type":["string","null"]}`, []string{"! nullable "}, []string{"not_nullable "}},
		"null, anyOf":    {`{"$ref":"#/$defs/x","$defs":{"x":{"type":"string","maxLength":3}}}`, `{"anyOf":[{"$ref":"#/$defs/x"},{"type":"null"}],"$defs":{"x":{"type":"string","maxLength":3}}}`, []string{"! nullable "}, []string{"not_nullable "}},
		"null, enum":     {`{"enum":["a"]}`, `{"enum":["a",null]}`, []string{"! nullable "}, []string{"not_nullable "}},
		"wider":          {`{"type":"integer"}`, `{"type":"number"}`, []string{"! type_widened "}, []string{"type_narrowed "}},
		"anything":       {`{"type":"integer"}`, `{}`, []string{"! type_widened "}, []string{"type_narrowed "}},
		"another type":   {`{"properties":{"a":{"type":"integer"}}}`, `{"properties":{"a":{"type":"string"}}}`, []string{"! type_changed /a"}, []string{"! type_changed /a"}},
		"no object":      {`{"properties":{"a":{"type":"object","properties":{"x":{}}}}}`, `{"properties":{"a":{"type":"string"}}}`, []string{"! type_changed /a"}, []string{"! type_changed /a"}},
		"enum grown":     {`{"enum":["a","b"]}`, `{"enum":["a","b","c","d"]}`, []string{`! enum_value_added  "c"`, `! enum_value_added  "d"`}, []string{`enum_value_removed  "c"`, `enum_value_removed  "d"`}},
		"enum dropped":   {`{"type":"string","enum":["a","b"]}`, `{"type":"string"}`, []string{"! enum_dropped "}, []string{"enum_set "}},
		"known values": {
			`{"properties":{"s":{"type":"string","x-extensible-enum":["a","b"]}}}`, `{"properties":{"s":{"type":["string"],"x-extensible-enum":["a","c","d"]}}}`,
			[]string{`! open_enum_value_added /s "c"`, `! open_enum_value_added /s "d"`, `open_enum_value_removed /s "b"`},
			[]string{`! open_enum_value_added /s "b"`, `open_enum_value_removed /s "c"`, `open_enum_value_removed /s "d"`},
		},
		"known in another order": {`{"x-extensible-enum":["a",1]}`, `{"x-extensible-enum":[1.0,"a","a"]}`, nil, nil},
		"known values said":      {`{"type":"string"}`, `{"type":"string","x-extensible-enum":["a"]}`, nil, nil},
		"known, and null":        {`{"type":["string","null"],"x-extensible-enum":["a"]}`, `{"type":["string","null"],"x-extensible-enum":["a",null]}`, nil, nil},
		"known twice":            {`{"allOf":[{"x-extensible-enum":["a","b"]},{"x-extensible-enum":["b"]}]}`, `{"x-extensible-enum":["b"]}`, nil, nil},
		"known to nobody": {
			`{"allOf":[{"x-extensible-enum":["a"]},{"x-extensible-enum":["b"]}]}`, `{"x-extensible-enum":["b"]}`,
			[]string{`! open_enum_value_added  "b"`}, []string{`open_enum_value_removed  "b"`},
		},
		"enum opened": {
			`{"type":"string","enum":["a"]}`, `{"type":"string","x-extensible-enum":["a","b"]}`,
			[]string{"! enum_dropped ", `! open_enum_value_added  "b"`}, []string{"enum_set ", `open_enum_value_removed  "b"`},
		},
		"known in an alternative": {
			`{"anyOf":[{"type":"string","x-extensible-enum":["a"]},{"type":"integer"}]}`, `{"anyOf":[{"type":"string","x-extensible-enum":["a","b"]},{"type":"integer"}]}`,
			[]string{`! open_enum_value_added  "b"`}, []string{`open_enum_value_removed  "b"`},
		},
		"const dropped":  {`{"const":"a","type":"string"}`, `{"type":"string"}`, []string{"! enum_dropped "}, []string{"enum_set "}},
		"const to enum":  {`{"const":"a"}`, `{"enum":["a","b"]}`, []string{`! enum_value_added  "b"`}, []string{`enum_value_removed  "b"`}},
		"format":         {`{"type":"string","format":"uri"}`, `{"type":"string"}`, []string{"! rule_dropped "}, []string{"rule_added "}},
		"format changed": {`{"type":"string","format":"uri"}`, `{"type":"string","format":"date"}`, []string{"! rule_changed "}, []string{"! rule_changed "}},
		"pattern":        {`{"type":"string","pattern":"^a"}`, `{"type":"string"}`, []string{"! rule_dropped "}, []string{"rule_added "}},
		"maximum":        {`{"maximum":5}`, `{"maximum":6}`, []string{"! rule_loosened "}, []string{"rule_tightened "}},
		"minimum":        {`{"minimum":5}`, `{"minimum":4}`, []string{"! rule_loosened "}, []string{"rule_tightened "}},
		"maxLength":      {`{"maxLength":5}`, `{}`, []string{"! rule_dropped "}, []string{"rule_added "}},
		"minItems":       {`{"minItems":1}`, `{"minItems":0}`, []string{"! rule_loosened "}, []string{"rule_tightened "}},
		"unique":         {`{"uniqueItems":true}`, `{"uniqueItems":false}`, []string{"! rule_dropped "}, []string{"rule_added "}},
		"multiples":      {`{"multipleOf":0.01}`, `{"multipleOf":0.001}`, []string{"! rule_changed "}, []string{"! rule_changed "}},
		"items":          {`{"properties":{"l":{"items":{"properties":{"a/b":{"type":"string"}}}}}}`, `{"properties":{"l":{"items":{"properties":{"a/b":{"type":["string","null"]}}}}}}`, []string{"! nullable /l/*/a~1b"}, []string{"not_nullable /l/*/a~1b"}},
		"items dropped":  {`{"type":"array","items":{"type":"string"}}`, `{"type":"array"}`, []string{"! type_widened /*"}, []string{"type_narrowed /*"}},
		"a map":          {`{"additionalProperties":{"type":"integer"}}`, `{"additionalProperties":{"type":"string"}}`, []string{"! type_changed /*"}, []string{"! type_changed /*"}},
		"a map dropped":  {`{"additionalProperties":{"type":"integer"}}`, `{}`, []string{"! type_widened /*"}, []string{"type_narrowed /*"}},
		"closed":         {`{"properties":{"a":{}},"additionalProperties":false}`, `{"properties":{"a":{}}}`, []string{"object_opened /*"}, []string{"object_closed /*"}},
		"an alternative": {
			`{"oneOf":[{"properties":{"k":{"const":"a"}}},{"properties":{"k":{"const":"b"}}}]}`,
			`{"oneOf":[{"properties":{"k":{"const":"c"}}},{"properties":{"k":{"const":"b"}}},{"properties":{"k":{"const":"a"}}}]}`,
			[]string{`! alternative_added  k: "c"`}, []string{`alternative_removed  k: "c"`},
		},
		"within an alternative": {
			`{"oneOf":[{"properties":{"k":{"const":"a"},"x":{"type":"string"}}},{"properties":{"k":{"const":"b"}}}]}`,
			`{"oneOf":[{"properties":{"k":{"const":"b"}}},{"properties":{"k":{"const":"a"},"x":{"type":["string","null"]}}}]}`,
			[]string{"! nullable /x"}, []string{"not_nullable /x"},
		},
		"into an alternative": {
			`{"required":["x"],"properties":{"x":{}}}`,
			`{"oneOf":[{"required":["x"],"properties":{"x":{}}},{"properties":{"y":{}}}]}`,
			[]string{"! property_optional /x", "rule_added ", "property_added /y"}, []string{"alternative_removed  anything with y"},
		},
		"what nobody compares": {`{"not":{"type":"string"}}`, `{}`, []string{"! rule_dropped "}, []string{"rule_added "}},
		"a tree": {
			`{"properties":{"v":{"type":"string"},"kids":{"items":{"$ref":"#"}}}}`, `{"properties":{"v":{"type":["string","null"]},"kids":{"items":{"$ref":"#"}}}}`,
			[]string{"! nullable /v"}, []string{"not_nullable /v"},
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

func lines(changes []shape.Change) []string {
	var all []string
	for _, c := range changes {
		line := c.Kind + " " + c.Pointer
		if c.Breaking {
			line = "! " + line
		}
		switch c.Kind {
		case shape.EnumValueAdded, shape.EnumValueRemoved, shape.OpenValueAdded, shape.OpenValueRemoved, shape.AlternativeAdded, shape.AlternativeRemoved:
			line += " " + c.Was + c.Now
		}
		all = append(all, line)
	}
	return all
}

func TestDiffSaysItInWords(t *testing.T) {
	changes := diff(t, `{"properties":{"a":{"type":"string","maxLength":5},"b":{"type":"string","enum":["x"]}}}`, `{"properties":{"a":{"type":"string","maxLength":10},"b":{"type":"string"}}}`)
	var got []string
	for _, c := range changes {
		got = append(got, fmt.Sprintf("%s: %s (%s, %s)", c.Pointer, c.Message, c.Was, c.Now))
	}
	want := []string{`/a: maxLength was 5 and is 10 (5, 10)`, `/b: it may be any value, not only "x" ("x", )`}
	if !slices.Equal(got, want) {
		t.Errorf("want %q, got %q", want, got)
	}
}

func TestASchemaDoesNotDifferFromItself(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		text, err := json.Marshal(drawSchema(t, 3))
		if err != nil {
			t.Fatal(err)
		}
		if changes := diff(t, string(text), string(text)); len(changes) > 0 {
			t.Fatalf("%s: %v", text, changes)
		}
	})
}

// The same two schemas always differ in the same way, and what is turned round differs
// too.
func TestDiffIsDeterministic(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		a, err := json.Marshal(drawSchema(t, 2))
		if err != nil {
			t.Fatal(err)
		}
		b, err := json.Marshal(drawSchema(t, 2))
		if err != nil {
			t.Fatal(err)
		}
		there, again, back := diff(t, string(a), string(b)), diff(t, string(a), string(b)), diff(t, string(b), string(a))
		if !slices.Equal(there, again) {
			t.Fatalf("%s and %s: %v, then %v", a, b, there, again)
		}
		if (len(there) == 0) != (len(back) == 0) {
			t.Fatalf("%s and %s: %v, back %v", a, b, there, back)
		}
	})
}

func TestDiffIsBounded(t *testing.T) {
	wide := func(extra string) string {
		text := `{"$ref":"#/$defs/n0","$defs":{"n30":{"type":"string"` + extra + `}`
		for i := range 30 {
			text += fmt.Sprintf(`,"n%d":{"properties":{"a":{"$ref":"#/$defs/n%d"},"b":{"$ref":"#/$defs/n%d"}}}`, i, i+1, i+1)
		}
		return text + "}}"
	}
	if got := diff(t, wide(""), wide("")); len(got) > 0 {
		t.Errorf("got %v", got)
	}
	if got := diff(t, wide(""), wide(`,"minLength":1`)); len(got) != 1000 {
		t.Errorf("got %d", len(got))
	}
	loop := `{"$ref":"#/$defs/a","$defs":{"a":{"anyOf":[{"$ref":"#/$defs/a"},{"type":"string"},{"type":"integer"}]}}}`
	diff(t, loop, strings.Replace(loop, "integer", "boolean", 1))
}
