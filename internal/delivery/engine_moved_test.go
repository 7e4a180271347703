package delivery_test

import (
	"net/url"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/hookctl/hookctl/internal/delivery"
	"github.com/hookctl/hookctl/internal/hook"
)

// A pause that ends with another URL is not seen before that: nothing goes to the old one,
// however long it takes to read the file anew.
func TestAMovedEndpointGetsNothingWhereItWas(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		l, c := newLedger(), newCourier(taking(s, 200))
		l.set("shop", hook.Standing{Status: hook.Paused, Until: "updated"})
		at := place("shop", rules(t, "svix"))
		at.Endpoint.Concurrency, at.Read = 4, time.Now()
		sc := begin(l, c, delivery.Config{}, at)
		sc.Add(l.enqueue("shop", "svix", "e", 8)...)
		time.Sleep(m)
		l.set("shop", hook.Standing{MovedTo: "http://localhost:4000", MovedAt: time.Now()})
		time.Sleep(m)
		if got := c.order(); len(got) > 0 {
			t.Fatalf("began %v at the old URL", got)
		}
		moved := place("shop", rules(t, "svix"))
		moved.Endpoint.URL, moved.Read = &url.URL{Scheme: "http", Host: "localhost:4000"}, at.Read // read before it was noted
		sc.SetPlaces([]*delivery.Place{moved})
		sc.Wait(t.Context())
		again := place("shop", rules(t, "svix")) // by hand, to another one, later
		again.Read = time.Now()
		sc.SetPlaces([]*delivery.Place{again})
		sc.Add(l.enqueue("shop", "svix", "e", 1)...)
		sc.Wait(t.Context())
		sc.end()
		if diff := cmp.Diff([]string{"hold shop 0", "moved shop 0", "release shop 0"}, sc.kinds()); diff != "" {
			t.Error(diff)
		}
		for i, errand := range c.errands {
			if want := map[bool]string{true: "localhost:4000", false: "localhost:3000"}[i < 8]; errand.Endpoint.URL.Host != want {
				t.Errorf("attempt %d went to %s, want %s", i+1, errand.Endpoint.URL.Host, want)
			}
		}
		if len(c.errands) != 9 {
			t.Errorf("%d attempts", len(c.errands))
		}
	})
}

// Who waits for hours when an endpoint moves sends nothing to where it was, though by then that
// is no news; who reads the declaration since goes on, and forgets it.
func TestWhoeverWaitsSeesThatAnEndpointMoves(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		l, c := newLedger(), newCourier(always(500))
		at := place("shop", rules(t, "recharge"))
		at.Read = time.Now()
		sc := begin(l, c, delivery.Config{}, at)
		sc.Add(l.enqueue("shop", "recharge", "order/created", 1)...)
		time.Sleep(m)
		noted := time.Now()
		s, _ := l.Standing(t.Context(), "shop")
		s.MovedTo, s.MovedAt = "http://localhost:4000", noted
		l.set("shop", s)
		time.Sleep(3 * h)
		if got := c.order(); len(got) != 1 {
			t.Fatalf("%d attempts at the old URL", len(got))
		}
		if diff := cmp.Diff([]string{"moved shop 0"}, sc.kinds()); diff != "" {
			t.Error(diff)
		}
		again := place("shop", rules(t, "recharge"))
		again.Read = time.Now()
		sc.SetPlaces([]*delivery.Place{again})
		time.Sleep(m)
		sc.end()
		if s, _ := l.Standing(t.Context(), "shop"); len(c.order()) != 2 || s.MovedTo != "" || !s.MovedAt.IsZero() || s.InRow != 2 {
			t.Errorf("%d attempts; %+v", len(c.order()), s)
		}
	})
}

// What is noted of an endpoint besides its failures survives a success.
func TestASuccessForgetsFailuresAlone(t *testing.T) {
	r := rules(t, "svix")
	before := hook.Standing{InRow: 3, MovedTo: "http://localhost", MovedAt: time.Unix(9, 0)}
	after := r.After("e", hook.Course{}, before, delivery.Result{Status: 200}, 0).Standing
	before.InRow = 0
	if diff := cmp.Diff(before, after); diff != "" {
		t.Error(diff)
	}
}
