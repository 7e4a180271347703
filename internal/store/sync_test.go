package store_test

import (
	"context"
	"strings"
	"testing"
	"time"

	"github.com/hookctl/hookctl/internal/hook"
	"github.com/hookctl/hookctl/internal/store"
)

// What RecordSoon leaves for later spares nobody else the wait for the disk.
func TestOnlyRecordSoonLeavesTheDiskForLater(t *testing.T) {
	m := newMaker(t)
	for name, test := range map[string]struct {
		write func(s *store.Store) error
		waits bool
	}{
		"another soon":      {func(s *store.Store) error { return <-s.RecordSoon(m.attempt(&hook.Capture{Method: "POST"}), 1) }, false},
		"an attempt":        {func(s *store.Store) error { return <-s.RecordNow(m.attempt(&hook.Capture{Method: "POST"})) }, true},
		"a patient attempt": {func(s *store.Store) error { return <-s.Record(m.attempt(&hook.Capture{Method: "POST"})) }, true},
		"a capture":         {func(s *store.Store) error { return <-s.Keep(m.capture("x")) }, true},
		"a delivery":        {func(s *store.Store) error { return <-s.Enqueue(m.delivery("local")) }, true},
		"a run": {func(s *store.Store) error {
			return s.BeginRun(context.Background(), &hook.Run{ID: m.id(hook.RunPrefix), StartedAt: noon()})
		}, true},
	} {
		t.Run(name, func(t *testing.T) {
			s := openStore(t, t.TempDir())
			if err := <-s.RecordSoon(m.attempt(&hook.Capture{Method: "POST"}), 1); err != nil {
				t.Fatal(err)
			}
			if waits, err := s.CommitsWait(); waits || err != nil {
				t.Fatalf("waited: %t, %v", waits, err)
			}
			if err := test.write(s); err != nil {
				t.Fatal(err)
			}
			if waits, err := s.CommitsWait(); err != nil || waits != test.waits {
				t.Errorf("waited: %t, %v", waits, err)
			}
		})
	}
}

// A store that is closed leaves nothing for later.
func TestACloseLeavesNothingForLater(t *testing.T) {
	m, s := newMaker(t), openStore(t, t.TempDir())
	recordSoon(t, s, m, 3)
	if err := s.Close(); err != nil || s.Loose() {
		t.Errorf("left for later: %t, %v", s.Loose(), err)
	}
}

// Nor does one that is idle for a while.
func TestAnIdleStoreLeavesNothingForLater(t *testing.T) {
	m, s := newMaker(t), openStore(t, t.TempDir())
	recordSoon(t, s, m, 3)
	if loose, err := s.WasLoose(); !loose || err != nil {
		t.Fatalf("left for later: %t, %v", loose, err)
	}
	for _, pause := range []time.Duration{300 * time.Millisecond, time.Second, 10 * time.Second} {
		recordSoon(t, s, m, 3)
		time.Sleep(pause) // to look ends it: there is one look at each
		loose, err := s.WasLoose()
		if err != nil {
			t.Fatal(err)
		}
		if !loose {
			return
		}
	}
	t.Error("it is left for later")
}

// recordSoon records n attempts, one after the other.
func recordSoon(t *testing.T, s *store.Store, m *maker, n int) {
	t.Helper()
	for range n {
		if err := <-s.RecordSoon(m.attempt(&hook.Capture{Method: "POST"}), 1); err != nil {
			t.Fatal(err)
		}
	}
}

// What cannot be brought to the disk is told to those who record, to whoever watches over
// the store, and at the end. What they were told is kept is.
func TestADiskThatCannotBeReachedIsTold(t *testing.T) {
	dir, m := t.TempDir(), newMaker(t)
	told := make(chan error, 1000)
	s, err := store.Open(dir, store.Options{OnError: func(err error) { told <- err }})
	if err != nil {
		t.Fatal(err)
	}
	if err := s.SpoilSyncs(t.TempDir()); err != nil {
		t.Fatal(err)
	}
	kept := map[hook.ID]bool{}
	var failure error
	for deadline := time.Now().Add(10 * time.Second); failure == nil; time.Sleep(time.Millisecond) {
		a := m.attempt(&hook.Capture{Method: "POST"})
		if failure = <-s.RecordSoon(a, 1); failure == nil {
			kept[a.ID] = true
		}
		if time.Now().After(deadline) {
			t.Fatal("nobody is told")
		}
	}
	if first := <-told; first == nil || first.Error() != failure.Error() {
		t.Errorf("told %v, recording failed with %v", first, failure)
	}
	if err := s.Close(); err == nil || !s.Loose() {
		t.Errorf("the end tells %v", err)
	}
	for _, a := range collect(t, openStore(t, dir).Attempts(context.Background(), store.AttemptQuery{})) {
		delete(kept, a.ID)
	}
	if len(kept) > 0 {
		t.Errorf("%d attempts are gone", len(kept))
	}
}

// What lies side by side is asked for as a range, and nothing else is.
func TestRangesOfSeqs(t *testing.T) {
	for _, test := range []struct {
		seqs  []int64
		whole bool
	}{
		{[]int64{7}, true}, {[]int64{5, 6, 7}, true}, {[]int64{7, 6, 5}, true},
		{[]int64{5, 7}, false}, {[]int64{5, 6, 3}, false}, {[]int64{1, 1, 3}, false}, {[]int64{5, 5}, true},
	} {
		if got := strings.Contains(store.Among(test.seqs...), "BETWEEN"); got != test.whole {
			t.Errorf("%v: a range: %t", test.seqs, got)
		}
	}
}

// A capture comes back as it was whatever bytes are in it, those that part the fields
// of a packed row included, and so do those beside it.
func TestPackedCapturesAreTheWholeTruth(t *testing.T) {
	m := newMaker(t)
	s := openStore(t, t.TempDir())
	odd := "a\x1fb\x00c\x1f\x1f\xff"
	kept := []*hook.Capture{
		m.capture("plain"),
		m.capture("in a value", func(c *hook.Capture) { c.Header = append(c.Header, hook.Field{Name: "X-Odd", Value: odd}) }),
		m.capture("in the target", func(c *hook.Capture) { c.Target = "/" + "\x1f200\x1f" }),
		m.capture("in an identity", func(c *hook.Capture) {
			c.Identity = &hook.Identity{Provider: "stripe", Event: hook.Event{Type: "a\x1fb", ID: "\x1f"}}
		}),
		m.capture("with a reply", func(c *hook.Capture) { c.Reply = &hook.Reply{Status: 204, From: "\x1f", Latency: time.Second} }),
		m.capture(odd),
	}
	keep(t, s, kept...)
	for _, bodies := range []bool{false, true} {
		found := collect(t, s.Captures(context.Background(), store.Query{Ascending: true, Bodies: bodies}))
		if len(found) != len(kept) {
			t.Fatalf("%d of %d", len(found), len(kept))
		}
		for i, c := range kept {
			sameCapture(t, c, found[i])
		}
	}
}
