package store_test

import (
	"context"
	"errors"
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/hookctl/hookctl/internal/hook"
	"github.com/hookctl/hookctl/internal/store"
)

func deletesDelivered(t *testing.T, s contractStore, m *maker) {
	ctx := context.Background()
	c := m.capture("")
	keep(t, s, c)
	waiting := m.delivery("shop", of(c))
	over := m.delivery("shop", of(c), func(d *hook.Delivery) { d.State = hook.Succeeded })
	ours := m.delivery("shop")
	enqueue(t, s, waiting, ours, over)
	made := m.attempt(&hook.Capture{})
	record(t, s, made)
	if n, err := s.Delete(ctx, []int64{c.Seq, 0}); n != 1 || err != nil {
		t.Fatal(n, err)
	}
	got := findDelivery(t, s, string(waiting.ID))
	if got.State != hook.Cancelled || got.Reason != "its capture was deleted" || !got.Due.IsZero() {
		t.Errorf("%+v", got)
	}
	var missing *store.NotFoundError
	if _, err := s.FindDelivery(ctx, string(over.ID)); !errors.As(err, &missing) {
		t.Errorf("a delivery that is over stayed: %v", err)
	}
	if got := deliverySeqs(collect(t, s.Pending(ctx, "", 0))); !slices.Equal(got, []int64{ours.Seq}) {
		t.Error(got)
	}
	if got := collect(t, s.Attempts(ctx, store.AttemptQuery{})); len(got) != 1 || got[0].ID != made.ID {
		t.Errorf("attempts left: %v", got)
	}
	next := m.delivery("shop")
	if enqueue(t, s, next); next.Seq != 4 {
		t.Errorf("seq %d after 3 was deleted", next.Seq)
	}
}

func prunesSparingly(t *testing.T, s contractStore, m *maker) {
	ctx := context.Background()
	for range 300 { // more than are deleted at once
		keep(t, s, m.capture(""))
	}
	waiting, over := m.delivery("shop"), m.delivery("shop", func(d *hook.Delivery) { d.State = hook.Succeeded })
	of(find(t, s, "last~297"))(waiting)
	of(find(t, s, "last~296"))(over)
	enqueue(t, s, waiting, over)
	if n, err := s.Prune(ctx, 10, time.Time{}); err != nil || n != 289 {
		t.Error(n, err)
	}
	if got := search(t, s, "", 0); len(got) != 11 || got[10] != waiting.CaptureSeq {
		t.Errorf("left %v", got)
	}
	if n, err := s.Prune(ctx, 0, noon().AddDate(1, 0, 0)); err != nil || n != 10 {
		t.Error(n, err)
	}
	advance(t, s, nil, waiting.ID, func(d *hook.Delivery, _ *hook.Standing) { d.State = hook.Succeeded })
	if n, err := s.Prune(ctx, 0, noon().AddDate(1, 0, 0)); err != nil || n != 1 {
		t.Error(n, err)
	}
}

func prunesLeftovers(t *testing.T, s contractStore, m *maker) {
	ctx := context.Background()
	old := m.capture("")
	keep(t, s, old)
	over := func(d *hook.Delivery) { d.State = hook.Succeeded }
	gone := m.delivery("shop", over)
	waiting, theirs := m.delivery("shop"), m.delivery("shop", of(old))
	enqueue(t, s, gone, waiting, theirs)
	part := func(d *hook.Delivery) func(*hook.Attempt) { return func(a *hook.Attempt) { a.Delivery = d.ID } }
	none := &hook.Capture{}
	for range 300 { // more than are deleted at once
		record(t, s, m.attempt(none))
	}
	kept := []*hook.Attempt{m.attempt(none, part(waiting)), m.attempt(old, part(theirs))}
	record(t, s, m.attempt(none, part(gone)))
	record(t, s, kept...)
	middle := m.now.Add(time.Millisecond)
	late := m.delivery("shop", over)
	enqueue(t, s, late)
	last := m.attempt(none)
	record(t, s, last)
	if n, err := s.Prune(ctx, 0, middle); err != nil || n != 0 {
		t.Error(n, err)
	}
	if diff := cmp.Diff(append(kept, last), collect(t, s.Attempts(ctx, store.AttemptQuery{Ascending: true}))); diff != "" {
		t.Error(diff)
	}
	if got := deliverySeqs(collect(t, s.Deliveries(ctx, store.DeliveryQuery{Ascending: true}))); !slices.Equal(got, []int64{2, 3, 4}) {
		t.Error(got)
	}
	if n, err := s.Prune(ctx, 1, time.Time{}); err != nil || n != 0 {
		t.Error(n, err)
	}
	advance(t, s, nil, theirs.ID, func(d *hook.Delivery, _ *hook.Standing) { d.State = hook.Lost })
	if n, err := s.Prune(ctx, 0, middle.AddDate(1, 0, 0)); err != nil || n != 1 {
		t.Error(n, err)
	}
	if got := deliverySeqs(collect(t, s.Deliveries(ctx, store.DeliveryQuery{}))); !slices.Equal(got, []int64{2}) {
		t.Error(got)
	}
	next := m.delivery("shop")
	if enqueue(t, s, next); next.Seq != 5 {
		t.Errorf("seq %d after 4 was pruned", next.Seq)
	}
}
