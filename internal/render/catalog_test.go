package render_test

import (
	"path/filepath"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/hookctl/hookctl/internal/catalog"
	"github.com/hookctl/hookctl/internal/render"
)

// sampleCatalog has every coverage and status, two API versions, and text that would act
// on a terminal.
func sampleCatalog(t *testing.T) *catalog.Catalog {
	t.Helper()
	c, err := catalog.Load(fstest.MapFS{"catalog.yaml": {Data: []byte(`name: acme
title: "Acme \e[31m"
about: What falls from cliffs, and on whom.
sources:
  page: https://acme.example/docs/webhooks
  mail: "a letter \e[2J of Feb 2026, which goes on for so long that no terminal has it on one line of its own"
api_versions: [2025-01, 2026-01]
api_version: 2026-01
aliases: {anvil: anvil.dropped}
families:
  cliff:
    about: "Any event of a cliff\e[31m."
    group: cliffs
    schema: anvil.schema.json
    coverage: partial
    is: documented
    from: [mail, page]
events:
  anvil.dropped:
    wire: "anvil:dropped\e[0m"
    about: An anvil has left its cloud.
    group: anvils
    schema: anvil.schema.json
    examples: ["{version}/dropped.json", low.json]
    coverage: full
    coverage_in: {2025-01: partial}
    headers: {X-Acme-Event: "anvil\e[1m"}
    is: documented
    from: [mail, page]
    note: "it may be \e[5m a piano"
  piano.dropped:
    about: "Heavier things\e[31m follow, which is why a sentence about them takes more room than there is on any line."
    group: pianos
    schema: anvil.schema.json
    coverage: envelope
    is: observed
    from: [mail]
    deprecated: true
  cliff.ended:
    group: cliffs
    schema: anvil.schema.json
    coverage: partial
`)}, "anvil.schema.json": {Data: []byte(`{"properties": {
  "id": {"type": "integer", "description": "Which one it is."},
  "on\u001b[31m": {"type": ["string", "null"], "enum": ["coyote", "\u001b[2J", null], "description": "Whom it \u001b[31mmeets, as a rule in the afternoon."},
  "parts": {"type": "array", "items": {"type": "object", "properties": {"dropped_at": {"type": "string", "format": "date-time", "pattern": "^2"}}}},
  "any": {},
  "kind": {"const": "anvil"},
  "flag": {"enum": [0, true, null]},
  "mood": {"type": "string", "x-extensible-enum": ["low", "\u001b[5m"], "description": "How it goes."}
}, "required": ["id"]}`)}}, "acme/catalog.yaml")
	if err != nil {
		t.Fatal(err)
	}
	return c
}

func goldenCatalog(name string) string {
	return filepath.Join("..", "..", "testdata", "golden", "render", name)
}

func TestGoldenCatalog(t *testing.T) {
	for suffix, change := range map[string]func(*render.Options){
		".txt": func(*render.Options) {}, ".color.txt": inColor, ".narrow.txt": inColumns(60), ".wide.txt": inColumns(100),
	} {
		c := sampleCatalog(t)
		got := printed(t, options(change), func(p *render.Printer) {
			if err := p.ShowCatalog(c, "2025-01", "acme/catalog.yaml"); err != nil {
				t.Error(err)
			}
		})
		wantGolden(t, goldenCatalog("catalog"+suffix), got)
	}
}

func TestGoldenEvent(t *testing.T) {
	for suffix, change := range map[string]func(*render.Options){
		".txt": func(*render.Options) {}, ".color.txt": inColor, ".narrow.txt": inColumns(60), ".wide.txt": inColumns(100),
	} {
		c := sampleCatalog(t)
		got := printed(t, options(change), func(p *render.Printer) {
			for i := range c.Events[:2] {
				fields, err := c.Fields(&c.Events[i], "2026-01")
				if err != nil {
					t.Fatal(err)
				}
				if err := p.ShowEvent(c, &c.Events[i], "2026-01", "acme", fields); err != nil {
					t.Error(err)
				}
			}
		})
		wantGolden(t, goldenCatalog("event"+suffix), got)
	}
}

func TestGoldenCatalogs(t *testing.T) {
	for suffix, change := range map[string]func(*render.Options){
		".txt": func(*render.Options) {}, ".color.txt": inColor, ".narrow.txt": inColumns(40),
	} {
		got := printed(t, options(change), func(p *render.Printer) {
			if err := p.Catalogs([]render.CatalogRow{
				{Name: "acme", Title: "Acme \x1b[31m", Events: 261, Versions: []string{"2025-01", "2026-01"}, Source: "catalogs/acme/catalog.yaml"},
				{Name: "standard-webhooks", Events: 1, Source: "bundled"},
			}); err != nil {
				t.Error(err)
			}
			if err := p.Events(sampleCatalog(t), "2026-01"); err != nil {
				t.Error(err)
			}
		})
		wantGolden(t, goldenCatalog("catalogs"+suffix), got)
	}
}

func TestNoCatalogsAreNoText(t *testing.T) {
	got := printed(t, options(), func(p *render.Printer) {
		if err := p.Catalogs(nil); err != nil {
			t.Error(err)
		}
	})
	if got != "" {
		t.Errorf("got %q", got)
	}
}

// Nothing of a catalog acts on the terminal, or is wider than it.
func TestCatalogsAreSafe(t *testing.T) {
	c := sampleCatalog(t)
	fields, err := c.Fields(&c.Events[0], "2026-01")
	if err != nil {
		t.Fatal(err)
	}
	for _, width := range []int{30, 60, 100} {
		got := printed(t, options(inColumns(width)), func(p *render.Printer) {
			p.ShowCatalog(c, "2026-01", "acme/\x1b[31m")
			p.ShowEvent(c, &c.Events[0], "2026-01", "acme/\x1b[31m", fields)
		})
		if strings.Contains(got, "\x1b") {
			t.Errorf("width %d: an escape gets through:\n%q", width, got)
		}
	}
}
