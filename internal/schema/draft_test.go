package schema_test

import (
	"strings"
	"testing"

	"github.com/hookctl/hookctl/internal/hook"
	"github.com/hookctl/hookctl/internal/schema"
)

func TestDraftsAreTakenFromSchemaOrOptionsOrKeywords(t *testing.T) {
	// Each schema refuses the text under one draft, or some, and lets it through, or does
	// not compile, under the others.
	for _, test := range []struct {
		name, schema, draft, text string
		refused                   bool
	}{
		{"4 by $schema", `{"$schema":"http://json-schema.org/draft-04/schema#","minimum":1,"exclusiveMinimum":true}`, "", `1`, true},
		{"4 without #", `{"$schema":"http://json-schema.org/draft-04/schema","minimum":1,"exclusiveMinimum":true}`, "", `1`, true},
		{"4 has no const", `{"$schema":"http://json-schema.org/draft-04/schema#","const":1}`, "", `2`, false},
		{"5 is as 4", `{"$schema":"http://json-schema.org/draft-05/schema#","minimum":1,"exclusiveMinimum":true}`, "", `1`, true},
		{"6 has const", `{"$schema":"http://json-schema.org/draft-06/schema#","const":1}`, "", `2`, true},
		{"6 has no if", `{"$schema":"http://json-schema.org/draft-06/schema#","if":true,"then":false}`, "", `2`, false},
		{"7 has if", `{"$schema":"https://json-schema.org/draft-07/schema#","if":true,"then":false}`, "", `2`, true},
		{"7 ignores what is beside $ref", `{"$schema":"http://json-schema.org/draft-07/schema#","properties":{"a":{"$ref":"#/definitions/x","type":"string"}},"definitions":{"x":true}}`, "", `{"a":1}`, false},
		{"7 by hyper-schema", `{"$schema":"http://json-schema.org/draft-07/hyper-schema#","items":[{"type":"string"}]}`, "", `[1]`, true},
		{"2019-09 has both kinds of items", `{"$schema":"https://json-schema.org/draft/2019-09/schema","items":[{"type":"string"}],"unevaluatedItems":false}`, "", `["a",1]`, true},
		{"2020-12 has prefixItems", `{"$schema":"https://json-schema.org/draft/2020-12/schema","prefixItems":[{"type":"string"}]}`, "", `[1]`, true},
		{"OpenAPI 3.1", `{"$schema":"https://spec.openapis.org/oas/3.1/dialect/base","prefixItems":[{"type":"string"}]}`, "", `[1]`, true},
		{"no version", `{"$schema":"http://json-schema.org/schema#","prefixItems":[{"type":"string"}]}`, "", `[1]`, true},
		{"Draft 4", `{"minimum":1,"exclusiveMinimum":true}`, "4", `1`, true},
		{"Draft 6", `{"if":true,"then":false}`, "6", `1`, false},
		{"Draft 7", `{"prefixItems":[{"type":"string"}]}`, "7", `[1]`, false},
		{"Draft 2019-09", `{"items":[{"type":"string"}]}`, "2019-09", `[1]`, true},
		{"Draft 2020-12", `{"prefixItems":[{"type":"string"}]}`, "2020-12", `[1]`, true},
		{"$schema before Draft", `{"$schema":"http://json-schema.org/draft-07/schema#","prefixItems":[{"type":"string"}]}`, "2020-12", `[1]`, false},
		{"boolean bounds", `{"properties":{"a":{"maximum":1,"exclusiveMaximum":true}}}`, "", `{"a":1}`, true},
		{"id", `{"id":"http://example.com/x","definitions":{"a":{"id":"#a","type":"string"}},"$ref":"#a"}`, "", `1`, true},
		{"id and const", `{"id":"order","const":1}`, "", `2`, true},
		{"a list of items", `{"items":[{"type":"string"}],"additionalItems":false}`, "", `["a","b"]`, true},
		{"dependencies", `{"dependencies":{"a":["b"]}}`, "", `{"a":1}`, true},
		{"definitions", `{"definitions":{"x":true},"properties":{"a":{"$ref":"#/definitions/x","type":"string"}}}`, "", `{"a":1}`, false},
		{"$defs", `{"$defs":{"x":true},"properties":{"a":{"$ref":"#/$defs/x","type":"string"}}}`, "", `{"a":1}`, true},
		{"$recursiveRef", `{"$recursiveAnchor":true,"items":[{"type":"string"},{"$recursiveRef":"#"}]}`, "", `["a",[1]]`, true},
		{"none", `{"unevaluatedProperties":false}`, "", `{"a":1}`, true},
		{"a property called id", `{"properties":{"id":{"const":1}}}`, "", `{"id":2}`, true},
	} {
		s, err := schema.Compile(home+"a/b.json", []byte(test.schema), schema.Options{Draft: test.draft})
		if err != nil {
			t.Errorf("%s: %v", test.name, err)
			continue
		}
		if v := s.Check([]byte(test.text)); (v.Outcome == hook.Invalid) != test.refused {
			t.Errorf("%s: %s", test.name, verdict(v))
		}
	}
}

func TestAnUnknownDraftIsRefused(t *testing.T) {
	for _, draft := range []string{"3", "draft-07", "2021-12", "latest"} {
		_, err := schema.Compile(home+"a/b.json", []byte(`{}`), schema.Options{Draft: draft})
		if err == nil || !strings.HasSuffix(err.Error(), `want one of the drafts 4, 6, 7, 2019-09, 2020-12, got "`+draft+`"`) {
			t.Errorf("%s: %v", draft, err)
		}
	}
}

// Without $schema, jsonschema/v5 checks formats of the later drafts whatever it is told,
// and never of the earlier ones leaves them.
func TestFormatsDependOnTheOptionAlone(t *testing.T) {
	for _, start := range []string{
		`{`, `{"$schema":"http://json-schema.org/draft-04/schema#",`, `{"$schema":"http://json-schema.org/draft-06/schema#",`,
		`{"$schema":"http://json-schema.org/draft-07/schema#",`, `{"$schema":"https://json-schema.org/draft/2019-09/schema",`,
		`{"$schema":"https://json-schema.org/draft/2020-12/schema",`,
	} {
		for format, text := range map[string]string{"date-time": `"x"`, "uri-template": `"{"`, "period": `"x"`} {
			whole := start + `"format":"` + format + `"}`
			if got := verdict(mustCompile(t, whole, schema.Options{}).Check([]byte(text))); got != "invalid format" && format != "period" {
				t.Errorf("%s: %s", whole, got)
			}
			if got := verdict(mustCompile(t, whole, schema.Options{IgnoreFormats: true}).Check([]byte(text))); got != "valid" {
				t.Errorf("%s, formats ignored: %s", whole, got)
			}
		}
	}
}

func TestADialectOfOnesOwn(t *testing.T) {
	load := files(map[string]string{
		"meta.json": `{"$schema":"https://json-schema.org/draft/2020-12/schema","$id":"` + home + `meta.json","$vocabulary":{
			"https://json-schema.org/draft/2020-12/vocab/core":true,"https://json-schema.org/draft/2020-12/vocab/applicator":true}}`,
		"self.json": `{"$schema":"` + home + `self.json"}`,
		"ping.json": `{"$schema":"` + home + `pong.json"}`,
		"pong.json": `{"$schema":"` + home + `ping.json"}`,
	})
	s := mustCompile(t, `{"$schema":"`+home+`meta.json","properties":{"a":false,"b":{"minimum":10}}}`, schema.Options{Load: load})
	if got := verdict(s.Check([]byte(`{"b":1}`))); got != "valid" { // it has no vocabulary for minimum
		t.Errorf("b: %s", got)
	}
	if got := verdict(s.Check([]byte(`{"a":1}`))); got != "invalid false" {
		t.Errorf("a: %s", got)
	}
	for _, name := range []string{"self.json", "ping.json", "none.json"} {
		_, err := schema.Compile(home+"a/b.json", []byte(`{"$schema":"`+home+name+`"}`), schema.Options{Load: load})
		if err == nil || !strings.Contains(err.Error(), "its $schema is not known") {
			t.Errorf("%s: %v", name, err)
		}
	}
}
