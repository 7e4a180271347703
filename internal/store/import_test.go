package store_test

import (
	"context"
	"strconv"
	"testing"
	"time"

	"github.com/hookctl/hookctl/internal/hook"
	"github.com/hookctl/hookctl/internal/store"
)

// A capture that is there already is known at any time: before the index has it and after,
// after a capture was deleted, and where another process kept it.
func TestImportKnowsWhatIsThere(t *testing.T) {
	ctx, dir, m := context.Background(), t.TempDir(), newMaker(t)
	s, other := openStore(t, dir), openStore(t, dir)
	took := func(c *hook.Capture, want bool) {
		t.Helper()
		again := *c
		again.Seq = 0
		if added, err := s.Import(ctx, &again); err != nil || added != want {
			t.Errorf("%s: added %t, want %t; %v", c.ID, added, want, err)
		}
	}
	mine, theirs := m.capture("mine"), m.capture("theirs")
	took(mine, true)
	took(mine, false)
	keep(t, other, theirs)
	took(theirs, false)
	deleted := find(t, s, string(mine.ID))
	if n, err := other.Delete(ctx, []int64{deleted.Seq}); err != nil || n != 1 {
		t.Fatal(n, err)
	}
	took(mine, true)
	last := find(t, s, string(mine.ID)).Seq
	for deadline := time.Now().Add(10 * time.Second); s.Indexed() < last; time.Sleep(time.Millisecond) {
		if time.Now().After(deadline) {
			t.Fatal("nothing is indexed after 10 s")
		}
	}
	took(mine, false)
	took(theirs, false)
	took(m.capture("new"), true)
}

func TestImportOfManyAtOnce(t *testing.T) {
	s, m := openStore(t, t.TempDir()), newMaker(t)
	var waiting []<-chan store.Imported
	for range 100 {
		c := m.capture("x")
		twin := *c
		waiting = append(waiting, s.ImportSoon(c), s.ImportSoon(&twin))
	}
	for i, one := range waiting {
		if done := <-one; done.Err != nil || done.Added != (i%2 == 0) {
			t.Errorf("%d: %+v", i, done)
		}
	}
	if got := collect(t, s.Captures(context.Background(), store.Query{})); len(got) != 100 {
		t.Errorf("%d captures", len(got))
	}
}

// The time for a capture must not grow with the number of those before it: compare the sizes.
func BenchmarkImport(b *testing.B) {
	for _, n := range []int{2_000, 20_000} {
		b.Run(strconv.Itoa(n), func(b *testing.B) {
			for b.Loop() {
				s, m := openStore(b, b.TempDir()), newMaker(b)
				var waiting []<-chan store.Imported
				for range n {
					waiting = append(waiting, s.ImportSoon(m.capture("x")))
				}
				for _, one := range waiting {
					if done := <-one; done.Err != nil || !done.Added {
						b.Fatal(done)
					}
				}
			}
			b.ReportMetric(float64(b.Elapsed().Microseconds())/float64(b.N*n), "us/capture")
		})
	}
}
