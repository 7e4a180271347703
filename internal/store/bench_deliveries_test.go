package store_test

import (
	"errors"
	"fmt"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/hookctl/hookctl/internal/hook"
	"github.com/hookctl/hookctl/internal/store"
)

// BenchmarkRecord records attempts that nobody waits for, as the listener does, and from
// callers each of which waits for its own to be durable, as a replay does.
func BenchmarkRecord(b *testing.B) {
	b.Run("plain", func(b *testing.B) { benchmarkRecord(b, 0) })
	b.Run("with its event", func(b *testing.B) { benchmarkRecord(b, 0, forwarded) })
	b.Run("of a run", func(b *testing.B) { benchmarkRecord(b, 0, forwarded, ofRun) })
	for _, callers := range []int{1, 64} {
		b.Run(fmt.Sprintf("waiting=%d", callers), func(b *testing.B) { benchmarkRecord(b, callers, forwarded, ofRun) })
	}
}

func forwarded(a *hook.Attempt) {
	a.Endpoint, a.Provider, a.Event = "shop", "recharge", "order/created"
}

func ofRun(a *hook.Attempt) {
	acknowledged := true
	a.Run, a.Try, a.Acknowledged = "run_01JD7Q3V9K4M2N8PXR5TWYZ6AE", 1, &acknowledged
}

// benchmarkRecord records from callers who wait; 0 is one that does not.
func benchmarkRecord(b *testing.B, callers int, edit ...func(*hook.Attempt)) {
	s, m := openStore(b, b.TempDir()), newMaker(b)
	as := benchmarkAttempts(b, s, m, b.N, edit...)
	b.ReportAllocs()
	b.ResetTimer()
	before := cpuTime()
	if callers == 0 {
		var last <-chan error
		for _, a := range as {
			last = s.Record(a)
		}
		if err := <-last; err != nil {
			b.Fatal(err)
		}
	}
	var wg sync.WaitGroup
	for n := range callers {
		wg.Go(func() {
			for i := n; i < len(as); i += callers {
				if err := <-s.RecordNow(as[i]); err != nil {
					b.Error(err)
				}
			}
		})
	}
	wg.Wait()
	b.ReportMetric(float64(cpuTime()-before)/float64(b.N)/1e3, "cpu-µs/op")
}

// benchmarkAttempts makes n attempts at captures that are kept.
func benchmarkAttempts(tb testing.TB, s *store.Store, m *maker, n int, edit ...func(*hook.Attempt)) []*hook.Attempt {
	cs := make([]*hook.Capture, 512)
	for i := range cs {
		cs[i] = m.capture("x", benchmarkHeader)
	}
	keep(tb, s, cs...)
	as := make([]*hook.Attempt, n)
	for i := range as {
		as[i] = m.attempt(cs[i%len(cs)], append(edit, func(a *hook.Attempt) {
			a.ResponseHeader = hook.Header{
				{Name: "Content-Type", Value: "application/json"}, {Name: "Date", Value: "Sat, 21 Nov 2026 12:00:00 GMT"},
				{Name: "Content-Length", Value: "64"},
			}
			a.ResponseBody = []byte(strings.Repeat("0123456789abcde\n", 4))
			a.ResponseSize = int64(len(a.ResponseBody))
		})...)
	}
	return as
}

// BenchmarkAttempts lists attempts, of which there are as many as it says.
func BenchmarkAttempts(b *testing.B) {
	const many = 200_000
	dir, m := b.TempDir(), newMaker(b)
	s := openStore(b, dir)
	as := benchmarkAttempts(b, s, m, many, forwarded, ofRun)
	var last <-chan error
	for _, a := range as {
		last = s.Record(a)
	}
	if err := errors.Join(<-last, s.Close(), store.IndexFacets(dir)); err != nil {
		b.Fatal(err)
	}
	s = openStore(b, dir)
	for name, q := range map[string]store.AttemptQuery{
		"whole": {}, "bare": {Bare: true}, "one event": {Bare: true, Event: "order/*"}, "none in the window": {Bare: true, Since: noon().AddDate(1, 0, 0)},
		"none of the run": {Bare: true, Statuses: []store.StatusRange{{Low: 500, High: 599}}},
	} {
		b.Run(name, func(b *testing.B) {
			n := 0
			for range b.N {
				for range s.Attempts(b.Context(), q) {
					n++
				}
			}
			b.ReportMetric(float64(b.Elapsed())/float64(b.N)/many, "ns/attempt")
			b.ReportMetric(float64(n)/float64(b.N), "found")
		})
	}
}

// BenchmarkDeliveries enqueues, lists and advances 100,000 deliveries.
func BenchmarkDeliveries(b *testing.B) {
	const many = 100_000
	dir, m := b.TempDir(), newMaker(b)
	s := openStore(b, dir)
	ds := make([]*hook.Delivery, many)
	for i := range ds {
		ds[i] = m.delivery(fmt.Sprintf("shop%d", i%4))
	}
	began := time.Now()
	if err := <-s.Enqueue(ds...); err != nil {
		b.Fatal(err)
	}
	b.Logf("enqueued %d in %s", many, time.Since(began).Round(time.Millisecond))
	if err := s.Close(); err != nil {
		b.Fatal(err)
	}
	for _, place := range []string{"", "shop1"} {
		b.Run("open and list pending "+place, func(b *testing.B) {
			for range b.N {
				s := openStore(b, dir)
				n := 0
				for range s.Pending(b.Context(), place, 0) {
					n++
				}
				s.Close()
				b.ReportMetric(float64(n), "pending")
			}
		})
	}
	s = openStore(b, dir)
	c := m.capture("x")
	keep(b, s, c)
	b.Run("find by its end", func(b *testing.B) {
		for i := range b.N {
			if _, err := s.FindDelivery(b.Context(), ds[i%many].ID.Short()); err != nil {
				b.Fatal(err)
			}
		}
	})
	for _, callers := range []int{1, 64} {
		b.Run(fmt.Sprintf("advance, callers=%d", callers), func(b *testing.B) {
			var wg sync.WaitGroup
			for n := range callers {
				wg.Go(func() {
					for i := n; i < b.N; i += callers {
						d := ds[i%many]
						a := &hook.Attempt{ID: "att_01JD7Q3V9K4M2N8PXR5TWYZ6AC", CaptureID: c.ID, CaptureSeq: c.Seq, Delivery: d.ID, Status: 500}
						if err := <-s.Advance(a, d.ID, func(d *hook.Delivery, st *hook.Standing) { d.Tries++; st.InRow++ }); err != nil {
							b.Error(err)
						}
					}
				})
			}
			wg.Wait()
		})
	}
	b.Run("cancel", func(b *testing.B) {
		for i := range b.N {
			n, err := s.CancelPending(b.Context(), fmt.Sprintf("shop%d", i%4), "disabled", time.Time{})
			if err != nil {
				b.Fatal(err)
			}
			b.ReportMetric(float64(n), "cancelled")
		}
	})
}
