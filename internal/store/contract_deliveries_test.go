package store_test

import (
	"context"
	"errors"
	"iter"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/hookctl/hookctl/internal/hook"
	"github.com/hookctl/hookctl/internal/store"
)

// A deliveryStore is the part of a contractStore that has to do with deliveries.
type deliveryStore interface {
	KeepFor(*hook.Capture, []*hook.Delivery) <-chan error
	RecordNow(*hook.Attempt) <-chan error
	Enqueue(...*hook.Delivery) <-chan error
	Advance(*hook.Attempt, hook.ID, func(*hook.Delivery, *hook.Standing)) <-chan error
	Pending(context.Context, string, int64) iter.Seq2[*hook.Delivery, error]
	FindDelivery(context.Context, string) (*hook.Delivery, error)
	Deliveries(context.Context, store.DeliveryQuery) iter.Seq2[*hook.Delivery, error]
	CancelPending(context.Context, string, string, time.Time) (int, error)
	Standing(context.Context, string) (hook.Standing, error)
	Standings(context.Context) (map[string]hook.Standing, error)
	SetStanding(context.Context, string, func(*hook.Standing)) error
	ForgetPlace(context.Context, string) error
	BeginRun(context.Context, *hook.Run) error
	EndRun(context.Context, hook.ID, time.Time) error
	LastRun(context.Context) (*hook.Run, error)
}

func enqueue(t testing.TB, s deliveryStore, ds ...*hook.Delivery) {
	t.Helper()
	if err := <-s.Enqueue(ds...); err != nil {
		t.Fatal(err)
	}
}

func findDelivery(t testing.TB, s deliveryStore, ref string) *hook.Delivery {
	t.Helper()
	d, err := s.FindDelivery(context.Background(), ref)
	if err != nil {
		t.Fatal(err)
	}
	return d
}

// of makes a delivery that of c.
func of(c *hook.Capture) func(*hook.Delivery) {
	return func(d *hook.Delivery) { d.CaptureID, d.CaptureSeq, d.Message = c.ID, c.Seq, nil }
}

// light are ds as lists have them.
func light(ds ...*hook.Delivery) []*hook.Delivery {
	var all []*hook.Delivery
	for _, d := range ds {
		bare := *d
		bare.Message = nil
		all = append(all, &bare)
	}
	return all
}

func deliveriesComeBack(t *testing.T, s contractStore, m *maker) {
	c := m.capture("body")
	keep(t, s, c)
	ds := []*hook.Delivery{
		m.delivery("shop"),
		m.delivery("", of(c), func(d *hook.Delivery) { d.Event, d.Provider, d.Due = hook.Event{}, "", time.Time{} }),
		m.delivery("shop", func(d *hook.Delivery) {
			d.Message = &hook.Message{Body: []byte(strings.Repeat("\x00\xff long", 40_000))}
			d.Event.Items = 7
			d.Course = hook.Course{State: hook.Lost, Tries: 20, Repeats: 3, First: m.now, Last: m.now.Add(48 * time.Hour)}
			d.Reason = "all 20 attempts failed"
		}),
		m.delivery("none", func(d *hook.Delivery) { d.Message, d.Course = &hook.Message{}, hook.Course{State: hook.Cancelled} }),
	}
	enqueue(t, s, ds...)
	for i, d := range ds {
		if d.Seq != int64(i+1) {
			t.Errorf("seq %d, want %d", d.Seq, i+1)
		}
		if diff := cmp.Diff(d, findDelivery(t, s, string(d.ID))); diff != "" {
			t.Errorf("found -want +got:\n%s", diff)
		}
	}
	if diff := cmp.Diff(light(ds...), collect(t, s.Deliveries(context.Background(), store.DeliveryQuery{Ascending: true}))); diff != "" {
		t.Errorf("listed -want +got:\n%s", diff)
	}
	enqueue(t, s)
	unsaid := m.delivery("shop", func(d *hook.Delivery) { d.State = "" })
	enqueue(t, s, unsaid)
	if got := findDelivery(t, s, "last"); got.State != hook.Pending || got.Seq != 5 {
		t.Errorf("state %q, seq %d", got.State, got.Seq)
	}
}

func enqueuesAllOrNone(t *testing.T, s contractStore, m *maker) {
	c := m.capture("")
	keep(t, s, c)
	gone := m.delivery("shop", of(&hook.Capture{ID: m.id(hook.CapturePrefix), Seq: 99}))
	var missing *store.NotFoundError
	if err := <-s.Enqueue(m.delivery("shop", of(c)), gone); !errors.As(err, &missing) || missing.Ref != string(gone.CaptureID) || gone.Seq != 0 {
		t.Errorf("a capture that is not there: %v", err)
	}
	for what, edit := range map[string]func(*hook.Delivery){
		"another kind of id": func(d *hook.Delivery) { d.ID = m.id(hook.AttemptPrefix) },
		"no id":              func(d *hook.Delivery) { d.ID = "" },
		"nothing to send":    func(d *hook.Delivery) { d.Message = nil },
	} {
		if err := <-s.Enqueue(m.delivery("shop"), m.delivery("shop", edit)); err == nil {
			t.Errorf("%s was taken", what)
		}
	}
	if got := collect(t, s.Deliveries(context.Background(), store.DeliveryQuery{})); len(got) > 0 {
		t.Errorf("%d deliveries are there", len(got))
	}
}

func keepsFor(t *testing.T, s contractStore, m *maker) {
	c := m.capture("body")
	ds := []*hook.Delivery{m.delivery("a", of(c)), m.delivery("b", of(c))}
	if err := <-s.KeepFor(c, ds); err != nil || c.Seq != 1 || ds[1].Seq != 2 {
		t.Fatal(err, c.Seq, ds[1].Seq)
	}
	if diff := cmp.Diff(light(ds...), collect(t, s.Deliveries(context.Background(), store.DeliveryQuery{Capture: c.ID, Ascending: true}))); diff != "" {
		t.Error(diff)
	}
	broken := m.capture("body", func(c *hook.Capture) { c.BodySize = 9 })
	if err := <-s.KeepFor(broken, []*hook.Delivery{m.delivery("a", of(broken))}); err == nil {
		t.Error("a body of another size was kept")
	}
	unnamed := m.capture("body")
	if err := <-s.KeepFor(unnamed, []*hook.Delivery{{CaptureID: unnamed.ID}}); err == nil {
		t.Error("a delivery without an id was kept")
	}
	if got := search(t, s, "", 0); !slices.Equal(got, []int64{1}) {
		t.Errorf("captures %v", got)
	}
	if got := collect(t, s.Pending(context.Background(), "", 0)); len(got) != 2 {
		t.Errorf("%d are pending", len(got))
	}
	if err := <-s.KeepFor(unnamed, nil); err != nil || unnamed.Seq != 2 {
		t.Error(err, unnamed.Seq)
	}
}

func deliveryReferences(t *testing.T, s contractStore, m *maker) {
	var ds []*hook.Delivery
	for range 12 {
		ds = append(ds, m.delivery("shop"))
	}
	enqueue(t, s, ds...)
	d := ds[3]
	for _, ref := range []string{
		string(d.ID), strings.ToLower(string(d.ID)), string(d.ID[4:]), string(d.ID[:22]), d.ID.Short(), strings.ToLower(d.ID.Short()), "last~8",
	} {
		if got, err := s.FindDelivery(context.Background(), ref); err != nil || got.ID != d.ID {
			t.Errorf("%s: %v, %v", ref, got, err)
		}
	}
	for _, ref := range []string{"", "dlv_", "cap_" + string(d.ID[4:]), "last~12", "zzzzzzzz"} {
		var missing *store.NotFoundError
		if _, err := s.FindDelivery(context.Background(), ref); !errors.As(err, &missing) {
			t.Errorf("%q: %v", ref, err)
		}
	}
	var ambiguous *store.AmbiguousError
	if _, err := s.FindDelivery(context.Background(), string(d.ID[:10])); !errors.As(err, &ambiguous) || len(ambiguous.Candidates) != 10 || !ambiguous.More {
		t.Errorf("%v", err)
	}
}

func deliverySeqs(ds []*hook.Delivery) []int64 {
	seqs := make([]int64, len(ds))
	for i, d := range ds {
		seqs[i] = d.Seq
	}
	return seqs
}
