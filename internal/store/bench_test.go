package store_test

import (
	"fmt"
	"strings"
	"sync"
	"testing"

	"github.com/google/uuid"
	"github.com/hookctl/hookctl/internal/hook"
	"github.com/hookctl/hookctl/internal/store"
)

// BenchmarkKeep keeps captures from as many callers as it says, each of which waits
// for its own to be durable.
func BenchmarkKeep(b *testing.B) {
	for _, callers := range []int{1, 16, 64} {
		b.Run(fmt.Sprintf("callers=%d", callers), func(b *testing.B) { benchmarkKeep(b, callers) })
		b.Run(fmt.Sprintf("callers=%d,identified", callers), func(b *testing.B) { benchmarkKeep(b, callers, benchmarkIdentity) })
	}
}

func benchmarkKeep(b *testing.B, callers int, edit ...func(*hook.Capture)) {
	s := openStore(b, b.TempDir())
	cs := benchmarkCaptures(b, edit...)
	b.ReportAllocs()
	b.ResetTimer()
	before := cpuTime()
	var wg sync.WaitGroup
	for n := range callers {
		wg.Go(func() {
			for i := n; i < len(cs); i += callers {
				if err := <-s.Keep(cs[i]); err != nil {
					b.Error(err)
				}
			}
		})
	}
	wg.Wait()
	b.ReportMetric(float64(cpuTime()-before)/float64(b.N)/1e3, "cpu-µs/op")
}

// BenchmarkFacets makes the facets of captures, as an idle writer does.
func BenchmarkFacets(b *testing.B) {
	b.Run("unidentified", func(b *testing.B) { benchmarkFacets(b) })
	b.Run("identified", func(b *testing.B) { benchmarkFacets(b, benchmarkIdentity) })
}

func benchmarkFacets(b *testing.B, edit ...func(*hook.Capture)) {
	dir := b.TempDir()
	s, err := store.Open(dir, store.Options{})
	if err != nil {
		b.Fatal(err)
	}
	keep(b, s, benchmarkCaptures(b, edit...)...)
	if err := s.Close(); err != nil {
		b.Fatal(err)
	}
	b.ResetTimer()
	before := cpuTime()
	if err := store.IndexFacets(dir); err != nil {
		b.Fatal(err)
	}
	b.ReportMetric(float64(cpuTime()-before)/float64(b.N)/1e3, "cpu-µs/op")
}

// benchmarkCaptures makes b.N captures of 1 to 2 KB: of one size, all would depend
// on how many such rows happen to fit a page.
func benchmarkCaptures(b *testing.B, edit ...func(*hook.Capture)) []*hook.Capture {
	m := newMaker(b)
	cs := make([]*hook.Capture, b.N)
	body := strings.Repeat("0123456789abcde\n", 96)
	for i := range cs {
		cs[i] = m.capture(body[:512+i*389%1024], append(edit, benchmarkHeader)...)
	}
	return cs
}

// benchmarkIdentity gives c an identity as most have it, with an event id of its own.
func benchmarkIdentity(c *hook.Capture) {
	c.Identity = &hook.Identity{
		Provider: "recharge", Event: hook.Event{Type: "order/created", ID: uuid.NewString()},
		Verification: &hook.Verification{Outcome: hook.Failed, Scheme: "v1", Reason: "mismatch", Detail: "no secret gives the signature that was sent"},
	}
}

// benchmarkHeader gives c the header that a provider sends.
func benchmarkHeader(c *hook.Capture) {
	c.Header = hook.Header{
		{Name: "Host", Value: "127.0.0.1:4400"}, {Name: "User-Agent", Value: "Svix-Webhooks/1.24 (sender-9YMgn; +https://www.svix.com/http-sender/)"},
		{Name: "Content-Length", Value: "1536"}, {Name: "Accept", Value: "*/*"}, {Name: "Content-Type", Value: "application/json"},
		{Name: "svix-id", Value: "msg_2KWPBgLlAfxdpx2AI54pPJ85f4W"}, {Name: "svix-timestamp", Value: "1674087231"},
		{Name: "svix-signature", Value: "v1,tuDSNGfsF5Kz7sUfWKy9ZbMSCmPrxPJtqf0DW9WcUsk="},
	}
}
