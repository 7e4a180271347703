package schema_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/hookctl/hookctl/internal/hook"
	"github.com/hookctl/hookctl/internal/schema"
)

// jsonschema/v5 takes these as numbers below zero, or none.
func TestHugeBoundsBindNothingOrEverything(t *testing.T) {
	for _, huge := range []string{"9223372036854775807", "9223372036854775808", "18446744073709551615", "1e30", "2147483648", "1e400"} {
		for _, test := range []struct{ bound, text, want string }{
			{`"maxLength":`, `"abc"`, "valid"}, {`"maxItems":`, `[1]`, "valid"}, {`"maxProperties":`, `{"a":1}`, "valid"}, {`"contains":true,"maxContains":`, `[1]`, "valid"},
			{`"minLength":`, `"abc"`, "invalid minLength"}, {`"minItems":`, `[1]`, "invalid minItems"}, {`"minProperties":`, `{"a":1}`, "invalid minProperties"},
			{`"contains":true,"minContains":`, `[1]`, "invalid contains"},
		} {
			if got := verdict(mustCompile(t, `{`+test.bound+huge+`}`, schema.Options{}).Check([]byte(test.text))); got != test.want {
				t.Errorf("%s%s: %s", test.bound, huge, got)
			}
		}
	}
	for bound, want := range map[string]string{"2": "invalid maxLength", "2.0": "invalid maxLength", "3": "valid", "2147483647": "valid", "3e0": "valid"} {
		if got := verdict(mustCompile(t, `{"maxLength":`+bound+`}`, schema.Options{}).Check([]byte(`"abc"`))); got != want {
			t.Errorf("maxLength %s: %s", bound, got)
		}
	}
}

// Each took jsonschema/v5 a minute, or more memory than there is.
func TestASchemaThatIsTooLargeIsRefused(t *testing.T) {
	chain := func(n int, link string) string {
		var all []string
		for i := range n {
			all = append(all, fmt.Sprintf(`"d%d":`+link, i, i+1))
		}
		return `{"$ref":"#/$defs/d0","$defs":{` + strings.Join(all, ",") + fmt.Sprintf(`,"d%d":{"type":"string"}}}`, n)
	}
	for text, want := range map[string]string{
		chain(20_000, `{"$ref":"#/$defs/d%d"}`):                                                "more than 15000 schemas",
		chain(500, `{"$ref":"#/$defs/d%d"}`):                                                   "more than 300 schemas refer to each other in turn",
		chain(500, `{"allOf":[{"not":{"$ref":"#/$defs/d%d"}}]}`):                               "more than 300 schemas refer to each other in turn",
		chain(100, `{"properties":{"a":{"$ref":"#/$defs/d%d"}}}`):                              "",
		chain(250, `{"$ref":"#/$defs/d%d"}`):                                                   "",
		`{"$defs":{"` + strings.Repeat("k", 1<<20) + `":{"allOf":[` + list("{}", 100) + `]}}}`: "more than 64 MB",
	} {
		_, err := schema.Compile(home+"a.json", []byte(text), schema.Options{})
		if (err == nil) != (want == "") || err != nil && (!strings.Contains(err.Error(), want) || len(err.Error()) > 300) {
			t.Errorf("%.60s: %.300v, want %q", text, err, want)
		}
	}
}

// The schema that is meant is one that no keyword names: the anchor finds it.
func TestFaultsOfASchemaThatADynamicRefFinds(t *testing.T) {
	const text = `{
		"$schema": "https://json-schema.org/draft/2020-12/schema", "$id": "https://example.com/orders", "$ref": "list",
		"$defs": {
			"order": {"$dynamicAnchor": "item", "type": "object", "required": ["id"], "properties": {"id": {"type": "integer"}, "tags": {"$ref": "#/$defs/tags"}},
				"additionalProperties": false},
			"tags": {"items": {"enum": ["a", "b"]}},
			"list": {"$id": "list", "type": "array", "items": {"$dynamicRef": "#item"}, "$defs": {"any": {"$dynamicAnchor": "item"}}}
		}
	}`
	s := mustCompile(t, text, schema.Options{})
	for range 3 { // each by a schema of its own, where they run at once
		v := s.Check([]byte(`[{"id":1},{},{"id":"x"},{"id":1,"tags":["c"]},{"id":1,"z":0},7]`))
		want := `required missing "/1": property "id" is missing
type wrong "/2/id": want integer, got string "x"
enum wrong "/3/tags/0": want one of "a", "b"; got "c"
additionalProperties wrong "/4/z": property "z" is not allowed here
type wrong "/5": want object, got number 7`
		if got := lines(v); got != want {
			t.Errorf("got %s", got)
		}
		for _, f := range v.Faults {
			if !strings.HasPrefix(f.Rule, "orders#/$defs/") && !strings.HasPrefix(f.Rule, "order.schema.json#/$defs/") {
				t.Errorf("the rule is %s", f.Rule)
			}
		}
	}
	v, mb := megabytes(s, []byte("["+list("{}", 50_000)+"]"))
	if v.Outcome != hook.Invalid || mb > 60 {
		t.Errorf("%d MB, %.200s", mb, lines(v))
	}
}
