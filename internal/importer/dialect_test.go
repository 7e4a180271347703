package importer_test

import (
	"context"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/hookctl/hookctl/internal/catalog"
	"github.com/hookctl/hookctl/internal/hook"
	"github.com/hookctl/hookctl/internal/importer"
)

// asyncPayload is an AsyncAPI document with one message.
func asyncPayload(payload, components string) string {
	return `{"asyncapi": "2.6.0", "channels": {"e": {"subscribe": {"message": {"name": "e", "payload": ` + payload + `}}}}, "components": {"schemas": {` + components + `}}}`
}

// webhook is an OpenAPI document with one webhook.
func webhook(schema string) string {
	return `{"openapi": "3.1.0", "$schema": "https://example.com/editor", "webhooks": {"e": {"post": {"requestBody": {"content": {"application/json": {"schema": ` + schema + `}}}}}}}`
}

// A schema means in its bundle what it means where it stands, whatever the drafts of it and
// its parts.
func TestBundlesMeanWhatTheirPartsMean(t *testing.T) {
	const (
		d4, d7, d2019, d2020 = `"http://json-schema.org/draft-04/schema#"`, `"http://json-schema.org/draft-07/schema#"`,
			`"https://json-schema.org/draft/2019-09/schema"`, `"https://json-schema.org/draft/2020-12/schema"`
		tuple = `{"properties": {"t": {"items": [{"type": "integer"}], "additionalItems": false}}}`
	)
	for name, test := range map[string]struct{ text, draft, valid, invalid string }{
		"AsyncAPI with a newer payload":  {asyncPayload(`{"$schema": `+d2020+`, "properties": {"t": {"prefixItems": [{"type": "integer"}], "items": false}}}`, ""), d2020, `{"t": [1]}`, `{"t": [1, 2]}`},
		"AsyncAPI with its own":          {asyncPayload(tuple, ""), d7, `{"t": [1]}`, `{"t": [1, 2]}`},
		"AsyncAPI with a newer part":     {asyncPayload(`{"properties": {"t": {"items": [{"type": "integer"}], "additionalItems": false}, "u": {"$ref": "#/components/schemas/U"}}}`, `"U": {"$schema": `+d2020+`, "prefixItems": [{"type": "string"}]}`), d2020, `{"t": [1], "u": ["a", 1]}`, `{"t": [1, 2]}`},
		"OpenAPI with an older tuple":    {webhook(`{"$schema": ` + d7 + `, ` + tuple[1:]), d7, `{"t": [1]}`, `{"t": ["a"]}`},
		"OpenAPI with an older part":     {webhook(`{"properties": {"p": {"$schema": ` + d7 + `, ` + tuple[1:] + `}}`), d2020, `{"p": {"t": [1]}}`, `{"p": {"t": [1, 2]}}`},
		"OpenAPI with a tuple as before": {webhook(tuple), d2020, `{"t": [1]}`, `{"t": [1, 2]}`},
		"an older part with a limit":     {webhook(`{"properties": {"p": {"$schema": ` + d4 + `, "minimum": 1, "exclusiveMinimum": true}}}`), d2020, `{"p": 2}`, `{"p": 1}`},
		"an older part with dependencies": {webhook(`{"properties": {"p": {"$schema": ` + d7 + `, "dependencies": {"a": ["b"], "c": {"required": ["d"]}}}}}`), d2020,
			`{"p": {"a": 1, "b": 1}}`, `{"p": {"c": 1}}`},
		"an older part with a reference": {webhook(`{"$defs": {"x": {"type": "integer"}}, "properties": {"p": {"$schema": ` + d7 + `, "$ref": "#/webhooks/e/post/requestBody/content/application~1json/schema/$defs/x", "minimum": 5}}}`), d2020, `{"p": 1}`, `{"p": "a"}`},
		"a newer part of an older":       {`{"$schema": ` + d7 + `, "type": "object", "properties": {"t": {"items": [{"type": "integer"}], "additionalItems": false}, "n": {"$schema": ` + d2019 + `, "dependentRequired": {"a": ["b"]}}}}`, d2019, `{"t": [1], "n": {"a": 1, "b": 1}}`, `{"n": {"a": 1}}`},
		"names that are keywords":        {`{"type": "object", "properties": {"definitions": {"type": "object"}, "additionalItems": {}, "items": {"prefixItems": [{"type": "integer"}]}}, "examples": [{"items": [1]}]}`, d2020, `{"items": [1]}`, `{"items": ["a"]}`},
		"a tuple that tells":             {`{"type": "object", ` + tuple[1:], d7, `{"t": [1]}`, `{"t": [1, 2]}`},
	} {
		t.Run(name, func(t *testing.T) {
			c := writeOne(t, importer.Source{Name: "e.json", Text: []byte(test.text)})
			checkDraft(t, c, test.draft)
			if v := c.Validate("e", "", []byte(test.valid)); v.Outcome != hook.Valid {
				t.Errorf("%s: got %+v", test.valid, v)
			}
			if v := c.Validate("e", "", []byte(test.invalid)); v.Outcome != hook.Invalid {
				t.Errorf("%s: got %+v", test.invalid, v)
			}
		})
	}
}

func TestFilesOfAFolderKeepTheirDrafts(t *testing.T) {
	c := writeOne(t, importer.Source{Name: "schemas", Files: fstest.MapFS{
		"e.json":             {Data: []byte(`{"type": "object", "properties": {"p": {"$ref": "common/pair.json"}, "q": {"prefixItems": [{"type": "string"}]}}}`)},
		"common/pair.json":   {Data: []byte(`{"type": "array", "items": [{"type": "integer"}, {"$ref": "string.json"}], "additionalItems": false}`)},
		"common/string.json": {Data: []byte(`{"type": "string"}`)},
	}})
	checkDraft(t, c, `"https://json-schema.org/draft/2020-12/schema"`)
	for text, want := range map[string]hook.Validity{`{"p": [1, "a"]}`: hook.Valid, `{"p": [1, "a", 2]}`: hook.Invalid, `{"p": [1, 2]}`: hook.Invalid, `{"q": [1]}`: hook.Invalid} {
		if v := c.Validate("e", "", []byte(text)); v.Outcome != want {
			t.Errorf("%s: got %+v", text, v)
		}
	}
}

// By the standard the references of a schema with an $id count from it.
func TestReferencesCountFromTheNearestID(t *testing.T) {
	c := writeOne(t, importer.Source{Name: "e.json", Text: []byte(`{
		"$id": "https://example.com/e", "type": "object", "$defs": {"x": {"type": "string"}, "only": {"type": "boolean"},
			"inner": {"$id": "inner", "$defs": {"x": {"type": "integer"}, "more": {"$id": "deep", "$defs": {"x": {"type": "null"}}, "$ref": "#/$defs/x"}},
				"properties": {"a": {"$ref": "#/$defs/x"}, "b": {"$ref": "#/$defs/only"}, "c": {"$ref": "#"}, "d": {"$ref": "#/$defs/more"}, "e": {"$ref": "deep"}}}},
		"properties": {"a": {"$ref": "#/$defs/x"}, "in": {"$ref": "inner"}}}`)})
	for text, want := range map[string]hook.Validity{
		`{"a": "s", "in": {"a": 1, "b": true, "c": {"a": 2}, "d": null, "e": null}}`: hook.Valid,
		`{"in": {"a": "s"}}`:        hook.Invalid,
		`{"in": {"b": 1}}`:          hook.Invalid,
		`{"in": {"c": {"a": "s"}}}`: hook.Invalid,
		`{"in": {"d": 1}}`:          hook.Invalid,
	} {
		if v := c.Validate("e", "", []byte(text)); v.Outcome != want {
			t.Errorf("%s: got %+v", text, v)
		}
	}
}

func checkDraft(t *testing.T, c *catalog.Catalog, draft string) {
	t.Helper()
	e, err := c.Event("e")
	if err != nil {
		t.Fatal(err)
	}
	text, err := c.Read(e.Schema)
	if err != nil || !strings.Contains(string(text), `"$schema": `+draft) {
		t.Errorf("want %s, got %s, %v", draft, text, err)
	}
}

// writeOne imports a source, and reads the catalog back.
func writeOne(t *testing.T, source importer.Source) *catalog.Catalog {
	t.Helper()
	im, err := importer.Read(context.Background(), []importer.Source{source}, importer.Options{Name: "acme"})
	if err != nil || len(im.Broken) > 0 {
		t.Fatal(err, im)
	}
	dir := filepath.Join(t.TempDir(), "acme")
	if err := im.Write(dir, "", false, importer.Shared()); err != nil {
		t.Fatal(err)
	}
	c, err := catalog.Load(os.DirFS(dir), catalog.FileName)
	if err != nil {
		t.Fatal(err)
	}
	return c
}
