package delivery_test

import (
	"context"
	"errors"
	"slices"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/hookctl/hookctl/internal/delivery"
	"github.com/hookctl/hookctl/internal/hook"
)

const (
	s = time.Second
	m = time.Minute
	h = time.Hour
)

// every returns n times, the first at 0, each d after the one before.
func every(d time.Duration, n int) []time.Duration {
	times := make([]time.Duration, n)
	for i := range times {
		times[i] = time.Duration(i) * d
	}
	return times
}

func TestEachSeedKeepsItsSchedule(t *testing.T) {
	tests := []struct {
		name, provider string
		set            []string
		event          string
		answer         func(context.Context, *delivery.Errand) (*hook.Attempt, error)
		want           []time.Duration
		state          hook.DeliveryState
		standing       hook.EndpointStatus
	}{
		{name: "techrar sends once", provider: "techrar", event: "m.order.completed", answer: always(500), want: every(0, 1), state: hook.Lost},
		{
			name: "techrar as announced", provider: "techrar", set: []string{"policy.retry", "announced"}, event: "m.order.completed",
			answer: always(500), want: []time.Duration{0, m, 6 * m}, state: hook.Lost,
		},
		{
			name: "retm waits from the end of what was late", provider: "retm", event: "order.created",
			answer: func(ctx context.Context, e *delivery.Errand) (*hook.Attempt, error) {
				time.Sleep(e.Deadline)
				return &hook.Attempt{Failure: hook.FailureLate}, nil
			},
			want: every(20*s, 3), state: hook.Lost,
		},
		{
			name: "recharge deletes after the twentieth", provider: "recharge", event: "order/created", answer: always(503),
			want: every(48*h/19, 20), state: hook.Lost, standing: hook.Deleted,
		},
		{
			name: "clazar without jitter", provider: "clazar", set: []string{"policy.retry.jitter", "0"}, event: "contract", answer: always(500),
			want: []time.Duration{
				0, 5 * s, 5*m + 5*s, 35*m + 5*s, 2*h + 35*m + 5*s, 7*h + 35*m + 5*s, 17*h + 35*m + 5*s, 27*h + 35*m + 5*s,
			},
			state: hook.Lost,
		},
		{
			name: "machnet sends again each hour after 409", provider: "machnet-paas", event: "transaction_created",
			answer: func(_ context.Context, e *delivery.Errand) (*hook.Attempt, error) {
				if e.Moment.Try < 30 {
					return &hook.Attempt{Status: 409}, nil
				}
				return &hook.Attempt{Status: 200}, nil
			},
			want: every(h, 30), state: hook.Succeeded,
		},
		{
			name: "machnet pauses after eleven in a row", provider: "machnet-raas", event: "sender_created", answer: always(302),
			want: every(h, 11), state: hook.Lost, standing: hook.Paused,
		},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				l, c := newLedger(), newCourier(test.answer)
				sc := begin(l, c, delivery.Config{}, place("shop", rules(t, test.provider, test.set...)))
				sc.Add(l.enqueue("shop", test.provider, test.event, 1)...)
				if err := sc.Wait(t.Context()); err != nil {
					t.Fatal(err)
				}
				if err := sc.end(); err != nil {
					t.Error(err)
				}
				if diff := cmp.Diff(rounded(test.want), rounded(c.times())); diff != "" {
					t.Errorf("attempts began otherwise (-want +got):\n%s", diff)
				}
				d := l.state(1)
				if d.State != test.state || d.Tries != len(test.want) || l.standings["shop"].Status != test.standing {
					t.Errorf("%+v, %+v", d.Course, l.standings["shop"])
				}
				for i, a := range l.attempts {
					if a.Try != i+1 || a.Delivery != d.ID || a.ID == "" || a.Trigger != hook.TriggerSchedule || a.Acknowledged == nil || a.Event != test.event {
						t.Errorf("attempt %d is kept as %+v", i+1, a)
					}
				}
			})
		})
	}
}

// rounded leaves out what is less than a millisecond.
func rounded(times []time.Duration) []time.Duration {
	for i := range times {
		times[i] = times[i].Round(time.Millisecond)
	}
	return times
}

func TestJitterIsTheSameAfterARestart(t *testing.T) {
	run := func(t *testing.T, restart bool) (times []time.Duration) {
		synctest.Test(t, func(t *testing.T) {
			l, c := newLedger(), newCourier(always(500))
			at := place("shop", rules(t, "clazar"))
			l.enqueue("shop", "clazar", "contract", 1)
			sc := begin(l, c, delivery.Config{Resume: true, Seed: 7}, at)
			if restart {
				time.Sleep(3 * h)
				if err := sc.end(); err != nil {
					t.Error(err)
				}
				sc = begin(l, c, delivery.Config{Resume: true, Seed: 7}, at)
			}
			sc.Wait(t.Context())
			sc.end()
			times = c.times()
		})
		return times
	}
	once, twice := run(t, false), run(t, true)
	if len(once) != 8 || !slices.Equal(once, twice) {
		t.Errorf("got %v, and with a restart %v", once, twice)
	}
	if once[1] == 5*s {
		t.Error("there is no jitter")
	}
}

func TestSpeedScalesWaitsAndWhatIsCounted(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		l, c := newLedger(), newCourier(taking(s, 500))
		sc := begin(l, c, delivery.Config{Speed: 60}, place("shop", rules(t, "recharge")))
		sc.Add(l.enqueue("shop", "recharge", "order/created", 1)...)
		sc.Wait(t.Context())
		sc.end()
		if diff := cmp.Diff(every(48*h/60/19, 20), rounded2(c.times())); diff != "" {
			t.Error(diff)
		}
		if d := l.state(1); !d.First.Equal(c.start) || d.Last.Sub(d.First).Round(s) != 48*m+s {
			t.Errorf("from %v to %v", d.First, d.Last)
		}
	})
}

// rounded2 leaves out what the rounding of scaled times comes to.
func rounded2(times []time.Duration) []time.Duration {
	for i, want := range every(48*h/60/19, len(times)) {
		if off := times[i] - want; off.Abs() < time.Millisecond {
			times[i] = want
		}
	}
	return times
}

func TestOneAtATimeGoesInOrder(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var failed atomic.Bool
		l, c := newLedger(), newCourier(func(_ context.Context, e *delivery.Errand) (*hook.Attempt, error) {
			time.Sleep(s)
			if e.Delivery.Seq == 3 && !failed.Swap(true) {
				return &hook.Attempt{Status: 500}, nil
			}
			return &hook.Attempt{Status: 200}, nil
		})
		sc := begin(l, c, delivery.Config{}, place("shop", rules(t, "svix", "policy.retry.jitter", "0")))
		ds := l.enqueue("shop", "svix", "e", 12)
		slices.Reverse(ds)
		sc.Add(ds...)
		sc.Wait(t.Context())
		sc.end()
		want := []int64{1, 2, 3, 4, 5, 6, 7, 8, 3, 9, 10, 11, 12} // 3 is due 5 s after it failed
		if got := c.order(); !slices.Equal(got, want) || c.most != 1 {
			t.Errorf("got %v, %d at once", got, c.most)
		}
	})
}

func TestConcurrencyAndRateAreBounds(t *testing.T) {
	tests := []struct {
		name        string
		concurrency int
		rate        hook.Rate
		takes       time.Duration
		last        time.Duration
		most        int
	}{
		{"four at once", 4, hook.Rate{}, s, 9 * s, 4},
		{"five in a second, evenly", 40, hook.Rate{Count: 5, Per: s}, 0, 39 * 200 * time.Millisecond, 1},
		{"300 in a minute", 40, hook.Rate{Count: 300, Per: m}, s - time.Millisecond, 39 * 200 * time.Millisecond, 5},
		{"the narrower one counts", 1, hook.Rate{Count: 100, Per: s}, s, 39 * s, 1},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				l, c := newLedger(), newCourier(taking(test.takes, 200))
				at := place("shop", rules(t, "svix"))
				at.Endpoint.Concurrency, at.Endpoint.Rate = test.concurrency, test.rate
				l.enqueue("shop", "svix", "e", 40)
				sc := begin(l, c, delivery.Config{Resume: true}, at)
				sc.Wait(t.Context())
				sc.end()
				times := c.times()
				if len(times) != 40 || times[39] != test.last || c.most != test.most {
					t.Errorf("%d began, the last at %v, %d at once", len(times), times[len(times)-1], c.most)
				}
			})
		})
	}
}

func TestPlacesDoNotWaitForEachOther(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		l, c := newLedger(), newCourier(func(_ context.Context, e *delivery.Errand) (*hook.Attempt, error) {
			if e.Delivery.Endpoint == "slow" {
				time.Sleep(10 * s)
			}
			return &hook.Attempt{Status: 200}, nil
		})
		r := rules(t, "svix")
		l.enqueue("slow", "svix", "e", 2)
		l.enqueue("quick", "svix", "e", 3)
		sc := begin(l, c, delivery.Config{Resume: true}, place("slow", r), place("quick", r))
		time.Sleep(s)
		if got := c.order(); len(got) != 4 {
			t.Errorf("after a second began %v", got)
		}
		sc.Wait(t.Context())
		sc.end()
	})
}

func TestDisabledPlacesAreCleared(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		l, c := newLedger(), newCourier(taking(s, 500))
		sc := begin(l, c, delivery.Config{}, place("shop", rules(t, "svix", "policy.retry.jitter", "0")))
		sc.Add(l.enqueue("shop", "svix", "e", 20)...)
		time.Sleep(2*s + 500*time.Millisecond)
		l.set("shop", hook.Standing{Status: hook.Disabled, Reason: "by hand", Until: "enabled"})
		sc.Wait(t.Context())
		if got := c.order(); len(got) != 3 {
			t.Errorf("began %v", got)
		}
		if d := l.state(20); d.State != hook.Cancelled || d.Reason != "disabled: by hand" {
			t.Errorf("%+v", d)
		}
		sc.Add(l.enqueue("shop", "svix", "e", 1)...) // and what comes later is, too
		sc.Wait(t.Context())
		sc.end()
		if d := l.state(21); d.State != hook.Cancelled || len(c.order()) != 3 {
			t.Errorf("%+v", d)
		}
		if diff := cmp.Diff([]string{"clear shop 20", "clear shop 1"}, sc.kinds()); diff != "" {
			t.Error(diff)
		}
	})
}

func TestCancelEndsWhatIsPending(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		l, c := newLedger(), newCourier(taking(s, 500))
		sc := begin(l, c, delivery.Config{}, place("shop", rules(t, "svix")))
		sc.Add(l.enqueue("shop", "svix", "e", 3)...)
		time.Sleep(s / 2)
		if n, err := sc.Cancel(t.Context(), "shop", "by hand"); n != 3 || err != nil {
			t.Errorf("%d, %v", n, err)
		}
		sc.Wait(t.Context())
		sc.end()
		if d := l.state(1); d.State != hook.Cancelled || d.Reason != "by hand" || len(l.attempts) != 1 || time.Since(c.start) != s {
			t.Errorf("%+v, %d attempts", d, len(l.attempts))
		}
	})
}

func TestAGoneEndpointIsCleared(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		l, c := newLedger(), newCourier(always(410))
		sc := begin(l, c, delivery.Config{}, place("shop", rules(t, "standard-webhooks")))
		sc.Add(l.enqueue("shop", "standard-webhooks", "e", 3)...)
		sc.Wait(t.Context())
		sc.end()
		if len(c.order()) != 1 || l.state(1).State != hook.Lost || l.state(3).State != hook.Cancelled {
			t.Errorf("%v %+v", c.order(), l.state(3))
		}
	})
}

func TestPausedPlacesHoldUntilTheyAreUpdated(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var fixed atomic.Bool
		l, c := newLedger(), newCourier(nil)
		c.answer = func(context.Context, *delivery.Errand) (*hook.Attempt, error) {
			if fixed.Load() {
				return &hook.Attempt{Status: 200}, nil
			}
			return &hook.Attempt{Status: 404}, nil
		}
		at := place("shop", rules(t, "machnet-paas"))
		at.Endpoint.Concurrency, at.Endpoint.Rate = 3, hook.Rate{Count: 6, Per: h}
		sc := begin(l, c, delivery.Config{}, at)
		sc.Add(l.enqueue("shop", "machnet-paas", "e", 15)...)
		time.Sleep(5 * h)
		if got := c.order(); len(got) != 11 || l.state(12).State != "" {
			t.Fatalf("began %v", got)
		}
		fixed.Store(true)
		l.set("shop", hook.Standing{}) // hookctl endpoint edit
		time.Sleep(1100 * time.Millisecond)
		if got := c.order(); len(got) < 12 {
			t.Error("the update was not noticed within a second")
		}
		sc.Wait(t.Context())
		sc.end()
		if diff := cmp.Diff([]string{"hold shop 0", "release shop 0"}, sc.kinds()); diff != "" {
			t.Error(diff)
		}
		if l.state(15).State != hook.Succeeded {
			t.Errorf("%+v", l.state(15))
		}
	})
}

func TestHeldPlacesAreAskedForOnceASecond(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		l, c := newLedger(), newCourier(taking(s, 200))
		l.set("shop", hook.Standing{Status: hook.Paused, Back: time.Now().Add(m)})
		at := place("shop", rules(t, "svix"))
		at.Endpoint.Concurrency = 3
		sc := begin(l, c, delivery.Config{}, at)
		sc.Add(l.enqueue("shop", "svix", "e", 6)...)
		time.Sleep(10 * s)
		before := l.asked()
		time.Sleep(10 * s)
		if n := l.asked() - before; n < 9 || n > 11 {
			t.Errorf("asked %d times in 10 s", n)
		}
		sc.Wait(t.Context())
		sc.end()
		if took := time.Since(c.start); took < m || took > m+4*s || c.most != 3 {
			t.Errorf("took %v, %d at once", took, c.most)
		}
	})
}

func TestWhatIsAddedAndFoundIsTakenUpOnce(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		l, c := newLedger(), newCourier(taking(s, 200))
		at := place("shop", rules(t, "svix"))
		at.Endpoint.Concurrency = 8
		ds := l.enqueue("shop", "svix", "e", 3)
		sc := begin(l, c, delivery.Config{Resume: true}, at)
		sc.Add(ds...)
		sc.Add(ds...)
		sc.SetPlaces([]*delivery.Place{at})
		sc.Wait(t.Context())
		sc.end()
		if len(c.order()) != 3 {
			t.Errorf("began %v", c.order())
		}
	})
}

// However much waits, a place is asked once in a while what others made of it.
func TestLittleIsReadWhileNothingIsDue(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		l, c := newLedger(), newCourier(always(500))
		sc := begin(l, c, delivery.Config{Resume: true}, place("shop", rules(t, "machnet-raas")))
		sc.Add(l.enqueue("shop", "machnet-raas", "e", 10)...)
		time.Sleep(m)
		before := l.asked()
		time.Sleep(50 * m)
		if n := l.asked() - before; n == 0 || n > 50*60/2+1 {
			t.Errorf("asked %d times", n)
		}
		sc.end()
	})
}

func TestThrottledPlacesAreHeld(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		l, c := newLedger(), newCourier(always(200))
		l.set("shop", hook.Standing{HeldUntil: time.Now().Add(3500 * time.Millisecond)})
		sc := begin(l, c, delivery.Config{}, place("shop", rules(t, "svix")))
		sc.Add(l.enqueue("shop", "svix", "e", 2)...)
		sc.Wait(t.Context())
		sc.end()
		if got := c.times(); !slices.Equal(got, []time.Duration{3500 * time.Millisecond, 3500 * time.Millisecond}) {
			t.Errorf("began at %v", got)
		}
	})
}

func TestAStopLetsAttemptsEnd(t *testing.T) {
	for _, test := range []struct {
		name     string
		takes    time.Duration
		recorded int
		ends     time.Duration
	}{
		{"within patience", 3 * s, 1, 3 * s},
		{"but breaks them off after it, which does not count", h, 0, 6 * s},
	} {
		t.Run(test.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				l, c := newLedger(), newCourier(taking(test.takes, 500))
				sc := begin(l, c, delivery.Config{Patience: 5 * s}, place("shop", rules(t, "svix")))
				sc.Add(l.enqueue("shop", "svix", "e", 5)...)
				time.Sleep(s)
				if err := sc.end(); err != nil {
					t.Error(err)
				}
				if took := time.Since(c.start); took != test.ends {
					t.Errorf("ended after %v", took)
				}
				if len(c.order()) != 1 || len(l.attempts) != test.recorded || l.state(1).Tries != test.recorded || l.standings["shop"].InRow != test.recorded {
					t.Errorf("%d began, %d recorded, %+v", len(c.order()), len(l.attempts), l.state(1).Course)
				}
			})
		})
	}
}

func TestOverdueDeliveriesAreTakenUpInOrder(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		l, c := newLedger(), newCourier(taking(s, 200))
		at := place("shop", rules(t, "svix"))
		l.enqueue("shop", "svix", "e", 30)
		for i, d := range l.deliveries {
			d.Due = time.Now().Add(-time.Duration(i) * h) // the last is overdue longest
		}
		l.enqueue("elsewhere", "svix", "e", 2)
		sc := begin(l, c, delivery.Config{Resume: true}, at)
		sc.Add(l.enqueue("nowhere", "svix", "e", 1)...)
		sc.Wait(t.Context())
		if got := c.order(); !slices.IsSorted(got) || len(got) != 30 || c.most != 1 {
			t.Errorf("%d at once: %v", c.most, got)
		}
		want := []string{"resume elsewhere 2", "resume shop 30", "stranded elsewhere 2", "stranded nowhere 1"}
		sc.SetPlaces([]*delivery.Place{at, place("elsewhere", rules(t, "svix"))})
		time.Sleep(10 * s)
		sc.end()
		kinds := sc.kinds()
		slices.Sort(kinds)
		if diff := cmp.Diff(want, kinds); diff != "" {
			t.Error(diff)
		}
		if l.state(32).State != hook.Succeeded || l.state(33).State != "" {
			t.Error("what was stranded was not taken up, or too much")
		}
	})
}

func TestPlacesThatGoLeaveWhatIsPending(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		l, c := newLedger(), newCourier(taking(s, 500))
		at := place("shop", rules(t, "svix"))
		sc := begin(l, c, delivery.Config{Resume: true}, at)
		sc.Add(l.enqueue("shop", "svix", "e", 5)...)
		time.Sleep(s / 2)
		sc.SetPlaces(nil)
		if err := sc.Wait(t.Context()); err != nil {
			t.Error(err)
		}
		time.Sleep(m)
		if len(l.attempts) != 1 || l.state(1).Tries != 1 || l.state(2).State != "" {
			t.Errorf("%d attempts", len(l.attempts))
		}
		sc.SetPlaces([]*delivery.Place{at})
		time.Sleep(m)
		sc.end()
		if l.state(5).Tries == 0 || l.state(1).Tries < 2 {
			t.Error("they were not taken up again")
		}
	})
}

func TestAFullDiskHoldsUpAndRepeatsNothing(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		l, c := newLedger(), newCourier(always(200))
		r := rules(t, "svix")
		sc := begin(l, c, delivery.Config{}, place("shop", r), place("other", r))
		l.spoil(true, false)
		sc.Add(l.enqueue("shop", "svix", "e", 5)...)
		time.Sleep(m)
		sc.Add(l.enqueue("other", "svix", "e", 5)...)
		time.Sleep(9 * m)
		if got := c.order(); len(got) != 1 {
			t.Errorf("began %v, though nothing could be recorded", got)
		}
		l.spoil(false, false)
		sc.Wait(t.Context())
		sc.end()
		if len(c.order()) != 10 || len(l.attempts) != 10 {
			t.Errorf("%d began, %d recorded", len(c.order()), len(l.attempts))
		}
		if diff := cmp.Diff([]string{"trouble  0", "recovery  0"}, sc.kinds()); diff != "" {
			t.Error(diff)
		}
	})
}

func TestAStopWithAFullDiskSaysWhatWillBeRepeated(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		l, c := newLedger(), newCourier(always(200))
		sc := begin(l, c, delivery.Config{}, place("shop", rules(t, "svix")))
		l.spoil(true, false)
		sc.Add(l.enqueue("shop", "svix", "e", 2)...)
		time.Sleep(m)
		if err := sc.end(); !errors.Is(err, errDisk) {
			t.Errorf("got %v", err)
		}
	})
}

func TestALedgerThatCannotBeReadIsAskedAgain(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		l, c := newLedger(), newCourier(always(200))
		l.enqueue("shop", "svix", "e", 3)
		l.spoil(false, true)
		sc := begin(l, c, delivery.Config{Resume: true}, place("shop", rules(t, "svix")))
		time.Sleep(10 * s)
		l.spoil(false, false)
		time.Sleep(2 * s)
		l.spoil(false, true)
		sc.Add(l.enqueue("shop", "svix", "e", 1)...)
		time.Sleep(m)
		l.spoil(false, false)
		sc.Wait(t.Context())
		sc.end()
		if diff := cmp.Diff([]string{"trouble  0", "recovery  0", "resume shop 3", "trouble  0", "recovery  0"}, sc.kinds()); diff != "" {
			t.Error(diff)
		}
	})
}

func TestWhatCannotBeSentIsTriedByAndBy(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var known atomic.Bool
		l, c := newLedger(), newCourier(nil)
		c.answer = func(_ context.Context, e *delivery.Errand) (*hook.Attempt, error) {
			switch {
			case e.Delivery.Seq == 2:
				return nil, &delivery.GoneError{Reason: "its capture was deleted"}
			case e.Delivery.Seq == 1 && !known.Load():
				return nil, errors.New("no secret is known")
			}
			return &hook.Attempt{Status: 200}, nil
		}
		sc := begin(l, c, delivery.Config{}, place("shop", rules(t, "svix")))
		sc.Add(l.enqueue("shop", "svix", "e", 4)...)
		time.Sleep(5 * m)
		if d := l.state(1); d.Over() || d.Tries != 0 || l.state(4).State != hook.Succeeded || l.standings["shop"].InRow != 0 {
			t.Errorf("%+v", d)
		}
		if d := l.state(2); d.State != hook.Cancelled || d.Reason != "its capture was deleted" {
			t.Errorf("%+v", d)
		}
		if n := len(c.list()); n > 15 {
			t.Errorf("tried %d times", n)
		}
		known.Store(true)
		sc.Wait(t.Context())
		sc.end()
		if diff := cmp.Diff([]string{"unsendable shop 0", "end shop 0"}, sc.kinds()); diff != "" {
			t.Error(diff)
		}
	})
}

func TestErrorMessagesAreHandedOver(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		l, c := newLedger(), newCourier(always(500))
		sc := begin(l, c, delivery.Config{}, place("shop", rules(t, "retm")))
		sc.Add(l.enqueue("shop", "retm", "order.created", 1)...)
		sc.Wait(t.Context())
		sc.end()
		if diff := cmp.Diff([]string{"try 3: 500, 500 is no acknowledgement"}, c.told); diff != "" {
			t.Error(diff)
		}
	})
}

func TestWhatAnotherProcessDidIsNotDoneAgain(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		l, c := newLedger(), newCourier(always(200))
		sc := begin(l, c, delivery.Config{}, place("shop", rules(t, "svix")))
		ds := l.enqueue("shop", "svix", "e", 3)
		l.deliveries[0].State = hook.Succeeded
		l.deliveries[1].Tries, l.deliveries[1].Due = 1, time.Now().Add(h)
		ds = append(ds, &hook.Delivery{Seq: 99, ID: "dlv_unknown", Endpoint: "shop"})
		sc.Add(ds...)
		sc.Wait(t.Context())
		sc.end()
		if diff := cmp.Diff([]begun{{0, 3, 1}, {h, 2, 2}}, c.list(), cmp.AllowUnexported(begun{})); diff != "" {
			t.Error(diff)
		}
	})
}
