package store_test

import (
	"context"
	"errors"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/hookctl/hookctl/internal/hook"
	"github.com/hookctl/hookctl/internal/store"
)

func replies(t *testing.T, s contractStore, m *maker) {
	own := m.capture("own")
	waiting := m.capture("waiting", func(c *hook.Capture) { c.Reply = nil })
	keep(t, s, own, waiting)
	decided := func(status int) func(*hook.Attempt) {
		return func(a *hook.Attempt) {
			a.Reply = &hook.Reply{Status: status, From: hook.FromEndpoint, Latency: time.Millisecond}
		}
	}
	check := func(c *hook.Capture, want int) {
		t.Helper()
		got := 0
		if reply := find(t, s, string(c.ID)).Reply; reply != nil {
			got = reply.Status
		}
		if got != want {
			t.Errorf("status %d, want %d", got, want)
		}
	}
	check(waiting, 0)
	record(t, s, m.attempt(waiting))
	check(waiting, 0)
	record(t, s, m.attempt(waiting, decided(503)), m.attempt(own, decided(500)))
	check(waiting, 503)
	record(t, s, m.attempt(waiting, decided(201)))
	check(waiting, 201)
	check(own, 200)
	if got := search(t, s, "status:201", 0); !slices.Equal(got, []int64{waiting.Seq}) {
		t.Error(got)
	}
}

func attemptsComeBack(t *testing.T, s contractStore, m *maker) {
	c, other := m.capture("a"), m.capture("b")
	keep(t, s, c, other)
	kept := []*hook.Attempt{
		m.attempt(c),
		m.attempt(c, func(a *hook.Attempt) {
			a.Status, a.Failure, a.Reason = 0, hook.FailureLate, "no answer in 10s"
			a.ResponseBody, a.ResponseSize, a.ResponseHeader, a.ResponseProto = nil, 0, nil, ""
			a.Reply = &hook.Reply{Status: 504, From: hook.FromListener}
		}),
		m.attempt(other, func(a *hook.Attempt) { a.Status, a.ResponseSize = 302, 99 }),
	}
	record(t, s, kept...)
	ctx := context.Background()
	list := func(q store.AttemptQuery) []*hook.Attempt { return collect(t, s.Attempts(ctx, q)) }
	if diff := cmp.Diff(kept, list(store.AttemptQuery{Ascending: true})); diff != "" {
		t.Error(diff)
	}
	if diff := cmp.Diff(kept[:2], list(store.AttemptQuery{Ascending: true, Capture: c.ID})); diff != "" {
		t.Error(diff)
	}
	if diff := cmp.Diff([]*hook.Attempt{kept[2], kept[1]}, list(store.AttemptQuery{Failed: true})); diff != "" {
		t.Error(diff)
	}
	if diff := cmp.Diff(kept[2:], list(store.AttemptQuery{Limit: 1})); diff != "" {
		t.Error(diff)
	}
	for _, ref := range []string{string(kept[1].ID), kept[1].ID.Short(), "last~1"} {
		got, err := s.FindAttempt(ctx, ref)
		if diff := cmp.Diff(kept[1], got); err != nil || diff != "" {
			t.Errorf("%s: %v %s", ref, err, diff)
		}
	}
}

func orphans(t *testing.T, s contractStore, m *maker) {
	c := m.capture("")
	keep(t, s, c)
	if n, err := s.Delete(context.Background(), []int64{c.Seq}); n != 1 || err != nil {
		t.Fatal(n, err)
	}
	var missing *store.NotFoundError
	if err := <-s.Record(m.attempt(c)); !errors.As(err, &missing) || missing.Ref != string(c.ID) {
		t.Error(err)
	}
}

func references(t *testing.T, s contractStore, m *maker) {
	ctx := context.Background()
	var cs []*hook.Capture
	for range 12 {
		cs = append(cs, m.capture(""))
	}
	keep(t, s, cs...)
	c := cs[3]
	for _, ref := range []string{
		string(c.ID), strings.ToLower(string(c.ID)), string(c.ID[4:]), string(c.ID[:22]), "CAP_" + string(c.ID[4:25]),
		c.ID.Short(), strings.ToLower(c.ID.Short()), string(c.ID[14:]), "last~8", "LAST~8",
	} {
		if got, err := s.Find(ctx, ref); err != nil || got.ID != c.ID {
			t.Errorf("%s: %v, %v", ref, got, err)
		}
	}
	for _, ref := range []string{"", "cap_", "att_" + string(c.ID[4:]), "zzzzzzzz", "no such thing", "last~12", "last~", "last~-1", "lastly", string(c.ID) + "0", "U"} {
		var missing *store.NotFoundError
		if _, err := s.Find(ctx, ref); !errors.As(err, &missing) || missing.Ref != ref {
			t.Errorf("%q: %v", ref, err)
		}
	}
	var ambiguous *store.AmbiguousError
	if _, err := s.Find(ctx, string(c.ID[:10])); !errors.As(err, &ambiguous) || len(ambiguous.Candidates) != 10 || !ambiguous.More {
		t.Errorf("%v", err)
	}
}

func neverTwice(t *testing.T, s contractStore, m *maker) {
	c := m.capture("")
	keep(t, s, c, m.capture(""))
	if _, err := s.Delete(context.Background(), []int64{1, 2}); err != nil {
		t.Fatal(err)
	}
	next := m.capture("")
	if keep(t, s, next); next.Seq != 3 {
		t.Errorf("seq %d after deleting 1 and 2", next.Seq)
	}
	if _, err := s.Prune(context.Background(), 0, noon().AddDate(1, 0, 0)); err != nil {
		t.Fatal(err)
	}
	next = m.capture("")
	if keep(t, s, next); next.Seq != 4 {
		t.Errorf("seq %d after pruning 3", next.Seq)
	}
}

func deletes(t *testing.T, s contractStore, m *maker) {
	ctx := context.Background()
	big := m.capture(strings.Repeat("x", 3<<20))
	other := m.capture("other")
	keep(t, s, big, other)
	record(t, s, m.attempt(big), m.attempt(other))
	listed := find(t, s, string(big.ID))
	if n, err := s.Delete(ctx, []int64{big.Seq, 99}); n != 1 || err != nil {
		t.Errorf("%d, %v", n, err)
	}
	if got := collect(t, s.Attempts(ctx, store.AttemptQuery{})); len(got) != 1 || got[0].CaptureID != other.ID {
		t.Errorf("attempts left: %v", got)
	}
	var missing *store.NotFoundError
	if _, err := hook.ReadBody(listed.Body); !errors.As(err, &missing) {
		t.Errorf("the body of a deleted capture: %v", err)
	}
	if n, err := s.Delete(ctx, nil); n != 0 || err != nil {
		t.Errorf("%d, %v", n, err)
	}
}

func prunes(t *testing.T, s contractStore, m *maker) {
	ctx := context.Background()
	for range 10 {
		keep(t, s, m.capture(""))
	}
	prune := func(keep int, before time.Time, want int, left []int64) {
		t.Helper()
		n, err := s.Prune(ctx, keep, before)
		if err != nil || n != want {
			t.Errorf("pruned %d, want %d: %v", n, want, err)
		}
		if got := search(t, s, "", 0); !slices.Equal(got, left) {
			t.Errorf("left %v, want %v", got, left)
		}
	}
	prune(0, time.Time{}, 0, []int64{10, 9, 8, 7, 6, 5, 4, 3, 2, 1})
	prune(10, time.Time{}, 0, []int64{10, 9, 8, 7, 6, 5, 4, 3, 2, 1})
	prune(7, time.Time{}, 3, []int64{10, 9, 8, 7, 6, 5, 4})
	prune(6, noon().Add(7*time.Second), 3, []int64{10, 9, 8, 7})
	prune(1, time.Time{}, 3, []int64{10})
}

func imports(t *testing.T, s contractStore, m *maker) {
	ctx := context.Background()
	c := m.capture("abc", func(c *hook.Capture) { c.BodySize, c.BodySHA256 = 0, [32]byte{} }, identified(failedOrder()))
	added, err := s.Import(ctx, c)
	if err != nil || !added || c.Seq != 1 {
		t.Fatal(added, err, c.Seq)
	}
	if got := loadBody(t, find(t, s, string(c.ID))); cmp.Diff(c, got) != "" || got.BodySize != 3 {
		t.Error(cmp.Diff(c, got))
	}
	again := m.capture("other", func(other *hook.Capture) { other.ID = c.ID })
	if added, err := s.Import(ctx, again); err != nil || added || again.Seq != 0 {
		t.Error(added, err, again.Seq)
	}
	sameCapture(t, c, find(t, s, string(c.ID)))
	if _, err := s.Import(ctx, m.capture("", func(c *hook.Capture) { c.ID = "cap_x" })); err == nil {
		t.Error("an id that is none was taken")
	}
	if _, err := s.Import(ctx, m.capture("x", func(c *hook.Capture) { c.Body = nil })); err == nil {
		t.Error("a capture without its body was taken")
	}
}

func stats(t *testing.T, s contractStore, m *maker) {
	empty, err := s.Stats(context.Background())
	if err != nil || empty.Captures != 0 || !empty.First.IsZero() {
		t.Error(empty, err)
	}
	c := m.capture("")
	keep(t, s, c, m.capture(""), m.capture(""))
	record(t, s, m.attempt(c))
	got, err := s.Stats(context.Background())
	if err != nil || got.Bytes <= 0 {
		t.Error(got, err)
	}
	got.Bytes = 0
	want := store.Stats{Captures: 3, Attempts: 1, First: noon().Add(time.Second), Last: noon().Add(3 * time.Second)}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
}

func leaveList(t *testing.T, s contractStore, m *maker) {
	keep(t, s, m.capture(""), m.capture(""))
	for range 20 {
		for range s.Captures(context.Background(), store.Query{}) {
			break
		}
		for range s.Attempts(context.Background(), store.AttemptQuery{}) {
			break
		}
	}
	keep(t, s, m.capture(""))
}

func writeWhileReading(t *testing.T, s contractStore, m *maker) {
	for range 600 {
		s.Keep(m.capture(""))
	}
	keep(t, s, m.capture(""))
	n := 0
	for _, err := range s.Captures(context.Background(), store.Query{}) {
		if err != nil {
			t.Fatal(err)
		}
		if n++; n%100 == 0 {
			keep(t, s, m.capture(""))
			find(t, s, "last")
		}
	}
	if n != 601 {
		t.Errorf("%d in the list, want the 601 there were", n)
	}
}

func cancelledList(t *testing.T, s contractStore, m *maker) {
	keep(t, s, m.capture(""))
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	for _, err := range s.Captures(ctx, store.Query{}) {
		if !errors.Is(err, context.Canceled) {
			t.Error(err)
		}
	}
}
