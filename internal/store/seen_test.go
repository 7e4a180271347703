package store_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/hookctl/hookctl/internal/hook"
	"github.com/hookctl/hookctl/internal/store"
)

// Nobody looks for a capture that a list has seen. All the same nothing is recorded of one
// that is gone since, whoever deleted it.
func TestNothingIsRecordedOfWhatWasSeenAndIsGone(t *testing.T) {
	ctx := context.Background()
	for name, remove := range map[string]func(s *store.Store, dir string, seq int64) error{
		"deleted here": func(s *store.Store, _ string, seq int64) error {
			_, err := s.Delete(ctx, []int64{seq})
			return err
		},
		"deleted by another process": func(_ *store.Store, dir string, seq int64) error {
			return child(t, fmt.Sprint("delete ", seq), dir).Run()
		},
		"pruned": func(s *store.Store, _ string, _ int64) error {
			_, err := s.Prune(ctx, 1, time.Time{})
			return err
		},
	} {
		t.Run(name, func(t *testing.T) {
			dir, m := t.TempDir(), newMaker(t)
			s := openStore(t, dir)
			gone, left := m.capture("1"), m.capture("2")
			keep(t, s, gone, left)
			see(t, s, gone.Seq, left.Seq)
			if err := <-s.RecordSoon(m.attempt(gone), 1); err != nil {
				t.Fatal(err)
			}
			if err := remove(s, dir, gone.Seq); err != nil {
				t.Fatal(err)
			}
			var missing *store.NotFoundError
			if err := <-s.RecordSoon(m.attempt(gone), 1); !errors.As(err, &missing) {
				t.Errorf("recorded of what is gone: %v", err)
			}
			if err := <-s.RecordSoon(m.attempt(left), 1); err != nil {
				t.Error(err)
			}
			see(t, s, left.Seq)
			if err := <-s.RecordSoon(m.attempt(gone), 1); !errors.As(err, &missing) {
				t.Errorf("recorded of what was gone when others were seen: %v", err)
			}
			if err := <-s.RecordSoon(m.attempt(left), 1); err != nil {
				t.Error(err)
			}
			if of := collect(t, s.Attempts(ctx, store.AttemptQuery{})); len(of) != 2 || of[0].CaptureID != left.ID || of[1].CaptureID != left.ID {
				t.Errorf("attempts %+v", of)
			}
			if err := s.Close(); err != nil {
				t.Fatal(err)
			}
			if report, err := store.Check(ctx, dir); err != nil || !report.Sound() {
				t.Errorf("%+v, %v", report, err)
			}
		})
	}
}

// The same where both are queued at once.
func TestNothingIsRecordedOfWhatIsAboutToBeDeleted(t *testing.T) {
	s, m := openStore(t, t.TempDir()), newMaker(t)
	c := m.capture("x")
	keep(t, s, c)
	see(t, s, c.Seq)
	release := s.Hold()
	deleted := make(chan error, 1)
	go func() {
		_, err := s.Delete(context.Background(), []int64{c.Seq})
		deleted <- err
	}()
	for s.Queued() == 0 {
		time.Sleep(time.Millisecond)
	}
	recorded := s.RecordSoon(m.attempt(c), 1)
	release()
	var missing *store.NotFoundError
	if err := <-recorded; !errors.As(err, &missing) {
		t.Errorf("recorded: %v", err)
	}
	if err := <-deleted; err != nil {
		t.Error(err)
	}
}

// see lists the captures in s with their bodies, and demands that these are known to be there.
func see(t *testing.T, s *store.Store, seqs ...int64) {
	t.Helper()
	collect(t, s.Captures(context.Background(), store.Query{Ascending: true, Bodies: true}))
	for _, seq := range seqs {
		if seen, err := s.Seen(seq); err != nil || !seen {
			t.Errorf("%d was seen: %t, %v", seq, seen, err)
		}
	}
}

// A page of the file that cannot be read costs the captures on it, in every list, and what
// lies beyond is listed.
func TestAListGoesOnAfterADamagedPage(t *testing.T) {
	const n = 3 * 256 // of which a list reads a third at once
	dir, m := t.TempDir(), newMaker(t)
	s := openStore(t, dir)
	kept := make([]*hook.Capture, n)
	for i := range kept {
		kept[i] = m.capture(fmt.Sprintf("this is body %d.", i))
	}
	keep(t, s, kept...)
	if err := errors.Join(s.Close(), store.IndexAll(dir)); err != nil {
		t.Fatal(err)
	}
	path := filepath.Join(dir, "hookctl.db")
	file, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	at := bytes.Index(file, []byte(fmt.Sprintf("this is body %d.", n/2))) / page * page
	if at <= 0 || bytes.Count(file, []byte(fmt.Sprintf("this is body %d.", n/2))) != 1 {
		t.Fatal("where the body lies is not known")
	}
	clear(file[at : at+page])
	if err := os.WriteFile(path, file, 0o600); err != nil {
		t.Fatal(err)
	}
	s = openStore(t, dir)
	for _, q := range []store.Query{{}, {Ascending: true}, {Bodies: true}, {Bodies: true, Ascending: true}} {
		var good, bad int
		for c, err := range s.Captures(context.Background(), q) {
			var damaged *store.DamagedRowError
			switch {
			case errors.As(err, &damaged) && damaged.What == "page":
				bad++
			case err != nil:
				t.Fatalf("%+v: the list ends: %v", q, err)
			default:
				good++
				sameCapture(t, kept[c.Seq-1], c)
			}
		}
		if good+bad != n || bad == 0 || bad > 40 {
			t.Errorf("%+v: %d captures and %d that cannot be read", q, good, bad)
		}
	}
	if err := <-s.RecordSoon(m.attempt(kept[n-1]), 1); err != nil {
		t.Errorf("recorded of one that can be read: %v", err)
	}
}
