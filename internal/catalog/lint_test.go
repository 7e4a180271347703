package catalog_test

import (
	"errors"
	"io/fs"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/google/go-cmp/cmp"
	"github.com/hookctl/hookctl/internal/catalog"
	"github.com/hookctl/hookctl/internal/yamldoc"
)

const (
	soundCatalog = `name: acme
title: Acme
about: Anvils.
sources:
  page: https://acme.example/webhooks
events:
  anvil.dropped:
    about: An anvil has left its cloud.
    schema: anvil.schema.json
    examples: [dropped.json]
    coverage: full
    is: documented
    from: [page]
`
	soundSchema = `{
  "$schema": "https://json-schema.org/draft/2020-12/schema",
  "type": "object",
  "required": ["id"],
  "properties": {"id": {"type": "integer"}}
}
`
)

// folder is a sound catalog with other files, or some in the place of its own; "" takes
// one away.
func folder(files map[string]string) fstest.MapFS {
	all := map[string]string{"catalog.yaml": soundCatalog, "anvil.schema.json": soundSchema, "dropped.json": `{"id": 1}`}
	for name, text := range files {
		all[name] = text
	}
	made := fstest.MapFS{}
	for name, text := range all {
		if text != "" {
			made[name] = &fstest.MapFile{Data: []byte(text)}
		}
	}
	return made
}

func lintLines(t *testing.T, files fs.FS) []string {
	t.Helper()
	_, findings, err := catalog.Lint(files, "acme/catalog.yaml")
	if err != nil {
		t.Fatal(err)
	}
	var lines []string
	for _, f := range findings {
		line := f.At.Error()
		if f.Note {
			line += " (note)"
		}
		lines = append(lines, line)
	}
	return lines
}

func TestLint(t *testing.T) {
	event := func(more string) string { return soundCatalog + more }
	const second = `  anvil.landed:
    about: It has arrived.
    schema: anvil.schema.json
    coverage: full
    is: assumed
`
	for name, test := range map[string]struct {
		files map[string]string
		want  []string
	}{
		"sound":                        {nil, nil},
		"hidden files and other kinds": {map[string]string{".git/x.json": "{}", "node_modules/a/b.json": "{}", ".x.json": "{}", "README.md": "x"}, nil},
		"nobody names a file": {map[string]string{"sub/other.json": "{}"}, []string{
			"acme/sub/other.json: nothing leads here: neither an event nor a reference of a schema (note)",
		}},
		"a reference names a file": {map[string]string{
			"anvil.schema.json": `{"$schema": "https://json-schema.org/draft/2020-12/schema", "$ref": "parts/a.json#/$defs/x"}`,
			"parts/a.json":      `{"$schema": "https://json-schema.org/draft/2020-12/schema", "$defs": {"x": {"$ref": "../b.json"}}}`,
			"b.json":            `{"$schema": "https://json-schema.org/draft/2020-12/schema"}`,
		}, nil},
		"no schema": {map[string]string{"anvil.schema.json": ""}, []string{
			"acme/catalog.yaml:9:5: the schema anvil.schema.json is not there: file does not exist",
		}},
		"no example": {map[string]string{"dropped.json": ""}, []string{
			"acme/catalog.yaml:10:5: the example dropped.json is not there: file does not exist",
		}},
		"no draft": {map[string]string{"anvil.schema.json": "{}"}, []string{
			"acme/anvil.schema.json:1:1: $schema is missing: which draft of JSON Schema it is written in (note)",
		}},
		"foreign $id": {map[string]string{"anvil.schema.json": "{\"$schema\": \"https://json-schema.org/draft/2020-12/schema\",\n  \"$id\": \"https://acme.example/a\"}"}, []string{
			"acme/anvil.schema.json:2:10: the $id is not that of the file, so references begin elsewhere; leave it out, or write https://github.com/hookctl/hookctl/schemas/acme/anvil.schema.json (note)",
		}},
		"the $id of two": {map[string]string{
			"catalog.yaml":      event(strings.Replace(second, "anvil.schema", "b.schema", 1)),
			"anvil.schema.json": `{"$schema": "https://json-schema.org/draft/2020-12/schema", "$id": "https://github.com/hookctl/hookctl/schemas/acme/anvil.schema.json"}`,
			"b.schema.json":     `{"$schema": "https://json-schema.org/draft/2020-12/schema", "$id": "https://github.com/hookctl/hookctl/schemas/acme/anvil.schema.json"}`,
		}, []string{"acme/b.schema.json:1:68: the $id is that of anvil.schema.json too"}},
		"head": {map[string]string{"catalog.yaml": strings.NewReplacer("title: Acme\nabout: Anvils.\n", "", "webhooks\n", "webhooks\n  mail: \"\"\n").Replace(soundCatalog)}, []string{
			"acme/catalog.yaml:1:1: title is missing: the name as people write it (note)",
			"acme/catalog.yaml:1:1: about is missing: one sentence on what the catalog has (note)",
			"acme/catalog.yaml:4:3: no event is known from the source \"mail\" (note)",
			"acme/catalog.yaml:4:3: the source \"mail\" says nothing: want an address or a title",
		}},
		"about and from": {map[string]string{"catalog.yaml": strings.NewReplacer("    about: An anvil has left its cloud.\n", "", "    from: [page]\n", "").Replace(soundCatalog)}, []string{
			"acme/catalog.yaml:5:3: no event is known from the source \"page\" (note)",
			"acme/catalog.yaml:7:3: about is missing: one sentence on when anvil.dropped comes (note)",
			"acme/catalog.yaml:7:3: anvil.dropped is documented, but from names no source that says so",
		}},
		"from without is": {map[string]string{"catalog.yaml": strings.Replace(soundCatalog, "    is: documented\n", "", 1)}, []string{
			"acme/catalog.yaml:12:5: from names sources, but is does not say how they know anvil.dropped: want documented, announced, observed or assumed",
		}},
		"nothing is known": {map[string]string{"catalog.yaml": event(strings.Replace(second, "    is: assumed\n", "", 1))}, []string{
			"acme/catalog.yaml:14:3: nothing says how anvil.landed is known: is and from are missing (note)",
		}},
		"case alone": {map[string]string{"catalog.yaml": event(strings.Replace(second, "anvil.landed", "Anvil.Dropped", 1))}, []string{
			"acme/catalog.yaml:14:3: Anvil.Dropped differs from anvil.dropped in case alone (note)",
		}},
		"the wire name of another": {map[string]string{"catalog.yaml": event(second + "    wire: anvil.dropped\n")}, []string{
			"acme/catalog.yaml:19:5: \"anvil.dropped\" is the type of another event, which is meant by it",
		}},
		"coverage of one schema": {map[string]string{"catalog.yaml": event(strings.Replace(second, "full", "envelope", 1))}, []string{
			"acme/catalog.yaml:17:5: the coverage is envelope, but anvil.dropped covers more of anvil.schema.json",
		}},
	} {
		t.Run(name, func(t *testing.T) {
			if diff := cmp.Diff(test.want, lintLines(t, folder(test.files))); diff != "" {
				t.Error(diff)
			}
		})
	}
}

func TestLintTellsOfWhatCannotBeUsed(t *testing.T) {
	for name, test := range map[string]struct {
		files map[string]string
		want  string
	}{
		"a schema that is not JSON":    {map[string]string{"anvil.schema.json": "{\n  \"type\": \n"}, "acme/anvil.schema.json"},
		"a reference to nothing":       {map[string]string{"anvil.schema.json": `{"$schema": "https://json-schema.org/draft/2020-12/schema", "$ref": "gone.json"}`}, "acme/anvil.schema.json"},
		"a reference out of it":        {map[string]string{"anvil.schema.json": `{"$schema": "https://json-schema.org/draft/2020-12/schema", "$ref": "../../etc/passwd"}`}, "acme/anvil.schema.json"},
		"an example that does not fit": {map[string]string{"dropped.json": "{\n  \"id\": \"1\"\n}"}, "acme/dropped.json"},
		"an example that is not JSON":  {map[string]string{"dropped.json": "{"}, "acme/dropped.json"},
	} {
		t.Run(name, func(t *testing.T) {
			lines := lintLines(t, folder(test.files))
			if len(lines) != 1 || !strings.HasPrefix(lines[0], test.want) || strings.HasSuffix(lines[0], "(note)") {
				t.Errorf("got %q, want one fault in %s", lines, test.want)
			}
		})
	}
}

// An example is looked at in each API version.
func TestLintLooksAtEachVersion(t *testing.T) {
	files := folder(map[string]string{
		"catalog.yaml": strings.NewReplacer("events:", "api_versions: [v1, v2]\napi_version: v2\nevents:", "anvil.schema.json", "\"{version}/anvil.schema.json\"",
			"[dropped.json]", "[\"{version}/dropped.json\"]").Replace(soundCatalog) + "    coverage_in: {v1: full, v2: partial}\n",
		"anvil.schema.json": "", "dropped.json": "",
		"v1/anvil.schema.json": soundSchema, "v1/dropped.json": `{"id": 1}`, "v2/anvil.schema.json": soundSchema,
	})
	want := []string{
		"acme/catalog.yaml:12:5: the example v2/dropped.json is not there: file does not exist",
		"acme/catalog.yaml:16:19: coverage says so already: full (note)",
	}
	if diff := cmp.Diff(want, lintLines(t, files)); diff != "" {
		t.Error(diff)
	}
}

func TestLintOfWhatCannotBeLoaded(t *testing.T) {
	var at *yamldoc.Error
	if _, _, err := catalog.Lint(folder(map[string]string{"catalog.yaml": "name: acme\nevents: {}\n"}), "acme/catalog.yaml"); !errors.As(err, &at) || at.Line != 2 {
		t.Errorf("no events: got %v", err)
	}
	if _, _, err := catalog.Lint(fstest.MapFS{}, "acme/catalog.yaml"); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("no file: got %v", err)
	}
	text := strings.Replace(soundCatalog, "coverage: full", "coverage: full\n    coverage_in: {v1: partial}", 1)
	if _, _, err := catalog.Lint(folder(map[string]string{"catalog.yaml": text}), "acme/catalog.yaml"); !errors.As(err, &at) || !strings.Contains(at.What, `"v1" is none of`) {
		t.Errorf("unknown version: got %v", err)
	}
}
