package delivery_test

import (
	"context"
	"fmt"
	"testing"
	"testing/synctest"
	"time"

	"github.com/hookctl/hookctl/internal/delivery"
	"github.com/hookctl/hookctl/internal/hook"
	"pgregory.net/rapid"
)

// A story is what a property test draws: how attempts go, and when the process is killed.
type story struct {
	deliveries, concurrency int
	statuses                []int
	takes                   []time.Duration
	lives                   []time.Duration
}

func drawStory(t *rapid.T) story {
	return story{
		deliveries:  rapid.IntRange(1, 8).Draw(t, "deliveries"),
		concurrency: rapid.IntRange(1, 3).Draw(t, "concurrency"),
		statuses:    rapid.SliceOfN(rapid.SampledFrom([]int{200, 200, 500, 429, 409, 0}), 1, 7).Draw(t, "statuses"),
		takes:       rapid.SliceOfN(rapid.SampledFrom([]time.Duration{0, s, 15 * s, 3 * m}), 1, 5).Draw(t, "takes"),
		lives:       rapid.SliceOfN(rapid.SampledFrom([]time.Duration{0, s / 2, 20 * s, 10 * m, 3 * h}), 0, 5).Draw(t, "lives"),
	}
}

// answer is how the n-th attempt of all goes.
func (st *story) answer(n int) (status int, takes time.Duration) {
	return st.statuses[n%len(st.statuses)], st.takes[n%len(st.takes)]
}

func TestCrashesSkipNothingAndRepeatWhatWasUnderWay(t *testing.T) {
	r := rules(t, "svix")
	rapid.Check(t, func(rt *rapid.T) {
		st := drawStory(rt)
		var fault string
		synctest.Test(t, func(*testing.T) { fault = st.play(r) })
		if fault != "" {
			rt.Fatal(fault)
		}
	})
}

// play runs st to its end and says what is wrong, "" for nothing.
func (st *story) play(r *delivery.Rules) (fault string) {
	l := newLedger()
	at := place("shop", r)
	at.Endpoint.Concurrency = st.concurrency
	c := newCourier(nil)
	c.answer = func(ctx context.Context, e *delivery.Errand) (*hook.Attempt, error) {
		if wrong := l.overtakes(e.Delivery); wrong != "" && st.concurrency == 1 {
			fault = wrong
		}
		status, takes := st.answer(len(c.list()))
		if status == 0 {
			select {
			case <-time.After(takes):
			case <-ctx.Done():
				return &hook.Attempt{Failure: hook.FailureCancelled}, nil
			}
			return &hook.Attempt{Failure: hook.FailureUnreachable}, nil
		}
		return taking(takes, status)(ctx, e)
	}
	l.enqueue("shop", "svix", "e", st.deliveries)
	for _, life := range st.lives {
		sc := begin(l, c, delivery.Config{Resume: true, Patience: 1}, at)
		time.Sleep(life)
		l.spoil(true, true) // from now on nothing that it does is on record
		sc.end()
		l.spoil(false, false)
	}
	sc := begin(l, c, delivery.Config{Resume: true}, at)
	sc.Wait(context.Background())
	sc.end()
	if fault != "" {
		return fault
	}
	return st.judge(l, c)
}

// judge says what is wrong with how it all ended.
func (st *story) judge(l *ledger, c *courier) string {
	tries := map[hook.ID]int{}
	for _, a := range l.attempts {
		if tries[a.Delivery]++; a.Try != tries[a.Delivery] {
			return fmt.Sprintf("%s: attempt %d is on record as the %d.", a.Delivery, tries[a.Delivery], a.Try)
		}
	}
	for _, d := range l.deliveries {
		if !d.Over() || d.Tries != tries[d.ID] || d.Tries == 0 && d.State != hook.Cancelled {
			return fmt.Sprintf("%s: %+v with %d on record", d.ID, d.Course, tries[d.ID])
		}
	}
	if extra := len(c.list()) - len(l.attempts); extra > len(st.lives)*st.concurrency {
		return fmt.Sprintf("%d attempts were repeated after %d crashes at concurrency %d", extra, len(st.lives), st.concurrency)
	}
	if c.most > st.concurrency {
		return fmt.Sprintf("%d at once", c.most)
	}
	for _, e := range c.errands {
		if e.Delivery.Event.ID != fmt.Sprintf("evt_%d", e.Delivery.Seq) {
			return "the id of an event has changed: " + e.Delivery.Event.ID
		}
	}
	return ""
}

// overtakes says whose turn it would have been in the place of d.
func (l *ledger) overtakes(d *hook.Delivery) string {
	l.mu.Lock()
	defer l.mu.Unlock()
	for _, before := range l.deliveries[:d.Seq-1] {
		if !before.Over() && !before.Due.After(time.Now()) {
			return fmt.Sprintf("%d began before %d, which was due", d.Seq, before.Seq)
		}
	}
	return ""
}
