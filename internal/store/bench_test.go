package store_test

import (
	"bytes"
	"fmt"
	"sync"
	"testing"

	"github.com/hookctl/hookctl/internal/hook"
)

// BenchmarkKeep keeps captures of 1.5 KB from as many callers as it says, each of
// which waits for its own to be durable.
func BenchmarkKeep(b *testing.B) {
	for _, callers := range []int{1, 16, 64} {
		b.Run(fmt.Sprintf("callers=%d", callers), func(b *testing.B) { benchmarkKeep(b, callers) })
	}
	b.Run("callers=64,identified", func(b *testing.B) { benchmarkKeep(b, 64, identified(failedOrder())) })
}

func benchmarkKeep(b *testing.B, callers int, edit ...func(*hook.Capture)) {
	s := openStore(b, b.TempDir())
	m := newMaker(b)
	cs := make([]*hook.Capture, b.N)
	body := string(bytes.Repeat([]byte("0123456789abcde\n"), 96))
	for i := range cs {
		cs[i] = m.capture(body, append(edit, benchmarkHeader)...)
	}
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

// benchmarkHeader gives c the header that a provider sends.
func benchmarkHeader(c *hook.Capture) {
	c.Header = hook.Header{
		{Name: "Host", Value: "127.0.0.1:4400"}, {Name: "User-Agent", Value: "Svix-Webhooks/1.24 (sender-9YMgn; +https://www.svix.com/http-sender/)"},
		{Name: "Content-Length", Value: "1536"}, {Name: "Accept", Value: "*/*"}, {Name: "Content-Type", Value: "application/json"},
		{Name: "svix-id", Value: "msg_2KWPBgLlAfxdpx2AI54pPJ85f4W"}, {Name: "svix-timestamp", Value: "1674087231"},
		{Name: "svix-signature", Value: "v1,tuDSNGfsF5Kz7sUfWKy9ZbMSCmPrxPJtqf0DW9WcUsk="},
	}
}
