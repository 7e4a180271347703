package shape_test

import (
	"bytes"
	"encoding/json"
	"testing"

	"github.com/hookctl/hookctl/internal/shape"
)

// Whatever a schema and a value are, nothing here panics or runs on, what is generated is
// JSON, and no schema differs from itself.
func FuzzShape(f *testing.F) {
	for _, schema := range []string{
		`{"properties":{"a":{"$ref":"#"}},"required":["a"]}`, `{"anyOf":[{"$ref":"#"},{"items":{"$ref":"#/anyOf/0"}}]}`,
		`{"$id":"x","$anchor":"y","if":{"const":1},"then":{"$ref":"#y"},"else":false}`, `{"pattern":"^(a{2,}|b)*$","minLength":3,"type":"string"}`,
		`{"multipleOf":1e-400,"minimum":1e400,"exclusiveMaximum":true}`, `{"patternProperties":{"(":{}},"minProperties":9,"propertyNames":{"enum":["a"]}}`,
		`{"prefixItems":[{},false],"items":{"enum":[[],{},null]},"uniqueItems":true,"minItems":5,"contains":{"minimum":3}}`,
		`{"dependentSchemas":{"a":{"$ref":"#"}},"allOf":[{"$ref":"#/allOf/0"}],"not":{"required":["a"]}}`, `{"type":["null","x"],"enum":[]}`,
	} {
		f.Add([]byte(schema), []byte(`{"a":{"a":[1,1e999999999,"x",null]}}`))
	}
	f.Fuzz(func(t *testing.T, schema, value []byte) {
		if differ, err := shape.NewDrift("https://example.com/root", schema, nil); err == nil {
			dec := json.NewDecoder(bytes.NewReader(value))
			dec.UseNumber()
			var decoded any
			if dec.Decode(&decoded) == nil {
				differ.Differences(decoded)
			}
		}
		if made, err := shape.Candidates("https://example.com/root", schema, nil); err == nil {
			for _, c := range made {
				if !json.Valid(c.Text) {
					t.Errorf("%s: %q is not JSON", schema, c.Text)
				}
			}
		}
		source := shape.Source{URL: "https://example.com/root", Text: schema}
		if changes, _, err := shape.Diff(source, source); err == nil && len(changes) > 0 {
			t.Errorf("%s differs from itself: %v", schema, changes)
		}
		b := &shape.Builder{}
		if b.Add(value) == nil {
			if text, err := b.Schema(shape.Head{}); err != nil || !json.Valid(text) {
				t.Errorf("%q of %q: %v", text, value, err)
			}
		}
	})
}
