package delivery_test

import (
	"context"
	"slices"
	"testing"
	"testing/synctest"
	"time"

	"github.com/hookctl/hookctl/internal/delivery"
	"github.com/hookctl/hookctl/internal/hook"
)

func TestEachDeliveryIsCarriedByItsOwnerAlone(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		l := newLedger()
		l.living["a"], l.living["b"] = true, true
		l.enqueue("shop", "recharge", "order/created", 3)
		r := rules(t, "recharge")
		ca, cb := newCourier(taking(s, 500)), newCourier(always(200))
		a := begin(l, ca, delivery.Config{Owner: "a", Resume: true}, place("shop", r))
		synctest.Wait()
		b := begin(l, cb, delivery.Config{Owner: "b", Resume: true}, place("shop", r), place("other", r))
		time.Sleep(m)
		fresh := l.enqueue("shop", "recharge", "order/created", 1)
		l.change(4, func(d *hook.Delivery) { d.Owner = "b" })
		fresh[0].Owner = "b"
		b.Add(fresh...)
		time.Sleep(h)
		if got := cb.order(); !slices.Equal(got, []int64{4}) {
			t.Errorf("b carried %v", got)
		}
		if got := b.kinds(); !slices.Equal(got, []string{"foreign shop 3"}) {
			t.Errorf("b told %q", got)
		}
		if err := a.end(); err != nil {
			t.Error(err)
		}
		before := len(ca.list())
		time.Sleep(m)
		if got := cb.order(); len(got) != 1 {
			t.Errorf("b carried %v while a lived", got)
		}
		l.dies("a")
		time.Sleep(10 * s)
		synctest.Wait()
		if got := b.kinds(); !slices.Equal(got, []string{"foreign shop 3", "resume shop 3"}) {
			t.Errorf("b told %q", got)
		}
		time.Sleep(3 * h)
		if err := b.end(); err != nil {
			t.Error(err)
		}
		if len(ca.list()) != before || before != 3 {
			t.Errorf("a carried %v", ca.order())
		}
		for seq := 1; seq <= 3; seq++ {
			if d := l.state(seq); d.State != hook.Succeeded || d.Tries != 2 || d.Owner != "b" {
				t.Errorf("%d: %+v", seq, d)
			}
		}
	})
}

// Engines at paces of their own take a schedule up from each other, however they end: in the
// provider's time the waits are what they are, and what has happened stays when it was.
func TestASchedulePassesFromEngineToEngine(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		l, r := newLedger(), rules(t, "recharge")
		l.enqueue("shop", "recharge", "order/created", 1)
		c := newCourier(always(500))
		start := time.Now()
		run := func(owner string, speed float64, d time.Duration) {
			l.living[owner] = true
			sc := begin(l, c, delivery.Config{Owner: owner, Resume: true, Speed: speed}, place("shop", r))
			synctest.Wait() // it has taken up what there is
			time.Sleep(d)
			sc.end()
			l.dies(owner)
		}
		run("a", 1, 10*s)
		run("b", 60, 0)
		run("c", 60, 0)
		run("d", 60, 200*s)
		run("e", 0.5, 2*m)
		run("f", 3600, 2*s)
		d := l.state(1)
		standing, _ := l.Standing(t.Context(), "shop")
		if !d.First.Equal(start) || !standing.FailingSince.Equal(start) || d.Owner != "f" || d.Tries != 3 {
			t.Errorf("%+v, failing since %v, begun at %v", d, standing.FailingSince, start)
		}
		const wait = 48 * h / 19
		want := []time.Duration{0, 10*s + (wait-10*s)/60, 330*s + (2*wait-(10+12000+60)*s)/3600}
		for i, at := range c.times() {
			if off := at - want[i]; off.Abs() > time.Millisecond {
				t.Errorf("attempt %d at %v, want %v", i+1, at, want[i])
			}
		}
	})
}

func TestOnlyDeclaredPlacesAreAdopted(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		l, r := newLedger(), rules(t, "recharge")
		l.living["b"] = true
		l.enqueue("gone", "recharge", "order/created", 2)
		l.enqueue("theirs", "recharge", "order/created", 1)
		l.change(3, func(d *hook.Delivery) { d.Owner = "b" })
		a := begin(l, newCourier(always(200)), delivery.Config{Owner: "a", Resume: true}, place("shop", r))
		time.Sleep(m)
		if got := a.kinds(); !slices.Equal(got, []string{"stranded gone 2"}) {
			t.Errorf("told %q", got)
		}
		if d := l.state(1); d.Owner != "" {
			t.Errorf("adopted for nowhere: %+v", d)
		}
		a.SetPlaces([]*delivery.Place{place("gone", r)})
		time.Sleep(m)
		if d := l.state(2); d.State != hook.Succeeded {
			t.Errorf("%+v", d)
		}
		if err := a.end(); err != nil {
			t.Error(err)
		}
	})
}

// While an attempt is under way, another process takes its delivery over, or makes the same
// attempt itself: then it is on record, but counts for nothing.
func TestAttemptsThatAnotherAnticipatedDoNotCount(t *testing.T) {
	for name, meanwhile := range map[string]func(*hook.Delivery){
		"another owner":   func(d *hook.Delivery) { d.Owner = "b" },
		"another attempt": func(d *hook.Delivery) { d.Tries, d.Due = 1, time.Now().Add(h) },
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				l := newLedger()
				c := newCourier(func(ctx context.Context, e *delivery.Errand) (*hook.Attempt, error) {
					if len(l.attempts) == 0 {
						l.change(1, meanwhile)
					}
					return &hook.Attempt{Status: 500}, nil
				})
				a := begin(l, c, delivery.Config{Owner: "a", Resume: true}, place("shop", rules(t, "machnet-paas")))
				l.enqueue("shop", "machnet-paas", "transaction_created", 1)
				a.SetPlaces(nil)
				a.SetPlaces([]*delivery.Place{place("shop", rules(t, "machnet-paas"))})
				time.Sleep(m)
				want := l.state(1)
				synctest.Wait()
				if len(l.attempts) != 1 || l.standings["shop"].InRow != 0 || want.Over() || want.Tries > 1 {
					t.Errorf("%d attempts, %+v, %+v", len(l.attempts), want.Course, l.standings["shop"])
				}
				if err := a.end(); err != nil {
					t.Error(err)
				}
			})
		})
	}
}

func TestWhatOthersEndIsToldWhileItWaits(t *testing.T) {
	for name, test := range map[string]struct {
		ends func(l *ledger)
		want []string
	}{
		"disabled": {func(l *ledger) {
			l.set("shop", hook.Standing{Status: hook.Disabled, Reason: "by hand"})
			l.CancelPending(context.Background(), "shop", "the endpoint was disabled", time.Time{})
		}, []string{"clear shop 2"}},
		"removed": {func(l *ledger) {
			l.CancelPending(context.Background(), "shop", "the endpoint was removed", time.Time{})
			l.set("shop", hook.Standing{})
		}, []string{"end shop 0", "end shop 0"}},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				l, c := newLedger(), newCourier(always(500))
				sc := begin(l, c, delivery.Config{}, place("shop", rules(t, "recharge")))
				sc.Add(l.enqueue("shop", "recharge", "order/created", 2)...)
				time.Sleep(m)
				test.ends(l)
				began := time.Now()
				if err := sc.Wait(t.Context()); err != nil || time.Since(began) > 2*s {
					t.Errorf("noticed after %s: %v", time.Since(began), err)
				}
				if got := sc.kinds(); !slices.Equal(got, test.want) {
					t.Errorf("told %q", got)
				}
				if err := sc.end(); err != nil {
					t.Error(err)
				}
			})
		})
	}
}

// The clock was set back an hour after an attempt: the next is no hour late.
func TestAClockThatWasSetBackMakesNobodyWait(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		l, c := newLedger(), newCourier(always(200))
		l.enqueue("shop", "clazar", "e", 1)
		ahead := time.Now().Add(h)
		l.change(1, func(d *hook.Delivery) {
			d.State, d.Tries, d.First, d.Last, d.Due = hook.Pending, 2, ahead.Add(-m), ahead, ahead.Add(5*m)
		})
		sc := begin(l, c, delivery.Config{Resume: true}, place("shop", rules(t, "clazar")))
		time.Sleep(6 * m)
		if got := c.times(); len(got) != 1 || got[0] != 5*m {
			t.Errorf("attempts at %v", got)
		}
		if err := sc.end(); err != nil {
			t.Error(err)
		}
	})
}
