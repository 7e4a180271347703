package store_test

import (
	"errors"
	"slices"
	"strings"
	"testing"

	"github.com/hookctl/hookctl/internal/hook"
	"github.com/hookctl/hookctl/internal/store"
)

// openWatched opens a store, and tells the changes that OnError was told of.
func openWatched(t *testing.T, dir string) (*store.Store, <-chan error) {
	t.Helper()
	changes := make(chan error, 100)
	s, err := store.Open(dir, store.Options{OnError: func(err error) { changes <- err }})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { s.Close() })
	return s, changes
}

func TestAFullDiskIsSaidAndGotOver(t *testing.T) {
	dir, m := t.TempDir(), newMaker(t)
	s, changes := openWatched(t, dir)
	keep(t, s, m.capture("before"))
	if err := s.LimitPages(60); err != nil {
		t.Fatal(err)
	}
	kept, refused := []int64{1}, 0
	for range 80 {
		c := m.capture(strings.Repeat("x", 3000))
		switch err := <-s.Keep(c); {
		case err == nil:
			kept = append(kept, c.Seq)
		case errors.Is(err, store.ErrFull) && errors.Is(err, hook.ErrFull):
			refused++
			if c.Seq != 0 {
				t.Error("a capture that was not kept has a seq")
			}
		default:
			t.Fatal(err)
		}
	}
	if refused == 0 || len(kept) < 2 {
		t.Fatalf("%d kept, %d refused", len(kept), refused)
	}
	large := m.capture(strings.Repeat("y", 3<<20))
	if err := <-s.Keep(large); !errors.Is(err, store.ErrFull) {
		t.Errorf("a large body: %v", err)
	}
	if err := <-changes; !errors.Is(err, store.ErrFull) {
		t.Errorf("OnError was told %v", err)
	}
	if err := s.LimitPages(0); err != nil {
		t.Fatal(err)
	}
	if err := <-changes; err != nil {
		t.Errorf("OnError was told %v", err)
	}
	keep(t, s, large)
	kept = append(kept, large.Seq)
	got := search(t, s, "", 0)
	slices.Reverse(got)
	if !slices.Equal(got, kept) {
		t.Errorf("kept %v, found %v", kept, got)
	}
	if len(changes) > 0 {
		t.Errorf("OnError was told of a change too many: %v", <-changes)
	}
	report, err := store.Check(t.Context(), dir)
	if err != nil || !report.Sound() {
		t.Errorf("%+v %v", report, err)
	}
}

func TestARowsOwnFaultIsNoTrouble(t *testing.T) {
	s, changes := openWatched(t, t.TempDir())
	m := newMaker(t)
	bad := s.Keep(m.capture("x", func(c *hook.Capture) { c.BodySize = 5 }))
	keep(t, s, m.capture("y"))
	if err := <-bad; err == nil {
		t.Error("a body of another size was kept")
	}
	if len(changes) > 0 {
		t.Errorf("OnError was told %v", <-changes)
	}
}
