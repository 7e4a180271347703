package catalog_test

import (
	"testing"
	"testing/fstest"

	"github.com/hookctl/hookctl/internal/catalog"
	"github.com/hookctl/hookctl/internal/hook"
)

// versioned is a catalog whose second version has renamed a field and changed another.
func versioned(t *testing.T) *catalog.Catalog {
	t.Helper()
	c, err := catalog.Load(fstest.MapFS{
		"catalog.yaml": {Data: []byte(`name: acme
api_versions: [2025-01, 2026-01, 2026-06]
api_version: 2026-01
events:
  paid: {schema: "{version}/paid.json", coverage: full}
  sent: {schema: "{version}/paid.json", coverage: full, coverage_in: {2025-01: envelope}}
  late: {schema: "{version}/paid.json", coverage: full, api_versions: [2026-01, 2026-06]}
  same: {schema: 2026-01/paid.json, coverage: full}
`)},
		"2025-01/paid.json": {Data: []byte(`{"properties": {"id": {"type": "integer"}, "open": {"type": "integer"}, "total": {"type": "string"}}}`)},
		"2026-01/paid.json": {Data: []byte(`{"properties": {"id": {"type": "integer"}, "open": {"type": "boolean"}, "amount": {"type": "number"}}}`)},
		"2026-06/paid.json": {Data: []byte(`{"required": ["zone"], "properties": {"id": {"type": "integer"}, "open": {"type": "boolean"}, "zone": {}}}`)},
	}, "acme/catalog.yaml")
	if err != nil {
		t.Fatal(err)
	}
	return c
}

func TestAnInvalidBodyMayFitAnotherVersion(t *testing.T) {
	c := versioned(t)
	for name, test := range map[string]struct{ event, version, body, fits string }{
		"the version before":            {"paid", "", `{"id": 1, "open": 1, "total": "5"}`, "2025-01"},
		"no stranger there than here":   {"paid", "", `{"id": 1, "open": 1}`, "2025-01"},
		"a later one":                   {"paid", "2025-01", `{"id": 1, "open": true, "amount": 5}`, "2026-01"},
		"wrong in all":                  {"paid", "", `{"id": "1", "open": 1}`, ""},
		"valid where it is not known":   {"paid", "", `{"id": 1, "open": true, "amount": "5"}`, ""},
		"where only the envelope is":    {"sent", "", `{"id": 1, "open": 1, "total": "5"}`, ""},
		"where there is no such event":  {"late", "", `{"id": 1, "open": 1, "total": "5"}`, ""},
		"where the schema is the same":  {"same", "", `{"id": 1, "open": 1, "total": "5"}`, ""},
		"numbers that no version takes": {"paid", "", `{"id": 1e999999999, "open": 1, "total": "5"}`, ""},
	} {
		t.Run(name, func(t *testing.T) {
			v := c.Validate(test.event, test.version, []byte(test.body))
			if v.Outcome != hook.Invalid || v.Fits != test.fits || len(v.Faults) == 0 || (v.Reason != "") != (test.fits != "") {
				t.Errorf("got %+v, want it to fit %q", v, test.fits)
			}
		})
	}
	if v := c.Validate("paid", "", []byte(`{"id": 1, "total": "5"}`)); v.Outcome != hook.Valid || v.Fits != "" || v.Reason != "" {
		t.Errorf("a valid body: %+v", v)
	}
}
