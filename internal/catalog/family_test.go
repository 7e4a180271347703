package catalog_test

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/hookctl/hookctl/internal/catalog"
	"github.com/hookctl/hookctl/internal/hook"
)

const family = `families:
  anvil:
    about: Any event of an anvil.
    schema: any.schema.json
    examples: [any.json]
    coverage: partial
    is: documented
    from: [page]
`

// What comes under the name of a family is held against what its events have in common.
func TestFamilies(t *testing.T) {
	files := map[string]string{
		"catalog.yaml":    soundCatalog + family,
		"any.schema.json": `{"$schema": "https://json-schema.org/draft/2020-12/schema", "properties": {"id": {"type": "integer"}}}`,
		"any.json":        `{}`,
	}
	if lines := lintLines(t, folder(files)); len(lines) > 0 {
		t.Errorf("lint: %q", lines)
	}
	c, err := catalog.Load(folder(files), "acme/catalog.yaml")
	if err != nil {
		t.Fatal(err)
	}
	if len(c.Events) != 1 {
		t.Errorf("%d events: a family is none", len(c.Events))
	}
	for body, want := range map[string]hook.Validity{`{}`: hook.Valid, `{"id": "1"}`: hook.Invalid} {
		v := c.Validate("anvil", "", []byte(body))
		if v.Outcome != want || v.Schema != "acme/any" {
			t.Errorf("%s: got %+v, want %s", body, v, want)
		}
	}
	if v := c.Validate("anvil.dropped", "", []byte(`{}`)); v.Outcome != hook.Invalid {
		t.Errorf("the event itself is held against its own schema, got %s", v.Outcome)
	}
}

func TestFamiliesHaveFaults(t *testing.T) {
	for name, test := range map[string]struct{ text, want string }{
		"the name of an event": {strings.ReplaceAll(family, "  anvil:", "  anvil.dropped:"), `acme/catalog.yaml:15:3: "anvil.dropped" is an event itself`},
		"no schema":            {strings.ReplaceAll(family, "    schema: any.schema.json\n", ""), `acme/catalog.yaml:15:3: schema is missing: the file of its JSON Schema`},
		"an unknown source":    {strings.ReplaceAll(family, "[page]", "[letter]"), `acme/catalog.yaml:21:5: there is no source "letter"`},
	} {
		t.Run(name, func(t *testing.T) {
			_, err := catalog.Load(folder(map[string]string{"catalog.yaml": soundCatalog + test.text}), "acme/catalog.yaml")
			if err == nil || err.Error() != test.want {
				t.Errorf("got %v, want %s", err, test.want)
			}
		})
	}
	lines := lintLines(t, folder(map[string]string{"catalog.yaml": soundCatalog + family}))
	want := []string{
		"acme/catalog.yaml:17:5: the schema any.schema.json is not there: file does not exist",
		"acme/catalog.yaml:18:5: the example any.json is not there: file does not exist",
	}
	if diff := cmp.Diff(want, lines); diff != "" {
		t.Error(diff)
	}
}
