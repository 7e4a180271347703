package delivery_test

import (
	"crypto/rand"
	"fmt"
	"testing"
	"time"

	"github.com/hookctl/hookctl/internal/delivery"
	"github.com/hookctl/hookctl/internal/hook"
	"github.com/hookctl/hookctl/internal/store"
)

// BenchmarkEngineOnStore delivers what is on disk to a receiver that answers at once.
func BenchmarkEngineOnStore(b *testing.B) {
	for _, concurrency := range []int{1, 64} {
		b.Run(fmt.Sprintf("concurrency=%d", concurrency), func(b *testing.B) {
			s, err := store.Open(b.TempDir(), store.Options{})
			if err != nil {
				b.Fatal(err)
			}
			defer s.Close()
			enqueueOn(b, s, b.N)
			at := place("shop", rules(b, "svix"))
			at.Endpoint.Concurrency = concurrency
			b.ResetTimer()
			sc := beginOn(s, newCourier(always(200)), delivery.Config{Resume: true}, at)
			sc.Wait(b.Context())
			b.StopTimer()
			if err := sc.end(); err != nil {
				b.Fatal(err)
			}
		})
	}
}

// enqueueOn keeps n pending deliveries in s.
func enqueueOn(b *testing.B, s *store.Store, n int) {
	ids := hook.NewIDs(rand.Reader)
	var ds []*hook.Delivery
	for range n {
		id, err := ids.New(hook.DeliveryPrefix, time.Now())
		if err != nil {
			b.Fatal(err)
		}
		ds = append(ds, &hook.Delivery{
			ID: id, Endpoint: "shop", URL: "http://localhost/", Provider: "svix", Event: hook.Event{Type: "e", ID: string(id)},
			CreatedAt: time.Now(), Message: &hook.Message{Method: "POST", Body: []byte("{}")},
		})
	}
	if err := <-s.Enqueue(ds...); err != nil {
		b.Fatal(err)
	}
}
