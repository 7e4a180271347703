package importer_test

import (
	"context"
	"fmt"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/hookctl/hookctl/internal/importer"
)

func TestReadRefuses(t *testing.T) {
	deep := strings.Repeat(`{"a":`, 600) + "1" + strings.Repeat("}", 600)
	for name, test := range map[string]struct{ text, want string }{
		"nothing known":      {`{"a": 1}`, `it is none of what can be imported`},
		"not JSON":           {"{\"openapi\": \"3.1.0\",\n\"webhooks\": {]}", `it is not JSON: line 2`},
		"cut off":            {`{"openapi": "3.1.0", "webhooks": {`, `it is not JSON: it ends too soon`},
		"not UTF-8":          {"{\"openapi\": \"\xff\"}", `it is not text in UTF-8`},
		"too deep":           {deep, `it is nested more than 500 deep`},
		"a scalar":           {`42`, `it is none of what can be imported`},
		"YAML that is none":  {"openapi: [", `api.json:1:10: `},
		"swagger":            {`{"swagger": "2.0"}`, `it is Swagger 2.0, which has no webhooks`},
		"OpenAPI 4":          {`{"openapi": "4.0.0"}`, `want OpenAPI 3.0 or 3.1, got "4.0.0"`},
		"no webhooks":        {`{"openapi": "3.0.0", "paths": {"/a": {"get": {}}}}`, `it has no webhooks: looked for webhooks and x-webhooks; it describes requests only`},
		"callbacks":          {`{"openapi": "3.0.0", "paths": {"/a": {"post": {"callbacks": {}}}}}`, `its callbacks belong to requests`},
		"empty webhooks":     {`{"openapi": "3.1.0", "webhooks": {}}`, `it has no events`},
		"AsyncAPI 1":         {`{"asyncapi": "1.2.0"}`, `want AsyncAPI 2 or 3, got "1.2.0"`},
		"no messages":        {`{"asyncapi": "3.0.0"}`, `it has no messages: looked for operations, channels and components.messages`},
		"other action":       {`{"asyncapi": "2.0.0", "channels": {"a": {"publish": {"message": {"payload": {}}}}}}`, `does not send any message, but receives 1: --action receive takes these`},
		"definitions alone":  {`{"definitions": {"a": {"type": "object"}}}`, `nothing says which of them are events`},
		"an empty page":      {`{"data": [], "iterator": null, "done": true}`, `it has no events`},
		"not event types":    {`[{"name": "a", "schemas": null}, 7]`, `want event types, got something else at /1`},
		"duplicate YAML key": {"openapi: 3.1.0\nopenapi: 3.1.0\n", `api.json:2:1: `},
	} {
		t.Run(name, func(t *testing.T) {
			_, err := importer.Read(context.Background(), []importer.Source{{Name: "api.json", Text: []byte(test.text)}}, importer.Options{Name: "acme"})
			if err == nil || !strings.Contains(err.Error(), test.want) || !strings.HasPrefix(err.Error(), "api.json:") {
				t.Errorf("got  %v\nwant %s", err, test.want)
			}
		})
	}
}

// An event that cannot be had is told with the reason, and takes no other with it.
func TestBrokenEvents(t *testing.T) {
	for name, test := range map[string]struct{ schema, want string }{
		"nothing there":      {`{"$ref": "#/components/schemas/Nope"}`, `the reference "#/components/schemas/Nope" leads to nothing in api.json`},
		"nothing inside":     {`{"properties": {"a": {"$ref": "#/components/schemas/Self/properties/no"}}}`, `leads to nothing`},
		"a web page":         {`{"$ref": "https://example.com/a.json"}`, `it refers to https://example.com/a.json, and nothing outside of what is given is read`},
		"another host":       {`{"$ref": "//example.com/a.json#/b"}`, `nothing outside`},
		"a file URL":         {`{"$ref": "file:///etc/passwd"}`, `it refers to file:///etc/passwd, and nothing outside`},
		"a file":             {`{"items": {"$ref": "../secret.json"}}`, `it refers to the file ../secret.json: import the folder that has both`},
		"a NUL":              {`{"$ref": "#/a%00b"}`, `leads to nothing`},
		"a bad escape":       {`{"$ref": "#/%zz"}`, `cannot be read`},
		"itself alone":       {`{"$ref": "#/components/schemas/Loop"}`, `references lead to one another`},
		"a loop below":       {`{"properties": {"a": {"$ref": "#/components/schemas/Wheel/properties/x"}}}`, `leads to nothing`},
		"not a reference":    {`{"properties": {"a": {"$ref": 7}}}`, `is not a text`},
		"not a schema":       {`7`, `neither an object nor a truth value`},
		"a bad type":         {`{"type": "thing"}`, `schema`},
		"a pattern":          {`{"pattern": "("}`, `schema`},
		"an unknown keyword": {`{"minLength": "x"}`, `schema`},
	} {
		t.Run(name, func(t *testing.T) {
			text := fmt.Sprintf(`{"openapi": "3.1.0", "webhooks": {
				"bad": {"post": {"requestBody": {"content": {"application/json": {"schema": %s}}}}},
				"good": {"post": {"requestBody": {"content": {"application/json": {"schema": {"$ref": "#/components/schemas/Self"}}}}}}
			}, "components": {"schemas": {
				"Self": {"type": "object", "properties": {"next": {"$ref": "#/components/schemas/Self"}}},
				"Loop": {"$ref": "#/components/schemas/Pool"}, "Pool": {"$ref": "#/components/schemas/Loop"},
				"Wheel": {"$ref": "#/components/schemas/Wheel/properties/x"}
			}}}`, test.schema)
			im := readOne(t, "api.json", text, importer.Options{Name: "acme"})
			if len(im.Broken) != 1 || im.Broken[0].Event != "bad" || !strings.Contains(im.Broken[0].Reason, test.want) {
				t.Errorf("got  %v\nwant %s", im.Broken, test.want)
			}
			if len(im.Events) != 1 || im.Events[0].Type != "good" {
				t.Errorf("got %v", im.Events)
			}
		})
	}
}

// Files of a folder may refer to one another, and to nothing besides.
func TestFolderStaysInside(t *testing.T) {
	for name, test := range map[string]struct{ ref, want string }{
		"below":   {"common/a.json", ""},
		"root":    {"/common/a.json", ""},
		"outside": {"../../etc/passwd", "it refers to the file ../../etc/passwd, which is not in schemas"},
		"missing": {"common/b.json", "it refers to the file common/b.json, which is not in schemas"},
		"http":    {"http://example.com/a.json", "nothing outside"},
	} {
		t.Run(name, func(t *testing.T) {
			files := fstest.MapFS{
				"x/event.json":  {Data: []byte(`{"type": "object", "properties": {"a": {"$ref": "` + test.ref + `"}}}`)},
				"common/a.json": {Data: []byte(`{"type": "string"}`)},
			}
			im, err := importer.Read(context.Background(), []importer.Source{{Name: "schemas", Files: files}}, importer.Options{Name: "acme"})
			if err != nil {
				t.Fatal(err)
			}
			got := ""
			for _, b := range im.Broken {
				got += b.Reason
			}
			if test.want == "" && got != "" || !strings.Contains(got, test.want) {
				t.Errorf("got  %s\nwant %s", got, test.want)
			}
		})
	}
}

// Whatever an event is called, its files are in the catalog's folder, and differ from those
// of all others on every file system.
func TestFileNames(t *testing.T) {
	names := []string{
		"../../etc/passwd", "/etc/passwd", `..\..\x`, "a/b", "a-b", "A-B", "con", "NUL.txt", "com1", "...", "-", "é", "日本", "a:b", "a?b*", ".hidden", "trailing.",
		strings.Repeat("long", 60), strings.Repeat("long", 60) + "x", "x-2", "x", "X", "{version}", "a\tb", "", " ", "a\u0000b", "a\u202eb", strings.Repeat("x", 300),
	}
	types := make([]string, len(names))
	for i, name := range names {
		types[i] = fmt.Sprintf(`{"name": %q, "schemas": {"1": {"type": "object", "examples": [{}]}}}`, name)
		types[i] = strings.NewReplacer(`\x00`, `\u0000`).Replace(types[i])
	}
	im := readOne(t, "svix.json", `{"data": [`+strings.Join(types, ",")+`]}`, importer.Options{Name: "acme", Format: importer.Svix})
	if len(im.Broken) != 6 || len(im.Events) != len(names)-6 {
		t.Errorf("%d events, and these cannot be had: %q", len(im.Events), im.Broken)
	}
	taken := map[string]string{}
	for _, e := range im.Events {
		for _, file := range append([]importer.File{e.Schema}, e.Examples...) {
			base := strings.ToLower(strings.TrimPrefix(file.Name, "examples/"))
			if strings.Trim(base, "abcdefghijklmnopqrstuvwxyz0123456789._-") != "" || strings.ContainsAny(base, `/\:`) || len(base) > 130 || base[0] == '.' {
				t.Errorf("%q has the file %q", e.Type, file.Name)
			}
			if first, _, _ := strings.Cut(base, "."); first == "con" || first == "nul" || first == "com1" {
				t.Errorf("%q has the file %q, which is a device", e.Type, file.Name)
			}
			if other, ok := taken[strings.ToLower(file.Name)]; ok {
				t.Errorf("%q and %q have the file %q", other, e.Type, file.Name)
			}
			taken[strings.ToLower(file.Name)] = e.Type
		}
	}
}

// A reference that multiplies at every level is followed a few times, not for ever.
func TestReferencesThatMultiply(t *testing.T) {
	var defs []string
	for i := range 40 {
		defs = append(defs, fmt.Sprintf(`"d%d": {"$ref": "#/components/schemas/d%d/p/p/p"}`, i, i+1))
	}
	im := readOne(t, "api.json", `{"openapi": "3.1.0", "webhooks": {"a": {"post": {"requestBody": {"content": {"application/json": {"schema": {"$ref": "#/components/schemas/d0/p/p/p"}}}}}}},
		"components": {"schemas": {`+strings.Join(defs, ",")+`}}}`, importer.Options{Name: "acme"})
	if len(im.Broken) != 1 {
		t.Error(im.Broken)
	}
}

// Schemas that are one of themselves in several branches have no end.
func TestNamesAreNotLookedForForEver(t *testing.T) {
	im := readOne(t, "api.json", openAPI(t, map[string]hookDoc{"a": {"X-GitHub-Event", "x", true, "",
		`{"type": "object", "anyOf": [{"properties": {"b": {"$ref": "#"}}}, {"$ref": "#"}, {"$ref": "#"}, {"allOf": [{"$ref": "#"}, {"$ref": "#"}]}]}`}}),
		importer.Options{Name: "acme", Profile: profile(t, "github")})
	if len(im.Events)+len(im.Broken) != 1 {
		t.Error(im.Events, im.Broken)
	}
}

// A source that many events share parts of grows when it is bundled, to a bound.
func TestBundlesAreBounded(t *testing.T) {
	big := `{"enum": [` + strings.Repeat(`1,`, 600_000) + `1]}`
	im := readOne(t, "a.json", `{"oneOf": [{"$ref": "#/$defs/a"}, {"$ref": "#/$defs/b"}], "$defs": {"big": `+big+`,
		"a": {"properties": {"x": {"$ref": "#/$defs/big"}}}, "b": {"type": "object"}}}`, importer.Options{Name: "acme"})
	if len(im.Broken) != 1 || !strings.Contains(im.Broken[0].Reason, "more than 200000 values") || len(im.Events) != 1 {
		t.Error(im.Broken, len(im.Events))
	}
}

func TestReadEndsWhenAsked(t *testing.T) {
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	_, err := importer.Read(ctx, []importer.Source{{Name: "a.json", Text: []byte(`{"type": "object"}`)}}, importer.Options{Name: "acme"})
	if err != context.Canceled {
		t.Error(err)
	}
}

// Of events that are described twice the first counts; the same twice is nothing to tell.
func TestEventsDescribedTwice(t *testing.T) {
	one := func(name, schema string) importer.Source {
		return importer.Source{Name: name, Text: []byte(openAPI(t, map[string]hookDoc{"/a": {schema: schema}}))}
	}
	for name, test := range map[string]struct{ second, want string }{
		"the same": {`{"type": "object", "title": "t"}`, ""},
		"another":  {`{"type": "array"}`, "described twice, and not the same: the first counts: a (in 1.json and 2.json)"},
	} {
		t.Run(name, func(t *testing.T) {
			im, err := importer.Read(context.Background(), []importer.Source{one("1.json", `{"title": "t", "type": "object"}`), one("2.json", test.second)}, importer.Options{Name: "acme"})
			if err != nil {
				t.Fatal(err)
			}
			if got := strings.Join(im.Warnings, "\n"); got != test.want || len(im.Events) != 1 || !strings.Contains(string(im.Events[0].Schema.Text), `"object"`) {
				t.Errorf("got %q, %v", got, im.Events)
			}
		})
	}
	both := []importer.Source{one("1.json", "{}"), {Name: "s.json", Text: []byte(`{"type": "object"}`)}}
	if _, err := importer.Read(context.Background(), both, importer.Options{Name: "acme"}); err == nil || !strings.Contains(err.Error(), "want one format at a time") {
		t.Error(err)
	}
}
