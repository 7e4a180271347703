package store_test

import (
	"context"
	"errors"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/hookctl/hookctl/internal/hook"
	"github.com/hookctl/hookctl/internal/store"
)

func advance(t testing.TB, s deliveryStore, a *hook.Attempt, id hook.ID, decide func(*hook.Delivery, *hook.Standing)) {
	t.Helper()
	if err := <-s.Advance(a, id, decide); err != nil {
		t.Fatal(err)
	}
}

func advances(t *testing.T, s contractStore, m *maker) {
	c := m.capture("")
	keep(t, s, c)
	d := m.delivery("shop", of(c))
	enqueue(t, s, d)
	a := m.attempt(c, func(a *hook.Attempt) { a.Delivery, a.Try = d.ID, 1 })
	due := m.now.Add(5 * time.Minute)
	advance(t, s, a, d.ID, func(got *hook.Delivery, st *hook.Standing) {
		if diff := cmp.Diff(light(d)[0], got); diff != "" {
			t.Errorf("decide was given another:\n%s", diff)
		}
		got.Tries, got.Repeats, got.First, got.Last, got.Due = 1, 1, a.StartedAt, a.StartedAt, due
		st.InRow, st.FailingSince, st.Clocks = 1, a.StartedAt, map[string]time.Time{"policy.failing.0": a.StartedAt}
	})
	if a.Seq != 1 {
		t.Errorf("seq %d of the attempt", a.Seq)
	}
	d.Course = hook.Course{State: hook.Pending, Tries: 1, Repeats: 1, First: a.StartedAt, Last: a.StartedAt, Due: due}
	if diff := cmp.Diff(d, findDelivery(t, s, string(d.ID))); diff != "" {
		t.Error(diff)
	}
	next := m.attempt(c)
	advance(t, s, next, d.ID, func(d *hook.Delivery, st *hook.Standing) {
		if st.InRow != 1 || !st.Clocks["policy.failing.0"].Equal(a.StartedAt) {
			t.Errorf("decide was given the standing %+v", st)
		}
		d.Course, d.Reason = hook.Course{State: hook.Lost, Tries: 2}, "the endpoint was deleted"
		*st = hook.Standing{Status: hook.Deleted, Until: "recreated"}
	})
	got := findDelivery(t, s, string(d.ID))
	if got.State != hook.Lost || got.Tries != 2 || got.Reason != "the endpoint was deleted" || next.Seq != 2 {
		t.Errorf("%+v", got)
	}
	if st, err := s.Standing(context.Background(), "shop"); err != nil || st.Status != hook.Deleted || st.InRow != 0 {
		t.Error(st, err)
	}
	if got := collect(t, s.Pending(context.Background(), "", 0)); len(got) > 0 {
		t.Error("what is over is pending")
	}
}

func advancesNothing(t *testing.T, s contractStore, m *maker) {
	c := m.capture("")
	keep(t, s, c)
	never := func(*hook.Delivery, *hook.Standing) { t.Error("decide was called") }
	unknown := m.id(hook.DeliveryPrefix)
	var missing *store.NotFoundError
	if err := <-s.Advance(m.attempt(c), unknown, never); !errors.As(err, &missing) || missing.Ref != string(unknown) {
		t.Error(err)
	}
	if got := collect(t, s.Attempts(context.Background(), store.AttemptQuery{})); len(got) != 1 {
		t.Errorf("%d attempts are there, want the one", len(got))
	}
	d := m.delivery("shop")
	enqueue(t, s, d)
	orphan := m.attempt(&hook.Capture{ID: m.id(hook.CapturePrefix), Seq: 99})
	advance(t, s, orphan, d.ID, func(d *hook.Delivery, _ *hook.Standing) { d.Tries++ })
	if orphan.Seq != 0 || findDelivery(t, s, "last").Tries != 1 {
		t.Error("the attempt of a capture that is gone was kept, or the delivery did not move")
	}
	record(t, s, m.attempt(c)) // and no seq was left in between or used twice
	if got := collect(t, s.Attempts(context.Background(), store.AttemptQuery{})); len(got) != 2 || got[0].Seq != 2 {
		t.Error(got)
	}
}

func concurrentAdvances(t *testing.T, s contractStore, m *maker) {
	ds := []*hook.Delivery{m.delivery("shop"), m.delivery("shop")}
	enqueue(t, s, ds...)
	const callers, each = 8, 40
	var wg sync.WaitGroup
	for n := range callers {
		wg.Go(func() {
			for range each {
				calls := 0
				err := <-s.Advance(nil, ds[n%2].ID, func(d *hook.Delivery, st *hook.Standing) {
					calls++
					d.Tries++
					st.InRow++
				})
				if err != nil || calls != 1 {
					t.Errorf("%d calls: %v", calls, err)
				}
			}
		})
	}
	wg.Wait()
	st, err := s.Standing(context.Background(), "shop")
	if err != nil || st.InRow != callers*each {
		t.Error(st.InRow, err)
	}
	for _, d := range ds {
		if got := findDelivery(t, s, string(d.ID)).Tries; got != callers*each/2 {
			t.Errorf("%d tries", got)
		}
	}
}

func standings(t *testing.T, s contractStore, m *maker) {
	ctx := context.Background()
	if st, err := s.Standing(ctx, "shop"); err != nil || !cmp.Equal(st, hook.Standing{}) {
		t.Error(st, err)
	}
	want := hook.Standing{
		Status: hook.Paused, Reason: "5 failures \x1b[31m in a row", Since: m.now, Until: "updated", InRow: 5, Lost: 1, FailingSince: m.now,
		Clocks: map[string]time.Time{"a": m.now, "b": m.now}, Marks: []time.Time{m.now}, Tallies: []hook.Tally{{From: m.now, Good: 1, Failed: 2}},
		Fired: []string{"policy.failing.0"}, HeldUntil: m.now,
	}
	set := func(place string, change func(*hook.Standing)) {
		t.Helper()
		if err := s.SetStanding(ctx, place, change); err != nil {
			t.Fatal(err)
		}
	}
	set("shop", func(st *hook.Standing) { *st = want })
	set("other", func(st *hook.Standing) { st.InRow = 1 })
	set("nothing", func(*hook.Standing) {})
	set("shop", func(st *hook.Standing) {
		if diff := cmp.Diff(want, *st); diff != "" {
			t.Error(diff)
		}
		st.Lost = 9
	})
	want.Lost = 9
	all, err := s.Standings(ctx)
	if diff := cmp.Diff(map[string]hook.Standing{"shop": want, "other": {InRow: 1}}, all); err != nil || diff != "" {
		t.Error(err, diff)
	}
	if err := s.ForgetPlace(ctx, "shop"); err != nil {
		t.Error(err)
	}
	if st, err := s.Standing(ctx, "shop"); err != nil || !cmp.Equal(st, hook.Standing{}) {
		t.Error(st, err)
	}
}
