package render_test

import (
	"path/filepath"
	"testing"
	"testing/fstest"

	"github.com/hookctl/hookctl/internal/provider"
	"github.com/hookctl/hookctl/internal/render"
)

// sampleProfile has every kind of provenance, an overridden rule, what a base has
// given, and text that would act on a terminal.
func sampleProfile(t *testing.T) *provider.Profile {
	t.Helper()
	library := provider.NewLibrary(fstest.MapFS{"base/provider.yaml": {Data: []byte(`name: base
sources: {server: the open-source server}
provenance:
  policy: {is: observed, from: [server]}
policy: {retry: {attempts: 2, delays: [5s]}}
`)}})
	p, err := library.Parse("acme/provider.yaml", []byte(`name: acme
title: "Acme \e[31m"
about: Anvils.
aliases: [acme-old, acme-new]
like: base
sources:
  page: https://acme.example/docs/webhooks
  mail: an announcement of Feb 2026
secret: {name: "key\e[2J", form: hex}
event:
  type: ["{header:X-Acme-Event}", "{json:type}"]
  example: anvil.dropped
signatures:
  schemes:
    v1: {algorithm: hmac-sha256, content: "{timestamp}.{body}", in: header:X-Acme-Signature, encoding: hex, timestamp: {from: header:X-Acme-Time, tolerance: 5m}}
endpoint:
  refused_headers: [content-length, host, connection, transfer-encoding, "x-acme-*", "x-amz-*"]
  https: true
provenance:
  secret: {is: assumed, note: "nothing says what the secret looks like, and nobody who was asked would tell"}
  event: {is: documented, from: [page]}
  event.example: {is: announced, from: [mail, page], note: "from next year on"}
  signatures: {is: observed, from: [mail]}
`))
	if err != nil {
		t.Fatal(err)
	}
	if err := p.Set("--set", "signatures.schemes.v1.timestamp.tolerance", "10m"); err != nil {
		t.Fatal(err)
	}
	return p
}

func TestGoldenProfile(t *testing.T) {
	for suffix, change := range map[string]func(*render.Options){
		".txt": func(*render.Options) {}, ".color.txt": inColor, ".narrow.txt": inColumns(72), ".wide.txt": inColumns(132),
	} {
		got := printed(t, options(change), func(p *render.Printer) {
			if err := p.ShowProfile(sampleProfile(t)); err != nil {
				t.Error(err)
			}
		})
		wantGolden(t, filepath.Join("..", "..", "testdata", "golden", "render", "profile"+suffix), got)
	}
}

func TestGoldenProviders(t *testing.T) {
	for suffix, change := range map[string]func(*render.Options){
		".txt": func(*render.Options) {}, ".color.txt": inColor, ".narrow.txt": inColumns(80),
	} {
		got := printed(t, options(change), func(p *render.Printer) {
			table := p.ProviderTable()
			for _, row := range []render.ProviderRow{
				{Name: "acme", Title: "Acme \x1b[31m", Signature: "ecdsa-p256-sha256", Secret: "configured", Source: "providers/acme/provider.yaml"},
				{Name: "standard-webhooks", Title: "Standard Webhooks and more", Signature: "none", Source: "bundled"},
			} {
				if err := table.Row(row); err != nil {
					t.Error(err)
				}
			}
		})
		wantGolden(t, filepath.Join("..", "..", "testdata", "golden", "render", "providers"+suffix), got)
	}
}
