package shape_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"strings"
	"testing"

	"github.com/hookctl/hookctl/internal/schema"
	"github.com/hookctl/hookctl/internal/shape"
	"pgregory.net/rapid"
)

// compact is what is generated, without white space, or the error.
func compact(t testing.TB, text string, o shape.Options) string {
	t.Helper()
	made, err := shape.Generate("https://example.com/root", []byte(text), nil, o)
	if err != nil {
		return "error: " + err.Error()
	}
	var b bytes.Buffer
	if err := json.Compact(&b, made); err != nil {
		t.Fatalf("%s: %v in %s", text, err, made)
	}
	return b.String()
}

// valid reports whether text is what the schema says.
func valid(t rapid.TB, schemaText, text []byte) bool {
	t.Helper()
	compiled, err := schema.Compile("https://example.com/root", schemaText, schema.Options{Draft: "2020-12"})
	if err != nil {
		t.Fatalf("%s: %v", schemaText, err)
	}
	return compiled.Check(text).Outcome.Passed()
}

func TestGenerate(t *testing.T) {
	for name, test := range map[string]struct{ schema, required, all string }{
		"anything":           {`true`, `{}`, `{}`},
		"nothing said":       {`{"title":"an event","allOf":[{}]}`, `{}`, `{}`},
		"anything in it":     {`{"required":["a"],"properties":{"a":{}}}`, `{"a":"string"}`, `{"a":"string"}`},
		"not only null":      {`{"anyOf":[{"type":"null"},{"type":"object","required":["a"]}]}`, `{"a":"string"}`, `{"a":"string"}`},
		"a short email":      {`{"type":"string","format":"email","maxLength":10}`, `"a@b.co"`, `"a@b.co"`},
		"a long email":       {`{"type":"string","format":"email","minLength":20}`, `"aaaauser@example.com"`, `"aaaauser@example.com"`},
		"a short address":    {`{"type":"string","format":"uri","maxLength":15}`, `"http://a.co"`, `"http://a.co"`},
		"not a number":       {`{"type":"integer","not":{"const":1}}`, `2`, `2`},
		"not a few":          {`{"enum":["a","b","c"],"not":{"enum":["a","b"]}}`, `"c"`, `"c"`},
		"not an example":     {`{"type":"string","examples":["a","b"],"not":{"const":"a"}}`, `"b"`, `"b"`},
		"not the usual text": {`{"type":"string","not":{"const":"string"}}`, `"strings"`, `"strings"`},
		"not a type":         {`{"not":{"type":["string","object"]}}`, `1`, `1`},
		"nothing but not":    {`{"const":1,"not":{"const":1}}`, `1`, `1`},
		"names of a form":    {`{"type":"object","propertyNames":{"pattern":"^x_[a-z]+$"},"minProperties":2}`, `{"x_a":"string","x_aa":"string"}`, `{"x_a":"string","x_aa":"string"}`},
		"listed names":       {`{"type":"object","propertyNames":{"enum":["p","q"]},"additionalProperties":{"type":"integer"}}`, `{}`, `{"p":1}`},
		"const before all":   {`{"const":1,"examples":[2],"default":3}`, `1`, `1`},
		"examples":           {`{"type":"string","examples":["a","b"],"default":"c"}`, `"a"`, `"a"`},
		"an example":         {`{"type":"string","example":"a","enum":["b","a"]}`, `"a"`, `"a"`},
		"a wrong example":    {`{"type":"string","example":5}`, `"string"`, `"string"`},
		"default":            {`{"type":"integer","default":3}`, `3`, `3`},
		"enum":               {`{"enum":[null,"a","b"]}`, `"a"`, `"a"`},
		"not null":           {`{"type":["null","boolean"]}`, `true`, `true`},
		"null":               {`{"type":"null"}`, `null`, `null`},
		"the order of text":  {`{"required":["b"],"properties":{"c":{"type":"integer"},"b":{"type":"string"},"a":{"type":"number"}}}`, `{"b":"string"}`, `{"c":1,"b":"string","a":1}`},
		"required, unnamed":  {`{"type":"object","required":["x"],"additionalProperties":{"type":"integer"}}`, `{"x":1}`, `{"x":1}`},
		"a map":              {`{"type":"object","additionalProperties":{"type":"integer"}}`, `{}`, `{"key1":1}`},
		"patterns for names": {`{"type":"object","patternProperties":{"^x-[a-z]{3}$":{"type":"integer"}},"additionalProperties":false,"minProperties":1}`, `{"x-aaa":1}`, `{"x-aaa":1}`},
		"enough properties":  {`{"properties":{"a":{"type":"integer"},"b":{"type":"integer"}},"minProperties":1}`, `{"a":1}`, `{"a":1,"b":1}`},
		"few properties":     {`{"properties":{"a":{"type":"integer"},"b":{"type":"integer"}},"maxProperties":1}`, `{}`, `{"a":1}`},
		"false is left out":  {`{"properties":{"a":false,"b":{"type":"array","items":false}}}`, `{}`, `{"b":[]}`},
		"not required":       {`{"properties":{"a":{"type":"integer"},"b":{"type":"integer"}},"not":{"required":["a"]}}`, `{}`, `{"b":1}`},
		"items":              {`{"type":"array","items":{"type":"integer"}}`, `[]`, `[1]`},
		"unique items":       {`{"type":"array","items":{"enum":["a","b","c"]},"minItems":3,"uniqueItems":true}`, `["a","b","c"]`, `["a","b","c"]`},
		"unique objects":     {`{"type":"array","items":{"required":["id"],"properties":{"id":{"type":"string","format":"uuid"}}},"minItems":2,"uniqueItems":true}`, `[{"id":"123e4567-e89b-42d3-a456-426614174000"},{"id":"123e4567-e89b-42d3-a456-426614174001"}]`, `[{"id":"123e4567-e89b-42d3-a456-426614174000"},{"id":"123e4567-e89b-42d3-a456-426614174001"}]`},
		"tuples":             {`{"prefixItems":[{"type":"string"},{"type":"integer"}],"items":false}`, `[]`, `["string",1]`},
		"contains":           {`{"type":"array","contains":{"const":5}}`, `[5]`, `[5]`},
		"minimum":            {`{"type":"integer","minimum":18}`, `18`, `18`},
		"maximum":            {`{"type":"integer","maximum":-3}`, `-3`, `-3`},
		"exclusive":          {`{"type":"integer","exclusiveMinimum":5,"exclusiveMaximum":7}`, `6`, `6`},
		"exclusive, draft 4": {`{"$schema":"http://json-schema.org/draft-04/schema#","type":"integer","minimum":5,"exclusiveMinimum":true}`, `6`, `6`},
		"multiples":          {`{"type":"number","multipleOf":0.05,"minimum":1.01}`, `1.05`, `1.05`},
		"whole multiples":    {`{"type":"integer","multipleOf":2.5}`, `5`, `5`},
		"a narrow space":     {`{"type":"number","exclusiveMinimum":0,"exclusiveMaximum":0.01}`, `0.009`, `0.009`},
		"below one":          {`{"type":"number","minimum":0.2,"maximum":0.5}`, `0.2`, `0.2`},
		"no number":          {`{"type":"integer","minimum":5,"maximum":4}`, `error: no number is within the limits`, `error: no number is within the limits`},
		"lengths":            {`{"type":"string","minLength":8,"maxLength":9}`, `"stringss"`, `"stringss"`},
		"short":              {`{"type":"string","maxLength":3}`, `"str"`, `"str"`},
		"date-time":          {`{"type":"string","format":"date-time"}`, `"2026-01-15T09:30:00Z"`, `"2026-01-15T09:30:00Z"`},
		"allOf":              {`{"allOf":[{"required":["a"]},{"properties":{"a":{"type":"integer","minimum":2}}},{"properties":{"a":{"minimum":4}}}]}`, `{"a":4}`, `{"a":4}`},
		"anyOf":              {`{"anyOf":[false,{"type":"string","maxLength":0},{"const":"x"}]}`, `""`, `""`},
		"a group in a group": {`{"anyOf":[{"oneOf":[{"required":["a"],"properties":{"a":{"const":1}}}]}]}`, `{"a":1}`, `{"a":1}`},
		"if, then":           {`{"properties":{"k":{"type":"string"}},"required":["k"],"if":{"properties":{"k":{"const":"a"}}},"then":{"required":["x"],"properties":{"x":{"const":1}}}}`, `{"k":"a","x":1}`, `{"k":"a","x":1}`},
		"a tree":             {`{"$id":"https://example.com/root","type":"object","properties":{"v":{"type":"integer"},"kid":{"$ref":"#"}}}`, `{}`, `{"v":1,"kid":{"v":1,"kid":{"v":1}}}`},
		"a tree in allOf":    {`{"type":"object","properties":{"kid":{"allOf":[{"$ref":"#"}]}}}`, `{}`, `{"kid":{"kid":{}}}`},
		"without an end":     {`{"type":"object","required":["kid"],"properties":{"kid":{"$ref":"#"}}}`, `error: kid: kid: kid: the schema is within itself without end`, `error: kid: kid: kid: the schema is within itself without end`},
		"escapes":            {`{"const":"\u001b<&>\u202e"}`, `"\u001b<&>\u202e"`, `"\u001b<&>\u202e"`},
	} {
		if got := compact(t, test.schema, shape.Options{}); got != test.required {
			t.Errorf("%s: required: want %s, got %s", name, test.required, got)
		}
		if got := compact(t, test.schema, shape.Options{All: true}); got != test.all {
			t.Errorf("%s: all: want %s, got %s", name, test.all, got)
		}
	}
}

func TestGenerateIsIndentedAndOrdered(t *testing.T) {
	made, err := shape.Generate("", []byte(`{"properties":{"b":{"type":"array","items":{"type":"object"}},"a":{"type":"object"}}}`), nil, shape.Options{All: true})
	if want := "{\n  \"b\": [\n    {}\n  ],\n  \"a\": {}\n}\n"; err != nil || string(made) != want {
		t.Errorf("want %q, got %q, %v", want, made, err)
	}
}

func TestGenerateFitsPatterns(t *testing.T) {
	for pattern, want := range map[string]string{
		`^[A-Z]{3}$`:                     `"AAA"`,
		`^evt_[0-9a-f]{4,8}$`:            `"evt_aaaa"`,
		`^(?:open|closed)$`:              `"open"`,
		`^\d+\.\d{2}$`:                   `"1.11"`,
		`order/(created|paid)`:           `"order/created"`,
		`^[^@\s]+@[^@\s]+\.de$`:          `"a@a.de"`,
		`^.*$`:                           `"a"`,
		`^$`:                             `""`,
		`^(?!^[-+.]*$)[+-]?0*\d*\.?\d*$`: `"-01.1"`,
		`^(a|b\1)$`:                      `error: no text was found for the pattern ^(a|b\1)$`,
	} {
		text, err := json.Marshal(map[string]any{"type": "string", "pattern": pattern})
		if err != nil {
			t.Fatal(err)
		}
		got := compact(t, string(text), shape.Options{})
		if got != want {
			t.Errorf("%s: want %s, got %s", pattern, want, got)
		}
	}
	if got := compact(t, `{"type":"string","pattern":"^[a-z]+$","minLength":30,"maxLength":40}`, shape.Options{}); got != `"`+strings.Repeat("a", 30)+`"` {
		t.Errorf("got %s", got)
	}
}

// What a bounded set of keywords says, the generator keeps to.
func TestGenerateIsValid(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		text, err := json.Marshal(drawSchema(t, 3))
		if err != nil {
			t.Fatal(err)
		}
		for _, all := range []bool{false, true} {
			made, err := shape.Generate("https://example.com/root", text, nil, shape.Options{All: all})
			if err != nil {
				t.Fatalf("%s: %v", text, err)
			}
			again, _ := shape.Generate("https://example.com/root", text, nil, shape.Options{All: all})
			if !bytes.Equal(made, again) {
				t.Fatalf("%s: %s, then %s", text, made, again)
			}
			compiled, err := schema.Compile("https://example.com/root", text, schema.Options{Draft: "2020-12"})
			if err != nil {
				t.Fatalf("%s: %v", text, err)
			}
			if v := compiled.Check(made); !v.Outcome.Passed() {
				t.Fatalf("%s: %s: %v", text, made, v.Faults)
			}
			if found := differences(t, text, made); len(found) > 0 {
				t.Fatalf("%s: %s: %v", text, made, found)
			}
		}
	})
}

func differences(t rapid.TB, schemaText, value []byte) []shape.Difference {
	d, err := shape.NewDrift("https://example.com/root", schemaText, nil)
	if err != nil {
		t.Fatalf("%s: %v", schemaText, err)
	}
	dec := json.NewDecoder(bytes.NewReader(value))
	dec.UseNumber()
	var decoded any
	if err := dec.Decode(&decoded); err != nil {
		t.Fatal(err)
	}
	return d.Differences(decoded)
}

// drawSchema draws a schema that allows something.
func drawSchema(t *rapid.T, depth int) map[string]any {
	kinds := []string{"string", "integer", "number", "enum", "boolean"}
	if depth > 0 {
		kinds = append(kinds, "object", "array", "anyOf", "allOf")
	}
	switch kind := rapid.SampledFrom(kinds).Draw(t, "kind"); kind {
	case "string":
		s := map[string]any{"type": "string", "minLength": rapid.IntRange(0, 12).Draw(t, "min")}
		if rapid.Bool().Draw(t, "format") {
			return map[string]any{"type": "string", "format": rapid.SampledFrom([]string{"date-time", "date", "time", "email", "uuid", "uri", "ipv4", "ipv6", "hostname", "duration", "uri-reference", "json-pointer", "regex"}).Draw(t, "name")}
		}
		return s
	case "integer", "number":
		low := rapid.IntRange(-50, 50).Draw(t, "low")
		return map[string]any{"type": kind, "minimum": low, "maximum": low + rapid.IntRange(7, 20).Draw(t, "space"), "multipleOf": rapid.SampledFrom([]float64{1, 2, 0.5, 0.25, 7}).Draw(t, "step")}
	case "enum":
		return map[string]any{"enum": rapid.SliceOfN(rapid.SampledFrom([]any{"a", "b", 1, 2.5, true, nil}), 1, 3).Draw(t, "values")}
	case "object":
		properties := map[string]any{}
		var required []string
		for _, key := range rapid.SliceOfDistinct(rapid.SampledFrom([]string{"a", "b", "c/d", "~"}), func(s string) string { return s }).Draw(t, "keys") {
			properties[key] = drawSchema(t, depth-1)
			if rapid.Bool().Draw(t, "required") {
				required = append(required, key)
			}
		}
		return map[string]any{"type": "object", "properties": properties, "required": append([]string{}, required...), "additionalProperties": false}
	case "array":
		return map[string]any{"type": []string{"null", "array"}, "items": drawSchema(t, depth-1), "minItems": rapid.IntRange(0, 3).Draw(t, "least")}
	case "anyOf":
		return map[string]any{"anyOf": []any{drawSchema(t, depth-1), drawSchema(t, depth-1)}}
	default:
		return map[string]any{"allOf": []any{drawSchema(t, depth-1)}}
	}
}

func TestGenerateIsBounded(t *testing.T) {
	wide := `{"$defs":{"n":{"type":"object","properties":{"x":{}`
	for i := range 40 {
		wide += fmt.Sprintf(`,"p%d":{"$ref":"#/$defs/n%d"}`, i, i)
	}
	wide += `}}`
	for i := range 40 {
		wide += fmt.Sprintf(`,"n%d":{"allOf":[{"$ref":"#/$defs/n"}]}`, i)
	}
	groups := `{"allOf":[true`
	for range 40 {
		groups += `,{"oneOf":[{"type":"string"},{"type":"integer"}]}`
	}
	for _, text := range map[string]string{
		"wide":   wide + `},"$ref":"#/$defs/n"}`,
		"groups": groups + `,{"minimum":5,"type":"integer","maximum":4}]}`,
		"long":   `{"type":"array","minItems":1000000000,"items":{"type":"string","minLength":1e300}}`,
		"unique": `{"type":"array","minItems":1000,"uniqueItems":true,"items":{"type":"string","pattern":"^[a-z]{3}$"}}`,
		"repeat": `{"type":"string","pattern":"^(((a*)*)*)*b$","minLength":3000}`,
	} {
		_, _ = shape.Candidates("https://example.com/root", []byte(text), nil)
	}
}
