package store_test

import (
	"context"
	"fmt"
	"os"
	"strconv"
	"testing"
	"time"

	"github.com/hookctl/hookctl/internal/hook"
	"github.com/hookctl/hookctl/internal/store"
)

// millionVariable names a folder in which the benchmarks of a large store find one,
// or make one: that takes a minute and some gigabytes.
const millionVariable = "HOOKCTL_BENCH_STORE"

const million = 1_000_000

// BenchmarkMillion measures what a person waits for with a million captures kept.
func BenchmarkMillion(b *testing.B) {
	dir := os.Getenv(millionVariable)
	if dir == "" {
		b.Skip(millionVariable + " names no folder: making a million captures takes a minute and 4 GB")
	}
	sample := fill(b, dir)
	b.Run("open", func(b *testing.B) {
		for range b.N {
			s, err := store.Open(dir, store.Options{})
			if err != nil {
				b.Fatal(err)
			}
			b.StopTimer()
			s.Close()
			b.StartTimer()
		}
	})
	s, err := store.Open(dir, store.Options{ReadOnly: true})
	if err != nil {
		b.Fatal(err)
	}
	defer s.Close()
	for _, query := range []string{
		"", "method:POST", "method:get", "method:DELETE", "-method:POST", "status:200", "status:>=500", "status:503", "status:none", "-status:200",
		"path:/hooks/7", "path:/rare", "path:/none", "path:/hooks/*", "path:/rar*", "path:/items/77*", "path:*are", "-path:/hooks/*",
		"since:1h", "until:240h", "since:240h until:239h", "since:500h until:450h", "id:" + string(sample.ID[:14]), "id:" + string(sample.ID[:9]), "id:" + sample.ID.Short(), "id:" + string(sample.ID[29:]),
		"provider:recharge", "provider:techrar", "provider:none", "provider:nobody", "-provider:recharge",
		"event:order/created", "event:rare", "event:rar*", "event:order/*", "event:nothing/*", "-event:order/*",
		"verified:yes", "verified:no", "verified:unchecked", "-verified:yes", "valid:yes", "valid:no", "valid:no_schema", "valid:yes status:503", "id:evt_77777", "id:evt_none",
		"method:POST status:500 path:/hooks/3", "method:DELETE until:240h",
		"body:order-777777", "body:customer", "body:NoSuchText", "body:order-777777 status:200",
	} {
		b.Run(query, func(b *testing.B) { benchmarkList(b, s, query) })
	}
	for _, ref := range []string{"last", "last~100", string(sample.ID), sample.ID.Short()} {
		b.Run("find "+ref[:min(len(ref), 8)], func(b *testing.B) {
			for range b.N {
				if _, err := s.Find(context.Background(), ref); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
	b.Run("stats", func(b *testing.B) {
		for range b.N {
			if _, err := s.Stats(context.Background()); err != nil {
				b.Fatal(err)
			}
		}
	})
}

func benchmarkList(b *testing.B, s *store.Store, query string) {
	q, err := store.ParseQuery(query, noon().Add(million*time.Second))
	if err != nil {
		b.Fatal(err)
	}
	q.Limit = 50
	n, before := 0, cpuTime()
	for range b.N {
		n = len(collect(b, s.Captures(context.Background(), q)))
	}
	b.ReportMetric(float64(cpuTime()-before)/1e6/float64(b.N), "cpu-ms/op")
	b.ReportMetric(float64(n), "found")
	b.ReportMetric(float64(b.Elapsed().Microseconds())/1e3/float64(b.N), "ms/op")
}

// fill makes the store in dir unless it is there, and returns a capture from its middle.
func fill(b *testing.B, dir string) *hook.Capture {
	b.Helper()
	s, err := store.Open(dir, store.Options{})
	if err != nil {
		b.Fatal(err)
	}
	defer s.Close()
	have, err := s.Stats(context.Background())
	if err != nil {
		b.Fatal(err)
	}
	m := newMaker(b)
	var last <-chan error
	for i := int(have.Captures); i < million; i++ {
		last = s.Keep(m.capture(millionBody(i), func(c *hook.Capture) { millionth(c, i) }))
	}
	if last != nil {
		if err := <-last; err != nil {
			b.Fatal(err)
		}
	}
	if err := store.IndexAll(dir); err != nil {
		b.Fatal(err)
	}
	for c, err := range s.Captures(context.Background(), store.Query{Limit: million / 2}) {
		if err != nil || c.Seq == million*6/10 {
			return c
		}
	}
	b.Fatal("no sample")
	return nil
}

func millionBody(i int) string {
	return fmt.Sprintf(`{"id":"order-%d","customer":{"name":"Ann %d"},"items":[{"sku":"A-%d","n":%d}],"note":"%0300d"}`, i, i%977, i%1009, i%7, i)
}

// millionth makes c the ith of a million: mostly alike, with some rare things long ago.
func millionth(c *hook.Capture, i int) {
	benchmarkHeader(c)
	c.Identity = &hook.Identity{
		Provider: "recharge", Event: hook.Event{Type: []string{"order/created", "order/paid", "charge/paid"}[i%3], ID: "evt_" + strconv.Itoa(i)},
		Verification: &hook.Verification{Outcome: hook.Verified, Scheme: "v1"},
	}
	c.Validation = &hook.Validation{Outcome: hook.Valid, Schema: "recharge/2021-11/order"}
	if i < 60_000 {
		if i%1000 == 15 {
			c.Validation.Outcome = hook.Invalid
		}
		switch i % 1000 {
		case 11:
			c.Identity = nil
		case 12:
			c.Identity = &hook.Identity{Provider: "techrar", Event: hook.Event{Type: "rare"}}
		case 13:
			c.Identity.Verification = &hook.Verification{Outcome: hook.Failed, Scheme: "v1", Reason: "mismatch"}
		case 14:
			c.Identity.Verification = &hook.Verification{Outcome: hook.NotChecked, Reason: "no_secret"}
		}
	}
	c.Target = "/hooks/" + strconv.Itoa(i%20)
	if i%10 == 0 {
		c.Target = "/items/" + strconv.Itoa(i) + "?x=1"
	}
	switch {
	case i%100 == 1:
		c.Method = "GET"
	case i < 60_000 && i%1000 == 3:
		c.Method, c.Target = "DELETE", "/rare"
	}
	switch {
	case i%50 == 7:
		c.Reply.Status = 500
	case i < 60_000 && i%1000 == 5:
		c.Reply.Status = 503
	case i < 60_000 && i%1000 == 6:
		c.Reply = nil
	}
}
