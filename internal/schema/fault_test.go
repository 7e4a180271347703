package schema_test

import (
	"encoding/json"
	"strings"
	"testing"

	"github.com/hookctl/hookctl/internal/hook"
	"github.com/hookctl/hookctl/internal/schema"
)

func asJSON(t testing.TB, v any) []byte {
	t.Helper()
	text, err := json.Marshal(v)
	if err != nil {
		t.Fatal(err)
	}
	return text
}

func TestFaultsSayWhatIsWantedAndWhatThereIs(t *testing.T) {
	long := strings.Repeat("é", 50)
	for _, test := range []struct{ schema, text, want string }{
		{`{"type":"integer"}`, `"12"`, `type wrong "": want integer, got string "12"`},
		{`{"type":"integer"}`, `1.5`, `type wrong "": want integer, got number 1.5`},
		{`{"type":["string","null","array"]}`, `{}`, `type wrong "": want string, null or array, got object`},
		{`{"type":"string"}`, `null`, `type wrong "": want string, got null`},
		{`{"type":"string"}`, `true`, `type wrong "": want string, got true`},
		{`{"type":"string"}`, `[1]`, `type wrong "": want string, got array`},
		{`{"enum":["a","b"]}`, `"c"`, `enum wrong "": want one of "a", "b"; got "c"`},
		{`{"enum":["1",1,null,true,{"a":[1]}]}`, `{}`, `enum wrong "": want one of "1", 1, null, true, {"a":[1]}; got object`},
		{`{"enum":["a"]}`, `"c"`, `enum wrong "": want "a"; got "c"`},
		{`{"enum":[1,2,3,4,5,6,7,8,9,10]}`, `0`, `enum wrong "": want one of 1, 2, 3, 4, 5, 6, 7, 8 and 2 more; got 0`},
		{`{"const":"a"}`, `"\u001b[31m\u202e"`, `const wrong "": want "a", got "\x1b[31m\u202e"`},
		{`{"const":{"a":"\u202e"}}`, `1`, `const wrong "": want "{\"a\":\"\u202e\"}", got 1`},
		{`{"const":null}`, `0`, `const wrong "": want null, got 0`},
		{`{"format":"email"}`, `"` + long + `"`, `format wrong "": want an email, got "` + strings.Repeat("é", 40) + `…"`},
		{`{"format":"date-time"}`, `"2018-04-25 20:42:10"`, `format wrong "": want a date-time, got "2018-04-25 20:42:10"`},
		{`{"pattern":"^[A-Z]{3}$"}`, `"eur"`, `pattern wrong "": want a match of "^[A-Z]{3}$", got "eur"`},
		{`{"minimum":1.50}`, `1`, `minimum wrong "": want at least 1.5, got 1`},
		{`{"maximum":1e3}`, `1e4`, `maximum wrong "": want at most 1000, got 1e4`},
		{`{"exclusiveMinimum":0}`, `0`, `exclusiveMinimum wrong "": want more than 0, got 0`},
		{`{"exclusiveMaximum":10}`, `10.0`, `exclusiveMaximum wrong "": want less than 10, got 10.0`},
		{`{"multipleOf":0.01}`, `1.005`, `multipleOf wrong "": want a multiple of 0.01, got 1.005`},
		{`{"minLength":2}`, `"é"`, `minLength wrong "": want at least 2 characters, got 1: "é"`},
		{`{"maxLength":1}`, `"漢字"`, `maxLength wrong "": want at most 1 character, got 2: "漢字"`},
		{`{"minItems":1}`, `[]`, `minItems wrong "": want at least 1 item, got 0`},
		{`{"maxItems":2}`, `[1,2,3]`, `maxItems wrong "": want at most 2 items, got 3`},
		{`{"minProperties":2}`, `{"a":1}`, `minProperties wrong "": want at least 2 properties, got 1`},
		{`{"maxProperties":1}`, `{"a":1,"b":2}`, `maxProperties wrong "": want at most 1 property, got 2`},
		{`{"uniqueItems":true}`, `[1,2,1.0]`, `uniqueItems wrong "": want items that differ, got items 0 and 2 alike`},
		{`{"contains":{"type":"string"}}`, `[1,2]`, `contains wrong "": want at least 1 item as "contains" says, among 2`},
		{`{"contains":{"type":"string"},"maxContains":1}`, `["a","b"]`, `maxContains wrong "": want at most 1 item as "contains" says, among 2`},
		{`{"not":{"type":"string"}}`, `"a"`, `not wrong "": got "a", which is just what must not be here`},
		{`false`, `1`, `false wrong "": nothing is allowed here, got number 1`},
		{`{"properties":{"a":false}}`, `{"a":"x"}`, `false wrong "/a": nothing is allowed here, got string "x"`},
		{`{"prefixItems":[true],"items":false}`, `[1,2,3]`, "items wrong \"/1\": item 1 is one too many\nitems wrong \"/2\": item 2 is one too many"},
		{`{"items":[true],"additionalItems":false}`, `[1,2,3]`, `additionalItems wrong "": want at most 1 item, got 3`},
		{`{"prefixItems":[true],"unevaluatedItems":false}`, `[1,2]`, `unevaluatedItems wrong "/1": item 1 is one too many`},
		{`{"required":["a","b","c"]}`, `{"b":1}`, "required missing \"\": property \"a\" is missing\nrequired missing \"\": property \"c\" is missing"},
		{`{"dependentRequired":{"x/y%~":["a","b"]}}`, `{"x/y%~":1,"a":1}`, `dependentRequired missing "": property "b" is missing, which must be there as "x/y%~" is`},
		{`{"dependencies":{"a":["b"]}}`, `{"a":1}`, `dependencies missing "": property "b" is missing, which must be there as "a" is`},
		{`{"dependencies":{"a":{"required":["b"]}}}`, `{"a":1}`, `required missing "": property "b" is missing`},
		{`{"dependentSchemas":{"a":{"properties":{"b":{"type":"null"}}}}}`, `{"a":1,"b":2}`, `type wrong "/b": want null, got number 2`},
		{`{"additionalProperties":false,"properties":{"a":true},"patternProperties":{"^x":true}}`, `{"z":1,"a":1,"y":2,"xx":3}`,
			"additionalProperties wrong \"/z\": property \"z\" is not allowed here\nadditionalProperties wrong \"/y\": property \"y\" is not allowed here"},
		{`{"unevaluatedProperties":false}`, `{"z":1}`, `unevaluatedProperties wrong "/z": property "z" is not allowed here`},
		{`{"additionalProperties":{"type":"string"}}`, `{"z":1}`, `type wrong "/z": want string, got number 1`},
		{`{"propertyNames":{"maxLength":2}}`, `{"abc":1}`, `propertyNames wrong "/abc": as the name of a property: want at most 2 characters, got 3: "abc"`},
		{`{"propertyNames":{"enum":["a"]}}`, `{"b":{"a":1}}`, `propertyNames wrong "/b": as the name of a property: want "a"; got "b"`},
		{`{"propertyNames":false}`, `{"b":1}`, `propertyNames wrong "/b": property "b" is not allowed: there must be none`},
		{`{"properties":{"propertyNames":{"type":"string"}}}`, `{"propertyNames":1}`, `type wrong "/propertyNames": want string, got number 1`},
		{`{"if":{"required":["a"]},"then":{"required":["b"]},"else":{"required":["c"]}}`, `{"a":1}`, `required missing "": property "b" is missing`},
		{`{"if":{"required":["a"]},"then":{"required":["b"]},"else":{"required":["c"]}}`, `{}`, `required missing "": property "c" is missing`},
		{`{"$schema":"http://json-schema.org/draft-07/schema#","contentMediaType":"application/json"}`, `"{"`, `contentMediaType wrong "": want text that is application/json, got "{"`},
		{`{"$schema":"http://json-schema.org/draft-07/schema#","contentEncoding":"base64"}`, `"%"`, `contentEncoding wrong "": want text in base64, got "%"`},
		{`{"allOf":[{"$ref":"#/$defs/s"},{"$ref":"#/$defs/s"}],"$defs":{"s":{"type":"string"}}}`, `1`, `type wrong "": want string, got number 1`}, // once
	} {
		if got := faultsOf(t, test.schema, test.text); got != test.want {
			t.Errorf("%s against %s:\n got %s\nwant %s", test.text, test.schema, got, test.want)
		}
	}
}

// jsonschema/v5 writes pointers as parts of URLs.
func TestPointersAndRulesArePlain(t *testing.T) {
	for _, key := range []string{"a/b", "m~n", "50%", "%25", "e f", "é漢", `q"\`, "^$", "#", "~1", "a+b", "\u202e"} {
		object := map[string]any{"properties": map[string]any{key: map[string]any{"items": map[string]any{"type": "string"}}}}
		v := mustCompile(t, string(asJSON(t, object)), schema.Options{}).Check(asJSON(t, map[string]any{"other": 1, key: []int{7}}))
		token := strings.NewReplacer("~", "~0", "/", "~1").Replace(key)
		if len(v.Faults) != 1 || v.Faults[0].Pointer != "/"+token+"/0" || v.Faults[0].Rule != "recharge/order.schema.json#/properties/"+token+"/items/type" {
			t.Errorf("%q: %+v", key, v.Faults)
		}
	}
}

// jsonschema/v5 leaves empty keys out of its pointers.
func TestAFaultBelowAnEmptyKeyIsToldThere(t *testing.T) {
	for _, test := range []struct{ schema, text, want string }{
		{`{"additionalProperties":{"additionalProperties":{"type":"string"}}}`, `{"a":{"":1},"":{"b":1}}`, "type /a/, type //b"},
		{`{"properties":{"":{"properties":{"a":{"type":"integer"}}},"a":{"type":"string"}}}`, `{"":{"a":"x"},"a":"s"}`, "type //a"},
		{`{"patternProperties":{"^$":{"type":"integer"}}}`, `{"":"x"}`, "type /"},
		{`{"unevaluatedProperties":{"properties":{"a":{"type":"integer"}}}}`, `{"":{"a":"x"},"a":1}`, "type //a"},
		{`{"additionalProperties":false}`, `{"":{"a":"x"}}`, "additionalProperties /"},
		{`{"propertyNames":{"minLength":1}}`, `{"":1}`, "propertyNames /"},
		{`{"required":["a"]}`, `{"":{}}`, "required "},
		{`{"properties":{"%41 (0":{"items":{"type":"null"}},"!0":{"type":"null"}}}`, `{"%41 (0":[1],"!0":1}`, "type /%41 (0/0, type /!0"},
		{`{"additionalProperties":{"type":"null"}}`, `{"*!x":1,")0":1,"(0":1,"` + strings.Repeat("é~/", 9) + `":1}`, "type /*!x, type /)0, type /(0, type /" + strings.Repeat("é~0~1", 9)},
	} {
		var got []string
		for _, f := range mustCompile(t, test.schema, schema.Options{}).Check([]byte(test.text)).Faults {
			got = append(got, f.Kind+" "+f.Pointer)
		}
		if strings.Join(got, ", ") != test.want {
			t.Errorf("%s\n%s: %s", test.schema, test.text, strings.Join(got, ", "))
		}
	}
}

func TestALongPointerIsShortened(t *testing.T) {
	s := mustCompile(t, `{"additionalProperties":{"additionalProperties":{"type":"string"}}}`, schema.Options{})
	long := strings.Repeat("k", schema.MaxPointer)
	for key, want := range map[string]string{
		long[:500]:                "/" + long[:500] + "/b~1",
		long:                      "/" + long[:40] + "…/b~1",
		strings.Repeat("é~", 600): "/" + strings.Repeat("é~0", 13) + "…/b~1",
	} {
		v := s.Check(asJSON(t, map[string]any{key: map[string]any{"b/": 1}}))
		if len(v.Faults) != 1 || v.Faults[0].Pointer != want || v.Faults[0].Column != len([]rune(key))+11 {
			t.Errorf("%.20s: %+v", key, v.Faults)
		}
	}
}

func TestRulesNameTheFile(t *testing.T) {
	for url, want := range map[string]string{
		home + "recharge/2021-11/order.schema.json": "recharge/2021-11/order.schema.json#/type",
		"https://example.com/a/order.json":          "order.json#/type",
		"https://example.com/":                      "example.com#/type",
		"file:///home/jane/schemas/order.json":      "order.json#/type",
		"urn:example:order":                         "urn:example:order#/type",
	} {
		s, err := schema.Compile(url, []byte(`{"type":"object"}`), schema.Options{})
		if err != nil {
			t.Fatal(err)
		}
		if v := s.Check([]byte(`1`)); len(v.Faults) != 1 || v.Faults[0].Rule != want {
			t.Errorf("%s: %+v", url, v.Faults)
		}
	}
	// The URL that a schema gives itself counts.
	s := mustCompile(t, `{"$id":"`+home+`other/a.json","properties":{"x":{"$id":"part.json","type":"object"}}}`, schema.Options{})
	if v := s.Check([]byte(`{"x":1}`)); len(v.Faults) != 1 || v.Faults[0].Rule != "other/a.json#/properties/x/type" {
		t.Errorf("%+v", v.Faults)
	}
}

func TestFaultsHaveTheirPlaceInTheText(t *testing.T) {
	const text = "{\r\n\t\"id\": \"1\",\r\n  \"漢\\u0041\": [1, \"é\", 2],\r\n\t\"a\": {\"x\": 1},\n \"a\": {\"y\": {}}, \"more\": 1\n}"
	s := mustCompile(t, `{"additionalProperties":false,"required":["gone"],"properties":{
		"id":{"type":"integer"},"漢A":{"items":{"type":"string"}},"a":{"properties":{"x":{"type":"string"},"y":{"required":["z"]}}}}}`, schema.Options{})
	v := s.Check([]byte(text))
	for i, want := range []struct {
		kind, pointer string
		line, column  int
		at            string
	}{
		{"required", "", 1, 1, "{\r"},
		{"type", "/id", 2, 8, `"1"`},
		{"type", "/漢A/0", 3, 15, "1, "},
		{"type", "/漢A/2", 3, 23, "2]"},
		{"duplicate_key", "/a", 5, 2, `"a": {"y`},
		{"required", "/a/y", 5, 13, "{}}"},
		{"additionalProperties", "/more", 5, 18, `"more"`},
	} {
		if i >= len(v.Faults) {
			t.Fatalf("%d faults: %s", len(v.Faults), lines(v))
		}
		f := v.Faults[i]
		if f.Kind != want.kind || f.Pointer != want.pointer || f.Line != want.line || f.Column != want.column || !strings.HasPrefix(text[f.Offset:], want.at) {
			t.Errorf("got %+v, want %+v", f, want)
		}
	}
	if len(v.Faults) != 7 || v.Outcome != hook.Invalid {
		t.Errorf("%d faults", len(v.Faults))
	}
}
