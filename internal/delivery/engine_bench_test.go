package delivery_test

import (
	"fmt"
	"runtime"
	"testing"
	"testing/synctest"
	"time"

	"github.com/hookctl/hookctl/internal/delivery"
)

// manyPending is how many deliveries an Engine is to carry lightly.
const manyPending = 100_000

func TestPendingDeliveriesAreSmallAndIdleOnesCostNothing(t *testing.T) {
	if testing.Short() {
		t.Skip("holds 100,000 deliveries")
	}
	l := newLedger()
	l.enqueue("shop", "svix", "e", manyPending)
	var bytes uint64
	idle := func(hours time.Duration) time.Duration {
		began := time.Now()
		synctest.Test(t, func(t *testing.T) {
			for i, d := range l.deliveries {
				d.Due = time.Now().Add(100*h + time.Duration(i)*s)
			}
			before := heap()
			sc := begin(l, newCourier(always(200)), delivery.Config{Resume: true}, place("shop", rules(t, "svix")))
			synctest.Wait()
			bytes = heap() - before
			time.Sleep(hours * h)
			sc.end()
		})
		return time.Since(began)
	}
	idle(0)
	loading := idle(0)
	each := float64(max(idle(90)-loading, 0).Nanoseconds()) / (90 * 3600 * manyPending)
	t.Logf("%d bytes and %.6f ns for each second that nothing is due, for each delivery", bytes/manyPending, each)
	if bytes > manyPending*1024 || each > 1000 {
		t.Error("want less than 1 KiB and 1 µs")
	}
}

// heap is how many bytes are in use.
func heap() uint64 {
	runtime.GC()
	runtime.GC()
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	return m.HeapAlloc
}

func BenchmarkEngine(b *testing.B) {
	for _, concurrency := range []int{1, 64} {
		b.Run(fmt.Sprintf("concurrency=%d", concurrency), func(b *testing.B) {
			l, c := newLedger(), newCourier(always(200))
			at := place("shop", rules(b, "svix"))
			at.Endpoint.Concurrency = concurrency
			l.enqueue("shop", "svix", "e", b.N)
			b.ReportAllocs()
			b.ResetTimer()
			sc := begin(l, c, delivery.Config{Resume: true}, at)
			sc.Wait(b.Context())
			b.StopTimer()
			sc.end()
		})
	}
}
