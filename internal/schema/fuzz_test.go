package schema_test

import (
	"fmt"
	"testing"

	"github.com/hookctl/hookctl/internal/hook"
	"github.com/hookctl/hookctl/internal/schema"
)

// FuzzCheck: whatever a text is, it gets a verdict, the same twice, and faults inside it.
func FuzzCheck(f *testing.F) {
	var schemas []*schema.Schema
	for _, text := range []string{orderSchema, payments, twoWays, `{
		"patternProperties":{"^x(?=y)":{"type":"string"}},"additionalProperties":{"type":["number","object"],"multipleOf":0.1},"propertyNames":{"pattern":"^.{0,5}$"},
		"uniqueItems":true,"items":{"enum":[1,"a",{"b":1e2}],"minimum":2,"format":"uri"},"contains":{"const":1},"unevaluatedProperties":false
	}`} {
		schemas = append(schemas, mustCompile(f, text, schema.Options{}))
	}
	for _, seed := range []string{`{"kind":"card"}`, `{"id":1e1000001}`, `[[[1]],"a"]`, `{"xy":1,"":{"a":null}}`, "\ufeff{}", `{"a":1,"a":"\ud800"}`, `[1,1.0,"a"]`, string(order())} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, text []byte) {
		for i, s := range schemas {
			v := s.Check(text)
			checkFaults(t, text, v)
			slow := len(v.Faults) > 0 && v.Faults[0].Kind == schema.KindDeadline
			if again := s.Check(text); !slow && fmt.Sprintf("%+v", again) != fmt.Sprintf("%+v", v) {
				t.Errorf("schema %d: %+v, then %+v", i, v, again)
			}
		}
	})
}

func checkFaults(t *testing.T, text []byte, v hook.Validation) {
	t.Helper()
	if len(v.Faults) > schema.MaxFaults || v.Outcome == hook.Invalid && len(v.Faults) == 0 || v.Outcome == hook.NotJSON && v.Reason == "" {
		t.Errorf("%+v", v)
	}
	last := 0
	for _, fault := range v.Faults {
		if fault.Offset < last || fault.Offset > len(text) || fault.Line < 1 || fault.Column < 1 || fault.Kind == "" || fault.Message == "" {
			t.Errorf("%+v", fault)
		}
		if fault.Kind == schema.KindBroken || v.Outcome == hook.Valid && fault.Class != hook.ClassDoubt {
			t.Errorf("%+v", fault)
		}
		last = fault.Offset
	}
}

// FuzzCompile: whatever a schema is, it compiles and checks, or says why not.
func FuzzCompile(f *testing.F) {
	for _, seed := range []string{
		orderSchema, payments, twoWays, `{"$ref":"#"}`, `{"pattern":"^(?!x)("}`, `{"patternProperties":{"(?=a)":{"$ref":"#/patternProperties/(?=a)"}}}`,
		`{"$schema":"http://json-schema.org/draft-04/schema#","id":"a","exclusiveMinimum":true,"minimum":1}`, `{"$id":"b.json","$defs":{"a":{"$anchor":"x"}},"$ref":"#x"}`,
		`{"$dynamicAnchor":"n","items":{"$dynamicRef":"#n"}}`, `{"$recursiveAnchor":true,"items":{"$recursiveRef":"#"}}`, `{"minLength":1e400,"maxItems":-1,"multipleOf":0}`,
		`{"$ref":"other.json#/x"}`, `{"$schema":"other.json"}`, `{"if":{"$ref":"#/then"},"then":{"not":{}}}`, `{"enum":[],"type":[],"required":["a","a"]}`, `{"$vocabulary":{"x":true}}`,
	} {
		f.Add([]byte(seed))
	}
	load := files(map[string]string{"recharge/other.json": `{"x":{"type":"string"},"y":{"$ref":"a.json"}}`})
	f.Fuzz(func(t *testing.T, text []byte) {
		s, err := schema.Compile(home+"recharge/a.json", text, schema.Options{Load: load})
		if (s == nil) != (err != nil) {
			t.Fatalf("%v, %v", s, err)
		}
		if err != nil {
			return
		}
		for _, sample := range []string{`{"a":[1,{"b":"x"}],"kind":"card"}`, `["a",1,[[]]]`, `"text"`, `12.5`, `null`, string(text)} {
			checkFaults(t, []byte(sample), s.Check([]byte(sample)))
		}
	})
}
