package catalog_test

import (
	"context"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/hookctl/hookctl/internal/catalog"
)

// tried is a catalog whose events share a file.
func tried(t *testing.T, files map[string]string) *catalog.Catalog {
	t.Helper()
	all := map[string]string{
		"catalog.yaml": `
name: acme
events:
  order: {schema: order.schema.json, coverage: full}
  again: {schema: order.schema.json, coverage: full}
  refund: {schema: refunds/refund.schema.json, coverage: full}
  ping: {schema: ping.schema.json, coverage: full}
`,
		"order.schema.json":          `{"$ref": "shared.json#/definitions/order"}`,
		"refunds/refund.schema.json": `{"allOf": [{"$ref" : "https:\/\/github.com/hookctl/hookctl/schemas/acme/shared.json#/definitions/order"}]}`,
		"shared.json":                `{"definitions": {"order": {"type": "object"}}, "$ref": "#/definitions/order"}`,
		"ping.schema.json":           `{"$ref": "https://example.com/x.json", "$ref`,
	}
	for name, text := range files {
		all[name] = text
	}
	c, err := catalog.Load(folder(all), "mine/catalog.yaml")
	if err != nil {
		t.Fatal(err)
	}
	return c
}

func TestFilesAreThoseThatSchemasAreMadeOf(t *testing.T) {
	want := []string{"order.schema.json", "ping.schema.json", "refunds/refund.schema.json", "shared.json"}
	if diff := cmp.Diff(want, tried(t, nil).Files()); diff != "" {
		t.Error(diff)
	}
	t.Run("also what is not there, and what goes round", func(t *testing.T) {
		c := tried(t, map[string]string{"shared.json": `{"$ref": "gone.json", "x": {"$ref": "order.schema.json"}}`})
		if files := strings.Join(c.Files(), " "); !strings.Contains(files, "gone.json") {
			t.Error(files)
		}
	})
}

func TestTry(t *testing.T) {
	all := func(string) bool { return true }
	only := func(name string) func(string) bool { return func(file string) bool { return file == name } }
	broken := map[string]string{
		"shared.json":      `{"definitions": {"order": {"type": 7}}}`,
		"ping.schema.json": "{\"type\":\n  oops}",
	}
	for _, test := range []struct {
		name    string
		files   map[string]string
		changed func(string) bool
		want    []string // how each fault begins
	}{
		{"sound but for ping", nil, all, []string{"mine/ping.schema.json"}},
		{"what did not change is left alone", broken, only("nothing"), nil},
		{"what it refers to has changed", broken, only("shared.json"), []string{"mine/order.schema.json: the schema of order cannot", "mine/refunds/refund.schema.json: the schema of refund"}},
		{"with its place", broken, only("ping.schema.json"), []string{"mine/ping.schema.json:2:3: the schema of ping cannot be used: "}},
	} {
		t.Run(test.name, func(t *testing.T) {
			faults := tried(t, test.files).Try(t.Context(), test.changed)
			if len(faults) != len(test.want) {
				t.Fatalf("%v", faults)
			}
			for i, want := range test.want {
				if !strings.HasPrefix(faults[i].Error(), want) {
					t.Errorf("got %q, want %q", faults[i], want)
				}
			}
		})
	}
	t.Run("a file that is not there", func(t *testing.T) {
		c, err := catalog.Load(folder(map[string]string{"catalog.yaml": "name: acme\nevents:\n  ping: {schema: ping.json, coverage: full}\n"}), "catalog.yaml")
		if err != nil {
			t.Fatal(err)
		}
		faults := c.Try(t.Context(), all)
		if len(faults) != 1 || !strings.HasPrefix(faults[0].Error(), "catalog.yaml:3:") || !strings.Contains(faults[0].What, "ping.json is not there") {
			t.Error(faults)
		}
	})
	t.Run("no longer than it may", func(t *testing.T) {
		ctx, cancel := context.WithCancel(t.Context())
		cancel()
		if faults := tried(t, broken).Try(ctx, all); faults != nil {
			t.Error(faults)
		}
	})
}
