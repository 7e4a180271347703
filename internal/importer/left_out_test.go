package importer_test

import (
	"context"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/hookctl/hookctl/internal/importer"
)

// Nothing of a source is left out in silence.
func TestWhatCannotBeTakenIsTold(t *testing.T) {
	form := `{"openapi": "3.1.0", "webhooks": {"e": {"post": {"requestBody": {"content": {"application/x-www-form-urlencoded": {"schema": {"type": "object"}}}}}}}}`
	im := readOne(t, "api.json", form, importer.Options{Name: "acme"})
	if len(im.Events) != 0 || len(im.Broken) != 1 || im.Broken[0].Reason != "its body comes as application/x-www-form-urlencoded, which is not JSON" {
		t.Errorf("got %v, %v", im.Events, im.Broken)
	}
	both := strings.Replace(form, `"content": {`, `"content": {"text/plain": {}, "application/vnd.acme+json": {"schema": {"type": "object"}}, `, 1)
	if im := readOne(t, "api.json", both, importer.Options{Name: "acme"}); len(im.Events) != 1 || len(im.Broken) != 0 {
		t.Errorf("got %v, %v", im.Events, im.Broken)
	}
	page := `{"data": [{"name": "a", "schemas": {"1": {"type": "object"}}}], "iterator": "i", "done": false}`
	im = readOne(t, "page.json", page, importer.Options{Name: "acme"})
	if len(im.Warnings) != 1 || !strings.Contains(im.Warnings[0], "page.json is not the last page: ask for the next with &iterator=") {
		t.Errorf("got %q", im.Warnings)
	}
}

func TestSeveralValuesInOneFile(t *testing.T) {
	for text, want := range map[string]string{
		`{"type": "object"} {"type": "array"}`:                                           "want one JSON value, got 2",
		`{"openapi": "3.1.0", "webhooks": {}} 7`:                                         "want one JSON value, got 2",
		`{"name": "a", "schemas": {"1": {}}} {"name": "b", "schemas": {"1": {}}}`:        "",
		`[{"name": "a", "schemas": {"1": {}}}] {"data": [{"name": "b", "schemas": {}}]}`: "",
	} {
		_, err := importer.Read(context.Background(), []importer.Source{{Name: "a.json", Text: []byte(text)}}, importer.Options{Name: "acme"})
		if (err == nil) != (want == "") || err != nil && err.Error() != "a.json: "+want {
			t.Errorf("%s: got %v", text, err)
		}
	}
	_, err := importer.Read(context.Background(), []importer.Source{{Name: "schemas", Files: fstest.MapFS{
		"a.json": {Data: []byte(`{"type": "object"}`)}, "b.json": {Data: []byte(`{"type": "object"}{}`)},
	}}}, importer.Options{Name: "acme"})
	if err == nil || err.Error() != "schemas/b.json: want one JSON value, got 2" {
		t.Errorf("got %v", err)
	}
}

func TestFilesOfAFolderThatAreSchemas(t *testing.T) {
	files := fstest.MapFS{}
	for name, text := range map[string]string{
		"required": `{"required": ["id"]}`, "enum": `{"enum": ["x"]}`, "not": `{"$id": "n", "not": {"type": "string"}}`, "titled": `{"title": "T", "const": 1}`,
		"order": `{"id": 1, "items": []}`, "flags": `{"required": ["a", 1]}`, "typed": `{"type": "order.created", "items": {}}`, "empty": `{}`, "list": `[1]`,
	} {
		files[name+".json"] = &fstest.MapFile{Data: []byte(text)}
	}
	im, err := importer.Read(context.Background(), []importer.Source{{Name: "s", Files: files}}, importer.Options{Name: "acme"})
	if err != nil {
		t.Fatal(err)
	}
	var types []string
	for _, e := range im.Events {
		types = append(types, e.Type)
	}
	if !slices.Equal(types, []string{"enum", "not", "required", "titled"}) {
		t.Errorf("got %v", types)
	}
	if want := "left out, since they are no schemas: s/empty.json, s/flags.json, s/list.json, s/order.json, s/typed.json"; !slices.Equal(im.Warnings, []string{want}) {
		t.Errorf("got %q", im.Warnings)
	}
}

func TestSvixVersionWithoutASchema(t *testing.T) {
	im := readOne(t, "a.json", `[{"name": "a", "schemas": {"1": {"type": "object", "required": ["id"]}, "2": null}}, {"name": "b", "schemas": {"1": null}}]`, importer.Options{Name: "acme"})
	if len(im.Events) != 2 || im.Events[0].Envelope || !strings.Contains(string(im.Events[0].Schema.Text), `"required"`) || !im.Events[1].Envelope {
		t.Errorf("got %+v", im.Events)
	}
}

func TestAnswersOfFailedRequests(t *testing.T) {
	for text, want := range map[string]string{
		`{"code": "authentication_failed", "detail": "Invalid token"}`: "it is no export, but the answer to a request that failed: authentication_failed: Invalid token",
		`{"detail": [{"loc": ["query"], "msg": "bad"}]}`:               `it is no export, but the answer to a request that failed: [{"loc":["query"],"msg":"bad"}]`,
		`{"detail": "x", "id": 1}`:                                     "it is none of what can be imported",
	} {
		for _, format := range []importer.Format{"", importer.Svix} {
			_, err := importer.Read(context.Background(), []importer.Source{{Name: "a.json", Text: []byte(text)}}, importer.Options{Name: "acme", Format: format})
			if format == "" && (err == nil || !strings.Contains(err.Error(), want)) || err == nil && strings.Contains(want, "failed") {
				t.Errorf("%s: got %v", text, err)
			}
		}
	}
}

// An example that is called as a part of another event's name has a file of its own.
func TestExamplesOfSeveralEventsHaveTheirOwnFiles(t *testing.T) {
	im := readOne(t, "api.json", `{"openapi": "3.1.0", "webhooks": {
		"order": {"post": {"requestBody": {"content": {"application/json": {"schema": {"type": "object"}, "examples": {"created": {"value": {"a": 1}}}}}}}},
		"order.created": {"post": {"requestBody": {"content": {"application/json": {"schema": {"type": "object"}, "example": {"b": 1}}}}}}}}`, importer.Options{Name: "acme"})
	dir := filepath.Join(t.TempDir(), "acme")
	if err := im.Write(dir, "", false, importer.Shared()); err != nil {
		t.Fatal(err)
	}
	if got := contents(t, dir); got != "catalog.yaml examples/order.created-2.json examples/order.created.json order.created.schema.json order.schema.json" {
		t.Error(got)
	}
}
