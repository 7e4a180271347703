package shape_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"strings"
	"testing"

	"github.com/hookctl/hookctl/internal/shape"
	"pgregory.net/rapid"
)

// infer is the schema of samples without its $schema, in one line.
func infer(t testing.TB, noEnums bool, samples ...string) string {
	t.Helper()
	b := &shape.Builder{NoEnums: noEnums}
	for _, sample := range samples {
		if err := b.Add([]byte(sample)); err != nil {
			t.Fatal(err)
		}
	}
	text, err := b.Schema(shape.Head{})
	if err != nil {
		t.Fatal(err)
	}
	var line bytes.Buffer
	if err := json.Compact(&line, text); err != nil {
		t.Fatal(err)
	}
	return "{" + strings.TrimPrefix(strings.TrimPrefix(line.String(), `{"$schema":"https://json-schema.org/draft/2020-12/schema"`), ",")
}

func repeated(n int, samples ...string) []string {
	var all []string
	for range n {
		all = append(all, samples...)
	}
	return all
}

func TestInfer(t *testing.T) {
	for name, test := range map[string]struct {
		samples []string
		want    string
	}{
		"one sample":           {[]string{`{"b":1,"a":"x"}`}, `{"type":"object","properties":{"b":{"type":"integer"},"a":{"type":"string"}}}`},
		"in all samples":       {[]string{`{"a":1}`, `{"a":2,"b":3}`}, `{"type":"object","required":["a"],"properties":{"a":{"type":"integer"},"b":{"type":"integer"}}}`},
		"null":                 {[]string{`[null,"a"]`}, `{"type":"array","items":{"type":["string","null"]}}`},
		"null alone":           {[]string{`{"a":null}`}, `{"type":"object","properties":{"a":{}}}`},
		"fractions":            {[]string{`[1,1.5]`}, `{"type":"array","items":{"type":"number"}}`},
		"whole numbers":        {[]string{`[1,1.0,1e3]`}, `{"type":"array","items":{"type":"integer"}}`},
		"several types":        {[]string{`[1,"a",true,{},[]]`}, `{"type":"array","items":{"type":["boolean","integer","string","array","object"]}}`},
		"items are one":        {[]string{`[{"a":1},{"a":2,"b":"x"}]`}, `{"type":"array","items":{"type":"object","required":["a"],"properties":{"a":{"type":"integer"},"b":{"type":"string"}}}}`},
		"no items":             {[]string{`[]`}, `{"type":"array"}`},
		"date-time":            {[]string{`["2026-11-21T08:00:00Z","2026-11-21T08:00:00.123+02:00"]`}, `{"type":"array","items":{"type":"string","format":"date-time"}}`},
		"not all a date":       {[]string{`["2026-11-21","2026-13-21"]`}, `{"type":"array","items":{"type":"string"}}`},
		"formats":              {[]string{`[["2026-11-21"]]`, `[["a@example.com"]]`}, `{"type":"array","items":{"type":"array","items":{"type":"string"}}}`},
		"email":                {[]string{`["a.b+c@example.com"]`}, `{"type":"array","items":{"type":"string","format":"email"}}`},
		"uuid":                 {[]string{`["550e8400-e29b-41d4-a716-446655440000"]`}, `{"type":"array","items":{"type":"string","format":"uuid"}}`},
		"uri":                  {[]string{`["https://example.com/a?b=c"]`}, `{"type":"array","items":{"type":"string","format":"uri"}}`},
		"ipv4":                 {[]string{`["192.0.2.1"]`}, `{"type":"array","items":{"type":"string","format":"ipv4"}}`},
		"keys that are ids":    {[]string{`{"2026-11-21":{"n":1},"2026-11-22":{"n":2}}`}, `{"type":"object","additionalProperties":{"type":"object","required":["n"],"properties":{"n":{"type":"integer"}}}}`},
		"an id among names":    {[]string{`{"a":1,"42":"x"}`}, `{"type":"object","properties":{"a":{"type":"integer"}},"additionalProperties":{"type":"string"}}`},
		"an enumeration":       {repeated(10, `"paid"`, `"open"`), `{"type":"string","enum":["open","paid"]}`},
		"an enumeration, null": {repeated(10, `"paid"`, `"open"`, `null`), `{"type":["string","null"],"enum":["open","paid",null]}`},
		"too few samples":      {repeated(9, `"paid"`, `"open"`), `{"type":"string"}`},
		"always the same":      {repeated(50, `"paid"`), `{"type":"string"}`},
		"one was seen once":    {append(repeated(20, `"paid"`, `"open"`), `"void"`), `{"type":"string"}`},
		"names of people":      {repeated(10, `"Ada"`, `"Grace"`), `{"type":"string"}`},
		"too many":             {repeated(5, `"a"`, `"b"`, `"c"`, `"d"`, `"e"`, `"f"`, `"g"`, `"h"`, `"i"`), `{"type":"string"}`},
		"a repeated key":       {[]string{`{"a":1,"a":"x"}`}, `{"type":"object","properties":{"a":{"type":"string"}}}`},
	} {
		if got := infer(t, false, test.samples...); got != test.want {
			t.Errorf("%s: want %s, got %s", name, test.want, got)
		}
	}
	if got := infer(t, true, repeated(10, `"paid"`, `"open"`)...); got != `{"type":"string"}` {
		t.Errorf("without enumerations: got %s", got)
	}
}

func TestInferTellsNoValues(t *testing.T) {
	text := infer(t, true, repeated(20, `{"name":"secret-a","id":"secret-b","n":424242,"when":"2026-11-21","to":["secret-c@example.com"],"x":{"jane.secret@example.com":1}}`)...)
	for _, private := range []string{"secret", "424242", "2026"} {
		if strings.Contains(text, private) {
			t.Errorf("%q is in %s", private, text)
		}
	}
}

func TestInferHead(t *testing.T) {
	b := &shape.Builder{}
	if _, err := b.Schema(shape.Head{}); err == nil {
		t.Error("there is a schema of nothing")
	}
	if err := b.Add([]byte(`{`)); err == nil || b.Samples() != 0 {
		t.Errorf("got %v, %d samples", err, b.Samples())
	}
	if err := b.Add([]byte(`1`)); err != nil {
		t.Fatal(err)
	}
	text, err := b.Schema(shape.Head{ID: "https://example.com/x", Title: "x", Comment: "inferred from 1 sample"})
	want := "{\n  \"$schema\": \"https://json-schema.org/draft/2020-12/schema\",\n  \"$id\": \"https://example.com/x\",\n  \"title\": \"x\",\n  \"$comment\": \"inferred from 1 sample\",\n  \"type\": \"integer\"\n}\n"
	if err != nil || string(text) != want {
		t.Errorf("want %s, got %s, %v", want, text, err)
	}
}

// A schema accepts every sample it was made of, and knows all of it.
func TestInferredSchemasAcceptTheirSamples(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		samples := rapid.SliceOfN(drawValue(3), 1, 30).Draw(t, "samples")
		b := &shape.Builder{}
		var texts [][]byte
		for _, sample := range samples {
			text, err := json.Marshal(sample)
			if err != nil {
				t.Fatal(err)
			}
			if err := b.Add(text); err != nil {
				t.Fatal(err)
			}
			texts = append(texts, text)
		}
		made, err := b.Schema(shape.Head{ID: "https://example.com/root"})
		if err != nil {
			t.Fatal(err)
		}
		for _, text := range texts {
			if !valid(t, made, text) {
				t.Fatalf("%s does not accept %s", made, text)
			}
			if found := differences(t, made, text); len(found) > 0 {
				t.Fatalf("%s and %s differ: %v", made, text, found)
			}
		}
	})
}

func drawValue(depth int) *rapid.Generator[any] {
	kinds := []*rapid.Generator[any]{
		rapid.SampledFrom([]any{nil, true, 1, 2.5, "open", "paid", "", "2026-11-21", "2026-11-21T08:00:00Z", "https://example.com/", "a@example.com", "192.0.2.1", "x y"}),
		rapid.String().AsAny(), rapid.Float64Range(-1e6, 1e6).AsAny(), rapid.Int().AsAny(),
	}
	if depth > 0 {
		keys := rapid.SampledFrom([]string{"a", "b", "a/b", "~", "42", "2026-11-21", "", "*"})
		kinds = append(kinds, rapid.SliceOfN(drawValue(depth-1), 0, 4).AsAny(), rapid.MapOfN(keys, drawValue(depth-1), 0, 5).AsAny())
	}
	return rapid.OneOf(kinds...)
}

func TestInferIsBounded(t *testing.T) {
	var b strings.Builder
	for i := range 20000 {
		fmt.Fprintf(&b, `,"k%s%c":{"x":1}`, strings.Repeat("x", i/676%70), 'a'+i%26)
	}
	deep := strings.Repeat(`{"a":`, 400) + "1" + strings.Repeat("}", 400)
	text := infer(t, false, `{"a":1`+b.String()+`}`, deep)
	if len(text) > 1<<20 {
		t.Errorf("%d bytes", len(text))
	}
	if err := (&shape.Builder{}).Add([]byte(strings.Repeat("[", 100000))); err == nil {
		t.Error("no depth is too deep")
	}
}
