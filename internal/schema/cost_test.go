package schema_test

import (
	"fmt"
	"runtime"
	"strings"
	"testing"

	"github.com/hookctl/hookctl/internal/hook"
	"github.com/hookctl/hookctl/internal/schema"
)

// megabytes is how much a check allocates in all.
func megabytes(s *schema.Schema, text []byte) (hook.Validation, int) {
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	v := s.Check(text)
	runtime.ReadMemStats(&after)
	return v, int((after.TotalAlloc - before.TotalAlloc) >> 20)
}

func list(of string, n int) string { return strings.TrimSuffix(strings.Repeat(of+",", n), ",") }

// quoted are n strings of some length, as JSON.
func quoted(n int) string {
	var all []string
	for i := range n {
		all = append(all, fmt.Sprintf(`"a value that is number %d"`, i))
	}
	return strings.Join(all, ",")
}

// Each of these took gigabytes once: what jsonschema/v5 writes down of a failure, or of a
// location, times the size of the text.
func TestAHostileTextCostsInProportionToItsSize(t *testing.T) {
	long := strings.Repeat("k", 200_000)
	tree := "{}"
	for range 12 {
		tree = `{"l":` + tree + `,"r":` + tree + `}`
	}
	for _, test := range []struct {
		name, schema, text, want string
		most                     int // MB
	}{
		{"a long key and many doubts", `{"type":"object"}`, `{"` + long + `":{` + list(`"a":1`, 1500) + `}}`, "valid duplicate_key", 10},
		{"a long key and many items", `{"additionalProperties":{"items":{"type":"integer"}}}`, `{"` + long + `":[` + list("1", 5000) + `]}`, "valid", 10},
		{"a long key and many wrong items", `{"additionalProperties":{"items":{"type":"string"}}}`, `{"` + long + `":[` + list("1", 5000) + `]}`, "invalid type", 20},
		{"a long key that nothing evaluates", `{"unevaluatedProperties":{"items":{"type":"string"}}}`, `{"` + long + `":[` + list("1", 5000) + `]}`, "invalid type", 20},
		{"many names", `{"items":{"required":[` + quoted(40) + `]}}`, "[" + list("{}", 50_000) + "]", "invalid required", 50},
		{"many names beside", `{"items":{"dependentRequired":{"a":[` + quoted(40) + `]}}}`, "[" + list(`{"a":1}`, 50_000) + "]", "invalid dependentRequired", 70},
		{"many values", `{"items":{"enum":[` + quoted(250) + `]}}`, "[" + list(`"x"`, 100_000) + "]", "invalid enum", 90},
		{"many values in vain", `{"contains":{"enum":[` + quoted(250) + `]}}`, "[" + list(`"x"`, 20_000) + `,"a value that is number 7"]`, "valid", 50},
		{"a long constant", `{"items":{"const":"` + long + `"}}`, "[" + list(`"x"`, 20_000) + "]", "invalid const", 50},
		{"many wrong types", `{"items":{"type":"string"}}`, "[" + list("1", 200_000) + "]", "invalid type", 90},
		{"many unknown properties", `{"items":{"additionalProperties":false}}`, "[" + list(`{"a":1,"b":2}`, 20_000) + "]", "invalid additionalProperties", 70},
		{"many items too many", `{"unevaluatedItems":false}`, "[" + list("1", 100_000) + "]", "invalid unevaluatedItems", 60},
		{"a tree", `{"required":[` + quoted(40) + `],"properties":{"l":{"$ref":"#"},"r":{"$ref":"#"}}}`, tree, "invalid required", 30},
		{"deep items", `{"type":"array","items":{"$ref":"#"}}`, strings.Repeat("[", 99) + list("1", 20_000) + strings.Repeat("]", 99), "invalid type", 100},
	} {
		s := mustCompile(t, test.schema, schema.Options{})
		s.Check([]byte("0"))
		v, mb := megabytes(s, []byte(test.text))
		if mb > test.most {
			t.Errorf("%s: %d MB", test.name, mb)
		}
		got := string(v.Outcome)
		for i, f := range v.Faults {
			if len(f.Pointer) > schema.MaxPointer || len(f.Message) > 1000 {
				t.Errorf("%s: %d and %d bytes", test.name, len(f.Pointer), len(f.Message))
			}
			if i == 0 {
				got += " " + f.Kind
			}
		}
		if got != test.want || len(v.Faults) > 0 && v.More == 0 {
			t.Errorf("%s: %s, %d faults and %d more", test.name, got, len(v.Faults), v.More)
		}
	}
}

// A loop that ends early must not change a verdict, nor the order of the faults.
func TestManyFailuresKeepTheVerdict(t *testing.T) {
	numbers, words := list("1", 30_000), list(`"a"`, 30_000)
	for _, test := range []struct{ schema, text, want string }{
		{`{"anyOf":[{"items":{"type":"string"}},{"items":{"type":"integer"}}]}`, "[" + numbers + "]", "valid"},
		{`{"anyOf":[{"items":{"type":"string"}},{"items":{"type":"integer"}}]}`, "[" + numbers + `,"a"]`, "invalid"},
		{`{"oneOf":[{"items":{"type":"string"}},{"items":{"type":"integer"}}]}`, "[" + words + "]", "valid"},
		{`{"not":{"items":{"type":"string"}}}`, "[" + numbers + "]", "valid"},
		{`{"not":{"not":{"items":{"type":"string"}}}}`, "[" + words + "]", "valid"},
		{`{"if":{"items":{"type":"string"}},"then":false}`, "[" + numbers + "]", "valid"},
		{`{"contains":{"type":"string"}}`, "[" + numbers + `,"a"]`, "valid"},
		{`{"contains":{"type":"integer"},"maxContains":29999}`, "[" + numbers + "]", "invalid"},
		{`{"anyOf":[{"items":{"type":"string"}},true],"unevaluatedItems":false}`, "[" + numbers + "]", "invalid"},
		{`{"anyOf":[{"items":{"type":"string"}},{"items":{"type":"integer"}}],"unevaluatedItems":false}`, "[" + numbers + "]", "valid"},
		{`{"items":{"anyOf":[{"properties":{"k":{"const":2}}},{"properties":{"k":{"const":1}}}]}}`, "[" + list(`{"k":1}`, 25_000) + "]", "valid"},
		{`{"items":{"anyOf":[{"properties":{"k":{"const":2}}},{"properties":{"k":{"const":1}}}]}}`, "[" + list(`{"k":1}`, 25_000) + `,{"k":3}]`, "invalid"},
	} {
		s := mustCompile(t, test.schema, schema.Options{})
		v := s.Check([]byte(test.text))
		if string(v.Outcome) != test.want {
			t.Errorf("%s: %.200s", test.schema, lines(v))
		}
		if again := s.Check([]byte(test.text)); fmt.Sprintf("%+v", again) != fmt.Sprintf("%+v", v) {
			t.Errorf("%s: differs when checked again", test.schema)
		}
	}
}

func TestMatchesShareOneTimeBudget(t *testing.T) {
	s := mustCompile(t, `{"patternProperties":{"^(?!x)(a+)+$":true}}`, schema.Options{})
	var keys []string
	for i := range 300 { // each takes some 10 to 100 ms, none of them too long
		keys = append(keys, fmt.Sprintf(`"%s!%d":1`, strings.Repeat("a", 21), i))
	}
	if v := s.Check([]byte("{" + strings.Join(keys, ",") + "}")); verdict(v) != "invalid deadline" {
		t.Errorf("got %.300s", lines(v))
	}
}

func TestTheSchemaOfADraftIsForSmallTexts(t *testing.T) {
	s := mustCompile(t, `{"$ref":"http://json-schema.org/draft-07/schema#"}`, schema.Options{})
	for text, want := range map[string]string{
		`{"type":"string"}`: "valid", `{"type":1}`: "invalid enum", `{"a b/":1,"properties":{"c d":1}}`: "invalid type",
		`{"` + strings.Repeat("k", 1<<20) + `":[` + list("1", 100) + `]}`: "invalid deadline",
		`{"enum":[` + list("1", 60_000) + `]}`:                            "invalid deadline",
	} {
		if v := s.Check([]byte(text)); verdict(v) != want {
			t.Errorf("%.40s: %s", text, lines(v))
		}
	}
	if v := s.Check([]byte(`{"properties":{"c d":1}}`)); v.Faults[0].Pointer != "/properties/c d" {
		t.Errorf("got %s", lines(v))
	}
}
