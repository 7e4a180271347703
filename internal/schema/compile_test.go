package schema_test

import (
	"strings"
	"testing"

	"github.com/hookctl/hookctl/internal/hook"
	"github.com/hookctl/hookctl/internal/schema"
)

func TestCompileSaysWhereASchemaIsWrong(t *testing.T) {
	for text, want := range map[string]string{
		"{\n \"properties\": {\"id\": {\"type\": \"strin\"}}}": `line 2, column 32, /properties/id/type: want one of "array", "boolean", "integer", "null", "number", "object", "string"; got "strin"`,
		`{"minLength":-1,"maxLength":"2"}`:                     `line 1, column 14, /minLength: want at least 0, got -1 (and 1 more)`,
		`[]`:                                                   `line 1, column 1: want object or boolean, got array`,
		`{"type":`:                                             `not JSON: line 1, column 9: it ends in the middle of a value`,
		``:                                                     `not JSON: line 1, column 1: it is empty`,
		`{"$ref":"#/$defs/a"}`:                                 `line 1, column 9, /$ref: it refers to recharge/order.schema.json#/$defs/a, which is not there`,
		`{"$ref":"#a"}`:                                        `it refers to recharge/order.schema.json#a, which is not there`,
		`{"$ref":"#"}`:                                         `it refers to itself without end: recharge/order.schema.json#/$ref`,
		`{"minimum":1e1000001}`:                                `line 1, column 12: number 1e1000001, and so not checked: exponents go to 400`,
		`{"$schema":7}`:                                        `$schema is not a string`,
		`{"$schema":"http://json-schema.org/draft-03/schema#"}`:          `its $schema is not known: "http://json-schema.org/draft-03/schema#"; want one of draft-04, draft-06, draft-07, 2019-09 and 2020-12`,
		strings.Repeat(`{"not":`, 151) + `{}` + strings.Repeat(`}`, 151): `line 1, column 1051: nested more than 150 deep, and so not checked`,
	} {
		s, err := schema.Compile(home+"recharge/order.schema.json", []byte(text), schema.Options{})
		if err == nil || s != nil || !strings.HasPrefix(err.Error(), "schema recharge/order.schema.json: "+want) {
			t.Errorf("%.60s:\n got %v\nwant %s", text, err, want)
		}
	}
}

func TestCompileWantsAnAbsoluteURL(t *testing.T) {
	for _, url := range []string{"", "order.json", "/tmp/order.json", "https://example.com/a#b", ":"} {
		if _, err := schema.Compile(url, []byte(`{}`), schema.Options{}); err == nil {
			t.Errorf("%q was taken", url)
		}
	}
	for _, url := range []string{"file:///home/jane/a%20b.json", "urn:example:order", "https://example.com/a?b=c"} {
		s, err := schema.Compile(url, []byte(`{"$defs":{"a":{"type":"string"}},"$ref":"#/$defs/a"}`), schema.Options{})
		if err != nil || s.Check([]byte(`1`)).Outcome != hook.Invalid {
			t.Errorf("%q: %v", url, err)
		}
	}
}

func TestNothingIsReadThatLoadDoesNotGive(t *testing.T) {
	for _, ref := range []string{"file:///etc/hostname", "http://127.0.0.1:1/a", "https://example.com/a.json", "other.json"} {
		text := []byte(`{"properties":{"a":{"$ref":"` + ref + `"}}}`)
		_, err := schema.Compile(home+"a/b.json", text, schema.Options{})
		if err == nil || !strings.Contains(err.Error(), "line 1, column 28, /properties/a/$ref: it refers to ") || !strings.HasSuffix(err.Error(), "other schemas are not read here") {
			t.Errorf("%s: %v", ref, err)
		}
		_, err = schema.Compile(home+"a/b.json", text, schema.Options{Load: files(nil)})
		if err == nil || !strings.HasSuffix(err.Error(), "there is no such file") {
			t.Errorf("%s: %v", ref, err)
		}
	}
	// What is never reached need not be there.
	mustCompile(t, `{"$defs":{"a":{"$ref":"file:///etc/hostname"}}}`, schema.Options{})
}

func TestSchemasReferToEachOther(t *testing.T) {
	load := files(map[string]string{
		"recharge/common.json":  `{"definitions":{"id":{"type":"integer"},"late":{"pattern":"^(?!x)"},"order":{"$ref":"order.schema.json"}}}`,
		"recharge/deep/a.json":  `{"$id":"` + home + `recharge/deep/renamed.json","$ref":"../common.json#/definitions/id"}`,
		"recharge/openapi.json": `{"components":{"schemas":{"x":{"properties":{"p":{"pattern":"^(?=a)b?a"}}}}}}`,
		"recharge/bundle.json":  `{"$schema":"https://json-schema.org/draft/2020-12/schema","$defs":{"b":{"$id":"inner.json","$defs":{"c":{"const":1}},"$ref":"#/$defs/c"}}}`,
	})
	for _, test := range []struct{ schema, text, want string }{
		{`{"$ref":"common.json#/definitions/id"}`, `"1"`, "recharge/common.json#/definitions/id/type"},
		{`{"$ref":"common.json#/definitions/late"}`, `"x"`, "recharge/common.json#/definitions/late/pattern"},
		{`{"$ref":"deep/a.json"}`, `"1"`, "recharge/common.json#/definitions/id/type"},
		{`{"type":"object","properties":{"o":{"$ref":"common.json#/definitions/order"}}}`, `{"o":1}`, "recharge/order.schema.json#/type"},
		{`{"$ref":"openapi.json#/components/schemas/x"}`, `{"p":"c"}`, "recharge/openapi.json#/components/schemas/x/properties/p/pattern"},
		{`{"x-parts":{"a b%":{"pattern":"^(?!x)"}},"$ref":"#/x-parts/a%20b%25"}`, `"x"`, "recharge/order.schema.json#/x-parts/a b%/pattern"},
		{`{"$ref":"bundle.json#/$defs/b"}`, `2`, "recharge/bundle.json#/$defs/b/$defs/c/const"},
		{`{"allOf":[{"$ref":"bundle.json#/$defs/b"},{"$ref":"inner.json"}]}`, `2`, "recharge/inner.json#/$defs/c/const"},
	} {
		s := mustCompile(t, test.schema, schema.Options{Load: load})
		v := s.Check([]byte(test.text))
		var rules []string
		for _, f := range v.Faults {
			rules = append(rules, f.Rule)
		}
		if !strings.Contains(strings.Join(rules, " "), test.want) {
			t.Errorf("%s: %q, want %s", test.schema, rules, test.want)
		}
	}
}

// A compiler of jsonschema/v5 that has failed gives a partly compiled schema, or panics,
// the next time: https://github.com/santhosh-tekuri/jsonschema v5.3.1.
func TestAFailedCompileLeavesNothingBehind(t *testing.T) {
	broken := map[string]string{"recharge/part.json": `{"type":"strin"}`}
	load := files(broken)
	text := []byte(`{"properties":{"a":{"$ref":"part.json"},"b":{"type":"string"}}}`)
	for range 3 {
		if s, err := schema.Compile(home+"recharge/a.json", text, schema.Options{Load: load}); err == nil || s != nil {
			t.Fatal("a broken part was taken")
		} else if !strings.Contains(err.Error(), "recharge/part.json: line 1, column 9, /type: want one of") {
			t.Error(err)
		}
		if _, err := schema.Compile(home+"recharge/a.json", []byte(`{"pattern":"("}`), schema.Options{}); err == nil {
			t.Fatal("a broken pattern was taken")
		}
	}
	broken["recharge/part.json"] = `{"type":"string"}`
	s, err := schema.Compile(home+"recharge/a.json", text, schema.Options{Load: load})
	if err != nil || verdict(s.Check([]byte(`{"a":1,"b":1}`))) != "invalid type type" {
		t.Errorf("after repair: %v", err)
	}
}

func TestWarningsNameFormatsThatNobodyChecks(t *testing.T) {
	s := mustCompile(t, `{"properties":{"a":{"format":"money"},"b":{"items":{"format":"money"}},"c":{"format":"int64"},"d":{"format":"date"},
		"format":{"type":"string"},"e":{"enum":[{"format":"nothing"}]},"f":{"format":"x\u001b"}},"type":"object","type":"object"}`, schema.Options{})
	want := []string{
		`recharge/order.schema.json#/properties/a/format: format "money" is not checked (here and in 1 more places)`,
		`recharge/order.schema.json#/properties/f/format: format "x\x1b" is not checked`,
		`recharge/order.schema.json#/type: the key "type" is there more than once, and the last counts`,
	}
	if strings.Join(s.Warnings, "\n") != strings.Join(want, "\n") {
		t.Errorf("got %q", s.Warnings)
	}
}
