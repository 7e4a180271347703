package shape_test

import (
	"testing"

	"github.com/hookctl/hookctl/internal/shape"
)

// What stands under a name is a schema, even where the name is that of a keyword with data.
func TestReferencesUnderNamesOfKeywords(t *testing.T) {
	for _, name := range []string{"default", "example", "examples", "enum", "const", "properties", "$id", "$ref"} {
		text := `{"$id":"https://example.com/root","properties":{"` + name + `":{"$ref":"#/$defs/x"}},"$defs":{"x":{"type":"string"}}}`
		differ, err := shape.NewDrift("https://example.com/root", []byte(text), nil)
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		if found := differ.Differences(map[string]any{name: true}); len(found) != 1 {
			t.Errorf("%s: got %v", name, found)
		}
	}
	data := `{"default":{"$id":"https://example.com/other","$anchor":"x"},"$ref":"https://example.com/other"}`
	if _, err := shape.NewDrift("https://example.com/root", []byte(data), nil); err == nil {
		t.Error("what stands in data is taken for a schema")
	}
}

// Validators of drafts up to 7 look at nothing that stands beside a reference.
func TestNothingCountsBesideAReferenceOfDraft7(t *testing.T) {
	const rest = `"properties":{"a":{"$ref":"#/definitions/x","enum":["b"],"$id":"https://example.com/y"}},"required":["a"],"definitions":{"x":{"const":"c"}}}`
	for dialect, want := range map[string]string{"http://json-schema.org/draft-07/schema#": `{"a":"c"}`, "https://json-schema.org/draft/2020-12/schema": "error"} {
		if got := compact(t, `{"$schema":"`+dialect+`",`+rest, shape.Options{}); got != want && (want != "error" || got[:5] != want) {
			t.Errorf("%s: want %s, got %s", dialect, want, got)
		}
	}
	differ, err := shape.NewDrift("https://example.com/root", []byte(`{"$schema":"http://json-schema.org/draft-07/schema#",`+rest), nil)
	if err != nil {
		t.Fatal(err)
	}
	if found := differ.Differences(map[string]any{"a": "c"}); len(found) > 0 {
		t.Errorf("got %v", found)
	}
}
