package shape_test

import (
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/hookctl/hookctl/internal/shape"
)

func decode(t testing.TB, text string) any {
	t.Helper()
	dec := json.NewDecoder(strings.NewReader(text))
	dec.UseNumber()
	var value any
	if err := dec.Decode(&value); err != nil {
		t.Fatal(err)
	}
	return value
}

// drift is what differs, one line each.
func drift(t testing.TB, schema, value string) []string {
	t.Helper()
	d, err := shape.NewDrift("https://example.com/root", []byte(schema), nil)
	if err != nil {
		t.Fatalf("%s: %v", schema, err)
	}
	var lines []string
	for _, diff := range d.Differences(decode(t, value)) {
		lines = append(lines, diff.Kind+" "+diff.Pointer+" "+diff.Detail)
	}
	return lines
}

func TestDifferences(t *testing.T) {
	for name, test := range map[string]struct {
		schema, value string
		want          []string
	}{
		"nothing is known of the properties": {`{"type":"object"}`, `{"a":1}`, nil},
		"nothing is known":                   {`true`, `[{"a":1}]`, nil},
		"unknown, though allowed":            {`{"properties":{"a":{}},"additionalProperties":true}`, `{"a":1,"b":"x"}`, []string{"unknown_property /b string"}},
		"unknown and forbidden":              {`{"additionalProperties":false}`, `{"b":[1]}`, []string{"unknown_property /b array"}},
		"a property that is false":           {`{"properties":{"a":false}}`, `{"a":1}`, []string{"unknown_property /a integer"}},
		"what is unknown is not entered":     {`{"properties":{"a":{}}}`, `{"b":{"c":1}}`, []string{"unknown_property /b object"}},
		"in an open object":                  {`{"properties":{"a":{"type":"object"}}}`, `{"a":{"c":1}}`, nil},
		"a schema for all others":            {`{"properties":{"a":{}},"additionalProperties":{"type":"integer"}}`, `{"b":1,"c":"x","d":"y"}`, []string{"type /* string, not integer"}},
		"others, nested":                     {`{"additionalProperties":{"properties":{"x":{"type":"string"}}}}`, `{"id1":{"x":1,"y":1},"id2":{"y":2}}`, []string{"type /*/x integer, not string", "unknown_property /*/y integer"}},
		"unevaluated":                        {`{"properties":{"a":{}},"unevaluatedProperties":{"type":"integer"}}`, `{"b":true}`, []string{"type /* boolean, not integer"}},
		"a pattern fits":                     {`{"patternProperties":{"^x-":{"type":"string"}}}`, `{"x-a":"1","x-b":1,"y":1}`, []string{"type /* integer, not string", "unknown_property /y integer"}},
		"a pattern of another dialect":       {`{"patternProperties":{"^(?!x)":{}}}`, `{"y":1}`, nil},
		"a key that is an id": {
			`{"properties":{"a":{}}}`,
			`{"550e8400-e29b-41d4-a716-446655440000":1,"42":1,"2026-11-21":1,"jane@example.com":1,"cus_9s6XKzkNRiz8i3aa":1}`,
			[]string{"unknown_property /* integer"},
		},
		"pointers are escaped": {`{"properties":{"a/b":{"properties":{"x":{}}}}}`, `{"a/b":{"~":1}}`, []string{"unknown_property /a~1b/~0 integer"}},
		"items, once": {
			`{"properties":{"items":{"items":{"properties":{"id":{"type":"integer"}}}}}}`, `{"items":[{"id":1},{"id":"1","sku":1},{"id":"2","sku":2}]}`,
			[]string{"type /items/*/id string, not integer", "unknown_property /items/*/sku integer"},
		},
		"a tuple":          {`{"prefixItems":[{"type":"string"}],"items":{"type":"integer"}}`, `["a",1,"b"]`, []string{"type /* string, not integer"}},
		"a tuple, before":  {`{"items":[{"type":"string"}],"additionalItems":{"type":"integer"}}`, `["a",1,"b"]`, []string{"type /* string, not integer"}},
		"a type":           {`{"properties":{"a":{"type":"string"}}}`, `{"a":1}`, []string{"type /a integer, not string"}},
		"a whole number":   {`{"items":{"type":"integer"}}`, `[1, 1.0, 10e-1, -0.0, 1e1000001]`, nil},
		"a fraction":       {`{"items":{"type":"integer"}}`, `[1.5]`, []string{"type /* fraction, not integer"}},
		"numbers":          {`{"items":{"type":"number"}}`, `[1, 1.5, 1e-1000001]`, nil},
		"null":             {`{"properties":{"a":{"type":["string","integer"]}}}`, `{"a":null}`, []string{"null /a null, not integer or string"}},
		"null is allowed":  {`{"properties":{"a":{"type":["string","null"]}}}`, `{"a":null}`, nil},
		"the root":         {`{"type":"object"}`, `[]`, []string{"type  array, not object"}},
		"an enum":          {`{"properties":{"a":{"enum":["x","y"]}}}`, `{"a":"z"}`, []string{`enum_value /a "z"`}},
		"an enum's type":   {`{"properties":{"a":{"enum":["x","y"]}}}`, `{"a":5}`, []string{`type /a integer, not string`}},
		"a number in enum": {`{"items":{"enum":[1,2.50]}}`, `[1.0,2.5,3]`, []string{`enum_value /* 3`}},
		"an open enum": {
			`{"properties":{"a":{"type":["string","integer","null"],"x-extensible-enum":["x",1]}}}`, `{"a":"z"}`, []string{`enum_value /a "z"`},
		},
		"an open enum's values":     {`{"items":{"type":["string","integer","null"],"x-extensible-enum":["x",1]}}`, `["x",1.0,null]`, nil},
		"an open enum's type":       {`{"items":{"type":"string","x-extensible-enum":["x"]}}`, `[7]`, []string{"type /* integer, not string"}},
		"an open enum referred to":  {`{"properties":{"a":{"$ref":"#/$defs/a","description":"it"}},"$defs":{"a":{"x-extensible-enum":["x"]}}}`, `{"a":"z"}`, []string{`enum_value /a "z"`}},
		"an open enum or null":      {`{"items":{"anyOf":[{"type":"string","x-extensible-enum":["x"]},{"type":"null"}]}}`, `["z",null]`, []string{`enum_value /* "z"`}},
		"an open enum or any text":  {`{"items":{"anyOf":[{"x-extensible-enum":["x"]},{"type":"string"}]}}`, `["z"]`, nil},
		"an open enum that is none": {`{"items":{"x-extensible-enum":"x"}}`, `["z"]`, nil},
		"a const":                   {`{"properties":{"a":{"const":"x"}}}`, `{"a":"\u001b"}`, []string{`enum_value /a "\u001b"`}},
		"a reference":               {`{"$ref":"#/$defs/a","$defs":{"a":{"properties":{"x":{}}}}}`, `{"x":1,"y":1}`, []string{"unknown_property /y integer"}},
		"an anchor":                 {`{"$ref":"#a","$defs":{"a":{"$anchor":"a","properties":{"x":{}}}}}`, `{"x":1,"y":1}`, []string{"unknown_property /y integer"}},
		"an id": {
			`{"$id":"https://example.com/x/root","$ref":"other","$defs":{"a":{"$id":"other","properties":{"x":{"$ref":"#/$defs/b"}},"$defs":{"b":{"type":"string"}}}}}`,
			`{"x":1,"y":1}`, []string{"type /x integer, not string", "unknown_property /y integer"},
		},
		"allOf": {
			`{"properties":{"a":{}},"allOf":[{"properties":{"b":{"type":"integer"}}},{"required":["c"]}]}`, `{"a":1,"b":"x","c":1}`,
			[]string{"type /b string, not integer", "unknown_property /c integer"},
		},
		"allOf of one property": {
			`{"allOf":[{"properties":{"a":{"properties":{"x":{}}}}},{"properties":{"a":{"properties":{"y":{"type":"string"}}}}}]}`,
			`{"a":{"x":1,"y":1,"z":1}}`, []string{"type /a/y integer, not string", "unknown_property /a/z integer"},
		},
		"known in any branch": {
			`{"oneOf":[{"properties":{"kind":{"const":"a"},"a":{"type":"string"}}},{"properties":{"kind":{"const":"b"},"b":{"type":"string"}}}]}`,
			`{"kind":"a","a":1,"b":1,"c":1}`, []string{"type /a integer, not string", "unknown_property /c integer"},
		},
		"a new kind": {
			`{"oneOf":[{"properties":{"kind":{"const":"a"},"a":{"type":"string"}}},{"properties":{"kind":{"const":"b"}}}]}`,
			`{"kind":"c","a":"x"}`, []string{`enum_value /kind "c"`},
		},
		"null or a reference": {
			`{"properties":{"u":{"oneOf":[{"type":"null"},{"$ref":"#/$defs/u"}]}},"$defs":{"u":{"type":"object","properties":{"id":{"type":"integer"}}}}}`,
			`{"u":{"id":"x","n":1}}`, []string{"type /u/id string, not integer", "unknown_property /u/n integer"},
		},
		"an open branch":           {`{"anyOf":[{"type":"object"},{"properties":{"a":{}}}]}`, `{"b":1}`, nil},
		"branches say what is due": {`{"properties":{"a":{},"b":{}},"anyOf":[{"required":["a"]},{"required":["b"]}]}`, `{"a":1,"c":1}`, []string{"unknown_property /c integer"}},
		"a branch knows less":      {`{"anyOf":[{"properties":{"a":{"type":"string"}}},{"required":["b"],"properties":{"b":{}}}]}`, `{"a":1,"b":1}`, nil},
		"if, then, else": {
			`{"properties":{"k":{"type":"string"}},"if":{"properties":{"k":{"const":"a"}}},"then":{"properties":{"a":{"type":"string"}}},"else":{"properties":{"b":{"type":"string"}}}}`,
			`{"k":"b","a":1,"b":1,"c":1}`, []string{"type /b integer, not string", "unknown_property /c integer"},
		},
		"dependent": {`{"properties":{"a":{}},"dependentSchemas":{"a":{"properties":{"b":{"type":"string"}}}}}`, `{"a":1,"b":1,"c":1}`, []string{"type /b integer, not string", "unknown_property /c integer"}},
		"a tree":    {`{"properties":{"v":{"type":"integer"},"kids":{"items":{"$ref":"#"}}}}`, `{"kids":[{"kids":[{"v":"x","w":1}]}]}`, []string{"type /kids/*/kids/*/v string, not integer", "unknown_property /kids/*/kids/*/w integer"}},
		"loops":     {`{"$ref":"#/$defs/a","$defs":{"a":{"allOf":[{"$ref":"#/$defs/b"}]},"b":{"anyOf":[{"$ref":"#/$defs/a"},{"properties":{"x":{}}}]}}}`, `{"y":1}`, nil},
	} {
		if got := drift(t, test.schema, test.value); !slices.Equal(got, test.want) {
			t.Errorf("%s: want %q, got %q", name, test.want, got)
		}
	}
}

func TestDriftReadsOtherSchemas(t *testing.T) {
	load := func(url string) ([]byte, error) {
		if url != "https://example.com/dir/common.json" {
			return nil, errors.New("unexpected " + url)
		}
		return []byte(`{"$defs":{"id":{"type":"integer"}}}`), nil
	}
	text := []byte(`{"properties":{"id":{"$ref":"common.json#/$defs/id"}}}`)
	d, err := shape.NewDrift("https://example.com/dir/root.json", text, load)
	if err != nil {
		t.Fatal(err)
	}
	if got := d.Differences(decode(t, `{"id":"x"}`)); len(got) != 1 || got[0].Pointer != "/id" {
		t.Errorf("got %v", got)
	}
}

func TestNewDriftRefuses(t *testing.T) {
	for text, want := range map[string]string{
		`{`:                              "unexpected EOF",
		`[]`:                             "want an object",
		`{} {}`:                          "more than one",
		`{"properties":{"a":1}}`:         "a schema is an object, got integer",
		`{"$ref":"#/$defs/a"}`:           "nothing at that place",
		`{"$ref":"#a"}`:                  "no such anchor",
		`{"$ref":"file:///etc/passwd"}`:  "cannot be had",
		`{"$ref":"#/$defs/9","$defs":1}`: "nothing at that place",
		strings.Repeat(`{"not":`, 600) + "true" + strings.Repeat("}", 600): "nested deeper",
	} {
		if _, err := shape.NewDrift("https://example.com/root", []byte(text), nil); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%.60s: want an error with %q, got %v", text, want, err)
		}
	}
}

func TestDifferencesAreBounded(t *testing.T) {
	var b strings.Builder
	for i := range 5000 {
		fmt.Fprintf(&b, `,"%s":1`, strings.Repeat("k", i%70)+string(rune('a'+i%26)))
	}
	if got := drift(t, `{"properties":{"a":{}}}`, `{"a":1`+b.String()+`}`); len(got) != shape.MaxDifferences {
		t.Errorf("want %d, got %d", shape.MaxDifferences, len(got))
	}
	if got := drift(t, `{"enum":["a"]}`, `"`+strings.Repeat("é", 1000)+`"`); len(got) != 1 || len(got[0]) > 200 {
		t.Errorf("got %d, %.300q", len(got), got)
	}
}

// What makes a validator run on for seconds or minutes costs little here.
func TestDifferencesOfHostileValues(t *testing.T) {
	doubling := `{"$ref":"#/$defs/a0","$defs":{"end":{"properties":{"x":{}}}`
	for i := range 60 {
		next := fmt.Sprintf("#/$defs/a%d", i+1)
		if i == 59 {
			next = "#/$defs/end"
		}
		doubling += fmt.Sprintf(`,"a%d":{"allOf":[{"$ref":%q},{"$ref":%q}]}`, i, next, next)
	}
	for _, test := range map[string]struct{ schema, value string }{
		"deep":      {`{"type":"array","items":{"$ref":"#"}}`, strings.Repeat("[", 9000) + "1" + strings.Repeat("]", 9000)},
		"branching": {`{"anyOf":[{"items":{"$ref":"#"}},{"items":{"anyOf":[{"$ref":"#"},{"type":"string"}]}}]}`, strings.Repeat("[", 100) + "1" + strings.Repeat("]", 100)},
		"doubling":  {doubling + "}}", `{"y":1}`},
		"exponents": {`{"items":{"type":"integer","enum":[1]}}`, `[1e999999999999999999999,-1e-999999999999999999999,` + strings.Repeat("9", 1<<20) + `]`},
		"long":      {`{"items":{"type":"integer"}}`, "[0" + strings.Repeat(",0", 2<<20) + "]"},
	} {
		drift(t, test.schema, test.value)
	}
}

func TestDifferIsSafeForConcurrentUse(t *testing.T) {
	d, err := shape.NewDrift("", []byte(`{"allOf":[{"$ref":"#/$defs/a"},{"properties":{"b":{}}}],"$defs":{"a":{"properties":{"c":{"anyOf":[{"type":"null"},{"properties":{"d":{}}}]}}}}}`), nil)
	if err != nil {
		t.Fatal(err)
	}
	value := decode(t, `{"b":1,"c":{"e":1},"x":1}`)
	var wg sync.WaitGroup
	for range 8 {
		wg.Go(func() {
			for range 100 {
				if got := d.Differences(value); len(got) != 2 {
					t.Errorf("got %v", got)
				}
			}
		})
	}
	wg.Wait()
}
