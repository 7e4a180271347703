package identify_test

import (
	"bytes"
	"strings"
	"testing"
	"time"

	"github.com/hookctl/hookctl/internal/hook"
	"github.com/hookctl/hookctl/internal/identify"
	"github.com/hookctl/hookctl/internal/provider"
	"github.com/hookctl/hookctl/internal/signature"
	"github.com/hookctl/hookctl/schemas"
)

// bundled is the set of all bundled providers, each with a secret.
func bundled(tb testing.TB) *identify.Set {
	tb.Helper()
	all, err := provider.NewLibrary(schemas.Files()).All()
	if err != nil {
		tb.Fatal(err)
	}
	var sources []identify.Source
	for _, p := range all {
		sources = append(sources, identify.Source{Profile: p, Keys: []signature.Key{{Name: "secret", Secret: "c2VjcmV0"}}})
	}
	return identify.NewSet(sources, "")
}

// ordinary is a capture of 1.5 KB of JSON from nobody known.
func ordinary() *hook.Capture {
	var body bytes.Buffer
	body.WriteString(`{"id":12345,"type":"order.created","items":[`)
	for body.Len() < 1480 {
		body.WriteString(`{"sku":"A-1","quantity":2,"price":"10.00"},`)
	}
	body.WriteString(`{}]}`)
	return &hook.Capture{
		Method: "POST", Target: "/hooks/orders", ReceivedAt: time.Unix(1700000000, 0), Body: hook.Bytes(body.Bytes()),
		Header: hook.Header{
			{Name: "Host", Value: "127.0.0.1:4400"}, {Name: "User-Agent", Value: "sender/1.0"}, {Name: "Accept", Value: "*/*"},
			{Name: "Content-Type", Value: "application/json"}, {Name: "Content-Length", Value: "1500"},
		},
	}
}

func BenchmarkIdentify(b *testing.B) {
	set := bundled(b)
	signed := func(name string) *hook.Capture {
		p, err := provider.NewLibrary(schemas.Files()).Load(name)
		if err != nil {
			b.Fatal(err)
		}
		c := ordinary()
		made, err := signature.Sign(p, signature.Draft{Body: c.Body.(hook.Bytes), Event: "order/created", At: c.ReceivedAt},
			[]signature.Key{{Name: "secret", Secret: "c2VjcmV0"}}, strings.NewReader(strings.Repeat("x", 1<<10)))
		if err != nil {
			b.Fatal(err)
		}
		c.Header = made.Message.Header
		return c
	}
	for _, bench := range []struct {
		name    string
		capture *hook.Capture
	}{{"nobody", ordinary()}, {"svix", signed("svix")}, {"stripe", signed("stripe")}, {"github", signed("github")}, {"recharge", signed("recharge")}} {
		b.Run(bench.name, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				set.Identify(bench.capture)
			}
		})
	}
}
